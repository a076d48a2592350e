"""Who did what at this terminal: a chain in which no row can be changed, dropped or put in unseen.

Each row is sealed by a hash over itself and over the seal of the row before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.store.record import Unit, View
from workstation.store.tables import from_milliseconds, to_milliseconds

_FIRST: Final = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed.

    Attributes:
        person: ``Practitioner/<id>``; None for the terminal itself.
        action: In kebab-case, such as ``open-chart``.
        reference: ``Type/id`` of what it was done to.
    """

    seq: int
    at: datetime
    person: str | None
    device: str
    action: str
    reference: str | None
    detail: str | None


def write(
    unit: Unit,
    at: datetime,
    device: str,
    action: str,
    *,
    person: str | None = None,
    reference: str | None = None,
    detail: str | None = None,
) -> None:
    """Add a deed to the chain, in the transaction of the deed.

    Args:
        unit: A writing transaction.
        at: When (aware).
        device: This terminal.
        action: In kebab-case.
        person: ``Practitioner/<id>``.
        reference: ``Type/id``.
        detail: More, never a patient's name.
    """
    run = unit.connection.exec_driver_sql
    last = run("SELECT seq, digest FROM audit ORDER BY seq DESC LIMIT 1").one_or_none()
    previous = bytes(last[1]) if last else _FIRST
    row = (to_milliseconds(at), person, device, action, reference, detail)
    run(
        "INSERT INTO audit (at, person, device, action, reference, detail, previous, digest)"
        " VALUES (?,?,?,?,?,?,?,?)",
        (*row, previous, _seal(previous, row)),
    )


def broken_at(view: View) -> int | None:
    """The first row that is missing or whose seal does not fit; None when the chain is whole."""
    return _broken(view.connection.exec_driver_sql)


def broken_in(raw: Any) -> int | None:
    """The same, by a bare connection from `workstation.store.engine.connect`."""
    return _broken(raw.execute)


def _broken(run: Callable[[str], Any]) -> int | None:
    previous, expected = _FIRST, 1
    for row in run(
        "SELECT seq, at, person, device, action, reference, detail, previous, digest"
        " FROM audit ORDER BY seq"
    ):
        sealed = _seal(previous, tuple(row[1:7]))
        if row[0] != expected or bytes(row[7]) != previous or bytes(row[8]) != sealed:
            return int(row[0])
        previous, expected = sealed, expected + 1
    last = run("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return expected if last[0] >= expected else None


def entries(view: View, *, limit: int = 1_000) -> Iterator[Entry]:
    """The newest deeds first."""
    rows = view.connection.exec_driver_sql(
        "SELECT seq, at, person, device, action, reference, detail FROM audit"
        " ORDER BY seq DESC LIMIT ?",
        (limit,),
    )
    for row in rows:
        yield Entry(row[0], from_milliseconds(row[1]), *row[2:])


def _seal(previous: bytes, row: tuple[object, ...]) -> bytes:
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()
