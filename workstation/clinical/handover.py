"""What a handover of one patient says: four sections (SBAR) and what must not be overlooked.

Source of the order: Haig KM, Sutton S, Whittington J. SBAR: a shared mental model for improving
communication between clinicians. Jt Comm J Qual Patient Saf 2006;32:167-75.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from workstation.clinical.age import Age
from workstation.clinical.care_level import CareLevel
from workstation.clinical.care_plan import Outcome
from workstation.clinical.order_safety import Words
from workstation.clinical.scores.warning import EarlyWarning, Risk
from workstation.clinical.vital_signs import VitalSigns
from workstation.clinical.ward_tasks import DueItem

Section = Literal["situation", "background", "assessment", "recommendation"]
SECTIONS: Final[tuple[Section, ...]] = (
    "situation",
    "background",
    "assessment",
    "recommendation",
)
State = Literal["open", "draft", "given", "asked", "accepted"]
"""Not begun, half written, given and waiting, given back with a question, taken over."""
Concern = Literal[
    "high-risk", "medium-risk", "rising", "not-complete", "uncalled", "critical-result", "late"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result, or one thing that happened.

    Attributes:
        words: What, in the words of the record.
        value: Its value with unit; may be empty.
        at: When (aware).
    """

    words: str
    value: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Fluids:
    """What went in and out since a moment, in mL.

    Attributes:
        complete: Whether all of it was measured.
    """

    since: datetime
    intake_ml: Decimal
    output_ml: Decimal
    complete: bool


@dataclass(frozen=True, slots=True)
class InPlace:
    """A line, drain, tube or wound.

    Attributes:
        words: What it is, in English, key of the translation.
        detail: Size or stage; may be empty.
        place: Where, in English, key of the translation.
        days: Whole days since it was put in.
        finding: What was graded badly when it was last looked at, in English; empty when nothing.
    """

    words: str
    detail: str
    place: str
    days: int
    finding: str


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """A nursing problem that goes on.

    Attributes:
        words: Its name.
        because: What it shows in and comes from; may be empty.
        outcome: How far its goals were reached when last evaluated; None when they were not.
        remark: What was said then; may be empty.
    """

    words: Words
    because: str
    outcome: Outcome | None
    remark: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a handover is written from.

    Attributes:
        name: Of the patient.
        bed: Name of the bed; may be empty.
        sex: Administrative sex.
        age: None when unknown.
        day: Day of the stay.
        diagnoses: All in one line; may be empty.
        care_level: None when none is set.
        score: Early-warning score of the newest values; None when nothing was measured.
        previous: Points of the set before.
        signs: The newest set.
        allergies: Substances; empty with `allergies_known` is "none known".
        allergies_known: Whether anybody asked.
        alerts: Codes of the flags that are up.
        drugs: Current orders in full: name, dose, unit, route, frequency or rate.
        in_place: Lines, drains, tubes and wounds, those that lie longest first.
        problems: Nursing problems that go on, the oldest first.
        fluids: None when nothing was charted.
        abnormal: Abnormal results since the last handover, the newest first.
        news: How many changes of each kind since then.
        ended: What was stopped, held or cancelled since then.
        due: What is due or will be in the next shift.
        pending: What was ordered and has no result yet.
        since: The last handover, or when this shift began.
        now: When this was read (aware).
        concluded: What consultations since then came to, and whether the chair has yet to sign it.
    """

    name: str
    bed: str
    sex: str
    age: Age | None
    day: int | None
    diagnoses: str
    care_level: CareLevel | None
    score: EarlyWarning | None
    previous: int | None
    signs: VitalSigns | None
    allergies: tuple[str, ...]
    allergies_known: bool
    alerts: tuple[str, ...]
    drugs: tuple[str, ...]
    in_place: tuple[InPlace, ...]
    problems: tuple[OpenProblem, ...]
    fluids: Fluids | None
    abnormal: tuple[Finding, ...]
    news: tuple[tuple[str, int], ...]
    ended: tuple[str, ...]
    due: tuple[DueItem, ...]
    pending: tuple[str, ...]
    since: datetime
    now: datetime
    concluded: tuple[tuple[str, bool], ...] = ()


def concerns(
    score: EarlyWarning | None, previous: int | None, due: tuple[DueItem, ...], now: datetime
) -> tuple[Concern, ...]:
    """What the next person must hear first, the gravest in front.

    The thresholds are those of the scores (RCP NEWS2 2017, chart 2: 5 points or one red parameter
    urgent, 7 an emergency), and of `workstation.clinical.ward_tasks` for what is late.
    """
    found: list[Concern] = []
    if score is not None and score.risk is Risk.HIGH:
        found.append("high-risk")
    elif score is not None and score.risk in (Risk.MEDIUM, Risk.LOW_MEDIUM):
        found.append("medium-risk")
    total = score.total if score is not None else None
    if total is not None and previous is not None and total > previous:
        found.append("rising")
    late = {item.kind for item in due if item.state(now) == "late"}
    if "escalation" in late:
        found.append("uncalled")
    if any(item.kind == "critical-result" and item.state(now) != "later" for item in due):
        found.append("critical-result")
    if late - {"escalation", "critical-result", "signature"}:
        found.append("late")
    if score is not None and not score.complete:
        found.append("not-complete")
    return tuple(found)
