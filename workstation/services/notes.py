"""Notes: drafts that survive everything, signing, amending with a reason, marking as an error."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from workstation.fhir import note as mapping
from workstation.fhir.json import canonical
from workstation.fhir.note import NoteKind, NoteState, NoteValues
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import patient_record
from workstation.services.desk import Desk
from workstation.services.snippets import BLANK
from workstation.store import Stored, Unit, View, drafts

OwnKind = Literal["doctor", "nurse"]
"""The notes that are written here; others are only read."""

_DRAFT_KINDS: Final[dict[OwnKind, str]] = {"doctor": "doctor-note", "nurse": "nurse-note"}
_KIND_OF_DRAFT: Final = {draft: kind for kind, draft in _DRAFT_KINDS.items()}


@dataclass(frozen=True, slots=True)
class NoteText:
    """What a person writes.

    Attributes:
        course: Diễn biến, or the whole of a nurse's note.
        orders: Y lệnh; empty in a nurse's note.
    """

    course: str = ""
    orders: str = ""

    def __bool__(self) -> bool:
        """Whether anything is written."""
        return bool(self.course.strip() or self.orders.strip())


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
    """

    id: str
    kind: OwnKind
    text: NoteText
    saved_at: datetime
    amends: str | None = None
    base: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the record.

    Attributes:
        id: Id of the DocumentReference.
        kind: Whose note.
        title: Words of the record for a document of another kind.
        at: When it was written (aware).
        author: As shown.
        author_reference: ``Practitioner/<id>``.
        text: What it says.
        state: Whether it still stands as first written.
        changed_at: When it was last amended or marked as an error.
        changed_by: By whom.
        reason: Why.
        other_content: Content types of attachments that are no text.
        unsent: Whether the hospital has not received it yet.
        seen: The stored record that this was read from, for `amend`.
        digest: Fingerprint of its content, for a draft that amends it days later.
    """

    id: str
    kind: NoteKind
    title: str
    at: datetime | None
    author: str
    author_reference: str
    text: NoteText
    state: NoteState
    changed_at: datetime | None
    changed_by: str
    reason: str
    other_content: tuple[str, ...]
    unsent: bool
    seen: Stored
    digest: str


def notes(desk: Desk, patient: PatientId) -> tuple[Note, ...]:
    """Every note and text document of a patient, newest first; errors are among them."""
    with desk.store.read() as view:
        found = [_note(stored) for stored in view.find("DocumentReference", patient=patient)]
    return tuple(sorted(found, key=_order, reverse=True))


def newest(view: View, patient: PatientId, count: int) -> tuple[Note, ...]:
    """The newest notes that say something; only they are read whole."""
    telling = []
    for stored in view.find("DocumentReference", patient=patient):
        values = mapping.read(stored.resource())
        if NoteText(values.course, values.orders):
            telling.append((_newness(values.at, stored.id), stored))
    telling.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(_note(each) for _, each in telling[:count])


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


def sign(
    desk: Desk, patient: PatientId, draft: NoteDraft, *, blanks_meant: bool = False
) -> Changes:
    """Make a draft a note of the record, or the amendment that it is; the draft is then gone.

    Args:
        desk: Who signs.
        patient: About whom.
        draft: What is signed.
        blanks_meant: Whether the writer was asked about the blanks in it, and leaves them.

    Raises:
        Refused: ``empty-note``; ``blank-left`` (field ``course`` or ``orders``) until it is meant;
            ``reason-missing`` for an amendment; ``stale-edit`` when the note
            was changed by somebody else; ``gone``; ``entered-in-error``.
    """
    require(desk.person, "chart")
    if not draft.text:
        raise Refused("empty-note", field="course")
    text = _composed(draft.text)
    if not blanks_meant:
        _refuse_blanks(text)
    with desk.store.write(desk.author) as unit:
        if draft.amends is None:
            _create(unit, desk, patient, draft.kind, text)
        else:
            _amend(unit, desk, _unchanged(unit, draft.amends, draft.base), text, draft.reason)
        drafts.discard(unit, draft.id)
        desk.audit(unit, "amend-note" if draft.amends else "sign-note", f"Patient/{patient}")
        return unit.changes


def amend(desk: Desk, note: Note, text: NoteText, *, reason: str) -> Changes:
    """Change a signed note; what it said before stays in the history.

    Raises:
        Refused: ``empty-note``; ``reason-missing``; ``stale-edit`` when it is no longer what was
            read.
    """
    require(desk.person, "chart")
    if not text:
        raise Refused("empty-note", field="course")
    with desk.store.write(desk.author) as unit:
        _amend(unit, desk, note.seen, _composed(text), reason)
        desk.audit(unit, "amend-note", f"DocumentReference/{note.id}")
        return unit.changes


def enter_in_error(desk: Desk, note: Note, *, reason: str) -> Changes:
    """Say that a note never was true, such as one about the wrong patient; it stays readable.

    Raises:
        Refused: ``reason-missing``; ``stale-edit``.
    """
    require(desk.person, "chart")
    with desk.store.write(desk.author) as unit:
        wrong = mapping.enter_in_error(
            note.seen.resource(), reason=_why(reason), author=_author(desk), at=desk.now()
        )
        unit.update(wrong, seen=note.seen)
        desk.audit(unit, "note-in-error", f"DocumentReference/{note.id}")
        return unit.changes


def _create(unit: Unit, desk: Desk, patient: PatientId, kind: OwnKind, text: NoteText) -> None:
    stay = patient_record.latest_stay(unit, patient)
    unit.create(
        mapping.write(
            kind,
            id=uuid7(),
            patient=patient,
            encounter=stay.id if stay else None,
            author=_author(desk),
            at=desk.now(),
            course=text.course,
            orders=text.orders if kind == "doctor" else "",
        )
    )


def _amend(unit: Unit, desk: Desk, seen: Stored, text: NoteText, reason: str) -> None:
    resource = seen.resource()
    if mapping.read(resource).state == "entered-in-error":
        raise Refused("entered-in-error")
    changed = mapping.amend(
        resource,
        course=text.course,
        orders=text.orders,
        reason=_why(reason),
        author=_author(desk),
        at=desk.now(),
    )
    unit.update(changed, seen=seen)


def _unchanged(unit: Unit, note_id: str, base: str) -> Stored:
    """The note that a draft amends, if it still is what the writer of the draft saw."""
    seen = unit.get("DocumentReference", note_id)
    if seen is None or seen.deleted:
        raise Refused("gone")
    if _digest(seen) != base:
        raise Refused("stale-edit")
    return seen


def _digest(stored: Stored) -> str:
    return hashlib.sha256(canonical(stored.resource()).encode()).hexdigest()


def _author(desk: Desk) -> dict[str, str]:
    return {"reference": desk.reference, "display": desk.person.name}


def _why(reason: str) -> str:
    why = unicodedata.normalize("NFC", reason).strip()
    if not why:
        raise Refused("reason-missing", field="reason")
    return why


def _refuse_blanks(text: NoteText) -> None:
    for field, part in (("course", text.course), ("orders", text.orders)):
        if BLANK in part:
            raise Refused("blank-left", field=field)


def _composed(text: NoteText) -> NoteText:
    course, orders = (
        unicodedata.normalize("NFC", part).strip() for part in (text.course, text.orders)
    )
    return NoteText(course, orders)


def _order(note: Note) -> tuple[float, str]:
    return _newness(note.at, note.id)


def _newness(at: datetime | None, id: str) -> tuple[float, str]:
    return (at.timestamp() if at else 0.0, id)


def _note(stored: Stored) -> Note:
    values: NoteValues = mapping.read(stored.resource())
    last = values.amendments[-1] if values.amendments else None
    return Note(
        id=stored.id,
        kind=values.kind,
        title=values.title or "",
        at=values.at,
        author=values.author or values.author_reference or "",
        author_reference=values.author_reference or "",
        text=NoteText(values.course, values.orders),
        state=values.state,
        changed_at=last.at if last else None,
        changed_by=(last.by if last else None) or "",
        reason=(last.reason if last else None) or "",
        other_content=values.other_content,
        unsent=stored.pending,
        seen=stored,
        digest=_digest(stored),
    )


def _kept(desk: Desk, patient: PatientId, draft: NoteDraft) -> drafts.Draft:
    body = {
        "course": draft.text.course,
        "orders": draft.text.orders,
        "amends": draft.amends,
        "base": draft.base,
        "reason": draft.reason,
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
    body = cast("dict[str, str | None]", json.loads(kept.body))
    return NoteDraft(
        id=kept.id,
        kind=_KIND_OF_DRAFT[kept.kind],
        text=NoteText(body["course"] or "", body["orders"] or ""),
        saved_at=kept.saved_at,
        amends=body["amends"],
        base=body["base"] or "",
        reason=body["reason"] or "",
    )
