"""The timeline behind every tab: everything about a patient in order of time, in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.fhir import elements, laboratory, note, summary, vital_signs
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import Stored

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
        detail: Its value or its first words; empty when there is nothing to add.
        author: Who, as shown; empty when unknown.
        status: FHIR status; empty when unknown.
        unsent: Whether the hospital has not received it yet.
    """

    type: str
    id: str
    kind: str
    at: datetime | None
    title: str
    detail: str
    author: str
    status: str
    unsent: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of a timeline.

    Attributes:
        events: Newest first.
        total: How many there are of the kinds asked for.
        kinds: How many there are of each kind, whatever was asked for.
    """

    events: tuple[Event, ...]
    total: int
    kinds: Mapping[str, int]


def timeline(
    desk: Desk,
    patient: PatientId,
    *,
    kinds: frozenset[str] = frozenset(),
    skip: int = 0,
    count: int = PAGE,
) -> Timeline:
    """Read a page of what is known of a patient.

    Args:
        desk: Who asks.
        patient: About whom.
        kinds: Only these kinds; all when empty.
        skip: How many of the newest to leave out.
        count: How many to give at most.
    """
    with desk.store.read() as view:
        found = [
            (stored, resource, summary.summarise(resource))
            for type in TYPES
            for stored in view.find(type, patient=patient)
            for resource in (stored.resource(),)
        ]
    counts = Counter(item[2].kind for item in found)
    wanted = [item for item in found if not kinds or item[2].kind in kinds]
    wanted.sort(key=lambda item: (_moment(item[2].at), item[0].type, item[0].id), reverse=True)
    page = wanted[skip : skip + count]
    return Timeline(tuple(_event(*item) for item in page), len(wanted), dict(counts))


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _event(stored: Stored, resource: Mapping[str, Any], said: summary.Summary) -> Event:
    return Event(
        type=stored.type,
        id=stored.id,
        kind=said.kind,
        at=said.at,
        title=said.title or stored.type,
        detail=_detail(stored.type, resource),
        author=said.author or "",
        status=said.status or "",
        unsent=stored.pending,
    )


def _detail(type: str, resource: Mapping[str, Any]) -> str:
    if type == "Observation":
        return _value(resource)
    if type == "DocumentReference":
        values = note.read(resource)
        return _first_words(f"{values.course}\n{values.orders}")
    if type in ("MedicationRequest", "MedicationAdministration"):
        dosage = elements.first(resource.get("dosageInstruction") or resource.get("dosage"))
        return elements.text(dosage.get("text")) or ""
    if type == "Composition":
        sections = elements.objects(resource.get("section"))
        texts = (elements.mapping(section.get("text")).get("div") for section in sections)
        return _first_words("\n".join(note.plain(text) for text in texts if isinstance(text, str)))
    return elements.text(resource.get("conclusion")) or ""


def _value(resource: Mapping[str, Any]) -> str:
    if vital_signs.sign_of(resource) is None and elements.objects(resource.get("component")):
        parts = elements.objects(resource.get("component"))
        return " / ".join(filter(None, map(_one_value, parts)))
    return _one_value(resource)


def _one_value(part: Mapping[str, Any]) -> str:
    result = laboratory.read(part)
    if result.value is None:
        return result.words
    return f"{_plain(result.value)} {result.unit}".strip()


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _first_words(text: str, most: int = 160) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rstrip()}…"
