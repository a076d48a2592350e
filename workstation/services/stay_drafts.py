"""What is typed into a form about a stay and not saved yet: kept here, never sent."""

from __future__ import annotations

import json
from collections.abc import Mapping

from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId, name_uuid
from workstation.services.desk import Desk
from workstation.store import Unit, drafts


def keep(desk: Desk, deed: str, patient: PatientId | None, typed: Mapping[str, str]) -> Changes:
    """Keep what is typed in a form; nothing typed forgets it.

    Args:
        desk: Whose draft it is.
        deed: What the form does, such as ``discharge``.
        patient: About whom; None for a newcomer.
        typed: Texts by field.
    """
    with desk.store.write() as unit:
        _keep(desk, unit, deed, patient, typed)
        return unit.changes


def hand_on(
    desk: Desk, deed: str, to: str, patient: PatientId, typed: Mapping[str, str]
) -> Changes:  # fmt: skip
    """A newcomer is somebody known: what is typed goes on in a form about that patient.

    The newcomer's form forgets it, or the next newcomer would begin with this one's name.

    Args:
        desk: Whose draft it is.
        deed: What the newcomer's form does.
        to: What the other form does.
        patient: Who the newcomer is.
        typed: Texts by field of the other form.
    """
    with desk.store.write() as unit:
        _keep(desk, unit, to, patient, typed)
        _keep(desk, unit, deed, None, {})
        return unit.changes


def _keep(
    desk: Desk, unit: Unit, deed: str, patient: PatientId | None, typed: Mapping[str, str]
) -> None:
    own, now = _id(desk, deed, patient), desk.clock.now()
    if any(typed.values()):
        body = json.dumps(dict(typed), ensure_ascii=False)
        drafts.keep(
            unit, drafts.Draft(own, desk.person.id, patient, f"stay-{deed}", body, now)
        )  # fmt: skip
    else:
        drafts.discard(unit, own)


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
