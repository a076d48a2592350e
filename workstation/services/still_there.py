"""What a deed is about must still be on this terminal: it may have been decided elsewhere."""

from __future__ import annotations

from workstation.kernel.errors import Refused
from workstation.store import Stored, View


def still_there(view: View, reference: str) -> Stored:
    """A resource that is known and not deleted.

    Args:
        view: Where to read.
        reference: ``Type/id``.

    Raises:
        Refused: ``gone``.
    """
    type_, _, own = reference.partition("/")
    stored = view.get(type_, own)
    if stored is None or stored.deleted:
        raise Refused("gone", reference=reference)
    return stored
