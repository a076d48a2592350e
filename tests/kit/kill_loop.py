"""A ward whose terminals and whose hospital are killed again and again, and what must still hold.

One server process, two terminal processes (`tests.kit.doomed`). A run starts the terminals, kills
somebody at a moment that the seed chooses, opens the stores again in this process and compares
them with every word that the terminals said; most runs then bring everything to rest.
"""

from __future__ import annotations

import base64
import json
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from hospital.wire import Request
from tests.kit.doomed import SET_SIZE, TOKEN, WARD, Life, Word, person
from tests.kit.hospital_process import HospitalProcess
from tests.kit.outage import ward_resources
from tests.kit.store import KEY, index_rows, make_store, reopen
from workstation.fhir.json import canonical, dump_bytes, parse
from workstation.kernel.clock import SystemClock
from workstation.kernel.ids import DeviceId
from workstation.services import conflicts
from workstation.services.desk import Desk
from workstation.store import Store, journal, maintenance, queue
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import HOUSE_TYPES, PATIENT_TYPES, Scope
from workstation.sync.transport import HttpTransport

ROOT = Path(__file__).parents[2]
NUMBERS = (1, 2)
VICTIMS = ("first", "first", "second", "both", "both", "server", "server", "everything")
_PATIENCE_S = 60.0
_ROUNDS = 30
_SETTLES = 0.6
"""Share of the runs that end at rest; the others leave their doubts to the next."""
_REINDEXES = 0.2
"""Share of the runs that make the index anew and compare."""


class Nursery:
    """The process that terminals are forked from; cheap, and sound: it has no threads."""

    def __enter__(self) -> Nursery:
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kit.doomed", str(write)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            pass_fds=(write,),
        )
        os.close(write)
        self._rest = b""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()
        os.close(self._read)

    def start(self, life: Life) -> int:
        """Begin a life; gives its process number."""
        return self._ask(json.dumps(asdict(life)))

    def kill(self, process: int) -> None:
        """Kill -9, and be sure that it died of nothing else."""
        os.kill(process, signal.SIGKILL)
        assert self._ask(json.dumps({"bury": process})) == -signal.SIGKILL

    def words(self, wait_s: float = 0.0) -> list[Word]:
        """What the terminals said since the last time."""
        select.select([self._read], [], [], wait_s)
        while True:
            try:
                self._rest += os.read(self._read, 65536)
            except BlockingIOError:
                break
        *lines, self._rest = self._rest.split(b"\n")
        return [_word(line) for line in lines]

    def _ask(self, line: str) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _word(line: bytes) -> Word:
    found = json.loads(line)
    return Word(**{k: tuple(v) if isinstance(v, list) else v for k, v in found.items()})


@dataclass
class Told:
    """Everything that the terminals said they did."""

    saved: dict[str, int] = field(default_factory=dict)
    """Names whose save returned, and the terminal."""
    gone: dict[str, int] = field(default_factory=dict)
    """Names whose deletion returned, and the terminal."""
    leaving: set[str] = field(default_factory=set)
    """Names whose deletion was tried: a kill may have come before or after its commit."""
    tokens: dict[str, int] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)

    def take(self, word: Word) -> None:
        """Believe one word."""
        self.replaced |= set(word.replaces)
        self.leaving |= set(word.gone)
        if word.said == "done":
            self.saved |= dict.fromkeys(word.names, word.terminal)
            self.gone |= dict.fromkeys(word.gone, word.terminal)
            if word.token:
                self.tokens[word.token] = word.terminal


class Reopened:
    """A terminal after the kill, in this process."""

    def __init__(self, folder: Path, base: str, number: int) -> None:
        self.number = number
        self.folder = folder
        self.store = reopen(folder, clock=SystemClock())
        self._transport = HttpTransport(base)
        self.engine = SyncEngine(self.store, self._transport, Scope(WARD), SystemClock())

    @property
    def desk(self) -> Desk:
        return Desk(self.store, SystemClock(), person(self.number), WARD)

    def close(self) -> None:
        self.engine.stop()
        self.store.close()
        self._transport.close()


class KilledWard:
    """The ward.

    Args:
        folder: Of the server's database and the stores.
        nursery: Where its terminals come from.
        seed: Of every choice.
    """

    def __init__(self, folder: Path, nursery: Nursery, seed: int) -> None:
        self._folder = folder
        self._nursery = nursery
        self._random = random.Random(seed)
        self._told = Told()
        self._lives = 0
        self.facts: Counter[str] = Counter()
        self._hospital = HospitalProcess(folder)
        self._hospital.start()
        doctors = [{"resourceType": "Practitioner", "id": f"doctor-{n}"} for n in NUMBERS]
        for resource in [*ward_resources(), *doctors]:
            name = f"/fhir/{resource['resourceType']}/{resource['id']}"
            answer = self._hospital.handle(Request("PUT", name, "", {}, dump_bytes(resource)))
            assert answer.status == 201, answer.body
        for number in NUMBERS:
            made = DeviceId(f"terminal-{number}")
            make_store(self._store(number), clock=SystemClock(), device=made).close()

    def close(self) -> None:
        self._hospital.stop()

    def run(self, *, last: bool = False) -> None:
        """Live, be killed, be opened again, be compared."""
        self._live_and_die(self._random.choice(VICTIMS))
        self.facts["runs"] += 1
        with ExitStack() as stack:
            opened = [
                stack.enter_context(closing(Reopened(self._store(n), self._hospital.base, n)))
                for n in NUMBERS
            ]
            for terminal in opened:
                self._check_store(terminal)
            if last or self._random.random() < _SETTLES:
                self._settle(opened)
                self._check_converged(opened)
                self._check_nothing_lost(opened)
                self._check_once(opened)
                self.facts["runs to rest"] += 1

    # The run.

    def _live_and_die(self, victims: str) -> None:
        self.facts[f"killed: {victims}"] += 1
        alive = {number: self._start(number) for number in NUMBERS}
        try:
            self._die(victims, alive)
        finally:
            for process in alive.values():
                self._nursery.kill(process)
        self._take(self._nursery.words())

    def _die(self, victims: str, alive: dict[int, int]) -> None:
        """Kill whom it is to hit; who is not hit dies a moment later, or with the error."""
        self._listen(self._random.choice((0, 0, 4, 8, 12, 20, 30)))
        time.sleep(self._random.random() * 0.06)
        if victims in ("server", "everything"):
            self._hospital.kill()
        first = {"first": (1,), "second": (2,), "server": ()}.get(victims, NUMBERS)
        for number in first:
            self._nursery.kill(alive.pop(number))
        if victims in ("server", "everything"):
            self._hospital.start()
        if alive:
            time.sleep(self._random.random() * 0.06)

    def _start(self, number: int) -> int:
        self._lives += 1
        seed = self._random.getrandbits(32)
        folder, base = str(self._store(number)), self._hospital.base
        return self._nursery.start(Life(folder, base, number, self._lives, seed))

    def _listen(self, words: int) -> None:
        """Let the terminals say so much first; a machine under load takes longer to."""
        end = time.monotonic() + _PATIENCE_S
        while words > 0:
            heard = self._nursery.words(1.0)
            self._take(heard)
            words -= len(heard)
            assert time.monotonic() < end, "the terminals are silent"

    def _take(self, words: list[Word]) -> None:
        for word in words:
            assert word.said != "stopped", word
            self.facts[f"said {word.said}"] += 1
            self._told.take(word)

    # What must hold at once.

    def _check_store(self, terminal: Reopened) -> None:
        """P1: what was acknowledged is here, whole. P7: what the server lacks is unsent."""
        assert maintenance.check(terminal.folder, KEY).sound
        mine = {name for name, number in self._told.saved.items() if number == terminal.number}
        with terminal.store.read() as view:
            saves = journal.saves_of_people(view)
            run = view.connection.exec_driver_sql
            sets = run("SELECT count(*) FROM change WHERE type = 'Observation' GROUP BY txn")
            assert {count for (count,) in sets} <= {SET_SIZE}, "half a set"
            waiting = {f"{t}/{i}" for t, i in run("SELECT type, id FROM pending")}
            doubts = run("SELECT count(*) FROM pending WHERE frozen_seq IS NOT NULL").scalar_one()
            for name in mine - self._told.leaving:
                assert view.get(*name.split("/")) is not None, name
            for name, number in self._told.gone.items():
                found = view.get(*name.split("/"))
                assert number != terminal.number or found is None or found.deleted, name
        self.facts["stores opened"] += 1
        self.facts["stores with requests in doubt"] += bool(doubts)
        self.facts["stores with work unsent"] += bool(waiting)
        journalled = {f"{save.type}/{save.id}": save for save in saves}
        assert mine <= journalled.keys(), "saved, but not in the journal"
        made = {f"{s.type}/{s.id}" for s in saves if s.operation == "create"}
        self.facts["saves in flight that were kept"] += len(made - self._told.saved.keys())
        self._told.saved |= dict.fromkeys(made, terminal.number)
        self._check_tokens(terminal, "\n".join(save.body or "" for save in saves))
        self._check_honest(terminal, made, waiting)
        if self._random.random() < _REINDEXES:
            self._check_index(terminal.store)

    def _check_tokens(self, terminal: Reopened, journalled: str) -> None:
        there = set(TOKEN.findall(journalled))
        for token, number in self._told.tokens.items():
            assert number != terminal.number or token in there, token
        for token in there - self._told.tokens.keys():
            if f"t{terminal.number}n" in token:
                self._told.tokens[token] = terminal.number

    def _check_honest(self, terminal: Reopened, made: set[str], waiting: set[str]) -> None:
        at_server = self._ever_at_server()
        unsent = terminal.engine.status().unsent
        assert unsent == len(waiting)
        missing = made - at_server - self._told.leaving
        assert missing <= waiting, "not there, and not said to be unsent"
        told = self._heard_by_server()
        mine = {token for token, number in self._told.tokens.items() if number == terminal.number}
        assert unsent or not mine - told - self._told.replaced
        assert terminal.engine.status().link == "never"

    def _check_index(self, store: Store) -> None:
        before = index_rows(store)
        maintenance.reindex(store, lambda *_: None)
        assert index_rows(store) == before
        self.facts["indexes compared"] += 1

    # How it ends.

    def _settle(self, opened: list[Reopened]) -> None:
        """Sync and decide until nothing moves any more."""
        quiet = 0
        for _ in range(_ROUNDS):
            moved = False
            for terminal in opened:
                terminal.engine.sync_now()
                report = terminal.engine.run_once()
                assert report.complete, report
                moved |= bool(report.sent or report.pulled)
            waits = [t.engine.status() for t in opened if t.engine.status().unsent]
            moved |= self._decide(self._random.choice(opened))
            quiet = 0 if moved or waits else quiet + 1
            if quiet == 1:
                return
        raise AssertionError(f"no rest after {_ROUNDS} rounds: {self._state(opened)}")

    def _decide(self, terminal: Reopened) -> bool:
        waiting = conflicts.waiting(terminal.desk)
        for each in waiting:
            found = conflicts.detail(terminal.desk, each.id)
            choices = [self._random.choice(("mine", "theirs")) for _ in found.questions]
            conflicts.decide(terminal.desk, found.id, choices, "looked at both")
            self.facts["conflicts decided"] += 1
        return bool(waiting)

    def _state(self, opened: list[Reopened]) -> list[Any]:
        found: list[Any] = []
        for terminal in opened:
            with terminal.store.read() as view:
                found.append((terminal.engine.status(), queue.types_waiting(view)))
        return found

    def _check_converged(self, opened: list[Reopened]) -> None:
        """P6: all hold the same."""
        followed = (*HOUSE_TYPES, *PATIENT_TYPES)
        theirs = {
            name: canonical(parse(body))
            for name, body in self._at_server().items()
            if name.split("/")[0] in followed
        }
        for terminal in opened:
            with terminal.store.read() as view:
                stored = [each for type_ in followed for each in view.find(type_)]
            mine = {f"{each.type}/{each.id}": canonical(each.resource()) for each in stored}
            differs = sorted(n for n in mine.keys() | theirs.keys() if mine.get(n) != theirs.get(n))
            shown = [(name, mine.get(name), theirs.get(name)) for name in differs[:3]]
            assert not differs, (terminal.number, differs, shown)

    def _check_nothing_lost(self, opened: list[Reopened]) -> None:
        """P3: each value is current, in the history, in a conflict, or was replaced knowingly."""
        assert not self._told.tokens.keys() - self._heard_by_server() - self._told.replaced
        for terminal in opened:
            status = terminal.engine.status()
            assert status.synced, status
            with terminal.store.read() as view:
                assert not [save for save in journal.saves_of_people(view) if not save.sent]

    def _check_once(self, opened: list[Reopened]) -> None:
        """P4: what was made is there once, in one version, and nothing else is."""
        del opened
        versions = self._versions_at_server()
        facts = ("Observation/", "MedicationAdministration/")
        there = {name: count for name, count in versions.items() if name.startswith(facts)}
        made = {name for name in self._told.saved if name.startswith(facts)}
        assert there.keys() == made, there.keys() ^ made
        assert set(there.values()) <= {1}, [name for name, count in there.items() if count > 1]
        living = self._at_server()
        assert not living.keys() & self._told.gone.keys(), "what was deleted is back"
        self.facts["facts found exactly once"] = len(there)

    # What the server has, read from its file.

    def _rows(self, statement: str) -> list[Any]:
        address = f"file:{self._folder / 'hospital.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(statement).fetchall()

    def _at_server(self) -> dict[str, str]:
        rows = self._rows(
            "SELECT r.type, r.id, h.body FROM resource r JOIN history h ON h.seq = r.seq"
            " WHERE NOT r.deleted"
        )
        return {f"{type_}/{id_}": body for type_, id_, body in rows}

    def _ever_at_server(self) -> set[str]:
        return {f"{type_}/{id_}" for type_, id_ in self._rows("SELECT type, id FROM resource")}

    def _versions_at_server(self) -> dict[str, int]:
        rows = self._rows("SELECT type, id, version FROM resource")
        return {f"{type_}/{id_}": version for type_, id_, version in rows}

    def _heard_by_server(self) -> set[str]:
        bodies = [b for (b,) in self._rows("SELECT body FROM history WHERE body IS NOT NULL")]
        return {token for text in _unpacked(bodies) for token in TOKEN.findall(text)}

    def _store(self, number: int) -> Path:
        return self._folder / f"terminal-{number}"


def _unpacked(bodies: list[str]) -> Iterator[str]:
    for body in bodies:
        yield body
        if '"resolve-conflict"' in body:
            for entry in parse(body).get("input", []):
                if "valueAttachment" in entry:
                    yield base64.b64decode(entry["valueAttachment"]["data"]).decode()
