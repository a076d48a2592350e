"""What the hunt through random histories has found, each kept as a small history of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import Outage
from workstation.sync.pull.guard import Sentinel


def test_a_time_told_in_whole_seconds_is_no_server_that_was_restored() -> None:
    exact, cut = "2026-11-20T07:00:07.512Z", "2026-11-20T07:00:07.000Z"
    assert not Sentinel("1", exact, 200, "2", cut).went_back
    assert Sentinel("2", exact, 200, "1", "2026-11-20T06:59:00.000Z").went_back


@pytest.mark.fault
def test_many_writers_on_a_server_with_coarse_times_come_to_rest(tmp_path: Path) -> None:
    outage = Outage(tmp_path, Behaviour(late_commits=4, coarse_time=True), 3, 818)
    for terminal in outage.all:
        for kind in ("stay", "care level", "marital status", "remark", "mobile phone", "flag"):
            outage.edit(terminal, kind, "binh")
    outage.calm_down()
    outage.check_converged()
    outage.check_nothing_lost()
    outage.close()
