"""Every code system, identifier system and extension address that the program writes or knows.

Identifier systems of persons are those of the draft Vietnamese core profile
(``http://fhir.ehealth.gov.vn/core``, CC0); our own addresses stand under `BASE`.
"""

from __future__ import annotations

from typing import Final

LOINC: Final = "http://loinc.org"
UCUM: Final = "http://unitsofmeasure.org"
ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
OBSERVATION_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PHYSICAL_TYPE: Final = "http://terminology.hl7.org/CodeSystem/location-physical-type"
FLAG_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/flag-category"
CONDITION_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/condition-category"
CONDITION_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
ALLERGY_VERIFICATION: Final = (
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
)

VN: Final = "http://fhir.ehealth.gov.vn/core/sid"
NATIONAL_ID: Final = f"{VN}/national_id"
INSURANCE_NUMBER: Final = f"{VN}/insurance_number"
RECORD_NUMBER: Final = f"{VN}/patient-internal-id"
LICENCE_NUMBER: Final = f"{VN}/provider-license-number"

BASE: Final = "https://ward-workstation.example/fhir"
OWN_ID: Final = f"{BASE}/sid/workstation-uuid"
"""Identifier that every resource created here carries: its own UUID."""
CARE_LEVEL: Final = f"{BASE}/StructureDefinition/care-level"
"""Encounter extension, valueCode ``1``, ``2`` or ``3`` (nursing care level)."""
RECORDED_AT: Final = f"{BASE}/StructureDefinition/recorded-at"
CONSCIOUSNESS: Final = f"{BASE}/CodeSystem/acvpu"
"""Codes ``A`` ``C`` ``V`` ``P`` ``U``."""
FLUID: Final = f"{BASE}/CodeSystem/fluid-balance"
"""Codes of `workstation.clinical.fluid_balance.Kind`; ``times``: how often, not measured."""
WARD_CATEGORY: Final = f"{BASE}/CodeSystem/ward-category"
"""What a ward calls a group of observations, such as ``fluid-balance``."""
DATA_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
FLAG: Final = f"{BASE}/CodeSystem/flag"
"""Codes ``fall``, ``isolation``, ``no-cpr``, ``spo2-scale-2``."""
ALLERGY: Final = f"{BASE}/CodeSystem/allergy"
"""Code ``no-known-allergy``; SNOMED CT 716186003 is understood when read."""
TASK: Final = f"{BASE}/CodeSystem/task"
"""Code ``resolve-conflict``."""
PARTICIPANT: Final = f"{BASE}/CodeSystem/participant"
"""Code ``assigned-nurse``: who cares for a patient in one shift."""
TASK_INPUT: Final = f"{BASE}/CodeSystem/task-input"
ISSUE: Final = f"{BASE}/CodeSystem/detected-issue"
ROLE: Final = f"{BASE}/CodeSystem/role"
"""Codes of the roles that people have at a terminal: ``doctor``, ``nurse`` …"""
PROVENANCE_FIELD: Final = f"{BASE}/StructureDefinition/merged-field"
"""Provenance extension, valueString: the name of a field that a merge took from this side."""
NUMBER_BLOCK: Final = f"{BASE}/CodeSystem/number-block"
SCHEDULED_AT: Final = f"{BASE}/StructureDefinition/scheduled-at"
"""MedicationAdministration extension, valueDateTime: the slot of the plan that a dose fulfils."""
TIMING_REASON: Final = f"{BASE}/StructureDefinition/timing-reason"
"""MedicationAdministration extension, valueString: why it was given early, late or unplanned."""
SCANNED: Final = f"{BASE}/StructureDefinition/scanned"
"""MedicationAdministration extension, valueCode: ``patient-and-drug``, ``patient``, ``drug``."""
DOSE_OUTCOME: Final = f"{BASE}/CodeSystem/dose-outcome"
"""Codes ``partial``, ``withheld``, ``refused``, ``unavailable``, ``rate``, ``bag``, ``pause``."""
DOSE_EFFECT: Final = f"{BASE}/CodeSystem/dose-effect"
"""Code ``effect`` of the Observation; values ``good``, ``some``, ``none``, ``harm``."""
PERFORM_FUNCTION: Final = "http://terminology.hl7.org/CodeSystem/med-admin-perform-function"
