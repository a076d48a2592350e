"""Human-readable numbers out of blocks that the server leased to this terminal in advance.

So two terminals never give the same record number, however long they are offline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.kernel.errors import Refused
from workstation.store.record import Unit, View
from workstation.store.tables import to_milliseconds


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers from `first` to `last`, both included.

    Attributes:
        id: Of the lease.
        kind: What is numbered, such as ``record``.
        prefix: Stands before each number.
    """

    id: str
    kind: str
    prefix: str
    first: int
    last: int


_WIDTH: Final = 8
_NEXT: Final = """
SELECT id, prefix, next FROM number_block WHERE kind = ? AND next <= last ORDER BY first LIMIT 1
"""


def add(unit: Unit, block: Block, leased_at: datetime) -> None:
    """Keep a block that the server has leased.

    Raises:
        Refused: ``overlapping-block``: some of its numbers are here already, perhaps given.
    """
    run = unit.connection.exec_driver_sql
    overlapping = run(
        "SELECT count(*) FROM number_block WHERE kind = ? AND prefix = ? AND first <= ?"
        " AND last >= ?",
        (block.kind, block.prefix, block.last, block.first),
    ).scalar_one()
    if overlapping or block.first > block.last:
        raise Refused("overlapping-block", first=block.first, last=block.last)
    run(
        "INSERT INTO number_block (id, kind, prefix, first, last, next, leased_at)"
        " VALUES (?,?,?,?,?,?,?)",
        (
            *(block.id, block.kind, block.prefix, block.first, block.last, block.first),
            to_milliseconds(leased_at),
        ),
    )


def take(unit: Unit, kind: str) -> str:
    """Take the next number: prefix and at least 8 digits.

    Raises:
        Refused: ``no-numbers-left``: the terminal must meet the server first.
    """
    run = unit.connection.exec_driver_sql
    found = run(_NEXT, (kind,)).one_or_none()
    if found is None:
        raise Refused("no-numbers-left", kind=kind)
    run("UPDATE number_block SET next = next + 1 WHERE id = ?", (found[0],))
    return f"{found[1]}{found[2]:0{_WIDTH}d}"


def left(view: View, kind: str) -> int:
    """How many numbers can still be given while offline."""
    total = view.connection.exec_driver_sql(
        "SELECT coalesce(sum(last - next + 1), 0) FROM number_block WHERE kind = ?", (kind,)
    ).scalar_one()
    return int(total)
