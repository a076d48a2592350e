"""What the server refuses or stumbles over for one record stops that record, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from hospital.wire import FHIR_JSON, Request, Response
from tests.kit.hospital_double import HospitalDouble
from tests.kit.tampering import OUTCOME, Refusing, json_of
from tests.kit.ward_terminal import Terminal, pulse
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.clock import ManualClock
from workstation.store import parking, unreadable

pytestmark = pytest.mark.fault


@dataclass
class KeepingBack:
    """Answers each read of some records with a status, alone or in a batch, and does all else.

    Attributes:
        hospital: The true server.
        status: How it answers.
        whole: Whether one such read spoils the whole batch.
        references: ``Type/id`` of those; ``*`` for every record.
    """

    hospital: HospitalDouble
    status: int
    whole: bool = False
    references: set[str] = field(default_factory=set)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        spoiled = Response(self.status, {"Content-Type": FHIR_JSON}, dump_bytes(OUTCOME))
        if request.method == "GET" and self._keeps(request.path.removeprefix("/fhir/")):
            return spoiled
        entries = json_of(request).get("entry", []) if request.method == "POST" else []
        kept = [
            number
            for number, entry in enumerate(entries)
            if entry["request"]["method"] == "GET" and self._keeps(entry["request"]["url"])
        ]
        if kept and self.whole:
            return spoiled
        answer = self.hospital.handle(request)
        if not kept:
            return answer
        content = parse(answer.body)
        for number in kept:
            content["entry"][number] = {
                "response": {"status": str(self.status), "outcome": OUTCOME}
            }
        return replace(
            answer,
            headers={"Content-Type": FHIR_JSON, "Date": answer.headers["Date"]},
            body=dump_bytes(content),
        )

    def _keeps(self, path: str) -> bool:
        record = path.count("/") == 1 and "?" not in path
        return path in self.references or ("*" in self.references and record)


Start = Callable[[KeepingBack], Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A terminal that has synced once with a server."""
    made: list[Terminal] = []

    def begin(server: KeepingBack) -> Terminal:
        made.append(Terminal(tmp_path / "t", server))
        made[0].sync()
        return made[0]

    yield begin
    for terminal in made:
        terminal.close()


@pytest.mark.parametrize("status", [403, 500, 502])
@pytest.mark.parametrize("whole", [False, True], ids=["in its entry", "for the whole batch"])
def test_one_record_that_cannot_be_read_lets_all_others_come_and_go(
    hospital: HospitalDouble, start: Start, status: int, *, whole: bool
) -> None:
    """It is among the last that came, so that each round begins with asking for it."""
    server = KeepingBack(hospital, status, whole)
    terminal = start(server)
    bad = terminal.create(pulse("patient-1", value=61))
    terminal.sync()
    server.references = {bad}
    good = terminal.create(pulse("patient-1", value=62))
    other = pulse("patient-2", "stay-2", value=63)
    hospital.ask("PUT", f"Observation/{other['id']}", other)
    for _ in range(3):
        terminal.sync()
    assert good in hospital.resources()
    assert terminal.get(f"Observation/{other['id']}")
    assert terminal.get(bad)
    assert terminal.status.link == "online"
    assert terminal.status.synced


@pytest.mark.parametrize(("status", "outcome"), [(403, "sign-in"), (500, "server-error")])
def test_when_no_record_can_be_read_it_is_the_server(
    hospital: HospitalDouble, start: Start, status: int, outcome: str
) -> None:
    server = KeepingBack(hospital, status)
    terminal = start(server)
    terminal.create(pulse("patient-1"))
    server.references = {"*"}
    report = terminal.try_sync()
    assert report.outcome == outcome
    assert (report.sent, report.parked) == (0, 0)
    server.references = set()
    assert terminal.sync().sent == 1


def test_a_record_that_we_may_not_read_is_put_aside_and_told(
    hospital: HospitalDouble, start: Start
) -> None:
    server = KeepingBack(hospital, 403)
    terminal = start(server)
    bad = terminal.create(pulse("patient-1", value=61))
    terminal.sync()
    server.references = {bad}
    hospital.ask("PUT", bad, {**(hospital.resource(bad) or {}), "note": [{"text": "mới"}]})
    hospital.when(lambda request: "_history" in request.path, lambda _r: Response(400, {}, b""))
    terminal.clock.advance(timedelta(seconds=4000))
    terminal.try_sync()
    terminal.sync()
    assert terminal.get(bad)["valueQuantity"]["value"] == 61
    server.references = set()
    terminal.clock.advance(timedelta(seconds=4000))
    terminal.sync()
    assert terminal.get(bad)["note"] == [{"text": "mới"}]
    with terminal.store.read() as view:
        assert unreadable.count(view) == 0


def test_a_change_in_doubt_that_the_server_stumbles_over_waits_alone(
    hospital: HospitalDouble, start: Start
) -> None:
    server = KeepingBack(hospital, 500)
    terminal = start(server)
    server.references = {terminal.create(pulse("patient-1", value=61))}
    hospital.lose_requests(1, lambda request: "Observation" in request.path)
    terminal.try_sync()
    good = terminal.create(pulse("patient-1", value=62))
    for _ in range(8):
        terminal.engine.sync_now()
        terminal.sync()
    assert good in hospital.resources()
    assert terminal.status.unsent == terminal.status.parked == 1
    server.references = set()
    with terminal.store.write() as unit:
        parked = parking.parked(unit)[0]
        assert "still in use" in parked.outcome
        parking.retry(unit, (parked.type, parked.id))
    terminal.sync()
    assert terminal.status.synced


@pytest.mark.parametrize("many", [True, False], ids=["among others", "by itself"])
def test_a_change_that_we_may_not_make_parks_alone_with_the_servers_words(
    hospital: HospitalDouble, tmp_path: Path, *, many: bool
) -> None:
    refusing = Refusing(hospital, "none", 403)
    terminal = Terminal(tmp_path / "t", refusing)
    terminal.sync()
    terminal.create(pulse("patient-1", value=60))
    terminal.sync()
    refusing.reference = terminal.create(pulse("patient-1", value=99))
    good = terminal.create(pulse("patient-1", value=62)) if many else ""
    for _ in range(3):
        terminal.sync()
    assert not many or good in hospital.resources()
    assert terminal.status.unsent == terminal.status.parked == 1
    assert terminal.status.link == "online"
    with terminal.store.read() as view:
        assert "still in use" in parking.parked(view)[0].outcome
    terminal.close()


def test_a_record_stamped_in_the_far_future_hides_nothing_that_comes_after(
    hospital: HospitalDouble, start: Start
) -> None:
    """The server's clock was years ahead while it took one record."""
    terminal = start(KeepingBack(hospital, 500))
    clock, years = hospital.clock, timedelta(days=1500)
    assert isinstance(clock, ManualClock)
    clock.jump(years)
    terminal.create(pulse("patient-1", value=61))
    terminal.sync()
    clock.jump(-years)
    terminal.sync()
    clock.advance(timedelta(hours=2))
    later = pulse("patient-1", value=62)
    hospital.ask("PUT", f"Observation/{later['id']}", later)
    before = len(terminal.transport.sent)
    terminal.sync()
    assert terminal.get(f"Observation/{later['id']}")
    asked = b"".join(each.path.encode() + each.body for each in terminal.transport.sent[before:])
    assert b"_since=2026" in asked
    assert b"_since=2030" not in asked, "the audit found it, not the cursor"
