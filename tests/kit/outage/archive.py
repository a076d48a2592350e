"""Every word that the hospital ever got, read as it comes in, conflicts unpacked."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from tests.kit.hospital_double import HospitalDouble
from workstation.fhir.json import parse

Json = dict[str, Any]


class Archive:
    """The versions of a hospital.

    Args:
        hospital: Whose.
    """

    def __init__(self, hospital: HospitalDouble) -> None:
        self._hospital = hospital
        self.forget()

    def forget(self) -> None:
        """The hospital has another database now: read everything anew."""
        self._last = 0
        self._rows: list[tuple[int, str, str]] = []
        self._texts: list[str] = []

    def text(self) -> str:
        """All of it in one."""
        self._read()
        return "\n".join(self._texts)

    def records_with(self, token: str) -> set[int]:
        """The records of which some version says a token, conflicts and traces left out."""
        self._read()
        return {key for key, type_, text in self._rows if token in text and type_ not in _TOLD}

    def _read(self) -> None:
        with self._hospital.hospital.database.accounts() as connection:
            rows = connection.exec_driver_sql(_NEW, (self._last,)).all()
        for seq, key, type_, body in rows:
            text = bytes(body).decode() if isinstance(body, bytes) else str(body)
            self._last = seq
            self._rows.append((key, type_, text))
            self._texts.append(text)
            if '"resolve-conflict"' in text:
                self._texts += _attached(parse(text))


_NEW = "SELECT seq, key, type, body FROM history WHERE body IS NOT NULL AND seq > ? ORDER BY seq"
_TOLD = ("Task", "Provenance", "DetectedIssue")


def _attached(task: Json) -> Iterator[str]:
    for entry in task.get("input", []):
        if "valueAttachment" in entry:
            yield base64.b64decode(entry["valueAttachment"]["data"]).decode()
