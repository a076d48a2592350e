"""One patient in one bed of the demo: who, where, since when, with what illness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hospital.demo.chance import Dice
from hospital.demo.course import Course
from hospital.demo.people import DemoPatient
from hospital.demo.places import Bed, Ward
from hospital.demo.staff import NURSES, DemoPerson
from workstation.fhir.entry import Entry


@dataclass(frozen=True, slots=True)
class DemoStay:
    """One patient in one bed.

    Attributes:
        patient: Who.
        ward: Where.
        bed: Which bed, since when the last move.
        before: The bed before the move, if there was one.
        to: The ward that is asked to take the patient, if one is.
        course: The illness.
        dice: The patient's own.
        id: Id of the Encounter.
        doctor: In charge.
    """

    patient: DemoPatient
    ward: Ward
    bed: Bed
    before: Bed | None
    to: Ward | None
    course: Course
    dice: Dice
    id: str
    doctor: DemoPerson

    def entry(self, at: datetime, author: Mapping[str, str]) -> Entry:
        """What a new record of this stay has in common with all others."""
        return Entry(
            own=self.dice.uuid(at),
            patient=self.patient.id,
            encounter=self.id,
            author=author,
            at=at,
        )

    def nurse(self) -> dict[str, str]:
        """Reference to one of the nurses."""
        return self.dice.pick(NURSES).reference
