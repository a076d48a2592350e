"""Stays on the ward: admit to a bed, move, set the care level, discharge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workstation.clinical.care_level import CareLevel
from workstation.fhir import encounter as mapping
from workstation.fhir import location, systems
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import EncounterId, PatientId
from workstation.services.desk import Desk
from workstation.store import Stored, Unit, View


def in_progress(view: View, patient: str) -> Stored:
    """The stay of a patient that is not over; the newest if there should be two.

    Raises:
        Refused: ``not-admitted``.
    """
    open_stays = [
        (stay.started_at, stored)
        for stored in view.find("Encounter", patient=patient)
        if (stay := mapping.read(stored.resource())).present
    ]
    if not open_stays:
        raise Refused("not-admitted", reference=f"Patient/{patient}")
    return max(open_stays, key=lambda pair: (pair[0] is not None, pair[0]))[1]


def admit(
    desk: Desk,
    patient: PatientId,
    bed: str,
    *,
    diagnosis: str,
    diagnosis_code: str = "",
    care_level: CareLevel = CareLevel.THREE,
    at: datetime | None = None,
) -> Changes:
    """Begin a stay in a bed of the ward.

    Args:
        desk: Who admits.
        patient: Id of the Patient.
        bed: Id of the Location.
        diagnosis: In words.
        diagnosis_code: ICD-10.
        care_level: Nursing care level (Circular 31/2021/TT-BYT).
        at: When (aware); now if none is given.

    Raises:
        Refused: ``no-such-patient``, ``already-admitted``, ``no-such-bed``, ``bed-closed``,
            ``bed-occupied``.
    """
    start = at or desk.now()
    with desk.store.write(desk.author) as unit:
        if unit.get("Patient", patient) is None:
            raise Refused("no-such-patient", field="patient")
        if any(_stay(stored).present for stored in unit.find("Encounter", patient=patient)):
            raise Refused("already-admitted", field="patient")
        place = _free_bed(unit, bed)
        condition = _condition(desk, patient, diagnosis, diagnosis_code, start)
        unit.create(condition)
        stay = _encounter(patient, condition, place, care_level, start)
        unit.create(stay)
        return unit.changes


def move(desk: Desk, stay: EncounterId, bed: str) -> Changes:
    """Put a patient into another bed.

    Raises:
        Refused: ``stay-over``, ``no-such-bed``, ``bed-closed``, ``bed-occupied``.
    """
    with desk.store.write(desk.author) as unit:
        seen = _open_stay(unit, stay)
        place = _free_bed(unit, bed)
        resource = mapping.moved(seen.resource(), bed, display=place.name, at=desk.now())
        unit.update(resource, seen=seen)
        return unit.changes


def set_care_level(desk: Desk, stay: EncounterId, level: CareLevel) -> Changes:
    """Set how much of the care the staff does.

    Raises:
        Refused: ``stay-over``.
    """
    with desk.store.write(desk.author) as unit:
        seen = _open_stay(unit, stay)
        unit.update(mapping.with_care_level(seen.resource(), level), seen=seen)
        return unit.changes


def discharge(desk: Desk, stay: EncounterId) -> Changes:
    """End a stay; its bed is free from now on.

    Raises:
        Refused: ``stay-over``.
    """
    with desk.store.write(desk.author) as unit:
        seen = _open_stay(unit, stay)
        unit.update(mapping.discharged(seen.resource(), at=desk.now()), seen=seen)
        return unit.changes


def _stay(stored: Stored) -> mapping.Stay:
    return mapping.read(stored.resource())


def _open_stay(unit: Unit, stay: str) -> Stored:
    seen = unit.get("Encounter", stay)
    if seen is None or seen.deleted or not _stay(seen).present:
        raise Refused("stay-over", reference=f"Encounter/{stay}")
    return seen


def _free_bed(unit: Unit, bed: str) -> location.Place:
    stored = unit.get("Location", bed)
    if stored is None or stored.deleted:
        raise Refused("no-such-bed", field="bed")
    place = location.read(stored.resource())
    if place.kind != "bed" or not place.usable:
        raise Refused("bed-closed", field="bed", bed=place.name)
    for other in unit.find("Encounter"):
        stay = _stay(other)
        if stay.present and bed in stay.current_places:
            raise Refused("bed-occupied", field="bed", bed=place.name)
    return place


def _condition(desk: Desk, patient: str, words: str, code: str, at: datetime) -> Resource:
    own = uuid7()
    concept: dict[str, Any] = {"text": words}
    if code:
        concept["coding"] = [{"system": systems.ICD10, "code": code}]
    category = {"system": systems.CONDITION_CATEGORY, "code": "encounter-diagnosis"}
    return {
        "resourceType": "Condition",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "clinicalStatus": {"coding": [{"system": systems.CONDITION_CLINICAL, "code": "active"}]},
        "category": [{"coding": [category]}],
        "code": concept,
        "subject": {"reference": f"Patient/{patient}"},
        "recordedDate": at.isoformat(timespec="seconds"),
        "recorder": desk.performer,
    }


def _encounter(
    patient: str, condition: Resource, place: location.Place, level: CareLevel, at: datetime
) -> Resource:
    own, start = uuid7(), at.isoformat(timespec="seconds")
    entry = {
        "location": {"reference": f"Location/{place.id}", "display": place.name},
        "status": "active",
        "period": {"start": start},
    }
    return {
        "resourceType": "Encounter",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "extension": [{"url": systems.CARE_LEVEL, "valueCode": level.value}],
        "status": "in-progress",
        "class": {"system": systems.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
        "subject": {"reference": f"Patient/{patient}"},
        "period": {"start": start},
        "reasonCode": [condition["code"]],
        "diagnosis": [{"condition": {"reference": f"Condition/{condition['id']}"}}],
        "location": [entry],
    }
