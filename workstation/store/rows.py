"""What several read models share: marks of what waits, and lists as SQL arguments."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from workstation.kernel.ids import PatientId
from workstation.store.record import View
from workstation.store.tables import from_milliseconds

AllergyState = Literal["present", "none-known", "not-asked"]

VOID: Final = "('entered-in-error','cancelled')"
PRESENT: Final = "('arrived','in-progress','onleave')"
"""Statuses of a stay that is not over; who is on leave still has a bed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is.

    Attributes:
        name: Family and given name together, in Vietnamese order.
        birth_date: FHIR date as it was written: ``1953-08-13``, or a year or month alone.
        deceased: When, as written; ``true`` when only that is known.
    """

    patient: PatientId
    family: str | None
    given: str | None
    name: str | None
    sex: str | None
    birth_date: str | None
    record_number: str | None
    national_id: str | None
    insurance_number: str | None
    deceased: str | None


IDENTITY: Final = (
    "p.id, p.family, p.given, p.name, p.sex, p.birth_date, p.record_number, p.national_id,"
    " p.insurance_number, p.deceased"
)
"""The columns of `Identity`, from ``patient_index p``."""
IDENTITY_COLUMNS: Final = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of a patient's record, or of the whole store, the hospital does not have yet.

    Attributes:
        unsent: Resources with a change that the server has not accepted, whatever the reason.
        parked: Those of them that the server refused, or that wait for a refused one.
        conflicts: Contradictions between two people that wait to be decided.
        unreadable: Records that the server sent and nobody here can read.
    """

    unsent: int = 0
    parked: int = 0
    conflicts: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Allergies:
    """The three states of a patient's allergies, and the words of those present."""

    state: AllergyState = "not-asked"
    labels: tuple[str, ...] = ()


def listed(values: Iterable[str]) -> str:
    """Values for ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps(list(values))


def moment(milliseconds: int | None) -> datetime | None:
    """The aware time of an index column."""
    return None if milliseconds is None else from_milliseconds(milliseconds)


_WAITING: Final = """
WITH k AS (SELECT value AS patient FROM json_each(?))
SELECT patient, sum(unsent), sum(parked), sum(conflict), sum(unreadable) FROM (
  SELECT patient, 1 AS unsent, state IN ('parked','held') AS parked, 0 AS conflict, 0 AS unreadable
  FROM pending WHERE patient IN (SELECT patient FROM k)
  UNION ALL SELECT patient, 0, 0, 1, 0 FROM conflict
  WHERE state = 'open' AND patient IN (SELECT patient FROM k)
  UNION ALL SELECT patient, 0, 0, 0, 1 FROM unreadable WHERE patient IN (SELECT patient FROM k))
GROUP BY patient
"""


def waiting_of(view: View, patients: Iterable[str]) -> dict[str, Waiting]:
    """What waits, by patient; patients with whom nothing waits are left out."""
    rows = view.connection.exec_driver_sql(_WAITING, (listed(patients),))
    return {row[0]: Waiting(row[1], row[2], row[3], row[4]) for row in rows}


_ALLERGIES: Final = """
SELECT patient, kind, label FROM record_index
WHERE patient IN (SELECT value FROM json_each(?)) AND type = 'AllergyIntolerance'
  AND type <> 'Observation'
  AND coalesce(status, 'active') NOT IN ('entered-in-error','inactive','resolved')
ORDER BY patient, label
"""


def allergies_of(view: View, patients: Iterable[str]) -> dict[str, Allergies]:
    """Allergies by patient; who has no entry at all was not asked and is left out."""
    found: dict[str, list[str]] = {}
    for patient, kind, label in view.connection.exec_driver_sql(_ALLERGIES, (listed(patients),)):
        labels = found.setdefault(patient, [])
        if kind != "none-known":
            labels.append(label or "")
    return {
        patient: Allergies("present" if labels else "none-known", tuple(labels))
        for patient, labels in found.items()
    }


_FLAGS: Final = """
SELECT patient, kind FROM record_index
WHERE patient IN (SELECT value FROM json_each(?)) AND type = 'Flag' AND type <> 'Observation'
  AND status = 'active' AND kind IS NOT NULL
ORDER BY patient, kind
"""


def flags_of(view: View, patients: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Codes of the active flags (`workstation.fhir.systems.FLAG`), by patient."""
    found: dict[str, dict[str, None]] = {}
    for patient, kind in view.connection.exec_driver_sql(_FLAGS, (listed(patients),)):
        found.setdefault(patient, {})[kind] = None
    return {patient: tuple(kinds) for patient, kinds in found.items()}


_DIAGNOSES: Final = """
SELECT e.id, coalesce(
  (SELECT r.label FROM encounter_diagnosis d JOIN record_index r
     ON r.type = 'Condition' AND r.id = d.condition
   WHERE d.encounter = e.id AND r.label IS NOT NULL
     AND coalesce(r.status, 'active') NOT IN ('entered-in-error','inactive','resolved')
   ORDER BY d.rank LIMIT 1),
  (SELECT r.label FROM record_index r INDEXED BY record_index_patient_type
   WHERE r.patient = e.patient AND r.type = 'Condition' AND r.type <> 'Observation'
     AND r.encounter = e.id AND r.kind = 'encounter-diagnosis'
     AND coalesce(r.status, 'active') NOT IN ('entered-in-error','inactive','resolved')
   ORDER BY r.at DESC LIMIT 1),
  e.diagnosis)
FROM encounter_index e WHERE e.id IN (SELECT value FROM json_each(?))
"""


def diagnoses_of(view: View, stays: Iterable[str]) -> dict[str, str | None]:
    """The words of each stay's first diagnosis.

    The one that the stay names, else the newest Condition of it, else the reason of the stay.
    """
    rows = view.connection.exec_driver_sql(_DIAGNOSES, (listed(stays),))
    return {row[0]: row[1] for row in rows}
