"""What a timeline needs to know of any resource: its kind, time, status, author and title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.compartment import encounter_of, patient_of

DOCTOR_NOTE: Final = "11506-3"
NURSE_NOTE: Final = "34746-8"
CONSULT_NOTE: Final = "11488-4"
SIGNATURE_ASKED: Final = "signature-asked"
"""The kind of a Task that stands beside the note that it asks to sign, not for itself."""

_KINDS: Final[Mapping[str, str]] = {
    "AllergyIntolerance": "allergy",
    "CarePlan": "care-plan",
    "ClinicalImpression": "impression",
    "Composition": "document",
    "DetectedIssue": "alert",
    "DiagnosticReport": "report",
    "DocumentReference": "document",
    "Encounter": "stay",
    "Flag": "flag",
    "ImagingStudy": "imaging",
    "Immunization": "immunization",
    "MedicationAdministration": "dose",
    "MedicationRequest": "medication-order",
    "NutritionOrder": "order",
    "Provenance": "provenance",
    "ServiceRequest": "order",
    "Task": "task",
}
OBSERVATION_KINDS: Final = {
    "fluid-balance": "fluid-balance",
    "laboratory": "laboratory",
    "nursing": "care-plan",
    "vital-signs": "vital-signs",
}
_LABORATORY_HINTS: Final = frozenset({"LAB", "laboratory"})
OBSERVATION_CODES: Final = _LABORATORY_HINTS | OBSERVATION_KINDS.keys()
"""An Observation whose categories hold none of these is just a finding."""
_NOTE_KINDS: Final = {
    DOCTOR_NOTE: "doctor-note",
    NURSE_NOTE: "nurse-note",
    CONSULT_NOTE: "consultation",
}
_TASK_KINDS: Final = {
    "resolve-conflict": "conflict",
    "note-signed": "signature",
    "sign-note": SIGNATURE_ASKED,
}

_TIMES: Final = (
    "effectiveDateTime",
    "effectiveInstant",
    "effectivePeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "performedDateTime",
    "performedPeriod",
    "identifiedDateTime",
    "identifiedPeriod",
    "authoredOn",
    "dateTime",
    "date",
    "recordedDate",
    "recorded",
    "started",
    "period",
    "onsetDateTime",
    "issued",
    "sent",
    "created",
)
_AUTHORS: Final = (
    "author",
    "performer",
    "recorder",
    "asserter",
    "requester",
    "orderer",
    "assessor",
    "agent",
    "participant",
)
_ACTORS: Final = ("actor", "who", "individual", "member")
_TITLES: Final = (
    "code",
    "medicationCodeableConcept",
    "vaccineCode",
    "procedureCode",
    "type",
    "reasonCode",
    "category",
)
_STATUSES: Final = ("status", "clinicalStatus")


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a timeline.

    Attributes:
        kind: ``vital-signs``, ``laboratory``, ``doctor-note``, ``dose``, …; what has no name of
            its own is ``other``.
        at: When it happened (aware); ``None`` if the record does not say.
        status: FHIR status, of allergies and diagnoses the clinical status.
        author: Who did it: the words to show, else the reference.
        patient: Id of the Patient.
        encounter: Id of the Encounter.
        title: What it is, in the words of the record.
    """

    kind: str
    at: datetime | None
    status: str | None
    author: str | None
    patient: str | None
    encounter: str | None
    title: str | None


def summarise(resource: Mapping[str, Any]) -> Summary:
    """Read one resource of any type; what is absent or odd is ``None``."""
    return Summary(
        kind=kind_of(resource),
        at=at_of(resource),
        status=status_of(resource),
        author=author_of(resource),
        patient=patient_of(resource),
        encounter=encounter_of(resource),
        title=title_of(resource),
    )


def kind_of(resource: Mapping[str, Any]) -> str:
    """What a resource is to the people on the ward."""
    own = elements.text(resource.get("resourceType")) or ""
    special = _SPECIAL.get(own)
    return special(resource) if special else _KINDS.get(own, "other")


def at_of(resource: Mapping[str, Any]) -> datetime | None:
    """When it happened; of a period its start, of an open one without start its end."""
    return next((at for at in map(elements.instant, _moments(resource)) if at is not None), None)


def status_of(resource: Mapping[str, Any]) -> str | None:
    """The status, ``entered-in-error`` before any other."""
    verification = elements.any_code(resource.get("verificationStatus"))
    if verification == "entered-in-error":
        return verification
    for name in _STATUSES:
        value = resource.get(name)
        found = elements.text(value) or elements.any_code(value)
        if found is not None:
            return found
    return None


def author_of(resource: Mapping[str, Any]) -> str | None:
    """Who did it: the display of the first author, else the reference."""
    people = list(_people(resource))
    shown = (elements.display(person) for person in people)
    return next((words for words in shown if words), None) or next(
        (found for person in people if (found := elements.reference(person))), None
    )


def title_of(resource: Mapping[str, Any]) -> str | None:
    """What it is in the words of the record: a title, a description, or the first code's words."""
    title = elements.text(resource.get("title")) or elements.text(resource.get("description"))
    if title is not None:
        return title
    diet = elements.concept_text(elements.mapping(resource.get("oralDiet")).get("type"))
    return diet or next(
        (words for name in _TITLES if (words := elements.concept_text(resource.get(name)))), None
    )


def _observation(resource: Mapping[str, Any]) -> str:
    codes = [code for _, code in elements.codings(resource.get("category"))]
    if not _LABORATORY_HINTS.isdisjoint(codes):
        return "laboratory"
    return next((OBSERVATION_KINDS[code] for code in codes if code in OBSERVATION_KINDS), "finding")


def _document(resource: Mapping[str, Any]) -> str:
    return _NOTE_KINDS.get(elements.code_of(resource.get("type"), systems.LOINC) or "", "document")


def _condition(resource: Mapping[str, Any]) -> str:
    wound = elements.has_code(resource.get("category"), systems.WARD_CATEGORY, "wound")
    return "wound" if wound else "diagnosis"


def _procedure(resource: Mapping[str, Any]) -> str:
    nursing = elements.has_code(resource.get("category"), systems.WARD_CATEGORY, "nursing")
    return "nursing-care" if nursing else "procedure"


def _task(resource: Mapping[str, Any]) -> str:
    return _TASK_KINDS.get(elements.code_of(resource.get("code"), systems.TASK) or "", "task")


_SPECIAL: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "Condition": _condition,
    "Observation": _observation,
    "DocumentReference": _document,
    "Procedure": _procedure,
    "Task": _task,
}


def _moments(resource: Mapping[str, Any]) -> Iterator[Any]:
    for name in _TIMES:
        value = resource.get(name)
        if isinstance(value, dict):
            yield value.get("start")
            yield value.get("end")
        else:
            yield value
    collected = elements.mapping(resource.get("collection"))
    yield collected.get("collectedDateTime")
    yield elements.mapping(resource.get("meta")).get("lastUpdated")


def _people(resource: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _AUTHORS:
        for item in elements.objects(resource.get(name)):
            if "reference" in item or "display" in item:
                yield item
            for actor in _ACTORS:
                if isinstance(item.get(actor), dict):
                    yield item[actor]
