"""What the answers to a push did, added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from workstation.kernel.changes import Changes
from workstation.store.keys import Key
from workstation.store.queue import Waiting


@dataclass(frozen=True, slots=True)
class Settled:
    """What some answers did.

    Attributes:
        sent: Changes that the server has now.
        merged: Changes laid on a newer version.
        conflicts: Conflicts opened.
        parked: Changes that the server refused.
        met: Changes that met a newer version and are to be sent again.
        changes: For the screens.
    """

    sent: int = 0
    merged: int = 0
    conflicts: int = 0
    parked: int = 0
    met: tuple[Key, ...] = ()
    changes: Changes = field(default_factory=Changes)

    def __add__(self, other: Settled) -> Settled:
        """Both together."""
        return Settled(
            self.sent + other.sent,
            self.merged + other.merged,
            self.conflicts + other.conflicts,
            self.parked + other.parked,
            self.met + other.met,
            self.changes | other.changes,
        )


def touched(rows: Sequence[Waiting]) -> Changes:
    """What the screens have to read anew when the state of some changes is another."""
    return Changes(
        types=frozenset(row.type for row in rows),
        references=frozenset(row.reference for row in rows),
        patients=frozenset(row.patient for row in rows if row.patient),
        queue=True,
    )
