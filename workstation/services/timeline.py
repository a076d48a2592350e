"""The timeline behind every tab: everything about a patient in order of time, in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.fluid_balance import Fluid
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir import (
    acknowledgement,
    drug_order,
    elements,
    fluid_balance,
    laboratory,
    note,
    summary,
    vital_signs,
)
from workstation.kernel.ids import PatientId
from workstation.services import visits
from workstation.services.desk import Desk
from workstation.store import Stored, changes_since

PAGE: Final = 100
TYPES: Final = (
    "AllergyIntolerance",
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


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of a timeline.

    Attributes:
        events: Newest first.
        total: How many there are of the kinds asked for.
        kinds: How many there are of each kind, whatever was asked for.
        since: The person's visit before this one (aware).
        new: How many became known since then, whatever was asked for.
    """

    events: tuple[Event, ...]
    total: int
    kinds: Mapping[str, int]
    since: datetime
    new: int


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
        since = visits.before(view, desk, patient)
        known = changes_since.since(view, [patient], since, person=desk.reference)
        events, sets = [], _Sets()
        for type in TYPES:
            for stored in view.find(type, patient=patient):
                resource = stored.resource()
                if not acknowledgement.is_one(resource) and not sets.take(stored, resource):
                    events.append(_event(stored, resource, summary.summarise(resource)))
    events = _marked([*events, *sets.events()], known, since)
    counts = Counter(event.kind for event in events)
    wanted = [
        event
        for event in events
        if (not kinds or event.kind in kinds) and (event.new or not only_new)
    ]
    wanted.sort(key=_newness, reverse=True)
    shown = tuple(wanted[skip : skip + count])
    new = sum(event.new for event in events)
    return Timeline(shown, len(wanted), dict(counts), since, new)


def _marked(events: list[Event], known: list[changes_since.Known], since: datetime) -> list[Event]:
    """The same, each with whether it is news."""
    news = {(each.type, each.id): each for each in known}

    def new(event: Event) -> bool:
        found = news.get((event.type, event.id))
        late = event.at is not None and event.at > since
        return found is not None and (late or not found.filled)

    return [replace(event, new=new(event)) for event in events]


def _newness(event: Event) -> tuple[float, str, str]:
    return (event.at.timestamp() if event.at else 0.0, event.type, event.id)


class _Sets:
    """Gathers the vital signs of one time into one event."""

    def __init__(self) -> None:
        self._sets: dict[datetime, dict[str, Any]] = {}
        self._first: dict[datetime, tuple[Stored, vital_signs.SignReading]] = {}
        self._unsent: set[datetime] = set()

    def take(self, stored: Stored, resource: Mapping[str, Any]) -> bool:
        """Take what counts as a vital sign; one entered in error stays a line of its own."""
        readings = [each for each in vital_signs.read(resource) if each.valid]
        for reading in readings:
            self._sets.setdefault(reading.at, {})[reading.sign.value] = reading.value
            self._first.setdefault(reading.at, (stored, reading))
            if stored.pending:
                self._unsent.add(reading.at)
        return bool(readings)

    def events(self) -> Iterator[Event]:
        """One event a set."""
        for at, values in self._sets.items():
            stored, reading = self._first[at]
            yield Event(
                type="Observation",
                id=stored.id,
                kind="vital-signs",
                at=at,
                title="",
                detail="",
                amount=None,
                unit="",
                vitals=VitalSigns(at=at, **values),
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
        detail=value.words if value else _detail(stored.type, resource),
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


def _first_words(text: str, most: int = 160) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rstrip()}…"
