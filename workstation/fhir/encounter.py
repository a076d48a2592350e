"""Stays: who lies where since when, with what diagnosis and care level, out of any R4 Encounter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from workstation.clinical.care_level import CareLevel
from workstation.fhir import elements, systems

INPATIENT: Final = ("IMP", "ACUTE", "NONAC")
PRESENT: Final = ("arrived", "in-progress", "onleave")
ICD10_SYSTEMS: Final = (systems.ICD10, "http://hl7.org/fhir/sid/icd-10-cm")
_ATTENDING: Final = "ATND"


@dataclass(frozen=True, slots=True)
class StayPlace:
    """One entry of where a patient was: a bed, a room or a ward.

    Attributes:
        location: Id of the Location.
        display: Words beside the reference.
        current: Whether the patient is there now.
        start: Since when (aware).
        end: Until when.
        planned: Whether the patient is to come there: expected, or a transfer asked for.
    """

    location: str
    display: str | None
    current: bool
    start: datetime | None
    end: datetime | None
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """One Encounter.

    Attributes:
        id: Id of the Encounter.
        patient: Id of the Patient.
        status: FHIR status.
        class_code: ``IMP`` for an inpatient stay.
        started_at: Admission (aware).
        ended_at: Discharge.
        places: In the order of the record.
        diagnosis: In words.
        diagnosis_code: ICD-10.
        conditions: Ids of the Conditions that are its diagnoses, first rank first.
        care_level: ``None`` when none is set.
        service: Department, in words.
        attending: Doctor in charge, as shown.
    """

    id: str
    patient: str | None
    status: str
    class_code: str
    started_at: datetime | None
    ended_at: datetime | None
    places: tuple[StayPlace, ...]
    diagnosis: str | None
    diagnosis_code: str | None
    conditions: tuple[str, ...]
    care_level: CareLevel | None
    service: str | None
    attending: str | None

    @property
    def present(self) -> bool:
        """Whether it is an inpatient stay that is not over."""
        return self.status in PRESENT and self.class_code in INPATIENT

    @property
    def expected(self) -> bool:
        """Whether it is an inpatient stay that has not begun."""
        return self.status == "planned" and self.class_code in INPATIENT

    @property
    def planned_places(self) -> tuple[str, ...]:
        """Ids of the Locations where the patient is to come."""
        return tuple(place.location for place in self.places if place.planned)

    @property
    def current_places(self) -> tuple[str, ...]:
        """Ids of the Locations where the patient is now: the bed, its ward, or both."""
        return tuple(place.location for place in self.places if place.current)

    def day(self, at: datetime, zone: tzinfo) -> int | None:
        """Day of the stay at a time, 1 on the day of admission, by the calendar of a zone."""
        if self.started_at is None:
            return None
        return (at.astimezone(zone).date() - self.started_at.astimezone(zone).date()).days + 1


def read(resource: Mapping[str, Any]) -> Stay:
    """Read an Encounter; what is absent or odd is ``None`` or empty."""
    period = elements.mapping(resource.get("period"))
    return Stay(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        status=elements.text(resource.get("status")) or "unknown",
        class_code=elements.text(elements.mapping(resource.get("class")).get("code")) or "",
        started_at=elements.instant(period.get("start")),
        ended_at=elements.instant(period.get("end")),
        places=_places(resource),
        diagnosis=_diagnosis(resource),
        diagnosis_code=_diagnosis_code(resource),
        conditions=_conditions(resource),
        care_level=CareLevel.of(elements.extension(resource, systems.CARE_LEVEL).get("valueCode")),
        service=elements.concept_text(resource.get("serviceType")),
        attending=_attending(resource),
    )


def _places(resource: Mapping[str, Any]) -> tuple[StayPlace, ...]:
    over = resource.get("status") not in PRESENT
    to_come = resource.get("status") in (*PRESENT, "planned")
    found = []
    for item in elements.objects(resource.get("location")):
        location = elements.reference_id(item.get("location"), "Location")
        if location is None:
            continue
        period = elements.mapping(item.get("period"))
        end = elements.instant(period.get("end"))
        status = item.get("status")
        current = not over and (status == "active" or (status is None and end is None))
        start = elements.instant(period.get("start"))
        display = elements.display(item.get("location"))
        planned = to_come and status == "planned"
        found.append(StayPlace(location, display, current, start, end, planned))
    return tuple(found)


def _ranked(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    def rank(item: dict[str, Any]) -> int:
        found = item.get("rank")
        return found if isinstance(found, int) else len(items)

    items = elements.objects(resource.get("diagnosis"))
    return sorted(items, key=rank)


def _conditions(resource: Mapping[str, Any]) -> tuple[str, ...]:
    ids = (elements.reference_id(item.get("condition"), "Condition") for item in _ranked(resource))
    return tuple(found for found in ids if found is not None)


def _diagnosis(resource: Mapping[str, Any]) -> str | None:
    reason = elements.concept_text(resource.get("reasonCode"))
    if reason is not None:
        return reason
    shown = (elements.display(item.get("condition")) for item in _ranked(resource))
    return next((words for words in shown if words), None)


def _diagnosis_code(resource: Mapping[str, Any]) -> str | None:
    codes = elements.codings(resource.get("reasonCode"))
    return next((code for system, code in codes if system in ICD10_SYSTEMS), None)


def _attending(resource: Mapping[str, Any]) -> str | None:
    people = elements.objects(resource.get("participant"))
    for item in people:
        if any(code == _ATTENDING for _, code in elements.codings(item.get("type"))):
            return elements.display(item.get("individual"))
    return None
