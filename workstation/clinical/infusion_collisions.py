"""Infusions that one terminal ended while another went on with them: does it still run?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workstation.clinical.collisions import Action, Collision, Rule


@dataclass(frozen=True, slots=True)
class InfusionRow:
    """An infusion that was ended.

    Attributes:
        id: Of the MedicationAdministration that began it.
        patient: Whose.
        ended_at: When it was ended (aware).
        steps: Id and time of each new rate or bag; a pause is none.
    """

    id: str
    patient: str
    ended_at: datetime
    steps: tuple[tuple[str, datetime], ...]


def changed_after_end(infusions: Iterable[InfusionRow]) -> list[Collision]:
    """A rate or bag that was charted for a time after the end: nothing shows it as running."""
    found = []
    for infusion in infusions:
        later = [(at, own) for own, at in infusion.steps if at > infusion.ended_at]
        if not later:
            continue
        at, own = min(later)  # one alert of an infusion, however long somebody went on with it
        names = sorted(f"MedicationAdministration/{each}" for each in (infusion.id, own))
        found.append(
            Collision(
                Rule.CHANGED_AFTER_END,
                "high",
                tuple(names),
                infusion.patient,
                at,
                Action.CHECK_PATIENT_AND_DOSES,
            )
        )
    return sorted(found, key=lambda collision: collision.key)
