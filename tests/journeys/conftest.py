"""What most journeys begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.ward_window import small_ward, store_at


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    """The real server in a process of its own, with a ward of three in four beds."""
    with running(tmp_path / "hospital") as process:
        store_at(process, small_ward())
        yield process
