"""The main job against servers that nobody here wrote: an outage, a reconciliation, a proof."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.servers import PEERS, peer

ROOT = Path(__file__).resolve().parents[2]

CANNOT = {
    "sekmet": {"if-none-match-ignored", "decimals-rewritten"},
    "medplum": {
        "if-none-match-ignored",
        "transaction-not-atomic",
        "no-type-history",
        "decimals-rewritten",
    },
    "medplum-own-ids": {
        "client-ids-refused",
        "if-none-match-ignored",
        "transaction-not-atomic",
        "no-type-history",
        "decimals-rewritten",
    },
}
"""Which promises each cannot keep; the drill passes without them."""


@pytest.mark.journey
@pytest.mark.parametrize("name", PEERS)
def test_an_outage_loses_nothing(name: str, tmp_path: Path, ward: Path) -> None:
    out = tmp_path / "drill"
    with peer(name, tmp_path / "peer", ward) as base:
        command = [
            *[sys.executable, "-m", "workstation", "--language", "en", "drill", "--server", base],
            *["--seed", "3", "--minutes", "1", "--out", str(out)],
        ]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["lost"] == report["duplicated"] == report["silently_overwritten"] == 0
    assert report["converged"] is True
    assert report["acknowledged_writes"] > 40
    assert report["sent"] >= report["acknowledged_writes"]
    assert report["merged"] >= 1
    assert report["conflicts_decided"] == 1
    assert report["collisions_found"] >= 3
    assert report["parked"] == 0
    assert set(report["promises_not_kept"]) == CANNOT[name]
