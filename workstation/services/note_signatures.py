"""Second signatures: who is asked for one, giving it, taking it back, and which notes wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workstation.clinical import co_signature as rules
from workstation.clinical.co_signature import Signature, State, Wanted
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import co_signature as mapping
from workstation.fhir import consultation, elements, note, practitioner
from workstation.fhir.note import NoteValues
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, name_uuid
from workstation.security.people import Person
from workstation.security.rights import require
from workstation.services.desk import Desk
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, View, open_tasks

_VOID = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff, as the record knows them; the role is empty where it is not said."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Under:
    """What stands under a note beside its author's signature.

    Attributes:
        wanted: Whose signature is wanted; None when nobody else's is.
        state: Whether it is there, of these words.
        given: Signatures under these words, oldest first.
        earlier: Signatures under an earlier version, oldest first.
    """

    wanted: Wanted | None = None
    state: State = "none"
    given: tuple[Signature, ...] = ()
    earlier: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of the second signatures of some patients' notes.

    Attributes:
        asked: Whose signature is wanted, by the note's id, where a task says so.
        given: The signatures by the note's id, oldest first.
    """

    asked: Mapping[str, Wanted] = field(default_factory=dict)
    given: Mapping[str, Sequence[Signature]] = field(default_factory=dict)

    def under(self, own: str, values: NoteValues, version: str) -> Under:
        """What stands under one note.

        Args:
            own: Id of the DocumentReference.
            values: What it says.
            version: What names that.
        """
        wanted = None if values.state == _VOID else _chair(values) or self.asked.get(own)
        given = self.given.get(own, ())
        return Under(
            wanted,
            rules.state_of(wanted, version, given),
            tuple(each for each in given if each.version == version),
            tuple(each for each in given if each.version != version),
        )


def known(view: View, patients: Iterable[str]) -> Known:
    """Read what is known of the second signatures of some patients' notes."""
    people = list(patients)
    asks = open_tasks.with_code(view, people, mapping.WANTED, mapping.OPEN)
    asked = dict(filter(None, (mapping.wanted(each.resource()) for each in asks)))
    given: dict[str, list[Signature]] = {}
    for stored in open_tasks.with_code(view, people, mapping.SIGNED, mapping.GIVEN):
        found = mapping.signature(stored.resource())
        if found is not None:
            given.setdefault(found.note, []).append(found)
    for several in given.values():
        several.sort(key=lambda each: (each.at.timestamp() if each.at else 0.0, each.task))
    return Known(asked, given)


def of_notes(view: View, patient: PatientId, notes: Iterable[str]) -> dict[str, Under]:
    """What stands under some notes of a patient, by their ids."""
    wanted = list(notes)
    found = known(view, [patient]) if wanted else Known()
    signed: dict[str, Under] = {}
    for stored in view.these("DocumentReference", wanted):
        values = note.read(stored.resource())
        signed[stored.id] = found.under(stored.id, values, note.version(values))
    return signed


def due(view: View, patients: Sequence[PatientId], _now: datetime) -> Iterator[DueItem]:
    """Each note that waits for a second signature, since its words were written."""
    found = known(view, patients)
    minutes = open_tasks.documents(view, patients, consultation.CODE)
    for stored in (*view.these("DocumentReference", found.asked), *minutes):
        resource = stored.resource()
        values = note.read(resource)
        under = found.under(stored.id, values, note.version(values))
        at = _written_at(values)
        if under.wanted is None or under.state == "signed" or at is None:
            continue
        yield DueItem(
            kind="signature",
            patient=elements.reference_id(resource.get("subject"), "Patient") or "",
            at=at,
            words=under.wanted.name or under.wanted.role,
            record=f"DocumentReference/{stored.id}",
            whom=under.wanted.whom,
            never=_id(values.author_reference),
        )


def colleagues(desk: Desk) -> tuple[Colleague, ...]:
    """Everybody of the staff, by name as Vietnamese is sorted.

    Whoever was introduced at a terminal has no qualification in the record and is among them.
    """
    with desk.store.read() as view:
        staff = [practitioner.read(stored.resource()) for stored in view.find("Practitioner")]
    able = [each for each in staff if each.active and each.name]
    able.sort(key=lambda each: (each.name.sort_key, each.id))
    return tuple(
        Colleague(each.id, each.name.plain, each.role if each.title is not None else "")
        for each in able
    )


def ask(unit: Unit, desk: Desk, patient: PatientId, own: str, wanted: Wanted | None) -> None:
    """Ask for a second signature under a note that is being signed, or for none any more.

    Args:
        unit: The unit of work in which its author signs.
        desk: Who signs.
        patient: Whose note.
        own: Id of the DocumentReference.
        wanted: Whose signature; nobody's when None.
    """
    task = name_uuid(mapping.WANTED, own)
    asks = open_tasks.with_code(unit, [patient], mapping.WANTED, mapping.OPEN)
    pairs = ((each, mapping.wanted(each.resource())) for each in asks)
    open_one = next((each for each, found in pairs if found and found[0] == own), None)
    seen = open_one or unit.get("Task", task)
    if seen is not None and not seen.deleted:
        before = mapping.wanted(seen.resource())
        if (before[1] if before else None) != wanted:
            unit.update(mapping.asked_anew(seen.resource(), wanted), seen=seen)
    elif wanted is not None:
        entry = desk.entry(patient, _stay(unit.get("DocumentReference", own)), own=task)
        unit.create(mapping.ask(entry, own, wanted))


def sign(desk: Desk, own: str, version: str, *, by: Person) -> Changes:
    """Sign a note beside its author; who signs these words twice signs once.

    Args:
        desk: The terminal's desk, whoever is logged in.
        own: Id of the DocumentReference.
        version: Which version of its words was read before signing.
        by: Who signs: the person at the desk, or somebody who proved it by their PIN.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``entered-in-error``; ``stale-edit`` when it says
            something else by now; ``no-signature-wanted``; ``own-note``; ``not-asked-to-sign``.
    """
    require(by, "chart")
    signer = replace(desk, person=by)
    with desk.store.write(signer.author) as unit:
        seen, values = _as_read(unit, own, version)
        patient = elements.reference_id(seen.resource().get("subject"), "Patient") or ""
        under = known(unit, [patient]).under(own, values, version)
        author, amended_by = _id(values.author_reference), _last_writer(values)
        rules.check(under.wanted, by.id, by.role, author=author, amended_by=amended_by)
        if under.wanted is not None and not any(each.person == by.id for each in under.given):
            entry = signer.entry(patient, _stay(seen))
            session = desk.performer if desk.person.id != by.id else None
            signed = mapping.sign(entry, own, version, under.wanted.post, session=session)
            unit.create(signed)
            signer.audit(unit, "co-sign-note", f"DocumentReference/{own}")
        return unit.changes


def take_back(desk: Desk, own: str) -> Changes:
    """Take back the signature that the person at the desk gave last under a note.

    Raises:
        Refused: ``gone`` when they gave none.
    """
    with desk.store.write(desk.author) as unit:
        seen = unit.get("DocumentReference", own)
        patient = elements.reference_id(seen.resource().get("subject"), "Patient") if seen else ""
        mine = [
            each for each in known(unit, [patient or ""]).given.get(own, ())
            if each.person == desk.person.id
        ]  # fmt: skip
        task = unit.get("Task", mine[-1].task) if mine else None
        if task is None:
            raise Refused("gone", reference=f"DocumentReference/{own}")
        unit.update(mapping.taken_back(task.resource(), desk.now()), seen=task)
        desk.audit(unit, "take-back-signature", f"DocumentReference/{own}")
        return unit.changes


def _as_read(unit: Unit, own: str, version: str) -> tuple[Stored, NoteValues]:
    """The note, if it still says what was read."""
    seen = still_there(unit, f"DocumentReference/{own}")
    values = note.read(seen.resource())
    if values.state == _VOID:
        raise Refused("entered-in-error")
    if note.version(values) != version:
        raise Refused("stale-edit", reference=f"DocumentReference/{own}")
    return seen, values


def _chair(values: NoteValues) -> Wanted | None:
    chair = values.consultation.chair if values.consultation else None
    return Wanted("chair", "", chair.person, chair.name) if chair and chair.person else None


def _written_at(values: NoteValues) -> datetime | None:
    last = values.amendments[-1].at if values.amendments else None
    return last or values.at


def _last_writer(values: NoteValues) -> str:
    return _id(values.amendments[-1].by_reference) if values.amendments else ""


def _id(reference: str | None) -> str:
    return (reference or "").removeprefix("Practitioner/")


def _stay(stored: Stored | None) -> str | None:
    context = elements.mapping(stored.resource().get("context")) if stored else {}
    return elements.reference_id(elements.first(context.get("encounter")), "Encounter")
