"""The read model of the ward board: beds, who lies in them, and what is known about each.

A handful of queries for the whole ward, none per patient, so that the board of 60 patients out of
a million observations stays under 100 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.vital_signs import Consciousness, Sign, Value
from workstation.fhir.vital_signs import CODES
from workstation.kernel.folding import natural
from workstation.kernel.ids import EncounterId, WardId
from workstation.store import results
from workstation.store.record import View
from workstation.store.rows import (
    IDENTITY,
    PRESENT,
    VOID,
    Allergies,
    Identity,
    Waiting,
    allergies_of,
    diagnoses_of,
    flags_of,
    listed,
    moment,
    waiting_of,
)

SIGN_OF: Final = {codes[0]: sign for sign, codes in CODES.items()}
"""The sign that stands under a code of ``observation_index``."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One vital sign as measured.

    Attributes:
        sign: What.
        value: In the unit of `workstation.clinical.vital_signs.LIMITS`.
        at: When (aware).
        observation: Id of the Observation.
    """

    sign: Sign
    value: Value
    at: datetime
    observation: str


@dataclass(frozen=True, slots=True)
class Results:
    """Results that are new to a person: how many, how many of them marked abnormal."""

    new: int = 0
    abnormal: int = 0


@dataclass(frozen=True, slots=True)
class Occupant:
    """A person who stays on the ward.

    Attributes:
        bed: Id of the bed's Location; None while no bed is given.
        vitals: The newest value of each sign.
        previous: The newest value of each sign before the newest set, for the trend.
        on_leave: Whether the bed is kept for somebody who is out of the house.
    """

    identity: Identity
    encounter: EncounterId
    bed: str | None
    admitted_at: datetime | None
    diagnosis: str | None
    care_level: str | None
    vitals: tuple[Measured, ...]
    previous: tuple[Measured, ...]
    allergies: Allergies
    flags: tuple[str, ...]
    results: Results
    waiting: Waiting
    on_leave: bool = False


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed of the ward; ``operational`` is the v2-0116 code (``O`` occupied, ``K`` closed …)."""

    id: str
    name: str
    operational: str | None


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward with all its beds in the order of their names, and everybody who stays on it."""

    id: WardId
    name: str | None
    beds: tuple[Bed, ...]
    occupants: tuple[Occupant, ...]


_NAME: Final = "SELECT name FROM location_index WHERE id = ?"
_STAYS: Final = f"""
SELECT e.id, e.bed, e.started_at, e.care_level, e.status = 'onleave', {IDENTITY}
FROM encounter_index e JOIN patient_index p ON p.id = e.patient
WHERE e.ward = ? AND e.status IN {PRESENT}
ORDER BY e.started_at, e.id
"""


def read(view: View, ward: WardId, *, results_since: datetime, reader: str = "") -> Ward:
    """Read the whole ward.

    Args:
        view: One consistent snapshot.
        ward: Id of the ward's Location.
        results_since: From when on (aware) a result counts as new of a patient at whose results
            the reader never looked.
        reader: Id of the person whose marks of what was seen count.
    """
    stays = view.connection.exec_driver_sql(_STAYS, (ward,)).all()
    people = [Identity(*row[5:]) for row in stays]
    patients: list[str] = list(dict.fromkeys(person.patient for person in people))
    diagnoses = diagnoses_of(view, (row[0] for row in stays))
    newest, previous = _vitals(view, patients)
    allergies, flags = allergies_of(view, patients), flags_of(view, patients)
    news, waiting = _results(view, patients, reader, results_since), waiting_of(view, patients)
    return Ward(
        id=ward,
        name=view.connection.exec_driver_sql(_NAME, (ward,)).scalar(),
        beds=beds(view, ward),
        occupants=tuple(
            Occupant(
                identity=person,
                encounter=stay,
                bed=bed,
                admitted_at=moment(since),
                diagnosis=diagnoses.get(stay),
                care_level=level,
                vitals=newest.get(person.patient, ()),
                previous=previous.get(person.patient, ()),
                allergies=allergies.get(person.patient, Allergies()),
                flags=flags.get(person.patient, ()),
                results=news.get(person.patient, Results()),
                waiting=waiting.get(person.patient, Waiting()),
                on_leave=bool(away),
            )
            for (stay, bed, since, level, away, *_), person in zip(stays, people, strict=True)
        ),
    )


_BEDS: Final = """
WITH RECURSIVE inside(id, depth) AS (
  SELECT ?, 0 UNION SELECT l.id, depth + 1 FROM inside
  JOIN location_index l ON l.part_of = inside.id WHERE depth < 6)
SELECT l.id, coalesce(l.name, l.id), l.operational FROM inside
JOIN location_index l ON l.id = inside.id
WHERE l.kind = 'bd' AND coalesce(l.status, 'active') = 'active'
"""


def beds(view: View, ward: WardId) -> tuple[Bed, ...]:
    """The beds of a ward in the order of their names."""
    rows = view.connection.exec_driver_sql(_BEDS, (ward,))
    return tuple(sorted((Bed(*row) for row in rows), key=lambda bed: natural(bed.name)))


_VITALS: Final = f"""
SELECT o.patient, o.code, o.at, o.digits, o.text, o.id
FROM json_each(?) s CROSS JOIN json_each(?) c
JOIN observation_index o ON o.rowid IN (
  SELECT v.rowid FROM observation_index v
  WHERE v.patient = s.value AND v.code = c.value AND v.at IS NOT NULL AND v.status NOT IN {VOID}
  ORDER BY v.at DESC LIMIT 2)
"""

_ByPatient = dict[str, tuple[Measured, ...]]


def _vitals(view: View, patients: list[str]) -> tuple[_ByPatient, _ByPatient]:
    """The newest values by patient, and those that stood before the newest set."""
    rows = view.connection.exec_driver_sql(_VITALS, (listed(patients), listed(SIGN_OF))).all()
    found: dict[str, list[Measured]] = {}
    for patient, code, at, digits, text, observation in rows:
        measured = _measured(SIGN_OF[code], digits, text, at, observation)
        if measured is not None:
            found.setdefault(patient, []).append(measured)
    newest: _ByPatient = {}
    previous: _ByPatient = {}
    for patient, values in found.items():
        values.sort(key=lambda each: each.at, reverse=True)
        latest = values[0].at
        newest[patient] = _one_each(values)
        previous[patient] = _one_each(each for each in values if each.at < latest)
    return newest, previous


def _one_each(values: Iterable[Measured]) -> tuple[Measured, ...]:
    found: dict[Sign, Measured] = {}
    for each in values:
        found.setdefault(each.sign, each)
    return tuple(found[sign] for sign in Sign if sign in found)


def _measured(sign: Sign, digits: Any, text: Any, at: int, observation: str) -> Measured | None:
    when = moment(at)
    if when is None:
        return None
    if digits is not None:
        return Measured(sign, Decimal(digits), when, observation)
    if sign is Sign.CONSCIOUSNESS and text in set(Consciousness):
        return Measured(sign, Consciousness(text), when, observation)
    return None


_FLAGGED: Final = """
SELECT DISTINCT o.id FROM json_each(?) s CROSS JOIN observation_index o ON o.id = s.value
WHERE coalesce(o.flag, 'N') NOT IN ('N','NEG')
"""


def _results(view: View, patients: list[str], reader: str, since: datetime) -> dict[str, Results]:
    came = results.unseen(view, reader, patients, otherwise_since=since)
    ids = {id_ for keys in came.values() for type_, id_ in keys if type_ == "Observation"}
    rows = view.connection.exec_driver_sql(_FLAGGED, (listed(ids),))
    flagged = set(rows.scalars().all())
    return {
        patient: Results(len(keys), sum(1 for _, id_ in keys if id_ in flagged))
        for patient, keys in came.items()
    }
