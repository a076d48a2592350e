"""Before, theirs and mine of a conflict, line by line, in the words of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workstation.fhir import systems
from workstation.fhir.fields import Field, part, read, same, stem
from workstation.fhir.json import Resource
from workstation.fhir.values import NameOf, Say, shown

RECORDS: Final = {
    "Patient": "record|Personal details",
    "Encounter": "record|Stay",
    "AllergyIntolerance": "record|Allergy",
    "Condition": "record|Diagnosis",
    "Flag": "record|Alert",
    "MedicationRequest": "record|Prescription",
    "MedicationAdministration": "record|Dose given",
    "MedicationStatement": "record|Medication taken",
    "Observation": "record|Measurement",
    "DiagnosticReport": "record|Report",
    "DocumentReference": "record|Note",
    "Procedure": "record|Procedure",
    "CarePlan": "record|Nursing problem",
    "Goal": "record|Goal",
    "ServiceRequest": "record|Order",
    "Location": "record|Bed or ward",
    "Practitioner": "record|Staff member",
    "Provenance": "record|Origin of an entry",
    "Task": "record|Task",
    "DetectedIssue": "record|Safety alert",
    "Immunization": "record|Vaccination",
}
"""What people call a record of each type; the key of its word."""
UNKNOWN_RECORD: Final = "record|Record"

LABELS: Final = {
    "status": "field|Status",
    "docStatus": "field|Status of the note",
    "clinicalStatus": "field|Status",
    "verificationStatus": "field|Certainty",
    "statusReason": "field|Reason",
    "criticality": "field|Criticality",
    "severity": "field|Severity",
    "reaction": "field|Reaction",
    "name": "field|Name",
    "birthDate": "field|Date of birth",
    "gender": "field|Sex",
    "telecom": "field|Contact",
    "address": "field|Address",
    "contact": "field|Relative",
    "identifier": "field|Number",
    "deceased": "field|Deceased",
    "active": "field|Active",
    "maritalStatus": "field|Marital status",
    "period": "field|Period",
    "location": "field|Bed",
    "diagnosis": "field|Diagnosis",
    "participant": "field|Staff in charge",
    "hospitalization": "field|Admission and discharge",
    "reasonCode": "field|Reason",
    "class": "field|Kind of stay",
    "medication": "field|Drug",
    "dosageInstruction": "field|Dose, route and frequency",
    "dosage": "field|Dose and route",
    "requester": "field|Ordered by",
    "performer": "field|Done by",
    "authoredOn": "field|Ordered at",
    "effective": "field|Time",
    "issued": "field|Reported at",
    "value": "field|Value",
    "component": "field|Values",
    "interpretation": "field|Interpretation",
    "dataAbsentReason": "field|Why there is no value",
    "onset": "field|Onset",
    "bodySite": "field|Place",
    "performed": "field|Time",
    "abatement": "field|End",
    "note": "field|Remark",
    "content": "field|Text",
    "context": "field|Time, place and people",
    "date": "field|Date",
    "author": "field|Author",
    "authenticator": "field|Signed by",
    "priority": "field|Priority",
    "category": "field|Category",
    "operationalStatus": "field|Occupancy",
    "partOf": "field|Belongs to",
    "description": "field|Description",
    "conclusion": "field|Conclusion",
    "result": "field|Results",
    "type": "field|Type",
    "language": "field|Language",
    "communication": "field|Language",
    "generalPractitioner": "field|Family doctor",
    "photo": "field|Photo",
    "title": "field|Problem",
    "contained": "field|Problem and goals",
    "goal": "field|Goals",
    "lifecycleStatus": "field|Status",
    "target": "field|Target",
    "startDate": "field|Begin",
    "statusDate": "field|Date",
    "expressedBy": "field|Ordered by",
    "activity": "field|Interventions",
    "outcome": "field|What came of it",
    "basedOn": "field|By which plan",
    "link": "field|Same person as",
}
_CODE: Final = {
    "AllergyIntolerance": "field|Substance",
    "Condition": "field|Diagnosis",
    "Flag": "field|Alert",
    "ServiceRequest": "field|Order",
    "Procedure": "field|Procedure",
}
_EXTENSIONS: Final = {
    systems.CARE_LEVEL: "field|Care level",
    systems.RECORDED_AT: "field|Recorded at",
    systems.LEAVE_UNTIL: "field|Expected back",
    systems.TRANSFER_REFUSED: "field|Transfer refused",
    systems.STEP_TAKEN_BACK: "field|Step taken back",
}
OTHER: Final = "field|Further information"
_HIDDEN: Final = frozenset({"resourceType", "id", "meta", "text", "identifier"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison.

    Attributes:
        label: Word of the form: the key of its translation, with its context before the bar.
        before: What both sides started from.
        theirs: What stands in the record now.
        mine: What was meant by the side that was put aside.
    """

    label: str
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Versions:
    """The three versions to compare; None where there is none."""

    type: str
    base: Resource | None
    theirs: Resource | None
    mine: Resource | None


def lines(field: Field, versions: Versions, say: Say, name_of: NameOf) -> tuple[Line, ...]:
    """How one field of the candidate differs from what stands in the record.

    Args:
        field: Decided as one.
        versions: To compare.
        say: Words of the language.
        name_of: Names of what references point to.

    Returns:
        A line for each element in which any two of the three differ.
    """
    sides = [side or {} for side in (versions.base, versions.theirs, versions.mine)]
    if field.name == "record-deleted":
        return _deletion(versions, say)
    if field.by is not None:
        values = [read(side, field) for side in sides]
        label = _entry_label(versions.type, field, next(v for v in (*values, {}) if v is not None))
        return (_line(label, values, say, name_of),)
    return tuple(
        _line(_label(versions.type, name), values, say, name_of)
        for name in field.elements
        if (values := [_value(side, name) for side in sides]) and _differ(values)
    )


def elsewhere(
    touched: tuple[Field, ...], versions: Versions, say: Say, name_of: NameOf
) -> tuple[Line, ...]:
    """What only the others changed: it stays, whatever is decided."""
    base, theirs = versions.base or {}, versions.theirs or {}
    taken = {element for field in touched for element in field.elements}
    stems = dict.fromkeys(stem(name) for name in (*theirs, *base) if name not in _HIDDEN)
    pairs = [(name, _value(base, name), _value(theirs, name)) for name in stems]
    return tuple(
        _line(_label(versions.type, name), [before, now, before], say, name_of)
        for name, before, now in pairs
        if name not in taken and not same(before, now)
    )


def title(resource: Mapping[str, Any] | None, say: Say) -> str:
    """What one record is about in a few words: the drug, the substance, the test."""
    known = resource or {}
    for element in ("medication", "code", "type", "title"):
        words = shown(_value(known, element), say)
        if words:
            return words
    return ""


def _deletion(versions: Versions, say: Say) -> tuple[Line, ...]:
    base, theirs, mine = (
        say("code|Present") if side is not None else say("code|Deleted")
        for side in (versions.base, versions.theirs, versions.mine)
    )
    return (Line("field|Record", base, theirs, mine),)


def _line(label: str, values: list[Any], say: Say, name_of: NameOf) -> Line:
    before, theirs, mine = (shown(value, say, name_of) for value in values)
    return Line(label, before, theirs, mine)


def _value(resource: Mapping[str, Any], name: str) -> Any:
    """The value of an element, whichever of its ``[x]`` it has."""
    found = part(resource, (name,))
    plain = [value for key, value in found.items() if not key.startswith("_")]
    return plain[0] if plain else None


def _differ(values: list[Any]) -> bool:
    return not all(same(values[0], value) for value in values[1:])


def _label(type_: str, name: str) -> str:
    if name == "code":
        return _CODE.get(type_, "field|Kind")
    return LABELS.get(name, OTHER)


def _entry_label(type_: str, field: Field, entry: Any) -> str:
    if field.name == "extension" and isinstance(entry, dict):
        return _EXTENSIONS.get(str(entry.get("url")), OTHER)
    return _label(type_, field.name)
