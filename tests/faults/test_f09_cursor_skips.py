"""F09: the cursor skips a record, because timestamps are equal or rows are committed late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.kernel.clock import ManualClock

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("history", ["system", "instance"])
def test_late_commits_with_equal_times_are_all_found(
    hospital: HospitalDouble, terminals: Callable[..., Terminal], history: str
) -> None:
    hospital.behaviour = Behaviour(history=history)
    terminal = terminals(1)
    terminal.sync()
    hospital.behaviour = Behaviour(history=history, late_commits=5, coarse_time=True)
    clock = hospital.clock
    assert isinstance(clock, ManualClock)
    written = set()
    for number in range(12):
        reading = pulse("patient-1", value=60 + number)
        hospital.ask("PUT", f"Observation/{reading['id']}", reading)
        written.add(f"Observation/{reading['id']}")
        clock.advance(timedelta(milliseconds=300))
        terminal.sync()
    for _ in range(4):
        terminal.sync()
    assert written <= terminal.content("Observation").keys()


def test_what_every_cursor_missed_is_found_by_counting(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    clock = hospital.clock
    assert isinstance(clock, ManualClock)
    late = pulse("patient-1")
    hospital.ask("PUT", f"Observation/{late['id']}", late)
    hospital.behaviour = Behaviour(late_commits=1)
    clock.advance(timedelta(hours=3))
    later = pulse("patient-1")
    with terminal.store.write() as unit:
        unit.connection.exec_driver_sql("UPDATE cursor SET watermark = '2026-11-20T11:00:00Z'")
    hospital.ask("PUT", f"Observation/{later['id']}", later)
    for _ in range(3):
        terminal.sync()
    assert terminal.has(f"Observation/{late['id']}")
    assert terminal.has(f"Observation/{later['id']}")


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(page_limit=50),
        Behaviour(page_limit=50, next_elsewhere=True, history="instance"),
        Behaviour(page_limit=50, next_elsewhere=True, history="instance", no_everything=True),
    ],
)
def test_many_equal_times_over_many_pages(
    hospital: HospitalDouble, terminals: Callable[..., Terminal], behaviour: Behaviour
) -> None:
    clock = hospital.clock
    assert isinstance(clock, ManualClock)
    written = set()
    for number in range(130):
        reading = pulse("patient-1", value=60 + number % 40)
        hospital.ask("PUT", f"Observation/{reading['id']}", reading)
        written.add(f"Observation/{reading['id']}")
        if number % 40 == 39:
            clock.advance(timedelta(seconds=1))
    hospital.behaviour = behaviour
    terminal = terminals(1)
    terminal.sync()
    assert written <= terminal.content("Observation").keys()


def test_more_equal_times_than_a_page_holds_are_never_called_complete(
    hospital: HospitalDouble, terminals: Callable[..., Terminal]
) -> None:
    for number in range(70):
        reading = pulse("patient-1", value=60 + number % 40)
        hospital.ask("PUT", f"Observation/{reading['id']}", reading)
    hospital.behaviour = Behaviour(
        page_limit=50, next_elsewhere=True, coarse_time=True, history="instance", no_everything=True
    )
    terminal = terminals(1)
    assert terminal.try_sync().outcome == "ties-too-long"
    assert terminal.status.data_as_of is None, "P7"


def test_a_history_whose_pages_lead_elsewhere_is_read_to_its_end(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    readings = [pulse("patient-1", value=60 + number) for number in range(5)]
    for each in readings:
        hospital.ask("PUT", f"Observation/{each['id']}", each)
    terminal.sync()
    hospital.behaviour = Behaviour(page_limit=2, next_elsewhere=True)
    for each in readings:
        hospital.ask("PUT", f"Observation/{each['id']}", {**each, "status": "amended"})
    terminal.sync()
    found = {terminal.get(f"Observation/{each['id']}")["status"] for each in readings}
    assert found == {"amended"}
