"""The search parameters that this server supports: the one table behind index, search, capability.

The meaning of each comes from R4's own definitions; this table only says which are kept indexed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from hospital.schema.r4 import r4

EVERYWHERE: Final = (
    "identifier",
    "patient",
    "subject",
    "encounter",
    "status",
    "code",
    "category",
    "date",
    "type",
    "class",
)
"""Supported on every type for which R4 defines them."""

ALSO: Final[dict[str, tuple[str, ...]]] = {
    "AllergyIntolerance": ("clinical-status", "verification-status", "criticality", "onset"),
    "Appointment": ("actor", "practitioner", "location"),
    "AuditEvent": ("agent", "entity"),
    "Basic": ("created", "author"),
    "CareTeam": ("participant",),
    "ChargeItem": ("account", "context", "service"),
    "Claim": ("payee", "provider", "created"),
    "ClaimResponse": ("request", "outcome"),
    "ClinicalImpression": ("assessor",),
    "Composition": ("author", "title", "entry"),
    "Condition": ("clinical-status", "verification-status", "onset-date", "recorded-date"),
    "DetectedIssue": ("implicated", "identified", "author"),
    "Device": ("device-name",),
    "DiagnosticReport": ("result", "issued", "performer", "based-on"),
    "DocumentReference": ("author", "period", "description", "relatesto"),
    "Encounter": (
        "appointment",
        "location",
        "location-period",
        "participant",
        "practitioner",
        "part-of",
        "diagnosis",
        "reason-code",
        "service-provider",
    ),
    "Flag": ("author",),
    "ImagingStudy": ("started", "modality", "basedon"),
    "Immunization": ("vaccine-code",),
    "Location": ("name", "partof", "organization", "operational-status"),
    "Medication": ("ingredient",),
    "MedicationAdministration": (
        "effective-time",
        "context",
        "request",
        "performer",
        "medication",
    ),
    "MedicationDispense": ("whenhandedover", "prescription", "context"),
    "MedicationRequest": ("authoredon", "intent", "requester", "medication", "priority"),
    "MedicationStatement": ("effective", "context"),
    "Observation": ("performer", "based-on", "has-member", "derived-from", "component-code"),
    "Organization": ("name", "partof"),
    "Patient": (
        "name",
        "family",
        "given",
        "birthdate",
        "gender",
        "active",
        "telecom",
        "address",
        "link",
        "general-practitioner",
        "death-date",
    ),
    "Practitioner": ("name", "family", "given", "active", "telecom"),
    "PractitionerRole": ("practitioner", "organization", "location", "role", "active"),
    "Procedure": ("performer", "based-on", "reason-code"),
    "Provenance": ("target", "agent", "recorded", "entity"),
    "Questionnaire": ("name", "url", "title", "version"),
    "QuestionnaireResponse": ("authored", "questionnaire", "author"),
    "RelatedPerson": ("name", "birthdate", "gender"),
    "Schedule": ("actor",),
    "ServiceRequest": ("authored", "requester", "intent", "priority", "occurrence", "based-on"),
    "Slot": ("schedule", "start"),
    "Specimen": ("collected", "accession"),
    "Task": (
        "focus",
        "owner",
        "requester",
        "authored-on",
        "modified",
        "intent",
        "priority",
        "business-status",
        "based-on",
        "part-of",
    ),
}
"""Supported besides, by type."""

_INDEXED: Final = frozenset({"token", "reference", "date", "string", "uri"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A supported search parameter of one type.

    Attributes:
        name: As in a query.
        kind: ``token``, ``reference``, ``date``, ``string`` or ``uri``.
        labels: Names of the index paths, such as ``Observation.subject``.
        targets: Resource types that a reference may point at; empty for any.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexPath:
    """One element whose values are indexed.

    Attributes:
        label: ``Observation.subject``.
        steps: The element names to walk.
        kind: Which index it fills, as in `Parameter.kind`.
        datatype: What is found there, such as ``Reference``.
    """

    label: str
    steps: tuple[str, ...]
    kind: str
    datatype: str


@cache
def parameters(type_: str) -> dict[str, Parameter]:
    """The supported parameters of a type by name, beside those of every type (``_id`` …)."""
    table = {"_tag": Parameter("_tag", "token", (f"{type_}.meta.tag",), ())}
    for name, known in r4().parameters.get(type_, {}).items():
        if name in (*EVERYWHERE, *ALSO.get(type_, ())) and known.kind in _INDEXED:
            labels = tuple(f"{type_}.{path}" for path, _ in known.paths)
            table[name] = Parameter(name, known.kind, labels, tuple(known.targets))
    return table


@cache
def index_paths(type_: str) -> tuple[IndexPath, ...]:
    """Every element of a type that some supported parameter, or the compartment, looks at."""
    found: dict[tuple[str, str], IndexPath] = {}
    supported = parameters(type_)
    compartment = set(r4().compartment.get(type_, []))
    for name, known in r4().parameters.get(type_, {}).items():
        for path, datatype in known.paths:
            member = known.kind == "reference" and path in compartment
            if (name in supported or member) and known.kind in _INDEXED:
                entry = IndexPath(f"{type_}.{path}", tuple(path.split(".")), known.kind, datatype)
                found[entry.label, known.kind] = entry
    tag = IndexPath(f"{type_}.meta.tag", ("meta", "tag"), "token", "Coding")
    return (*found.values(), tag)


@cache
def index_paths_by_first(type_: str) -> dict[str, tuple[IndexPath, ...]]:
    """`index_paths` by the first element name they step to."""
    found: dict[str, tuple[IndexPath, ...]] = {}
    for path in index_paths(type_):
        found[path.steps[0]] = (*found.get(path.steps[0], ()), path)
    return found


@cache
def compartment_labels(type_: str) -> tuple[str, ...]:
    """The index paths by which a resource of this type belongs to a patient."""
    return tuple(f"{type_}.{path}" for path in r4().compartment.get(type_, []))


@cache
def member_labels() -> tuple[str, ...]:
    """The index paths of every type by which a resource belongs to a patient."""
    return tuple(label for type_ in r4().compartment for label in compartment_labels(type_))
