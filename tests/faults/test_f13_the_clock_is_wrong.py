"""F13: clocks an hour or a day off, or jumping back mid-shift: doses stay given, order causal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import Outage
from workstation.services import conflicts

WRONG = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]


@pytest.mark.fault
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_f13_a_dose_given_is_never_shown_as_not_given(tmp_path: Path, wrong: timedelta) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 13)
    first = outage.all[0]
    first.clock.jump(wrong)
    outage.give(first, "anh")
    (name,) = [n for n in first.resources() if n.startswith("MedicationAdministration")]
    first.clock.jump(-2 * wrong)
    first.restart()
    assert first.resources()[name]["status"] == "completed"
    outage.calm_down()
    for terminal in outage.all:
        assert terminal.resources()[name]["status"] == "completed"
    outage.check_once()
    outage.close()


@pytest.mark.fault
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_f13_who_edits_after_having_seen_wins_whatever_the_clocks_say(
    tmp_path: Path, wrong: timedelta
) -> None:
    outage = Outage(tmp_path, Behaviour(), 2, 13)
    first, second = outage.all
    first.clock.jump(wrong)
    second.clock.jump(-wrong)
    outage.edit(first, "dose", "anh")
    first.sync()
    outage.pass_time()
    second.sync()
    outage.edit(second, "dose", "anh")
    outage.calm_down()
    assert all(conflicts.waiting(terminal.desk) == () for terminal in outage.all)
    order = first.resources()["MedicationRequest/order-anh"]
    assert order["dosageInstruction"] == [{"text": outage.saved[1].token}]
    outage.check_converged()
    outage.close()


@pytest.mark.fault
def test_f13_the_journal_keeps_its_order_when_the_clock_jumps_back(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(), 1, 13)
    (terminal,) = outage.all
    for _ in range(3):
        outage.chart(terminal, "anh")
        terminal.clock.jump(timedelta(hours=-5))
        terminal.restart()
    with terminal.store.read() as view:
        stamps = list(view.connection.exec_driver_sql("SELECT hlc FROM change ORDER BY seq"))
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == 3
    outage.close()


@pytest.mark.fault
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_f13_a_wrong_clock_is_told_and_hides_nothing(tmp_path: Path, wrong: timedelta) -> None:
    outage = Outage(tmp_path, Behaviour(), 1, 13)
    (terminal,) = outage.all
    terminal.clock.jump(wrong)
    outage.chart(terminal, "anh")
    terminal.sync()
    told = terminal.engine.status().skew_seconds
    assert abs(told - wrong.total_seconds()) < 5
    assert any(name.startswith("Observation") for name in terminal.resources())
    outage.close()
