"""The timeline behind every tab: everything about a patient in order of time, in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from heapq import nlargest
from typing import Any, Final, NamedTuple

from workstation.clinical.care_plan import OUTCOME_WORDS, Evaluation
from workstation.clinical.fluid_balance import Fluid
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import (
    acknowledgement,
    care_deed,
    drug_order,
    elements,
    fluid_balance,
    laboratory,
    note,
    summary,
    vital_signs,
)
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import note_signatures, visits
from workstation.services.desk import Desk
from workstation.services.note_signatures import Under
from workstation.store import Stored, View, changes_since
from workstation.store import timeline as index
from workstation.store.tables import to_milliseconds

PAGE: Final = 100
_NEWEST: Final = 1_500
"""Records among which the first page is looked for: a set of vital signs is up to ten of them."""
_DOSE: Final = "MedicationAdministration"
_OBSERVATION: Final = "Observation"
TYPES: Final = (
    "AllergyIntolerance",
    "CarePlan",
    "ClinicalImpression",
    "Composition",
    "Condition",
    "DetectedIssue",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Flag",
    "ImagingStudy",
    "Immunization",
    "MedicationAdministration",
    "MedicationRequest",
    "Observation",
    "Procedure",
    "ServiceRequest",
    "NutritionOrder",
    "Task",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line.

    Attributes:
        type: FHIR type, for the history of the record.
        id: Its id.
        kind: ``vital-signs``, ``laboratory``, ``doctor-note``, … as `workstation.fhir.summary`.
        at: When it happened (aware); None when the record does not say.
        title: What it is, in the words of the record.
        detail: Its first words, or a value in words; empty when there is nothing to add.
        amount: Its value, when it is a number.
        unit: Unit of that number.
        vitals: All values of a set of vital signs, which is one event.
        fluid: What went in or came out, when it is that.
        author: Who, as shown; empty when unknown.
        status: FHIR status; empty when unknown.
        unsent: Whether the hospital has not received it yet.
        new: Whether it became known since the person's visit before this one.
        under: The second signature under a note.
    """

    type: str
    id: str
    kind: str
    at: datetime | None
    title: str
    detail: str
    amount: Decimal | None
    unit: str
    vitals: VitalSigns | None
    fluid: Fluid | None
    author: str
    status: str
    unsent: bool
    new: bool = False
    under: Under = field(default_factory=Under)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of a timeline.

    Attributes:
        events: Newest first.
        total: How many there are of the kinds asked for.
        kinds: How many there are of each kind, whatever was asked for.
        since: The person's visit before this one (aware).
        new: How many became known since then, whatever was asked for.
        whole: Whether it was counted; else only the events are known.
    """

    events: tuple[Event, ...]
    total: int
    kinds: Mapping[str, int]
    since: datetime
    new: int
    whole: bool = True


def newest(desk: Desk, patient: PatientId) -> Timeline:
    """The first page at once: of a long stay, out of its newest records alone, uncounted.

    What the index knows under an older time than the record says may be missing here.
    """
    with desk.store.read() as view:
        start = index.since_when(view, patient, _NEWEST)
        if start is not None:
            lines = [
                *_others(view, patient, start),
                *_doses(view, patient, start),
                *_observations(view, patient, start),
            ]
            page = nlargest(PAGE, (line for line in lines if (line.at or 0) >= start), _newness)
            since, news = _known(view, desk, patient)
            events = _events(view, patient, page)
            after = to_milliseconds(since)
            fresh = {(line.type, line.id) for line in page if _is_new(line, news, after)}
    if start is None or len(page) < PAGE:
        return timeline(desk, patient)
    shown = tuple(replace(event, new=(event.type, event.id) in fresh) for event in events)
    return Timeline(shown, len(shown), {}, since, 0, whole=False)


def _known(
    view: View, desk: Desk, patient: PatientId
) -> tuple[datetime, dict[tuple[str, str], changes_since.Known]]:
    """When the visit before was, and what became known since then."""
    since = visits.before(view, desk, patient)
    known = changes_since.since(view, [patient], since, person=desk.reference)
    return since, {(each.type, each.id): each for each in known}


def timeline(
    desk: Desk,
    patient: PatientId,
    *,
    kinds: frozenset[str] = frozenset(),
    only_new: bool = False,
    skip: int = 0,
    count: int = PAGE,
) -> Timeline:
    """Read a page of what is known of a patient.

    Args:
        desk: Who asks.
        patient: About whom.
        kinds: Only these kinds; all when empty.
        only_new: Only what became known since the person's visit before this one.
        skip: How many of the newest to leave out.
        count: How many to give at most.
    """
    with desk.store.read() as view:
        since, news = _known(view, desk, patient)
        lines = [*_rare(view, patient), *_doses(view, patient), *_observations(view, patient)]
        after = to_milliseconds(since)
        fresh = [line for line in lines if _is_new(line, news, after)]
        wanted = fresh if only_new else lines
        if kinds:
            wanted = [line for line in wanted if line.kind in kinds]
        page = nlargest(skip + count, wanted, key=_newness)[skip:]
        events = _events(view, patient, page)
    keys = {(line.type, line.id) for line in fresh}
    shown = tuple(replace(event, new=(event.type, event.id) in keys) for event in events)
    counts = Counter(line.kind for line in lines)
    return Timeline(shown, len(wanted), dict(counts), since, len(fresh))


class _Line(NamedTuple):
    """What must be known of each event to count it and to put it in its place.

    Attributes:
        at: In milliseconds since 1970, as the index keeps times.
        is_set: Whether it is all vital signs of its time.
    """

    type: str
    id: str
    kind: str
    at: int | None
    is_set: bool = False


def _is_new(line: _Line, news: Mapping[tuple[str, str], changes_since.Known], since: int) -> bool:
    found = news.get((line.type, line.id))
    return found is not None and (not found.filled or (line.at is not None and line.at > since))


def _newness(line: _Line) -> tuple[int, str, str]:
    return (line.at or 0, line.type, line.id)


def _read_line(stored: Stored) -> _Line | None:
    """A line by its whole record; None when the record stands for no event of its own."""
    resource = stored.resource()
    kind = summary.kind_of(resource)
    if acknowledgement.is_one(resource) or kind == summary.SIGNATURE_ASKED:
        return None
    at = summary.at_of(resource)
    milliseconds = None if at is None else to_milliseconds(at)
    return _Line(stored.type, stored.id, kind, milliseconds)


def _rare(view: View, patient: PatientId) -> Iterator[_Line]:
    """Of what a long stay has some hundreds."""
    for type in TYPES:
        if type not in (_DOSE, _OBSERVATION):
            yield from filter(None, map(_read_line, view.find(type, patient=patient)))


def _others(view: View, patient: PatientId, since: int) -> Iterator[_Line]:
    for type, ids in index.others(view, patient, since).items():
        if type in TYPES:
            yield from filter(None, map(_read_line, view.these(type, ids)))


def _doses(view: View, patient: PatientId, since: int | None = None) -> Iterator[_Line]:
    found = index.doses(view, patient, since)
    yield from (_Line(_DOSE, id, "dose", at) for id, at in found if at is not None)
    timeless = [id for id, at in found if at is None]
    yield from filter(None, map(_read_line, view.these(_DOSE, timeless)))


def _observations(view: View, patient: PatientId, since: int | None = None) -> Iterator[_Line]:
    """Of what a long stay has tens of thousands: only what the index leaves open is read."""
    timeless, open_ = [], {}
    for each in index.observations(view, patient, since):
        if each.at is None:
            timeless.append(each.id)
        elif each.category in summary.OBSERVATION_KINDS:
            kind = summary.OBSERVATION_KINDS[each.category]
            yield _Line(_OBSERVATION, each.id, kind, each.at, each.is_set)
        else:
            open_[each.id] = each.at
    named = index.naming(view, open_, summary.OBSERVATION_CODES)
    kinds = {each.id: summary.kind_of(each.resource()) for each in view.these(_OBSERVATION, named)}
    for id_, at in open_.items():
        yield _Line(_OBSERVATION, id_, kinds.get(id_, "finding"), at)
    yield from filter(None, map(_read_line, view.these(_OBSERVATION, timeless)))


def _events(view: View, patient: PatientId, lines: Sequence[_Line]) -> list[Event]:
    """What lines say, newest first."""
    times = [line.at for line in lines if line.is_set and line.at is not None]
    ids: dict[str, list[str]] = {}
    for line in lines:
        if not line.is_set:
            ids.setdefault(line.type, []).append(line.id)
    sets = _Sets()
    for stored in index.sets(view, patient, times):
        sets.take(stored, stored.resource())
    events = {(event.type, event.id): event for event in sets.events()}
    for type, some in ids.items():
        for stored in view.these(type, some):
            resource = stored.resource()
            events[type, stored.id] = _event(stored, resource, summary.summarise(resource))
    signed = note_signatures.of_notes(view, patient, ids.get("DocumentReference", ()))
    for id_, under in signed.items():
        events["DocumentReference", id_] = replace(events["DocumentReference", id_], under=under)
    return [events[key] for line in lines if (key := (line.type, line.id)) in events]


class _Sets:
    """Gathers the vital signs of one time into one event."""

    def __init__(self) -> None:
        # By the index's milliseconds: a finer time makes no other set.
        self._sets: dict[int, dict[str, Any]] = {}
        self._first: dict[int, tuple[Stored, vital_signs.SignReading]] = {}
        self._unsent: set[int] = set()

    def take(self, stored: Stored, resource: Mapping[str, Any]) -> None:
        """Take what counts as a vital sign; one entered in error stays a line of its own."""
        for reading in vital_signs.read(resource):
            if not reading.valid:
                continue
            at = to_milliseconds(reading.at)
            self._sets.setdefault(at, {})[reading.sign.value] = reading.value
            self._first.setdefault(at, (stored, reading))
            if stored.pending:
                self._unsent.add(at)

    def events(self) -> Iterator[Event]:
        """One event a set."""
        for at, values in self._sets.items():
            stored, reading = self._first[at]
            yield Event(
                type="Observation",
                id=stored.id,
                kind="vital-signs",
                at=reading.at,
                title="",
                detail="",
                amount=None,
                unit="",
                vitals=VitalSigns(at=reading.at, **values),
                fluid=None,
                author=reading.performer or "",
                status=reading.status,
                unsent=at in self._unsent,
            )


def _event(stored: Stored, resource: Mapping[str, Any], said: summary.Summary) -> Event:
    value = laboratory.read(resource) if stored.type == "Observation" else None
    amount = fluid_balance.read(resource) if said.kind == "fluid-balance" else None
    return Event(
        type=stored.type,
        id=stored.id,
        kind=said.kind,
        at=said.at,
        title=said.title or stored.type,
        detail=_done(stored.type, resource)
        or (value.words if value else _detail(stored.type, resource)),
        amount=value.value if value else None,
        unit=value.unit if value else "",
        vitals=None,
        fluid=amount.fluid if amount else None,
        author=said.author or "",
        status=said.status or "",
        unsent=stored.pending,
    )


def _detail(type: str, resource: Mapping[str, Any]) -> str:
    if type == "DocumentReference":
        values = note.read(resource)
        return _first_words(f"{values.course}\n{values.orders}")
    if type == "MedicationRequest":
        return drug_order.read(resource).instruction
    if type == "MedicationAdministration":
        dosage = elements.mapping(resource.get("dosage"))
        return elements.text(dosage.get("text")) or ""
    if type == "Composition":
        sections = elements.objects(resource.get("section"))
        texts = (elements.mapping(section.get("text")).get("div") for section in sections)
        return _first_words("\n".join(note.plain(text) for text in texts if isinstance(text, str)))
    return elements.text(resource.get("conclusion")) or ""


def _done(type: str, resource: Mapping[str, Any]) -> str:
    """How far a nursing problem's goals were reached, in words and no code; what was remarked."""
    done = care_deed.read(resource) if type in ("Procedure", "Observation") else None
    if done is None:
        return ""
    words = OUTCOME_WORDS[done.what.outcome] if isinstance(done.what, Evaluation) else ""
    return " · ".join(filter(None, (tr(words) if words else "", done.what.remark)))


def _first_words(text: str, most: int = 160) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rstrip()}…"
