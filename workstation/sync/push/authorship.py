"""Keeps every author's name when the edits of several people travel as one version.

Edits that pile up while the server is away are sent as one; the version then shows only the last
author. A Provenance, made here before the version leaves, names all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from workstation.fhir import systems
from workstation.kernel.ids import name_uuid
from workstation.store import queue
from workstation.store.queue import Waiting
from workstation.store.record import Unit


def record(unit: Unit, rows: Sequence[Waiting], now: datetime) -> int:
    """Write the Provenance of those changes that more than one person made.

    Args:
        unit: A writing transaction before the changes are frozen.
        rows: What is about to be sent.
        now: The time of this terminal.

    Returns:
        How many were written; the same edits write the same one, once.
    """
    shared = queue.authors(unit, [row.key for row in rows])
    written = 0
    for row in rows:
        people = shared.get(row.key)
        if people is None:
            continue
        made = _provenance(row, people, now)
        if unit.get("Provenance", made["id"]) is None:
            unit.create(made)
            written += 1
    return written


def _provenance(row: Waiting, people: list[tuple[str, str]], now: datetime) -> dict[str, Any]:
    id_ = name_uuid("authors", row.reference, str(row.last_seq), *(person for person, _ in people))
    targets = [{"reference": row.reference}]
    if row.patient and row.type != "Patient":
        targets.append({"reference": f"Patient/{row.patient}"})
    return {
        "resourceType": "Provenance",
        "id": id_,
        "meta": {"tag": [{"system": systems.OWN_ID, "code": f"urn:uuid:{id_}"}]},
        "target": targets,
        "recorded": now.isoformat(timespec="seconds"),
        "activity": {"text": "edited by several people before it was sent"},
        "agent": [
            {
                "type": {"coding": [{"code": "author"}]},
                "who": {"reference": person, **({"display": name} if name else {})},
            }
            for person, name in people
        ],
    }
