"""Looks before it creates what another terminal may have made under the same id.

Alerts, conflicts and merges have ids that follow from their meaning, so that two terminals make
one record of one thing. Where a server does not keep ``If-None-Match``, the second ``PUT`` would
overwrite what people wrote on the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from workstation.kernel.ids import is_name_uuid
from workstation.store.queue import Waiting
from workstation.sync.look_up import LookUp
from workstation.sync.push.doubts import Doubts
from workstation.sync.push.settled import Settled


def made_elsewhere(
    rows: Sequence[Waiting], look_up: LookUp, doubts: Doubts
) -> tuple[list[Waiting], Settled]:
    """Bring creates that the server has already together with what is there.

    Args:
        rows: About to be sent.
        look_up: Reads single records.
        doubts: Merges, acknowledges or opens a conflict.

    Returns:
        Those still to be sent, and what came of the others.

    Raises:
        Unavailable: The server went away.
    """
    shared = [
        row
        for row in rows
        if row.operation == "create" and is_name_uuid(row.id) and not look_up.by_key(row)
    ]
    found = look_up.now([row.reference for row in shared])
    settled, met = Settled(), set()
    for row in shared:
        theirs = found[row.reference][1]
        if theirs is not None:
            settled += doubts.meet(row, theirs)
            met.add(row.key)
    return [row for row in rows if row.key not in met], settled
