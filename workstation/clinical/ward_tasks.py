"""What is due on a ward, in one list: what comes first, what is late, and what stays quiet.

An alarm that cries wolf is not heard: 72 to 99 % of clinical alarms are false or need nothing done
(Sendelbach S, Funk M. Alarm fatigue: a patient safety concern. AACN Adv Crit Care 2013;24:378-86).
So a patient has one line of a kind; it is quiet until it is due, says so from then on, and only
counts as late when more time has gone by than its kind allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

Kind = Literal[
    "escalation",
    "critical-result",
    "dose",
    "vital-signs",
    "order",
    "assessment",
    "care-site",
    "signature",
    "task",
]
State = Literal["later", "due", "late"]

KINDS: Final[tuple[Kind, ...]] = (
    "escalation",
    "critical-result",
    "dose",
    "vital-signs",
    "order",
    "assessment",
    "care-site",
    "signature",
    "task",
)
"""The gravest first: of two that are due at one time, this one stands above."""

APART: Final[frozenset[Kind]] = frozenset({"signature", "task"})
"""Kinds of which each thing has a line of its own: each is something else."""

TOLERANCE: Final[Mapping[Kind, timedelta]] = {
    "escalation": timedelta(0),
    "critical-result": timedelta(minutes=30),
    "dose": timedelta(minutes=60),
    "vital-signs": timedelta(minutes=30),
    "order": timedelta(minutes=60),
    "assessment": timedelta(hours=2),
    "care-site": timedelta(hours=2),
    "signature": timedelta(hours=24),
    "task": timedelta(minutes=30),
}
"""How long after it was due something of a kind becomes late.

Doses: ISMP, Acute Care Guidelines for Timely Administration of Scheduled Medications (2011): within
60 minutes of the time for drugs given several times a day, 30 for time-critical ones, which bring
a tolerance of their own. The others are this program's choice, no guideline's.
"""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to be done for one patient.

    Attributes:
        kind: What sort of thing.
        patient: Id of the Patient.
        at: When it is due (aware).
        words: What it is in the words of the record, such as a drug; empty where the kind says all.
        record: ``Type/id`` of what asks for it; empty when nothing stored does.
        tolerance: How much later it is late; None for what `TOLERANCE` says of its kind.
        count: How many things of the kind this line stands for.
        whom: Id of the one person, or the role, that is asked; empty where it is anybody's.
        never: Id of the person who must not do it, such as the writer of what is to be signed.
    """

    kind: Kind
    patient: str
    at: datetime
    words: str = ""
    record: str = ""
    tolerance: timedelta | None = None
    count: int = 1
    whom: str = ""
    never: str = ""

    def concerns(self, person: str, role: str) -> bool:
        """Whether it is for somebody with an id and a role; a head nurse is a nurse too."""
        roles = {role, "nurse"} if role == "head-nurse" else {role}
        return person != self.never and (not self.whom or self.whom in {person, *roles})

    @property
    def late_at(self) -> datetime:
        """From when on it is late."""
        return self.at + (TOLERANCE[self.kind] if self.tolerance is None else self.tolerance)

    def state(self, now: datetime) -> State:
        """Quiet until due; late only beyond what its kind allows."""
        if now < self.at:
            return "later"
        return "late" if now > self.late_at else "due"


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of one kind are due, and how many of them late."""

    kind: Kind
    due: int
    late: int


def gathered(items: Iterable[DueItem], now: datetime) -> tuple[DueItem, ...]:
    """One line for each patient and kind, and for each hour of what is still to come.

    What `APART` names stays apart. A line stands at the time of the earliest thing in it, names
    each thing once, and has the smallest tolerance.

    Args:
        items: Whatever is due.
        now: The present (aware): what is due by now is one line, however long it is due.
    """
    lines: dict[tuple[object, ...], list[DueItem]] = {}
    for item in items:
        key = item.at.strftime("%Y%m%d%H") if item.at > now else "now"
        if item.kind in APART:
            key = item.record
        lines.setdefault((item.patient, item.kind, key), []).append(item)
    return tuple(_one(group) for group in lines.values())


def in_order(items: Iterable[DueItem], now: datetime) -> tuple[DueItem, ...]:
    """Escalations that are due, then all by time, then by `KINDS`.

    Args:
        items: As `gathered` made them.
        now: The present (aware).
    """

    def place(item: DueItem) -> tuple[object, ...]:
        calls = item.kind == "escalation" and item.state(now) != "later"
        return (not calls, item.at, KINDS.index(item.kind), item.patient, item.record)

    return tuple(sorted(items, key=place))


def worst(items: Iterable[DueItem], now: datetime) -> State:
    """The gravest state of some things."""
    states = {item.state(now) for item in items}
    return "late" if "late" in states else "due" if "due" in states else "later"


def counts(items: Iterable[DueItem], now: datetime) -> tuple[Count, ...]:
    """How many things of each kind are due or late; kinds of which none is are left out."""
    found: dict[Kind, list[int]] = {}
    for item in items:
        state = item.state(now)
        if state != "later":
            due = found.setdefault(item.kind, [0, 0])
            due[0] += item.count
            due[1] += item.count if state == "late" else 0
    return tuple(Count(kind, *found[kind]) for kind in KINDS if kind in found)


def _one(group: list[DueItem]) -> DueItem:
    first = min(group, key=lambda item: (item.at, item.record))
    if len(group) == 1:
        return first
    ordered = sorted(group, key=lambda item: (item.at, item.record))
    names = dict.fromkeys(item.words for item in ordered if item.words)
    spare = min(item.late_at for item in group) - first.at
    return replace(
        first, words=", ".join(names), tolerance=spare, count=sum(item.count for item in group)
    )
