"""Drafts of notes: what is typed survives a pause, a lock, another person and a power cut."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.fhir.note import OwnKind
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import drafts

_DRAFT_KINDS: Final[dict[OwnKind, str]] = {
    "doctor": "doctor-note",
    "nurse": "nurse-note",
    "consultation": "consultation",
}
_KIND_OF_DRAFT: Final = {draft: kind for kind, draft in _DRAFT_KINDS.items()}


@dataclass(frozen=True, slots=True)
class NoteText:
    """What a person writes.

    Attributes:
        course: Diễn biến, or the whole of a nurse's note.
        orders: Y lệnh; empty in a nurse's note.
        consultation: Minutes of a consultation, in place of both.
    """

    course: str = ""
    orders: str = ""
    consultation: Consultation | None = None

    def __bool__(self) -> bool:
        """Whether anything is written."""
        return bool(self.course.strip() or self.orders.strip() or self.consultation)


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A note that is not yet signed; only its writer sees it.

    Attributes:
        id: The same at each pause.
        kind: What it will be.
        text: What is written so far.
        saved_at: When it was last kept (aware).
        amends: Id of the note that it is to change; None for a new one.
        base: `Note.digest` of that note as its writer saw it.
        reason: Why it changes that note, so far.
        wanted: Who is to sign it beside its author; nobody when None.
    """

    id: str
    kind: OwnKind
    text: NoteText
    saved_at: datetime
    amends: str | None = None
    base: str = ""
    reason: str = ""
    wanted: Wanted | None = None


def my_drafts(desk: Desk, patient: PatientId) -> tuple[NoteDraft, ...]:
    """The drafts of whoever is logged in about a patient, newest first."""
    with desk.store.read() as view:
        kept = drafts.of_person(view, desk.person.id, patient=patient)
    return tuple(_draft(draft) for draft in kept if draft.kind in _KIND_OF_DRAFT)


def keep_draft(desk: Desk, patient: PatientId, draft: NoteDraft) -> Changes:
    """Keep what is typed so far; an empty new note is forgotten instead.

    Returns:
        No changes: a draft is not part of the record.
    """
    with desk.store.write(desk.author) as unit:
        if draft.text or draft.amends:
            drafts.keep(unit, _kept(desk, patient, draft))
        else:
            drafts.discard(unit, draft.id)
    return Changes()


def discard_draft(desk: Desk, draft_id: str) -> Changes:
    """Give a draft up."""
    with desk.store.write(desk.author) as unit:
        drafts.discard(unit, draft_id)
    return Changes()


def _kept(desk: Desk, patient: PatientId, draft: NoteDraft) -> drafts.Draft:
    met = draft.text.consultation
    body = {
        "course": draft.text.course,
        "orders": draft.text.orders,
        "amends": draft.amends,
        "base": draft.base,
        "reason": draft.reason,
        "wanted": asdict(draft.wanted) if draft.wanted else None,
        "consultation": _met(met) if met is not None else None,
    }
    return drafts.Draft(
        id=draft.id,
        person=desk.person.id,
        patient=patient,
        kind=_DRAFT_KINDS[draft.kind],
        body=json.dumps(body, ensure_ascii=False),
        saved_at=desk.now(),
    )


def _draft(kept: drafts.Draft) -> NoteDraft:
    body = cast("dict[str, Any]", json.loads(kept.body))
    wanted, met = body.get("wanted"), body.get("consultation")
    return NoteDraft(
        id=kept.id,
        kind=_KIND_OF_DRAFT[kept.kind],
        text=NoteText(body["course"] or "", body["orders"] or "", _read_met(met) if met else None),
        saved_at=kept.saved_at,
        amends=body["amends"],
        base=body["base"] or "",
        reason=body["reason"] or "",
        wanted=Wanted(**wanted) if wanted else None,
    )


def _met(said: Consultation) -> dict[str, Any]:
    return {**asdict(said), "at": said.at.isoformat() if said.at else None}


def _read_met(body: dict[str, Any]) -> Consultation:
    at, chair = body.pop("at"), body.pop("chair")
    members = tuple(Member(**each) for each in body.pop("members"))
    return replace(
        Consultation(**body),
        at=datetime.fromisoformat(at) if at else None,
        chair=Member(**chair) if chair else None,
        members=members,
    )
