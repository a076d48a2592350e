"""What this terminal keeps a copy of: the ward's places, its patients, and each one's record.

Encounters at the ward's places that are not over lead to patients, and each patient brings the
whole record. What belongs to no patient (places, people) is small and followed as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from workstation.fhir import conflict, systems
from workstation.kernel.ids import WardId

HOUSE_TYPES: Final = ("Location", "Practitioner", "Organization", "PractitionerRole", "Medication")
"""Followed as a whole: they belong to no patient."""

HOUSE_CONFLICTS: Final = "Task#house"
"""The cursor row of the conflicts about places and people, which no patient leads to."""

PATIENT_TYPES: Final = (
    "Patient",
    "Encounter",
    "Condition",
    "AllergyIntolerance",
    "Flag",
    "Observation",
    "MedicationRequest",
    "MedicationAdministration",
    "MedicationStatement",
    "DocumentReference",
    "DiagnosticReport",
    "ServiceRequest",
    "Procedure",
    "CarePlan",
    "Goal",
    "Immunization",
    "ClinicalImpression",
    "Composition",
    "NutritionOrder",
    "DetectedIssue",
    "Task",
    "Provenance",
)
"""Followed for each patient in scope; parents stand before what refers to them."""

NOT_OVER: Final = ("planned", "arrived", "in-progress", "onleave")
"""Statuses of the stays whose patients are kept: who is on leave still has a bed, and who is
expected, or comes from another ward, is read before he or she comes."""
PAGE: Final = 500
PATIENTS_AT_ONCE: Final = 20
"""So many ids fit into one address."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One ward.

    Attributes:
        ward: Id of its Location.
    """

    ward: WardId

    @property
    def name(self) -> str:
        """How cursors and members are filed."""
        return f"ward/{self.ward}"


def followed(types: Iterable[str], wanted: Sequence[str]) -> list[str]:
    """Those of the wanted types that the server has; all of them when it does not say."""
    known = set(types)
    return [type_ for type_ in wanted if not known or type_ in known]


def patient_query(type_: str, patients: Sequence[str]) -> str:
    """The search for everything of one type that belongs to some patients.

    With the type before each id, which R4 lets one leave out: Medplum's repository finds nothing
    by an id alone.
    """
    if type_ == "Patient":
        return f"Patient?_id={','.join(patients)}"
    return f"{type_}?patient={','.join(f'Patient/{each}' for each in patients)}"


def conflicts_query() -> str:
    """The search for all conflicts, of which those without a patient are taken."""
    return f"Task?code={systems.TASK}|{conflict.CODE}"


def stays_query(places: Sequence[str], count: int = PAGE) -> str:
    """The search for stays at some places that are not over: to come, begun, or on leave."""
    where = ",".join(f"Location/{place}" for place in places)
    return f"Encounter?status={','.join(NOT_OVER)}&location={where}&_count={count}"


def chunks(items: Sequence[str], size: int = PATIENTS_AT_ONCE) -> list[list[str]]:
    """Several at once, as many as an address holds."""
    return [list(items[start : start + size]) for start in range(0, len(items), size)]
