"""Who lies on the ward now: the facts that the board, the round and hand-over share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from workstation.clinical.age import Age, age
from workstation.clinical.care_level import CareLevel
from workstation.clinical.early_warning import Facts
from workstation.clinical.names import PersonName
from workstation.fhir import elements
from workstation.kernel.ids import EncounterId, PatientId
from workstation.store import rows, ward_board

AllergyState = Literal["known", "none-known", "not-asked"]

_ALLERGY_STATES: Final[Mapping[rows.AllergyState, AllergyState]] = {
    "present": "known",
    "none-known": "none-known",
    "not-asked": "not-asked",
}


@dataclass(frozen=True, slots=True)
class Inpatient:
    """One person on the ward.

    Attributes:
        bed: Id of the bed; empty for somebody who has none.
        bed_name: As written on the bed.
        born: The birth date as it stands in the record, which may be a year alone.
        admitted_at: Beginning of the stay (aware).
        day: Day of the stay, 1 on the day of admission.
        allergies: What they are, when they are known.
        flags: Alerts in force: ``fall``, ``isolation``, ``no-cpr``, ``spo2-scale-2``,
            ``maternity``.
        alike: What others on this ward have the same: ``name``, ``birth-date``.
        on_leave: Whether the bed is kept for somebody out of the house: nothing is due then.
        oldest: The age; of a birth date that is a year alone, the most that it can be.
    """

    patient: PatientId
    encounter: EncounterId
    bed: str
    bed_name: str
    name: PersonName
    sex: str
    birth_date: date | None
    born: str | None
    age: Age | None
    record_number: str | None
    admitted_at: datetime | None
    day: int | None
    diagnosis: str | None
    care_level: CareLevel | None
    allergy_state: AllergyState
    allergies: tuple[str, ...]
    flags: frozenset[str]
    alike: frozenset[str]
    on_leave: bool = False
    oldest: Age | None = None

    @property
    def facts(self) -> Facts:
        """What decides which early-warning score holds."""
        return Facts.of(
            self.oldest,
            maternity="maternity" in self.flags,
            spo2_scale_2="spo2-scale-2" in self.flags,
        )


def of_ward(
    occupants: Sequence[ward_board.Occupant], beds: Mapping[str, str], now: datetime
) -> list[Inpatient]:
    """The people on a ward, from what the store knows of them.

    Args:
        occupants: Everybody who stays on the ward.
        beds: Names of the beds by their ids.
        now: The time at this terminal, with its offset.
    """
    names = Counter(_name(row.identity).folded for row in occupants)
    births = Counter(row.identity.birth_date for row in occupants)
    return [_inpatient(row, beds, now, names, births) for row in occupants]


def _inpatient(
    row: ward_board.Occupant,
    beds: Mapping[str, str],
    now: datetime,
    names: Counter[str],
    births: Counter[str | None],
) -> Inpatient:
    identity = row.identity
    name, born = _name(identity), elements.day(identity.birth_date)
    earliest = elements.earliest_day(identity.birth_date)
    alike = set()
    if name and names[name.folded] > 1:
        alike.add("name")
    if born is not None and births[identity.birth_date] > 1:
        alike.add("birth-date")
    return Inpatient(
        patient=identity.patient,
        encounter=row.encounter,
        bed=row.bed or "",
        bed_name=beds.get(row.bed or "", ""),
        name=name,
        sex=identity.sex or "unknown",
        birth_date=born,
        born=identity.birth_date,
        age=age(born, now.date()) if born else None,
        oldest=age(earliest, now.date()) if earliest else None,
        record_number=identity.record_number,
        admitted_at=row.admitted_at,
        day=_day(row.admitted_at, now),
        diagnosis=row.diagnosis,
        care_level=CareLevel.of(row.care_level),
        allergy_state=_ALLERGY_STATES[row.allergies.state],
        allergies=row.allergies.labels,
        flags=frozenset(row.flags),
        alike=frozenset(alike),
        on_leave=row.on_leave,
    )


def _name(identity: rows.Identity) -> PersonName:
    if identity.family or identity.given:
        return PersonName.of(identity.family, identity.given)
    return PersonName.from_text(identity.name or "")


def _day(admitted_at: datetime | None, now: datetime) -> int | None:
    if admitted_at is None:
        return None
    return (now.date() - admitted_at.astimezone(now.tzinfo).date()).days + 1
