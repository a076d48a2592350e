"""What every part of a chart begins with: who the patient is, and the stay that counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from workstation.clinical.age import Age, age
from workstation.clinical.early_warning import Facts
from workstation.clinical.names import PersonName
from workstation.fhir import elements, encounter, location, patient, safety
from workstation.fhir.encounter import Stay
from workstation.fhir.patient import Sex
from workstation.fhir.safety import Alert, Allergies
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services import visits
from workstation.services.desk import Desk
from workstation.store import View
from workstation.store.rows import Waiting, waiting_of

_NEVER_WAS: Final = ("cancelled", "entered-in-error")
"""A stay that was planned and struck, or written by mistake."""


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above everything that is shown of a patient.

    Attributes:
        patient: Id of the patient.
        name: In its parts.
        sex: Administrative sex.
        birth_date: None when it is not known to the day.
        born: As in the record, such as ``1953``; empty when unknown.
        age: None when unknown.
        record_number: Number of the hospital; empty when unknown.
        national_id: Citizen number; empty when unknown.
        insurance_number: Empty when unknown.
        bed: Name of the bed; empty without one.
        ward: Name of the ward; empty when unknown.
        allergies: Some, none known, or not asked.
        alerts: Flags that are up.
        deceased: Whether the patient is dead.
        died: When, as far as the record says.
        unsent: How many changes of this record the hospital has not received.
        unreadable: How many records of the hospital nobody here can read: what is shown of this
            patient may lack something.
    """

    patient: PatientId
    name: PersonName
    sex: Sex
    birth_date: date | None
    born: str
    age: Age | None
    record_number: str
    national_id: str
    insurance_number: str
    bed: str
    ward: str
    allergies: Allergies
    alerts: tuple[Alert, ...]
    deceased: bool
    died: datetime | None
    unsent: int
    unreadable: int


def banner(desk: Desk, id: PatientId) -> Banner:
    """The banner of a patient.

    Raises:
        Refused: ``gone``: this terminal has no such patient.
    """
    with desk.store.read() as view:
        return read_banner(view, id, desk.now())


def note_opening(desk: Desk, patient: PatientId) -> Changes:
    """Note, in the audit too, that a person opened a chart; the record itself is as it was."""
    with desk.store.write(desk.author) as unit:
        visits.note(unit, desk, patient)
        desk.audit(unit, "open-chart", f"Patient/{patient}")
    return Changes()


def read_banner(view: View, id: PatientId, now: datetime) -> Banner:
    """The same, inside a transaction; `now` with the terminal's offset."""
    stored = view.get("Patient", id)
    if stored is None or stored.deleted:
        raise Refused("no-such-patient", field="patient")
    resource = stored.resource()
    who, stay = patient.read(resource), latest_stay(view, id)
    died = elements.instant(resource.get("deceasedDateTime"))
    bed, ward = places(view, stay)
    waiting = waiting_of(view, [id]).get(id, Waiting())
    return Banner(
        patient=id,
        name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        born=who.born or "",
        age=age(who.birth_date, now.date()) if who.birth_date else None,
        record_number=who.record_number or "",
        national_id=who.national_id or "",
        insurance_number=who.insurance_number or "",
        bed=bed,
        ward=ward,
        allergies=safety.allergies(resources(view, "AllergyIntolerance", id)),
        alerts=safety.alerts(resources(view, "Flag", id)),
        deceased=who.deceased,
        died=died or (stay.ended_at if stay and who.deceased else None),
        unsent=waiting.unsent,
        unreadable=waiting.unreadable,
    )


def resources(view: View, type: str, patient: PatientId) -> list[dict[str, object]]:
    """Every resource of a type in a patient's record, parsed."""
    return [stored.resource() for stored in view.find(type, patient=patient)]


def latest_stay(view: View, patient: PatientId) -> Stay | None:
    """The stay in progress, else the one that began last; None when there never was one."""
    stays = [encounter.read(resource) for resource in resources(view, "Encounter", patient)]
    real = [stay for stay in stays if stay.status not in _NEVER_WAS]
    return max(real, key=_rank, default=None)


def places(view: View, stay: Stay | None) -> tuple[str, str]:
    """Names of bed and ward of a stay; empty where unknown."""
    bed = ward = ""
    waiting = list(stay.current_places if stay else ())
    seen: set[str] = set()
    while waiting:
        id = waiting.pop(0)
        stored = None if id in seen else view.get("Location", id)
        seen.add(id)
        if stored is None:
            continue
        place = location.read(stored.resource())
        bed = bed or (place.name if place.kind == "bed" else "")
        ward = ward or (place.name if place.kind == "ward" else "")
        if place.part_of:
            waiting.append(place.part_of)
    return bed, ward


def facts(view: View, id: PatientId, now: datetime) -> Facts:
    """What of a patient decides which early-warning score holds; `now` with its offset."""
    stored = view.get("Patient", id)
    resource = stored.resource() if stored and not stored.deleted else {}
    born = elements.earliest_day(resource.get("birthDate"))
    codes = {alert.code for alert in safety.alerts(resources(view, "Flag", id))}
    return Facts.of(
        age(born, now.date()) if born else None,
        maternity="maternity" in codes,
        spo2_scale_2="spo2-scale-2" in codes,
    )


def _rank(stay: Stay) -> tuple[bool, float, str]:
    return (stay.present, stay.started_at.timestamp() if stay.started_at else 0.0, stay.id)
