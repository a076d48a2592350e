"""F01: the program is killed between any two steps of save, enqueue, send, acknowledge."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.store import make_store, reopen
from tests.kit.ward import WARD, patient, places, stay
from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import SystemClock
from workstation.sync.client import FhirClient
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport, Request

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("hospital"), "--demo") as hospital:
        assert isinstance(hospital, HospitalProcess)
        address = hospital.base
        transport = HttpTransport(address)
        for resource in (*places(1), patient(1), stay(1)):
            name = f"{resource['resourceType']}/{resource['id']}"
            assert transport.send(Request("PUT", name, dump_bytes(resource))).success
        transport.close()
        yield address


@pytest.mark.parametrize("steps", [1, 2, 11, 12, 13, 14, 15, 16])
def test_killed_at_a_step_nothing_is_lost_and_nothing_doubled(
    base: str, tmp_path: Path, steps: int
) -> None:
    make_store(tmp_path, clock=SystemClock()).close()
    command = [sys.executable, "-m", "tests.kit.killed_terminal", str(tmp_path), base, str(steps)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    said = done.stdout.split()
    assert done.returncode == -9 or "survived" in said
    saved = [f"Observation/{line}" for line in said if line != "survived"]
    store = reopen(tmp_path, clock=SystemClock())
    transport = HttpTransport(base)
    engine = SyncEngine(store, transport, Scope(WARD), SystemClock(), numbers=())
    with store.read() as view:
        assert all(view.get(*name.split("/")) for name in saved)
    assert engine.run_once().complete
    assert engine.status().unsent == 0
    client = FhirClient(transport, SystemClock())
    for name in saved:
        assert len(client.bundle(f"{name}/_history").entry) == 1
    engine.stop()
    store.close()
    transport.close()
