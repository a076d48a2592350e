"""What is written to find out what a server does is taken away again, on every kind of server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.hospital_double import SERVERS, UNSAFE
from tests.kit.outage import Outage


@pytest.mark.parametrize("server", sorted(SERVERS | UNSAFE))
def test_no_probe_is_left_on_the_server(tmp_path: Path, server: str) -> None:
    outage = Outage(tmp_path, (SERVERS | UNSAFE)[server](), 1, 1)
    left = [
        name
        for name, resource in outage.hospital.resources().items()
        if "probe" in str(resource.get("code", {}).get("text"))
    ]
    outage.close()
    assert left == []
