"""What an Encounter says of a stay beyond where and since when: leave, ending, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.stays import Disposition, Outcome
from workstation.fhir import elements, systems

ADMISSION: Final = "AD"
MAIN: Final = "DD"
COMORBID: Final = "CM"
ENDING_USES: Final = (MAIN, COMORBID)
"""Uses of the diagnoses that a discharge writes (HL7 diagnosis-role)."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why something of a stay was refused or taken back.

    Attributes:
        reason: In the person's words.
        by: As shown.
        at: When (aware).
        about: What: the name of a place, or a code of `workstation.clinical.stays.Step`.
    """

    reason: str
    by: str
    at: datetime | None
    about: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stay ended.

    Attributes:
        disposition: None where the record says none of ours.
        outcome: The same.
    """

    disposition: Disposition | None
    outcome: Outcome | None


def leave_until(resource: Mapping[str, Any]) -> datetime | None:
    """When somebody on leave is expected back."""
    return elements.instant(elements.extension(resource, systems.LEAVE_UNTIL).get("valueDateTime"))


def status_since(resource: Mapping[str, Any]) -> datetime | None:
    """Since when the stay has its status: end of the last entry of its history, else its start."""
    ends = [
        elements.instant(elements.mapping(item.get("period")).get("end"))
        for item in elements.objects(resource.get("statusHistory"))
    ]
    known = [end for end in ends if end is not None]
    start = elements.instant(elements.mapping(resource.get("period")).get("start"))
    return max(known) if known else start


def ending(resource: Mapping[str, Any]) -> Ending:
    """How a stay ended, as far as the record says it in our codes."""
    how = elements.mapping(resource.get("hospitalization"))
    disposition = elements.code_of(how.get("dischargeDisposition"), systems.DISPOSITION)
    coding = elements.mapping(elements.extension(how, systems.TREATMENT_OUTCOME).get("valueCoding"))
    outcome = coding.get("code")
    return Ending(
        next((each for each in Disposition if each.value == disposition), None),
        next((each for each in Outcome if each.value == outcome), None),
    )


def refusal(resource: Mapping[str, Any]) -> Remark | None:
    """Why the last transfer was refused; None when none was since the last was asked for."""
    return _read_remark(elements.extension(resource, systems.TRANSFER_REFUSED), "place")


def taken_back(resource: Mapping[str, Any]) -> Remark | None:
    """What was taken back last, by whom and why."""
    return _read_remark(elements.extension(resource, systems.STEP_TAKEN_BACK), "step")


def last_place_start(resource: Mapping[str, Any]) -> datetime | None:
    """Since when the patient lies where he or she lies."""
    starts = [
        elements.instant(elements.mapping(item.get("period")).get("start"))
        for item in elements.objects(resource.get("location"))
        if item.get("status") == "active"
    ]
    return max((start for start in starts if start is not None), default=None)


def came_back_at(resource: Mapping[str, Any]) -> datetime | None:
    """When the patient came back from the last leave; None if nobody was on leave last."""
    history = elements.objects(resource.get("statusHistory"))
    if not history or history[-1].get("status") != "onleave":
        return None
    return elements.instant(elements.mapping(history[-1].get("period")).get("end"))


def admission_diagnosis(resource: Mapping[str, Any]) -> str | None:
    """Id of the Condition that was written at the admission.

    It is the last of its use: whoever sent the patient may have named one before.
    """
    found = [
        elements.reference_id(item.get("condition"), "Condition")
        for item in elements.objects(resource.get("diagnosis"))
        if elements.any_code(item.get("use")) == ADMISSION
    ]
    return found[-1] if found else None


def ending_diagnoses(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the Conditions that were written at the discharge."""
    found = (
        elements.reference_id(item.get("condition"), "Condition")
        for item in elements.objects(resource.get("diagnosis"))
        if elements.any_code(item.get("use")) in ENDING_USES
    )
    return tuple(each for each in found if each is not None)


def bed_before(resource: Mapping[str, Any]) -> tuple[str, datetime] | None:
    """The Location that the patient was moved out of last, and when; None if there is none.

    It ended in the very moment in which the place where the patient lies now began.
    """
    places = elements.objects(resource.get("location"))
    active = [item for item in places if item.get("status") == "active"]
    start = elements.mapping(active[-1].get("period")).get("start") if active else None
    moment = elements.instant(start)
    for item in places:
        ended = elements.mapping(item.get("period")).get("end")
        location = elements.reference_id(item.get("location"), "Location")
        if item.get("status") == "completed" and location and moment and ended == start:
            return location, moment
    return None


def _read_remark(item: Mapping[str, Any], about: str) -> Remark | None:
    if not item:
        return None
    part = elements.extensions(item)
    return Remark(
        reason=elements.text(elements.mapping(part.get("reason")).get("valueString")) or "",
        by=elements.text(elements.mapping(part.get("by")).get("valueString")) or "",
        at=elements.instant(elements.mapping(part.get("at")).get("valueDateTime")),
        about=elements.text(elements.mapping(part.get(about)).get("valueString")) or "",
    )
