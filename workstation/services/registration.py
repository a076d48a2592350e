"""Registering a person: a record number out of this terminal's block, and who it may be already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from workstation.clinical import identity
from workstation.clinical.names import PersonName
from workstation.fhir import patient as mapping
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.fhir.patient import Sex
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import Unit, View, numbers, search

RECORD: Final = "record"
"""Kind of the number blocks that record numbers come from."""
_OLDEST_YEAR: Final = 1900


@dataclass(frozen=True, slots=True)
class Registrant:
    """What is known of a person who arrives.

    Attributes:
        name: Family name and given name at least.
        sex: Administrative sex.
        birth_date: ``None`` when it is not known.
        national_id: Citizen number, 12 digits; empty if there is none.
        insurance_number: Health insurance number; empty if there is none.
        phone: Empty if there is none.
    """

    name: PersonName
    sex: Sex
    birth_date: date | None = None
    national_id: str = ""
    insurance_number: str = ""
    phone: str = ""


def register(desk: Desk, person: Registrant, *, despite_duplicates: bool = False) -> Changes:
    """Register a person under a new record number.

    Args:
        desk: Who registers.
        person: Who arrives.
        despite_duplicates: Whether the person was compared with those who are alike, and is none
            of them.

    Returns:
        What was written; the only patient in it is the new one.

    Raises:
        Refused: ``required`` (name), ``not-a-citizen-id``, ``not-an-insurance-number``,
            ``not-a-birth-date``, each with its field; ``possible-duplicate`` (``patients``: ids);
            ``no-numbers-left`` when the block of this terminal is used up.
    """
    with desk.store.write(desk.author) as unit:
        register_in(desk, unit, person, despite_duplicates=despite_duplicates)
        return unit.changes


def register_in(
    desk: Desk, unit: Unit, person: Registrant, *, despite_duplicates: bool = False
) -> PatientId:
    """Register a person as a part of a larger deed, such as an admission.

    Raises:
        Refused: As `register`.
    """
    checked = _checked(person, desk.now().date())
    alike = possible_duplicates(unit, checked)
    if alike and not despite_duplicates:
        raise Refused("possible-duplicate", patients=alike)
    own = uuid7()
    unit.create(_resource(own, checked, numbers.take(unit, RECORD)))
    desk.audit(unit, "register-patient", f"Patient/{own}")
    return PatientId(own)


def possible_duplicates(view: View | Unit, person: Registrant) -> tuple[PatientId, ...]:
    """Who of those known here the person may be.

    The same citizen or insurance number; else the same name without diacritics, birth date and
    sex.
    """
    found: dict[PatientId, None] = {}
    for number in (person.national_id, identity.social_number(person.insurance_number)):
        for each in search.find(view, number) if number else ():
            found[each.identity.patient] = None
    for each in search.find(view, person.name.plain):
        who = each.identity
        same_name = PersonName.of(who.family, who.given).folded == person.name.folded
        born = person.birth_date.isoformat() if person.birth_date else None
        if same_name and born is not None and who.birth_date == born and who.sex == person.sex:
            found[who.patient] = None
    return tuple(found)


def _checked(person: Registrant, today: date) -> Registrant:
    if not person.name.family or not person.name.given:
        raise Refused("required", field="name")
    born = person.birth_date
    if born is not None and not (born.year >= _OLDEST_YEAR and born <= today):
        raise Refused("not-a-birth-date", field="birth_date")
    citizen, insurance = person.national_id, person.insurance_number
    return Registrant(
        name=person.name,
        sex=person.sex,
        birth_date=born,
        national_id=identity.citizen_id(citizen) if citizen else "",
        insurance_number=identity.insurance_number(insurance) if insurance else "",
        phone=person.phone.strip(),
    )


def _resource(own: str, person: Registrant, record_number: str) -> Resource:
    known = (
        (systems.OWN_ID, f"urn:uuid:{own}"),
        (systems.RECORD_NUMBER, record_number),
        (systems.NATIONAL_ID, person.national_id),
        (systems.INSURANCE_NUMBER, person.insurance_number),
    )
    resource: Resource = {
        "resourceType": "Patient",
        "id": own,
        "identifier": [{"system": system, "value": value} for system, value in known if value],
        "active": True,
        "name": [mapping.write_name(person.name)],
        "gender": person.sex,
    }
    if person.birth_date is not None:
        resource["birthDate"] = person.birth_date.isoformat()
    if person.phone:
        resource["telecom"] = [{"system": "phone", "value": person.phone}]
    return resource
