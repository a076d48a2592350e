"""New versions of an Encounter: admitted, moved, transferred, on leave, ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, Final

from workstation.clinical.care_level import CareLevel
from workstation.clinical.stays import Disposition, Outcome
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.fhir.stay_facts import ADMISSION, Remark, status_since

_HL7: Final[Mapping[Disposition, str]] = {
    Disposition.DISCHARGED: "home",
    Disposition.ASKED_TO_LEAVE: "aadvice",
    Disposition.REFERRED: "other-hcf",
    Disposition.DIED: "exp",
}
"""What others understand too; absconding and being taken home have no code of HL7."""

_DISPOSITIONS: Final[Mapping[Disposition, str]] = {
    Disposition.DISCHARGED: "Ra viện",
    Disposition.ASKED_TO_LEAVE: "Xin về",
    Disposition.ABSCONDED: "Bỏ về",
    Disposition.TAKEN_HOME: "Đưa về",
    Disposition.REFERRED: "Chuyển viện",
    Disposition.DIED: "Tử vong",
}
_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.CURED: "Khỏi",
    Outcome.BETTER: "Đỡ, giảm",
    Outcome.UNCHANGED: "Không thay đổi",
    Outcome.WORSE: "Nặng hơn",
    Outcome.DIED: "Tử vong",
}
"""As the medical record of Circular 32/2023/TT-BYT words them, for those who do not know our codes
and for whoever decides between two endings."""


def new(
    entry: Entry,
    place: Resource,
    *,
    status: str,
    reason: Mapping[str, Any],
    level: CareLevel | None = None,
) -> Resource:
    """Make an inpatient stay.

    Args:
        entry: Whose, by whom, from when on.
        place: An entry of its places, of `place_entry`.
        status: ``in-progress``, or ``planned`` for somebody expected.
        reason: CodeableConcept of the diagnosis.
        level: Nursing care level.
    """
    resource: Resource = {
        **entry.head("Encounter"),
        "status": status,
        "class": {"system": systems.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
        "subject": entry.subject,
        "period": {"start": entry.time},
        "reasonCode": [dict(reason)],
        "location": [place],
    }
    return resource if level is None else with_care_level(resource, level)


def place_entry(location: str, display: str, status: str, at: datetime) -> Resource:
    """An entry of Encounter.location: ``active``, or ``planned`` for where a patient is to come."""
    return {
        "location": {"reference": f"Location/{location}", "display": display},
        "status": status,
        "period": {"start": _time(at)},
    }


def with_care_level(resource: Resource, level: CareLevel) -> Resource:
    """Another care level."""
    return extended(
        resource, systems.CARE_LEVEL, {"url": systems.CARE_LEVEL, "valueCode": level.value}
    )


def with_diagnosis(
    resource: Resource, condition: str, use: str = ADMISSION, rank: int = 1
) -> Resource:  # fmt: skip
    """One more diagnosis of the stay: its Condition, what for, and its place among those."""
    item = {
        "condition": {"reference": f"Condition/{condition}"},
        "use": {"coding": [{"system": systems.DIAGNOSIS_ROLE, "code": use}]},
        "rank": rank,
    }
    patched = deepcopy(resource)
    patched["diagnosis"] = [*elements.objects(patched.get("diagnosis")), item]
    return patched


def admitted(resource: Resource, bed: str, *, display: str, at: datetime) -> Resource:
    """Somebody expected has come and lies in a bed: the stay begins, what was planned is past."""
    patched = _in_status(resource, "in-progress", at)
    if resource.get("status") == "planned":
        patched["statusHistory"][-1]["extension"] = [_as_planned(resource)]
    patched["period"] = {**elements.mapping(resource.get("period")), "start": _time(at)}
    patched["period"].pop("end", None)
    patched["location"] = [*_without_planned(patched), place_entry(bed, display, "active", at)]
    return patched


def moved(resource: Resource, bed: str, *, display: str, at: datetime) -> Resource:
    """The patient lies in another bed.

    Args:
        resource: The stored Encounter; it is not touched. Its entries that were active end now.
        bed: Id of the Location.
        display: Its name.
        at: When (aware).
    """
    patched = deepcopy(resource)
    _leave_beds(patched, at)
    places = elements.objects(patched.get("location"))
    patched["location"] = [*places, place_entry(bed, display, "active", at)]
    return patched


def transfer_requested(
    resource: Resource, ward: str, *, display: str, at: datetime
) -> Resource:  # fmt: skip
    """A transfer is asked for, in place of one asked for before; an old refusal is settled."""
    patched = extended(resource, systems.TRANSFER_REFUSED, None)
    patched["location"] = [
        *_without_planned(patched),
        place_entry(ward, display, "planned", at),
    ]
    return patched


def transfer_accepted(resource: Resource, bed: str, *, display: str, at: datetime) -> Resource:
    """The other ward gave a bed: what was planned is where the patient lies."""
    patched = deepcopy(resource)
    patched["location"] = _without_planned(patched)
    return moved(patched, bed, display=display, at=at)


def transfer_withdrawn(resource: Resource) -> Resource:
    """Nobody is to come any more."""
    patched = deepcopy(resource)
    patched["location"] = _without_planned(patched)
    return patched


def transfer_refused(resource: Resource, remark: Remark) -> Resource:
    """The other ward does not take the patient, and says why."""
    item = _remark(systems.TRANSFER_REFUSED, "place", remark)
    return extended(transfer_withdrawn(resource), systems.TRANSFER_REFUSED, item)


def on_leave(resource: Resource, *, at: datetime, until: datetime) -> Resource:
    """The patient is on leave; the bed is kept."""
    patched = _in_status(resource, "onleave", at)
    item = {"url": systems.LEAVE_UNTIL, "valueDateTime": _time(until)}
    return extended(patched, systems.LEAVE_UNTIL, item)


def returned(resource: Resource, *, at: datetime) -> Resource:
    """The patient is back from leave."""
    return _in_status(resource, "in-progress", at)


def discharged(
    resource: Resource,
    *,
    at: datetime,
    disposition: Disposition | None = None,
    outcome: Outcome | None = None,
) -> Resource:
    """The stay is over: status, end, how; the bed is free, and no transfer waits."""
    patched = _in_status(resource, "finished", at)
    patched["period"] = {**elements.mapping(resource.get("period")), "end": _time(at)}
    patched["location"] = _without_planned(patched)
    _leave_beds(patched, at)
    if disposition is not None:
        patched["hospitalization"] = _ended(resource, disposition, outcome)
    return patched


def cancelled(resource: Resource, *, at: datetime) -> Resource:
    """Somebody expected does not come."""
    return _in_status(resource, "cancelled", at)


def with_taken_back(resource: Resource, remark: Remark) -> Resource:
    """Say of a stay that its last step was taken back, by whom and why."""
    return extended(
        resource, systems.STEP_TAKEN_BACK, _remark(systems.STEP_TAKEN_BACK, "step", remark)
    )


def deceased(patient: Resource, at: datetime) -> Resource:
    """A patient who died; everything else in the record is kept."""
    patched = deepcopy(patient)
    patched.pop("deceasedBoolean", None)
    patched["deceasedDateTime"] = _time(at)
    return patched


def _time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def extended(resource: Resource, url: str, item: Resource | None) -> Resource:
    """A version with one extension in place of the one of its address, or without."""
    patched = deepcopy(resource)
    kept = [each for each in elements.objects(patched.get("extension")) if each.get("url") != url]
    found = [*kept, item] if item is not None else kept
    patched.pop("extension", None)
    if found:
        patched["extension"] = found
    return patched


def _in_status(resource: Resource, status: str, at: datetime) -> Resource:
    """In another status; the one before goes into the history with its time."""
    patched = deepcopy(resource)
    before = elements.text(resource.get("status")) or "unknown"
    period: Resource = {"end": _time(at)}
    since = status_since(resource)
    if before != "planned" and since is not None and since <= at:
        period = {"start": _time(since), **period}
    history = elements.objects(patched.get("statusHistory"))
    patched["statusHistory"] = [*history, {"status": before, "period": period}]
    patched["status"] = status
    return patched


def _as_planned(resource: Resource) -> Resource:
    """What the admission overwrites of a plan, so that it can be as it was if nobody came."""
    start = elements.text(elements.mapping(resource.get("period")).get("start"))
    level = elements.extension(resource, systems.CARE_LEVEL).get("valueCode")
    reasons = elements.objects(resource.get("reasonCode"))
    places = elements.objects(resource.get("location"))
    said: list[Resource] = [
        *([{"url": "at", "valueDateTime": start}] if start else []),
        *({"url": "reason", "valueCodeableConcept": deepcopy(each)} for each in reasons),
        *([{"url": "level", "valueCode": level}] if level else []),
        *(
            {"url": "place", "valueReference": deepcopy(item["location"])}
            for item in places
            if item.get("status") == "planned" and item.get("location")
        ),
    ]
    return {"url": systems.PLANNED_AS, "extension": said}


def _leave_beds(patched: Resource, at: datetime) -> None:
    for item in elements.objects(patched.get("location")):
        if item.get("status") == "active":
            item["status"] = "completed"
            item["period"] = {**elements.mapping(item.get("period")), "end": _time(at)}


def _without_planned(resource: Resource) -> list[Resource]:
    places = elements.objects(resource.get("location"))
    return [item for item in places if item.get("status") != "planned"]


def _ended(resource: Resource, disposition: Disposition, outcome: Outcome | None) -> Resource:
    codings = [{"system": systems.DISPOSITION, "code": disposition.value}]
    if disposition in _HL7:
        codings.append({"system": systems.HL7_DISPOSITION, "code": _HL7[disposition]})
    how = {"coding": codings, "text": _ending_words(disposition, outcome)}
    found = {**kept_hospitalization(resource), "dischargeDisposition": how}
    if outcome is not None:
        words = _OUTCOMES[outcome]
        coding = {"system": systems.OUTCOME, "code": outcome.value, "display": words}
        item = {"url": systems.TREATMENT_OUTCOME, "valueCoding": coding}
        found = extended(found, systems.TREATMENT_OUTCOME, item)
    return found


def _ending_words(disposition: Disposition, outcome: Outcome | None) -> str:
    """Both in one line, so that two endings that differ in either differ to the eye."""
    words = _DISPOSITIONS[disposition]
    if outcome is None or outcome is Outcome.DIED:
        return words
    return f"{words}; kết quả điều trị: {_OUTCOMES[outcome].lower()}"


def kept_hospitalization(resource: Resource) -> Resource:
    """What others wrote about admission and discharge beside how the stay ended."""
    kept = {**elements.mapping(resource.get("hospitalization"))}
    kept.pop("dischargeDisposition", None)
    return extended(kept, systems.TREATMENT_OUTCOME, None)


def _remark(url: str, about: str, remark: Remark) -> Resource:
    parts: Sequence[Resource] = (
        {"url": about, "valueString": remark.about},
        {"url": "reason", "valueString": remark.reason},
        {"url": "by", "valueString": remark.by},
    )
    at = [{"url": "at", "valueDateTime": _time(remark.at)}] if remark.at is not None else []
    return {"url": url, "extension": [*parts, *at]}
