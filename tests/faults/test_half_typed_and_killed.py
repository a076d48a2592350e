"""The program is killed while something is half typed into every form: all of it is still there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.half_typed import TYPED, kept
from tests.kit.people import DOCTOR
from tests.kit.store import reopen
from tests.kit.ward import WARD
from workstation.services.desk import Desk

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parents[2]


def test_what_is_half_typed_survives_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.kit.half_typed", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            assert set(process.stdout.readline().split()) == TYPED.keys()
        finally:
            process.kill()
    store = reopen(tmp_path)
    try:
        found = kept(Desk(store, store.clock, DOCTOR, WARD))
    finally:
        store.close()
    assert {kind for kind, text in TYPED.items() if text not in found.get(kind, "")} == set()
