"""When all have converged they rest: no round writes anything again, however long they go on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kit.hospital_double import SERVERS
from tests.kit.outage import Outage

QUARTERS = (7, 400, 700, 4000, 30_000)
"""Seconds between rounds: within the overlap, past a census, past the longest overlap."""


def writes(outage: Outage) -> int:
    """How many versions the hospital has, of everything together."""
    with outage.hospital.hospital.database.accounts() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM history").scalar_one())


def busy(outage: Outage) -> None:
    """Two terminals chart, edit and give the same dose, each without hearing of the other."""
    one, two = outage.all
    for terminal in (one, two):
        outage.chart(terminal, "anh")
        outage.give(terminal, "anh")
        for kind in ("dose", "substance", "care level"):
            outage.edit(terminal, kind, "binh")
        outage.edit(terminal, "home phone" if terminal is one else "mobile phone", "anh")
    outage.delete(one, "anh")


SHORT = ("like-medplum", "ours", "referential-integrity")
"""Those that differ most; ``WARD_LONG=1`` takes all."""


@pytest.mark.parametrize("server", sorted(SERVERS) if os.environ.get("WARD_LONG") else SHORT)
def test_converged_terminals_send_nothing_more(tmp_path: Path, server: str) -> None:
    outage = Outage(tmp_path, SERVERS[server](), 2, 11)
    try:
        busy(outage)
        outage.calm_down()
        outage.check_converged()
        versions = writes(outage)
        for seconds in QUARTERS:
            outage.pass_time(seconds)
            for terminal in outage.all:
                report = terminal.sync()
                assert (report.sent, report.merged, report.conflicts) == (0, 0, 0), report
        assert writes(outage) == versions
        outage.check_converged()
    finally:
        outage.close()
