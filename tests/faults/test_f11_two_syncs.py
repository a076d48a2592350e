"""F11: two syncs at once, from two windows or two processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.hospital_double import HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.sync.lease import Lease
from workstation.sync.wire import Request

pytestmark = pytest.mark.fault


def test_the_second_window_leaves_it_to_the_first(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    name = terminal.create(pulse("patient-1"))
    second = terminal.new_engine()
    outcomes: list[str] = []

    def meanwhile(_request: Request) -> None:
        outcomes.append(second.run_once().outcome)

    terminal.transport.before = meanwhile
    terminal.sync()
    assert set(outcomes) == {"another-syncs"}
    assert len(hospital.versions(name)) == 1


HOLD = """
import sys
from pathlib import Path
from workstation.sync.lease import Lease
lease = Lease(Path(sys.argv[1]))
print(lease.take(), flush=True)
sys.stdin.read()
"""


HOLD = """
import sys
from pathlib import Path
from workstation.sync.lease import Lease
lease = Lease(Path(sys.argv[1]))
print(lease.take(), flush=True)
sys.stdin.read()
"""


def test_another_process_holds_it_until_it_dies(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    root = Path(__file__).parents[2]
    mine = Lease(tmp_path)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        assert not mine.take()
        assert not mine.held
        holder.kill()
    assert mine.take()
    assert mine.held
    assert mine.take()
    mine.give_back()
    mine.give_back()
    assert not mine.held
