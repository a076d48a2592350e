"""An Encounter without its last step, which never was: nothing else in it is touched."""

from __future__ import annotations

from copy import deepcopy

from workstation.fhir import elements, systems
from workstation.fhir.json import Resource
from workstation.fhir.stay_facts import admission_diagnosis, ending_diagnoses
from workstation.fhir.stays import extended, kept_hospitalization


def not_discharged(resource: Resource) -> Resource:
    """The discharge never was: the stay goes on where and how it stood before."""
    end = elements.mapping(resource.get("period")).get("end")
    patched = _status_before(resource)
    _without_end(patched)
    patched.pop("hospitalization", None)
    kept = kept_hospitalization(resource)
    if kept:
        patched["hospitalization"] = kept
    _without_diagnoses(patched, ending_diagnoses(resource))
    for item in elements.objects(patched.get("location")):
        ended = elements.mapping(item.get("period")).get("end")
        if item.get("status") == "completed" and end is not None and ended == end:
            _reopen(item)
    return patched


def not_moved(resource: Resource) -> Resource:
    """The last move never was: the patient lies where he or she lay before."""
    patched = deepcopy(resource)
    places = elements.objects(patched.get("location"))
    came = [item for item in places if item.get("status") == "active"]
    start = elements.mapping(came[-1].get("period")).get("start") if came else None
    patched["location"] = [item for item in places if item not in came]
    for item in patched["location"]:
        ended = elements.mapping(item.get("period")).get("end")
        if item.get("status") == "completed" and ended == start:
            _reopen(item)
    return patched


def not_left(resource: Resource) -> Resource:
    """The leave never was."""
    return extended(_status_before(resource), systems.LEAVE_UNTIL, None)


def not_returned(resource: Resource) -> Resource:
    """The return never was: the patient is still on leave, and expected when said before."""
    return _status_before(resource)


def not_admitted(resource: Resource, ward: str, *, display: str) -> Resource:
    """The admission never was: somebody expected is expected still; others never came.

    When, why and in which bed is as it was planned.

    Args:
        resource: The stored Encounter; it is not touched.
        ward: Id of the Location where the patient is expected, if the stay does not say it.
        display: Its name.
    """
    history = elements.objects(resource.get("statusHistory"))
    if [item.get("status") for item in history] != ["planned"]:
        patched = deepcopy(resource)
        patched["status"] = "entered-in-error"
        return patched
    patched = _status_before(resource)
    planned = elements.extension(history[0], systems.PLANNED_AS)
    said = elements.objects(planned.get("extension"))
    if said:
        _plan_again(patched, planned)
    places = _values(said, "place", "valueReference")
    start = elements.mapping(patched.get("period")).get("start")
    when = {"period": {"start": start}} if start else {}
    patched["location"] = [
        {"location": place, "status": "planned", **when}
        for place in places or [{"reference": f"Location/{ward}", "display": display}]
    ]
    written = admission_diagnosis(resource)
    _without_diagnoses(patched, () if written is None else (written,))
    return patched


def alive(patient: Resource) -> Resource:
    """A patient who did not die."""
    patched = deepcopy(patient)
    patched.pop("deceasedBoolean", None)
    patched.pop("deceasedDateTime", None)
    return patched


def _values(said: list[Resource], url: str, kind: str) -> list[Resource]:
    return [each[kind] for each in said if each.get("url") == url and each.get(kind)]


def _plan_again(patched: Resource, planned: Resource) -> None:
    """Time, reason and care level as they were planned; what was not planned is not there."""
    part = elements.extensions(planned)
    patched.pop("period", None)
    if at := elements.text(part.get("at", {}).get("valueDateTime")):
        patched["period"] = {"start": at}
    patched.pop("reasonCode", None)
    said = elements.objects(planned.get("extension"))
    if reasons := _values(said, "reason", "valueCodeableConcept"):
        patched["reasonCode"] = reasons
    level = elements.text(part.get("level", {}).get("valueCode"))
    item = {"url": systems.CARE_LEVEL, "valueCode": level} if level else None
    kept = extended(patched, systems.CARE_LEVEL, item)
    patched.pop("extension", None)
    if "extension" in kept:
        patched["extension"] = kept["extension"]


def _without_diagnoses(patched: Resource, conditions: tuple[str, ...]) -> None:
    """Without those that were written with the step; what others named is kept."""
    kept = [
        item
        for item in elements.objects(patched.get("diagnosis"))
        if elements.reference_id(item.get("condition"), "Condition") not in conditions
    ]
    patched.pop("diagnosis", None)
    if kept:
        patched["diagnosis"] = kept


def _status_before(resource: Resource) -> Resource:
    """In the status before; the entry of the history that said so is gone."""
    patched = deepcopy(resource)
    history = elements.objects(patched.get("statusHistory"))
    patched["status"] = history[-1]["status"] if history else "in-progress"
    patched["statusHistory"] = history[:-1]
    if not patched["statusHistory"]:
        del patched["statusHistory"]
    return patched


def _reopen(item: Resource) -> None:
    """The place is taken again; of an empty period nothing is left, since R4 has none."""
    item["status"] = "active"
    _without_end(item)


def _without_end(item: Resource) -> None:
    period = {key: value for key, value in elements.mapping(item.get("period")).items()
              if key not in ("end", "_end")}  # fmt: skip
    item.pop("period", None)
    if period:
        item["period"] = period
