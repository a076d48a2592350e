"""What the probe finds out about each server at hand is what ``docs/servers.md`` says.

``WARD_WRITE=1`` writes the table anew instead of comparing it.
"""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.kit.hospital_process import running
from tests.peers.servers import PEERS, peer
from workstation.kernel.clock import SystemClock
from workstation.sync.capabilities import Capabilities, claims
from workstation.sync.client import FhirClient
from workstation.sync.probe import probe
from workstation.sync.transport import HttpTransport

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "servers.md"
OURS: Final = "ours"
SERVERS: Final = (OURS, *PEERS)

QUESTIONS: Final = {
    "client_ids": "May a terminal `PUT` a new UUID?",
    "guards_updates": "Is a stale `If-Match` refused?",
    "honours_none_match": "Does `If-None-Match: *` protect what exists?",
    "none_exist": "Does `If-None-Exist` find what was created before?",
    "batch": "Does a `batch` carry several requests?",
    "atomic": "Is a `transaction` applied whole or not at all?",
    "type_history": "Does `Type/_history?_since` tell what changed?",
    "everything": "Is `Patient/$everything` claimed?",
    "tells_deletions": "Is what was deleted told apart (410) from what never was (404)?",
    "keeps_decimals": "Does `1.10` stay `1.10`?",
    "gzip": "May a request body be compressed?",
}
"""The questions of the probe, in the order of the page."""


@contextmanager
def _ours(folder: Path, _ward: Path):
    folder.mkdir()
    with running(folder) as process:
        yield process.base


def _server(name: str, folder: Path, ward: Path) -> AbstractContextManager[str]:
    return _ours(folder, ward) if name == OURS else peer(name, folder, ward)


def _asked(base: str) -> Capabilities:
    transport = HttpTransport(base)
    client = FhirClient(transport, SystemClock())
    try:
        return probe(client, claims(client))
    finally:
        transport.close()


def _column(name: str) -> int:
    return SERVERS.index(name) + 1


def _rows() -> dict[str, list[str]]:
    """The cells of the table, by question."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in re.split(r"\|", line)[1:-1]] for line in lines]
    return {row[0]: row for row in cells if row and row[0] in QUESTIONS.values()}


def _write(name: str, found: dict[str, str]) -> None:
    text = PAGE.read_text("utf-8")
    for question, row in _rows().items():
        old = "| " + " | ".join(row) + " |"
        row[_column(name)] = found[question]
        assert old in text
        text = text.replace(old, "| " + " | ".join(row) + " |")
    PAGE.write_text(text, "utf-8")


@pytest.mark.parametrize("name", SERVERS)
def test_the_page_on_servers_is_true(name: str, tmp_path: Path, ward: Path) -> None:
    with _server(name, tmp_path / name, ward) as base:
        capabilities = _asked(base)
    found = {
        question: "yes" if getattr(capabilities, field) else "**no**"
        for field, question in QUESTIONS.items()
    }
    if os.environ.get("WARD_WRITE"):
        _write(name, found)
    assert {question: row[_column(name)] for question, row in _rows().items()} == found
