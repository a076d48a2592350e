"""The loop, and what a person is told when the address, the credential or the clock is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hospital.wire import Response
from tests.kit.hospital_double import HospitalDouble
from tests.kit.store import START
from tests.kit.ward_terminal import Terminal, admit, pulse
from workstation.kernel.clock import ManualClock
from workstation.store import numbers, sync_state
from workstation.sync.backoff import FIRST_S, LONGEST_S
from workstation.sync.status import RoundReport, SyncStatus
from workstation.sync.wire import Request


@pytest.fixture
def hospital() -> Iterator[HospitalDouble]:
    double = HospitalDouble(clock=ManualClock(START))
    admit(double)
    yield double
    double.close()


@pytest.fixture
def terminal(hospital: HospitalDouble, tmp_path: Path) -> Iterator[Terminal]:
    one = Terminal(tmp_path, hospital)
    yield one
    one.close()


def test_before_the_first_round_it_says_never(terminal: Terminal) -> None:
    assert terminal.status == SyncStatus()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response(404, {"Content-Type": "text/html"}, b"<html>"), "wrong-address"),
        (Response(302, {"Location": "https://elsewhere.example"}, b""), "wrong-address"),
        (Response(200, {"Content-Type": "text/html"}, b"<html>"), "not-fhir"),
        (
            Response(200, {"Content-Type": "application/fhir+json"}, b'{"resourceType":"Patient"}'),
            "not-fhir",
        ),
        (
            Response(
                200,
                {"Content-Type": "application/fhir+json"},
                b'{"resourceType":"CapabilityStatement","fhirVersion":"5.0.0"}',
            ),
            "wrong-fhir-version",
        ),
        (Response(401, {}, b""), "sign-in"),
        (Response(403, {}, b""), "sign-in"),
        (Response(500, {}, b""), "server-error"),
    ],
)
def test_a_wrong_server_or_credential_is_named_and_nothing_is_lost(
    hospital: HospitalDouble, terminal: Terminal, answer: Response, code: str
) -> None:
    terminal.create(pulse("patient-1"))
    hospital.when(lambda _: True, lambda _: answer)
    report = terminal.try_sync()
    assert report.outcome == terminal.status.problem == code
    assert terminal.status.unsent == 1
    terminal.sync()
    assert terminal.status.unsent == 0


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_a_day_off_is_shown_and_hides_nothing(
    hospital: HospitalDouble,
    terminal: Terminal,
    hours: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    terminal.clock.jump(timedelta(hours=hours))
    name = terminal.create(pulse("patient-1"))
    terminal.sync()
    assert terminal.status.skew_seconds == pytest.approx(hours * 3600, abs=2)
    assert name in hospital.resources()
    assert terminal.has(name)
    assert "clock skew" in caplog.text
    caplog.clear()


def test_each_round_is_logged(hospital: HospitalDouble, terminal: Terminal) -> None:
    terminal.sync()
    hospital.down = True
    terminal.try_sync()
    with terminal.store.read() as view:
        log = sync_state.read_log(view, 10)
    assert [entry.outcome for entry in log] == ["offline", "complete"]
    assert log[1].pulled > 0


def test_numbers_are_leased_in_advance_and_never_twice(
    hospital: HospitalDouble, terminal: Terminal, tmp_path: Path
) -> None:
    other = Terminal(tmp_path / "other", hospital, 2)
    given = []
    for one in (terminal, other):
        one.sync()
        with one.store.write() as unit:
            assert numbers.left(unit, "record") == 50
            given += [numbers.take(unit, "record") for _ in range(50)]
    other.close()
    assert len(set(given)) == 100


def test_the_loop_syncs_by_itself_and_at_once_when_asked(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    told: list[SyncStatus] = []
    drained = threading.Event()

    def listen(status: SyncStatus) -> None:
        told.append(status)
        if status.synced and len(told) > 1:
            drained.set()

    engine = terminal.new_engine()
    engine._on_status = listen
    engine.start()
    engine.start()
    name = terminal.create(pulse("patient-1"))
    engine.sync_now()
    assert drained.wait(20)
    engine.stop()
    assert name in hospital.resources()


def test_while_the_server_is_away_it_is_said_when_it_is_tried_again(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    told: list[SyncStatus] = []
    known = threading.Event()

    def listen(status: SyncStatus) -> None:
        told.append(status)
        if status.next_try is not None:
            known.set()

    engine = terminal.new_engine()
    engine._on_status = listen
    hospital.down = True
    engine.start()
    assert known.wait(20)
    engine.stop()
    last = next(each for each in told if each.next_try is not None)
    assert last.link == "offline"
    assert last.since is not None
    assert last.next_try is not None
    assert timedelta(seconds=FIRST_S) <= last.next_try - last.since <= timedelta(seconds=LONGEST_S)
    hospital.down = False
    assert engine.run_once().complete
    assert engine.status().next_try is None
    engine.stop()


def test_a_stop_waits_for_one_request_only_and_a_start_goes_on(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    terminal.sync()
    for n in range(350):
        terminal.create(pulse("patient-1", value=60 + n % 60))
    engine = terminal.engine
    sending, ended = threading.Event(), threading.Event()

    def slow(request: Request) -> None:
        if request.method == "POST" and b'"PUT"' in request.body and not ended.is_set():
            sending.set()
            assert ended.wait(20)

    terminal.transport.before = slow
    engine.start()
    assert sending.wait(20)
    threading.Timer(0.05, ended.set).start()
    engine.stop()
    status = engine.status()
    assert 0 < status.unsent < 350
    assert status.problem is None
    assert engine.run_once().complete
    assert engine.status().unsent == 0
    assert sum(name.startswith("Observation/") for name in hospital.resources()) == 350


def test_a_round_that_broke_off_but_moved_something_is_followed_soon(terminal: Terminal) -> None:
    for _ in range(10):
        terminal.engine._pause(RoundReport(outcome="cut"))
    assert terminal.engine._pause(RoundReport(outcome="cut", sent=1)) == FIRST_S
    assert terminal.engine._pause(RoundReport(outcome="cut", pulled=1)) == FIRST_S


def test_a_bug_stops_sync_and_says_so(terminal: Terminal, caplog: pytest.LogCaptureFixture) -> None:
    def fails(_request: object) -> None:
        raise ZeroDivisionError

    stopped = threading.Event()
    engine = terminal.new_engine()
    terminal.transport.before = fails
    note = engine._note

    def noted(error: object) -> None:
        note(error)  # type: ignore[arg-type]
        stopped.set()

    engine._note = noted  # type: ignore[method-assign]
    engine.start()
    assert stopped.wait(20)
    assert engine.status().link == "stopped"
    assert engine.status().problem == "bug"
    engine.stop()
    assert "a bug ended a round" in caplog.text
    caplog.clear()
