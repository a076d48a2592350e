"""Who is expected on the wards today: people with a planned stay, registered and not yet here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hospital.demo import illnesses, places
from hospital.demo.chance import Dice
from hospital.demo.people import invent
from hospital.demo.places import Ward
from workstation.fhir import stays, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_NUMBERS: Final = 900_001
"""Their numbers lie beyond those of everybody who was ever here."""
_EXPECTED: Final = ((places.GENERAL, -35), (places.GENERAL, 90), (places.CARDIOLOGY, 40))
"""Ward, and in how many minutes; the first is late."""


def arrivals(seed: int, now: datetime) -> Iterator[Resource]:
    """Each person, then the stay that is planned.

    Args:
        seed: As for `hospital.demo.generate.generate`.
        now: The present (aware).
    """
    for number, (ward, minutes) in enumerate(_EXPECTED, start=_NUMBERS):
        dice = Dice(seed, "patient", number)
        patient = invent(dice, number, now, age_years=dice.whole(30, 80))
        yield patient.resource
        yield _planned(dice, patient.id, ward, now + timedelta(minutes=minutes))


def _planned(dice: Dice, patient: str, ward: Ward, at: datetime) -> Resource:
    choices = illnesses.CARDIOLOGY if ward is places.CARDIOLOGY else illnesses.GENERAL
    illness = dice.pick(choices)
    entry = Entry(own=dice.uuid(at), patient=patient, encounter=None, author={}, at=at)
    coding = {"system": systems.ICD10, "code": illness.icd10}
    made = stays.new(
        entry,
        stays.place_entry(ward.id, ward.name, "planned", at),
        status="planned",
        reason={"coding": [coding], "text": illness.text},
    )
    made["serviceType"] = {"text": ward.department}
    made["serviceProvider"] = {"reference": f"Organization/{places.HOSPITAL}"}
    return made
