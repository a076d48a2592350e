"""Handing over a shift: prepared from the chart, edited, given, taken over or asked back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast

from workstation.clinical.handover import SECTIONS, Concern, Section, State, concerns
from workstation.clinical.names import nfc
from workstation.fhir import handover as mapping
from workstation.fhir.handover import Handover
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.folding import natural
from workstation.kernel.ids import PatientId, name_uuid
from workstation.kernel.words import Language
from workstation.security.people import Person
from workstation.security.rights import require
from workstation.services import handover_facts, handover_words, stays, ward_board
from workstation.services.assignment import Shift
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.ward_board import Occupant
from workstation.store import Stored, Unit, View, drafts, open_tasks

__all__ = ["SECTIONS", "Handover", "Section", "State"]

_DRAFT: Final = "handover"
_EARLY: Final = timedelta(hours=2)
"""Who hands over so early before the end of a shift has handed it over, also when it has ended."""
Texts = Mapping[Section, str]


@dataclass(frozen=True, slots=True)
class Patient:
    """One patient of a handover.

    Attributes:
        who: The patient.
        mine: Whether assigned to the person at the desk now.
        state: Where the handover stands.
        concerns: What the next person must hear first.
        last: The newest handover of this shift, if there is one.
        since: When the patient was last taken over, or the shift began (aware).
    """

    who: Inpatient
    mine: bool
    state: State
    concerns: tuple[Concern, ...]
    last: Handover | None
    since: datetime

    def waits_for(self, person: str) -> bool:
        """Whether it was given by somebody else and a person (id) may take it over."""
        return self.state == "given" and self.last is not None and self.last.given_by != person


@dataclass(frozen=True, slots=True)
class Round:
    """Everybody on the ward, by bed, and where their handover stands."""

    ward: str
    as_of: datetime
    patients: tuple[Patient, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The four texts of one patient.

    Attributes:
        patient: Id of the patient.
        texts: As they would be given now.
        written: As the chart alone would write them.
        edited: Sections in which a person changed something, or that were given otherwise.
    """

    patient: PatientId
    texts: Texts
    written: Texts
    edited: frozenset[Section]


def read(desk: Desk, shift: Shift) -> Round:
    """Everybody on the ward of a desk.

    Args:
        desk: Who hands over or takes over.
        shift: The shift that goes on or has just ended.
    """
    board = ward_board.board(desk)
    people = [bed.occupant for bed in board.beds if bed.occupant is not None]
    people.sort(key=lambda each: natural(each.who.bed_name))
    with desk.store.read() as view:
        known = _known(view, (each.who.patient for each in people))
        own = drafts.of_person(view, desk.person.id)
        begun = {draft.patient for draft in own if draft.kind == _DRAFT}
    patients = tuple(
        _patient(
            desk, each, known.get(each.who.patient, []), shift, drafted=each.who.patient in begun
        )
        for each in people
    )
    return Round(board.ward, board.as_of, patients)


def sheet(desk: Desk, patient: PatientId, shift: Shift, language: Language) -> Sheet:
    """What would be handed over of one patient now: the chart, and what the person wrote.

    What was given in this shift is where it goes on; a draft counts before it.

    Raises:
        Refused: ``not-admitted``: the patient is not on the ward any more.
    """
    return _sheets(desk, [patient], shift, language)[patient]


def keep_draft(desk: Desk, patient: PatientId, edited: Texts) -> Changes:
    """Keep the sections that a person changed; the others follow the chart until they are given."""
    own = name_uuid(_DRAFT, desk.person.id, patient)
    with desk.store.write(desk.author) as unit:
        if edited:
            body = json.dumps(dict(edited), ensure_ascii=False)
            drafts.keep(unit, drafts.Draft(own, desk.person.id, patient, _DRAFT, body, desk.now()))
        else:
            drafts.discard(unit, own)
    return Changes()


def give(
    desk: Desk,
    patients: Iterable[PatientId],
    shift: Shift,
    language: Language,
    *,
    to: Person | None = None,
) -> Changes:
    """Give patients to the next shift; all of them or none.

    Args:
        desk: Who hands over.
        patients: Whom.
        shift: The shift that hands over.
        language: Of the words that nobody changed.
        to: Who takes over here and now, having proved who they are by their PIN; None leaves it
            waiting for whoever comes.

    Raises:
        Refused: ``not-permitted``; ``nobody-to-hand-over``; ``own-handover`` when both are one
            person; ``not-admitted``; ``handover-accepted`` when somebody has taken over meanwhile.
    """
    require(desk.person, "chart")
    chosen = list(dict.fromkeys(patients))
    if not chosen:
        raise Refused("nobody-to-hand-over")
    if to is not None:
        _check_accepter(desk.person.id, to)
    sheets = _sheets(desk, chosen, shift, language)
    with desk.store.write(desk.author) as unit:
        for patient in chosen:
            given = _give(unit, desk, sheets[patient], shift)
            drafts.discard(unit, name_uuid(_DRAFT, desk.person.id, patient))
            if to is not None:
                _accept(unit, replace(desk, person=to), given)
        return unit.changes


def accept(desk: Desk, handovers: Iterable[Handover], *, by: Person) -> Changes:
    """Take patients over.

    Args:
        desk: The terminal's desk, whoever is logged in.
        handovers: The handovers as they were read by who takes over.
        by: Who takes over, having proved who they are by their PIN.

    Raises:
        Refused: ``not-permitted``; ``own-handover``; ``gone``; ``handover-accepted``;
            ``handover-changed`` when one says something else by now.
    """
    incoming = replace(desk, person=by)
    with desk.store.write(incoming.author) as unit:
        for seen in handovers:
            now = mapping.read(_waiting(unit, seen.id).resource())
            if (now.texts, now.given_by) != (seen.texts, seen.given_by):
                raise Refused("handover-changed", reference=f"DocumentReference/{seen.id}")
            _accept(unit, incoming, seen.id)
        return unit.changes


def ask_back(desk: Desk, handover: str, question: str) -> Changes:
    """Ask something before taking over; the handover waits for its giver.

    Raises:
        Refused: ``not-permitted``; ``question-missing`` (field ``question``); ``own-handover``;
            ``gone``; ``handover-accepted``.
    """
    words = nfc(question).strip()
    if not words:
        raise Refused("question-missing", field="question")
    with desk.store.write(desk.author) as unit:
        seen = _waiting(unit, handover)
        _check_accepter(mapping.read(seen.resource()).given_by, desk.person)
        asked = mapping.asked_back(seen.resource(), words, by=desk.performer, at=desk.now())
        unit.update(asked, seen=seen)
        desk.audit(unit, "ask-back-handover", f"DocumentReference/{handover}")
        return unit.changes


def _known(view: View, patients: Iterable[PatientId]) -> dict[str, list[Handover]]:
    """The handovers of some patients, the newest first."""
    found: dict[str, list[Handover]] = {}
    for stored in open_tasks.documents(view, patients, mapping.CODE):
        resource = stored.resource()
        if mapping.is_handover(resource):
            each = mapping.read(resource)
            found.setdefault(each.patient or "", []).append(each)
    return found


def _patient(
    desk: Desk, occupant: Occupant, known: list[Handover], shift: Shift, *, drafted: bool
) -> Patient:
    now = desk.now()
    last = _of_shift(known, shift, desk.person.id)
    state: State = last.state if last is not None else "open"
    if drafted and state in ("open", "asked"):
        state = "draft"
    return Patient(
        who=occupant.who,
        mine=occupant.belongs_to(desk.person.id),
        state=state,
        concerns=concerns(occupant.score, occupant.previous_total, occupant.tasks, now),
        last=last,
        since=_since(known, shift),
    )


def _of_shift(known: Iterable[Handover], shift: Shift, person: str) -> Handover | None:
    """What waits to be taken over, else what a person (id) has handed over in a shift.

    What they took over themselves, perhaps late and in this shift, is not what they hand over.
    """
    for each in known:
        given, own = each.given_at, each.given_by == person
        if each.state != "accepted" or (own and given and given >= shift.start - _EARLY):
            return each
    return None


def _since(known: Iterable[Handover], shift: Shift) -> datetime:
    """When the patient was last taken over before this shift's own handover, or its start."""
    taken = [each.accepted_at for each in known if each.accepted_at is not None]
    return max((at for at in taken if at < shift.end), default=shift.start)


def _sheets(
    desk: Desk, patients: list[PatientId], shift: Shift, language: Language
) -> dict[PatientId, Sheet]:
    board = ward_board.board(desk)
    here = {bed.occupant.who.patient: bed.occupant for bed in board.beds if bed.occupant}
    found: dict[PatientId, Sheet] = {}
    with desk.store.read() as view:
        known = _known(view, patients)
        own = {
            draft.patient: draft.body
            for draft in drafts.of_person(view, desk.person.id)
            if draft.kind == _DRAFT
        }
        for patient in patients:
            if patient not in here:
                raise Refused("not-admitted", reference=f"Patient/{patient}")
            since = _since(known.get(patient, []), shift)
            facts = handover_facts.read(view, desk, here[patient], since, board.as_of)
            written = handover_words.written(facts, language)
            if patient in own:
                edited = cast("dict[Section, str]", json.loads(own[patient]))
            else:
                last = _of_shift(known.get(patient, []), shift, desk.person.id)
                edited = _given_otherwise(last, written)
            found[patient] = Sheet(patient, {**written, **edited}, written, frozenset(edited))
    return found


def _given_otherwise(last: Handover | None, written: Texts) -> dict[Section, str]:
    """What waits to be taken over, where it says something else than the chart does now."""
    if last is None or last.state == "accepted":
        return {}
    return {each: text for each, text in last.texts.items() if text != written[each]}


def _give(unit: Unit, desk: Desk, sheet: Sheet, shift: Shift) -> str:
    texts = {section: nfc(sheet.texts[section]).strip() for section in SECTIONS}
    known = _known(unit, [sheet.patient]).get(sheet.patient, [])
    last = _of_shift(known, shift, desk.person.id)
    if last is not None and last.state != "accepted":
        seen = _waiting(unit, last.id)
        again = mapping.given_again(seen.resource(), texts, at=desk.now(), author=desk.performer)
        unit.update(again, seen=seen)
        own = last.id
    else:
        stay = stays.in_progress(unit, sheet.patient)
        entry = desk.entry(sheet.patient, stay.id)
        unit.create(mapping.write(entry, texts))
        own = entry.own
    desk.audit(unit, "give-handover", f"DocumentReference/{own}")
    return own


def _accept(unit: Unit, incoming: Desk, handover: str) -> None:
    seen = _waiting(unit, handover)
    _check_accepter(mapping.read(seen.resource()).given_by, incoming.person)
    taken = mapping.accepted(seen.resource(), by=incoming.performer, at=incoming.now())
    unit.update(taken, seen=seen)
    incoming.audit(unit, "accept-handover", f"DocumentReference/{handover}")


def _check_accepter(giver: str, person: Person) -> None:
    require(person, "chart")
    if person.id == giver:
        raise Refused("own-handover", field="person")


def _waiting(unit: Unit, handover: str) -> Stored:
    seen = unit.get("DocumentReference", handover)
    if seen is None or seen.deleted or not mapping.is_handover(seen.resource()):
        raise Refused("gone", reference=f"DocumentReference/{handover}")
    found = mapping.read(seen.resource())
    if found.state == "accepted":
        raise Refused("handover-accepted", by=found.accepter, at=found.accepted_at)
    return seen
