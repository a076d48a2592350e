"""Notes: signing, amending with a reason, marking as an error, reading with all signatures."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from workstation.clinical import consultation
from workstation.clinical.consultation import PARTS
from workstation.clinical.names import nfc
from workstation.fhir import note as mapping
from workstation.fhir.json import canonical
from workstation.fhir.note import NoteKind, NoteState, NoteValues, OwnKind
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.security.rights import require
from workstation.services import charting, note_signatures, patient_record
from workstation.services.desk import Desk
from workstation.services.note_drafts import (
    NoteDraft,
    NoteText,
    discard_draft,
    keep_draft,
    my_drafts,
)
from workstation.services.note_signatures import Under
from workstation.services.snippets import BLANK
from workstation.store import Stored, Unit, View, drafts

__all__ = [
    "Note",
    "NoteDraft",
    "NoteText",
    "OwnKind",
    "amend",
    "discard_draft",
    "enter_in_error",
    "keep_draft",
    "my_drafts",
    "newest",
    "notes",
    "sign",
]


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
        version: Names its words, for a signature; see `workstation.fhir.note.version`.
        under: The second signature under it.
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
    version: str = ""
    under: Under = field(default_factory=Under)


def notes(desk: Desk, patient: PatientId) -> tuple[Note, ...]:
    """Every note and text document of a patient, newest first; errors are among them."""
    with desk.store.read() as view:
        known = note_signatures.known(view, [patient])
        found = [_note(each, known) for each in view.find("DocumentReference", patient=patient)]
    return tuple(sorted(found, key=_order, reverse=True))


def newest(view: View, patient: PatientId, count: int) -> tuple[Note, ...]:
    """The newest notes that say something; only they are read whole."""
    telling = []
    for stored in view.find("DocumentReference", patient=patient):
        values = mapping.read(stored.resource())
        if NoteText(values.course, values.orders):
            telling.append((_newness(values.at, stored.id), stored))
    telling.sort(key=lambda pair: pair[0], reverse=True)
    known = note_signatures.known(view, [patient])
    return tuple(_note(each, known) for _, each in telling[:count])


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
        Refused: ``empty-note``; ``blank-left`` (field ``course``, ``orders`` or a part of a
            consultation) until it is meant; what `consultation.check` refuses;
            ``reason-missing`` for an amendment; ``stale-edit`` when the note
            was changed by somebody else; ``gone``; ``entered-in-error``.
    """
    require(desk.person, "chart")
    text = _composed(draft.text)
    with desk.store.write(desk.author) as unit:
        seen = None if draft.amends is None else _unchanged(unit, draft.amends, draft.base)
        _check(desk, draft.kind, text, seen)
        if not blanks_meant:
            _refuse_blanks(text)
        if seen is None:
            own = _create(unit, desk, patient, draft.kind, text)
        else:
            own = seen.id
            _amend(unit, desk, seen, text, draft.reason)
        if draft.kind != "consultation":
            note_signatures.ask(unit, desk, patient, own, draft.wanted)
        drafts.discard(unit, draft.id)
        desk.audit(unit, "amend-note" if draft.amends else "sign-note", f"Patient/{patient}")
        return unit.changes


def amend(desk: Desk, note: Note, text: NoteText, *, reason: str) -> Changes:
    """Change a signed note; what it said before stays in the history.

    Raises:
        Refused: ``empty-note``, of minutes also for a text that is none, and what
            `consultation.check` refuses; ``reason-missing``; ``stale-edit`` when it is no longer
            what was read.
    """
    require(desk.person, "chart")
    kind: OwnKind = "consultation" if note.kind == "consultation" else "doctor"
    _check(desk, kind, text, note.seen)
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
        why = charting.signed(desk, nfc(reason))
        wrong = mapping.enter_in_error(note.seen.resource(), **why)
        unit.update(wrong, seen=note.seen)
        desk.audit(unit, "note-in-error", f"DocumentReference/{note.id}")
        return unit.changes


def _create(unit: Unit, desk: Desk, patient: PatientId, kind: OwnKind, text: NoteText) -> str:
    stay = patient_record.latest_stay(unit, patient)
    own = uuid7()
    unit.create(
        mapping.write(
            kind,
            id=own,
            patient=patient,
            encounter=stay.id if stay else None,
            author=desk.performer,
            at=desk.now(),
            course=text.course,
            orders=text.orders if kind == "doctor" else "",
            met=text.consultation,
        )
    )
    return own


def _amend(unit: Unit, desk: Desk, seen: Stored, text: NoteText, reason: str) -> None:
    resource = seen.resource()
    if mapping.read(resource).state == "entered-in-error":
        raise Refused("entered-in-error")
    changed = mapping.amend(
        resource,
        course=text.course,
        orders=text.orders,
        met=text.consultation,
        **charting.signed(desk, nfc(reason)),
    )
    unit.update(changed, seen=seen)


def _check(desk: Desk, kind: OwnKind, text: NoteText, seen: Stored | None) -> None:
    """Refuse what is empty; the secretary of a consultation is whoever wrote it first."""
    if kind != "consultation":
        if not text:
            raise Refused("empty-note", field="course")
        return
    if text.consultation is None:
        raise Refused("empty-note", field="conclusion")
    secretary = desk.reference
    if seen is not None:
        secretary = mapping.read(seen.resource()).author_reference or ""
    own = secretary.removeprefix("Practitioner/")
    consultation.check(text.consultation, secretary=own, now=desk.now())


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


def _refuse_blanks(text: NoteText) -> None:
    parts = [("course", text.course), ("orders", text.orders)]
    if text.consultation is not None:
        parts = [(part, str(getattr(text.consultation, part))) for part in PARTS]
    for name, part in parts:
        if BLANK in part:
            raise Refused("blank-left", field=name)


def _composed(text: NoteText) -> NoteText:
    course, orders = (nfc(part).strip() for part in (text.course, text.orders))
    met = consultation.composed(text.consultation) if text.consultation else None
    return NoteText(course, orders, met)


def _order(note: Note) -> tuple[float, str]:
    return _newness(note.at, note.id)


def _newness(at: datetime | None, id: str) -> tuple[float, str]:
    return (at.timestamp() if at else 0.0, id)


def _note(stored: Stored, known: note_signatures.Known) -> Note:
    values: NoteValues = mapping.read(stored.resource())
    version = mapping.version(values)
    last = values.amendments[-1] if values.amendments else None
    return Note(
        id=stored.id,
        kind=values.kind,
        title=values.title or "",
        at=values.at,
        author=values.author or values.author_reference or "",
        author_reference=values.author_reference or "",
        text=NoteText(values.course, values.orders, values.consultation),
        state=values.state,
        changed_at=last.at if last else None,
        changed_by=(last.by if last else None) or "",
        reason=(last.reason if last else None) or "",
        other_content=values.other_content,
        unsent=stored.pending,
        seen=stored,
        digest=_digest(stored),
        version=version,
        under=known.under(stored.id, values, version),
    )
