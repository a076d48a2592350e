"""What is typed into a form about a stay and not saved yet: kept here, never sent."""

from __future__ import annotations

import json
from collections.abc import Mapping

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services.desk import Desk
from workstation.store import drafts


def keep(desk: Desk, deed: str, patient: PatientId | None, typed: Mapping[str, str]) -> Changes:
    """Keep what is typed in a form; nothing typed forgets it.

    Args:
        desk: Whose draft it is.
        deed: What the form does, such as ``discharge``.
        patient: About whom; None for a newcomer.
        typed: Texts by field.
    """
    own = _id(desk, deed, patient)
    with desk.store.write() as unit:
        if any(typed.values()):
            body = json.dumps(dict(typed), ensure_ascii=False)
            drafts.keep(
                unit,
                drafts.Draft(own, desk.person.id, patient, f"stay-{deed}", body, desk.clock.now()),
            )
        else:
            drafts.discard(unit, own)
        return unit.changes


def kept(desk: Desk, deed: str, patient: PatientId | None) -> dict[str, str]:
    """What was typed into a form before; empty when nothing was."""
    own = _id(desk, deed, patient)
    with desk.store.read() as view:
        found = drafts.of_person(view, desk.person.id, patient=patient)
    body = next((draft.body for draft in found if draft.id == own), "{}")
    typed = json.loads(body)
    return {str(name): str(text) for name, text in typed.items()}


def _id(desk: Desk, deed: str, patient: PatientId | None) -> str:
    return name_uuid("stay-draft", desk.person.id, deed, patient or "")
