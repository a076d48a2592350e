"""Several processes of the server on one PostgreSQL: one order of commits, one set of accounts."""

from __future__ import annotations

import os
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from hospital.auth.people import FREE_FAILURES, hashed
from hospital.auth.smart import ASSERTION
from hospital.store.accounts import Accounts, Device, Person
from hospital.store.database import Database
from hospital.wire import Request, Response
from tests.contract.fhir_server.people import bundle, patient, pulse, put
from tests.kit.cursor_experiment import concurrently, table
from tests.kit.hospital_process import HospitalProcess
from tests.kit.postgres import PostgresServer
from tests.unit.hospital.test_sign_in import Terminal
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.clock import SystemClock
from workstation.sync.transport import HttpTransport

pytestmark = pytest.mark.fault

PERSON = patient("several")
PROCESSES = 3


@contextmanager
def started(folder: Path, url: str, *, demo: bool = True) -> Iterator[list[HospitalProcess]]:
    """Three processes that begin at once."""
    made = [
        HospitalProcess(folder / f"process-{n}", demo=demo, database=url) for n in range(PROCESSES)
    ]
    try:
        with ThreadPoolExecutor(PROCESSES) as pool:
            list(pool.map(HospitalProcess.start, made))
        yield made
    finally:
        for process in made:
            process.stop()


@pytest.fixture(scope="module")
def url(postgres: PostgresServer) -> str:
    return postgres.create()


@pytest.fixture(scope="module")
def three(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[HospitalProcess]]:
    """Three processes without log-in on one database."""
    with started(tmp_path_factory.mktemp("three"), url) as processes:
        yield processes


@pytest.fixture
def before(three: list[HospitalProcess], postgres: PostgresServer, url: str) -> int:
    """The last change before the test."""
    return len(changes(postgres, url))


class Writer(threading.Thread):
    """Sends batches and single resources to one process until it is through or that is gone."""

    def __init__(self, process: HospitalProcess, seed: int, writes: int) -> None:
        super().__init__()
        self._process = process
        self._chance = random.Random(seed)
        self._writes = writes
        self.acknowledged: set[str] = set()
        self.sent: list[set[str]] = []

    def run(self) -> None:
        for _ in range(self._writes):
            signs = [pulse(PERSON) for _ in range(self._chance.choice([1, 1, 3, 10]))]
            names = {each["id"] for each in signs}
            self.sent.append(names)
            body = dump_bytes(bundle("batch", *(put(each) for each in signs)))
            try:
                response = self._process.handle(Request("POST", "/fhir", "", {}, body))
            except OSError:
                return
            entries = parse(response.body)["entry"]
            assert [entry["response"]["status"] for entry in entries] == ["201 Created"] * len(
                signs
            )
            self.acknowledged |= names


class Follower(threading.Thread, ABC):
    """Follows one process without any overlap; only an order without late comers allows that."""

    def __init__(self, process: HospitalProcess, finished: threading.Event) -> None:
        super().__init__()
        self._process = process
        self._finished = finished
        self.seen: dict[tuple[str, str], str] = {}

    def run(self) -> None:
        last = False
        while not last:
            last = self._finished.is_set()
            self.ask()
            time.sleep(0.02)

    @abstractmethod
    def ask(self) -> None:
        """Once."""

    def note(self, entry: dict[str, Any]) -> str:
        resource = entry["resource"]
        key = resource["id"], resource["meta"]["versionId"]
        self.seen[key] = str(resource["meta"]["lastUpdated"])
        return self.seen[key]

    def get(self, path: str, query: str) -> list[dict[str, Any]]:
        response = self._process.handle(Request("GET", f"/fhir/{path}", query))
        assert response.status == 200, response.body
        return list(parse(response.body).get("entry", []))


class BySearch(Follower):
    watermark = "2020-01-01T00:00:00Z"

    def ask(self) -> None:
        query = f"_lastUpdated=ge{self.watermark}&_sort=_lastUpdated&_count=1000"
        for entry in self.get("Observation", query):
            self.watermark = self.note(entry)


class ByHistory(Follower):
    watermark = "2020-01-01T00:00:00Z"

    def ask(self) -> None:
        stamps = [
            self.note(entry)
            for entry in self.get("Observation/_history", f"_since={self.watermark}&_count=1000")
        ]
        self.watermark = max([self.watermark, *stamps])


def changes(postgres: PostgresServer, url: str, after: int = 0) -> list[tuple[int, int, str]]:
    """Seq (counted from 1 after `after`), time and id of every version, in the order of seq."""
    with postgres.connect(url) as connection:
        rows = connection.execute(
            "SELECT h.seq, h.at, r.id FROM history h JOIN resource r ON r.key = h.key ORDER BY 1"
        ).fetchall()
        counter = connection.execute("SELECT seq, at FROM counter").fetchall()
    if rows:
        assert counter == [rows[-1][:2]]
    return [(seq - after, at, id_) for seq, at, id_ in rows[after:]]  # type: ignore[operator,misc]


def assert_whole(rows: list[tuple[int, int, str]], writers: list[Writer]) -> None:
    """Without a gap, every unit of work whole and with a time of its own, which only grows."""
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert rows
    units: dict[int, set[str]] = {}
    for _seq, at, id_ in rows:
        units.setdefault(at, set()).add(id_)
    assert list(units) == sorted(units)
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    sent = {frozenset(names) for writer in writers for names in writer.sent}
    assert {frozenset(names) for names in units.values()} <= sent
    stored = {row[2] for row in rows}
    for writer in writers:
        assert writer.acknowledged <= stored


def test_three_begin_at_once_on_an_empty_database(
    three: list[HospitalProcess], postgres: PostgresServer, url: str
) -> None:
    answers = [process.handle(Request("GET", "/fhir/metadata")) for process in three]
    assert len({answer.headers["X-Server-Epoch"] for answer in answers}) == 1
    with postgres.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM fact").fetchall() == [(2,)]
        assert connection.execute("SELECT count(*) FROM counter").fetchall() == [(1,)]


def test_who_follows_one_of_three_misses_nothing(
    three: list[HospitalProcess], postgres: PostgresServer, url: str, before: int
) -> None:
    finished = threading.Event()
    writers = [Writer(three[n % PROCESSES], seed=n, writes=20) for n in range(6)]
    followers = [kind(process, finished) for process in three for kind in (BySearch, ByHistory)]
    for thread in (*followers, *writers):
        thread.start()
    for writer in writers:
        writer.join()
    finished.set()
    rows = changes(postgres, url, before)
    assert_whole(rows, writers)
    stored = {row[2] for row in rows}
    assert stored == set().union(*(writer.acknowledged for writer in writers))
    assert len(rows) == len(stored)
    for follower in followers:
        follower.join()
        assert stored <= {id_ for id_, _version in follower.seen}


def test_one_is_killed_and_the_others_go_on(
    three: list[HospitalProcess], postgres: PostgresServer, url: str, before: int
) -> None:
    writers = [Writer(three[n % PROCESSES], seed=n, writes=25) for n in range(6)]
    for writer in writers:
        writer.start()
    while sum(len(writer.acknowledged) for writer in writers) < 60:
        time.sleep(0.005)
    three[0].kill()
    for writer in writers:
        writer.join()
    rows = changes(postgres, url, before)
    assert_whole(rows, writers)
    for number, writer in enumerate(writers):
        if number % PROCESSES:
            assert len(writer.sent) == 25
            assert writer.acknowledged == set().union(*writer.sent)
    three[0].start()
    again = Writer(three[0], seed=99, writes=2)
    again.run()
    assert_whole(changes(postgres, url, before), [*writers, again])


def test_the_cursor_experiment_on_three_processes(
    three: list[HospitalProcess], tmp_path: Path
) -> None:
    outcomes = concurrently(
        lambda number: HttpTransport(three[number % PROCESSES].base),
        tmp_path,
        writers=6,
        writes=150 if os.environ.get("WARD_LONG") else 12,
    )
    print(table(outcomes))
    for outcome in outcomes:  # here even those that lose on other servers
        assert outcome.written > 0
        assert (outcome.missed, outcome.flagged) == (0, False), outcome


def test_one_edit_of_many_at_once_wins(three: list[HospitalProcess]) -> None:
    assert three[0].handle(_put(PERSON)).status == 201

    def edit(number: int) -> Response:
        changed = {**PERSON, "birthDate": f"19{10 + number}-01-01"}
        return three[number % PROCESSES].handle(_put(changed, **{"if-match": 'W/"1"'}))

    with ThreadPoolExecutor(9) as pool:
        answers = [answer.status for answer in pool.map(edit, range(9))]
    assert sorted(answers) == [200, *[412] * 8]
    history = three[1].handle(Request("GET", "/fhir/Patient/several/_history"))
    assert parse(history.body)["total"] == 2


def test_accounts_are_shared(postgres: PostgresServer, tmp_path: Path) -> None:
    terminal, url = Terminal(), postgres.create()
    database = Database(url, SystemClock())
    accounts = Accounts(database)
    accounts.add_person(Person("hoa", "p-hoa", "Trần Thị Hoa", "nurse", hashed("135790")))
    accounts.add_device(Device("terminal-1", "Khoa Nội", terminal.jwks, "system/*.cruds"))
    with started(tmp_path, url, demo=False) as processes:
        token = parse(_log_in(processes[0], "135790").body)["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        for process in processes:
            answer = process.handle(Request("GET", "/fhir/Patient", "", bearer))
            assert answer.status == 200
        guesses = []
        while 429 not in guesses and len(guesses) < 30:  # each wait is twice the one before
            guesses.append(_log_in(processes[len(guesses) % PROCESSES], "1").status)
        assert guesses[FREE_FAILURES - 1 :: -1] == [401] * FREE_FAILURES
        assert guesses[-1] == 429
        base = "http://hospital.example"
        assertion = terminal.assertion(SystemClock().now(), aud=f"{base}/auth/token")
        with ThreadPoolExecutor(6) as pool:
            given = list(
                pool.map(lambda n: _ask_token(processes[n % 3], assertion, base), range(6))
            )
        assert sorted(answer.status for answer in given) == [200, *[401] * 5]
        accounts.remove_device("terminal-1")
        gone = parse(next(a for a in given if a.status == 200).body)["access_token"]
        bearer = {"authorization": f"Bearer {gone}"}
        for process in processes:
            assert process.handle(Request("GET", "/fhir/Patient", "", bearer)).status == 401
    database.close()


def _put(resource: dict[str, Any], **headers: str) -> Request:
    path = f"/fhir/{resource['resourceType']}/{resource['id']}"
    return Request("PUT", path, "", headers, dump_bytes(resource))


def _log_in(process: HospitalProcess, password: str) -> Response:
    body = dump_bytes({"login": "hoa", "password": password})
    return process.handle(Request("POST", "/auth/login", "", {}, body))


def _ask_token(process: HospitalProcess, assertion: str, base: str) -> Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
    }
    headers = {"host": base.removeprefix("http://")}
    return process.handle(Request("POST", "/auth/token", "", headers, urlencode(form).encode()))
