"""A set of vital signs that is typed in a chart and not charted yet; it stays here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services.desk import Desk
from workstation.store import drafts

KIND: Final = "vital-signs-set"


def draft_id(desk: Desk, patient: PatientId) -> str:
    """Id of the one draft that somebody has of a set of one patient."""
    return name_uuid(KIND, desk.person.id, patient)


def keep(desk: Desk, patient: PatientId, typed: Mapping[str, str]) -> Changes:
    """Keep what is typed; forget it when nothing is.

    Args:
        desk: Whose draft it is.
        patient: Whose values they are.
        typed: Texts by field.
    """
    own = draft_id(desk, patient)
    with desk.store.write() as unit:
        if typed:
            body = json.dumps(dict(typed), ensure_ascii=False)
            now = desk.clock.now()
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, KIND, body, now))
        else:
            drafts.discard(unit, own)
        return unit.changes


def kept(desk: Desk, patient: PatientId) -> dict[str, str]:
    """What the person typed before and has not charted; empty when there is nothing."""
    with desk.store.read() as view:
        found = drafts.of_person(view, desk.person.id, patient=patient)
    body = next((draft.body for draft in found if draft.kind == KIND), "{}")
    typed: dict[str, str] = json.loads(body)
    return typed
