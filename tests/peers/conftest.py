"""The ward that each server of others is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from hospital.demo.generate import generate
from tests.peers.servers import small_ward
from workstation.kernel.clock import SystemClock


@pytest.fixture(scope="session")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six people in bed with a few signs each, as NDJSON."""
    file = tmp_path_factory.mktemp("ward") / "ward.ndjson"
    return small_ward(generate(3, SystemClock().now(), 6), file, signs=4)
