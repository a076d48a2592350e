"""One version is told everywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import hospital
import workstation

ROOT = Path(__file__).resolve().parents[2]


def test_all_parts_are_of_the_version_that_is_packed() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert workstation.__version__ == hospital.__version__ == packed
