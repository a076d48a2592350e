"""A stay on the ward: what may follow what, in which order of time, and how it may end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from workstation.kernel.errors import Refused

LONG_AGO: Final = timedelta(hours=24)
"""What is charted later than this is asked twice: more often a mistyped day than a late entry."""
LEAVE_AT_MOST: Final = timedelta(days=7)
"""A longer leave of absence is more often a mistyped date; the house would end the stay."""


class Step(StrEnum):
    """What can be done to a stay."""

    ADMIT = "admit"
    MOVE = "move"
    REQUEST_TRANSFER = "request-transfer"
    ACCEPT_TRANSFER = "accept-transfer"
    REFUSE_TRANSFER = "refuse-transfer"
    LEAVE = "leave"
    RETURN = "return"
    DISCHARGE = "discharge"
    CANCEL = "cancel"


_HERE: Final = frozenset({"arrived", "in-progress"})
_FROM: Final[Mapping[Step, frozenset[str]]] = {
    Step.ADMIT: frozenset({"planned", "arrived"}),
    Step.MOVE: _HERE,
    Step.REQUEST_TRANSFER: _HERE,
    Step.ACCEPT_TRANSFER: _HERE,
    Step.REFUSE_TRANSFER: _HERE | {"onleave"},
    Step.LEAVE: _HERE,
    Step.RETURN: frozenset({"onleave"}),
    Step.DISCHARGE: _HERE | {"onleave"},
    Step.CANCEL: frozenset({"planned"}),
}
"""Statuses of FHIR R4 Encounter from which each step may be taken. Somebody on leave may be
discharged (did not come back), and is moved or transferred only after the return."""


class Disposition(StrEnum):
    """How a patient leaves (hình thức ra viện, hồ sơ bệnh án, Circular 32/2023/TT-BYT)."""

    DISCHARGED = "discharged"
    """Ra viện."""
    ASKED_TO_LEAVE = "asked-to-leave"
    """Xin về."""
    ABSCONDED = "absconded"
    """Bỏ về."""
    TAKEN_HOME = "taken-home"
    """Đưa về."""
    REFERRED = "referred"
    """Chuyển viện."""
    DIED = "died"
    """Tử vong."""


class Outcome(StrEnum):
    """Result of the treatment (kết quả điều trị, Circular 32/2023/TT-BYT; KET_QUA_DTRI 1 to 5)."""

    CURED = "1"
    BETTER = "2"
    UNCHANGED = "3"
    WORSE = "4"
    DIED = "5"


def allow(step: Step, status: str) -> None:
    """Let a step be taken from a status, or say why it cannot be.

    Raises:
        Refused: ``on-leave``, ``not-on-leave``, ``not-admitted-yet``, ``already-admitted`` or
            ``stay-over``.
    """
    if status in _FROM[step]:
        return
    if status == "planned":
        raise Refused("not-admitted-yet")
    if status not in {*_HERE, "onleave"}:
        raise Refused("stay-over")
    if step in (Step.ADMIT, Step.CANCEL):
        raise Refused("already-admitted", field="patient")
    raise Refused("not-on-leave" if step is Step.RETURN else "on-leave")


def check_admission(at: datetime, *, now: datetime, born: date | None) -> None:
    """Refuse an admission that has not come yet, or before the patient was born.

    Raises:
        Refused: ``in-future`` or ``before-birth``, with field ``at``.
    """
    _refuse_future(at, now)
    if born is not None and at.astimezone(now.tzinfo).date() < born:
        raise Refused("before-birth", field="at")


def check_step(at: datetime, *, now: datetime, admitted: datetime | None, last: datetime | None,
               field: str = "at") -> None:  # fmt: skip
    """Refuse a time that cannot be that of a later step of a stay.

    Args:
        at: When the step was taken (aware).
        now: The present.
        admitted: When the stay began.
        last: When the step before it was taken: the last move, leave or return.
        field: The input that the time was typed into.

    Raises:
        Refused: ``in-future``, ``before-admission`` or ``before-last-step``, with the field.
    """
    _refuse_future(at, now, field)
    if admitted is not None and at < admitted:
        raise Refused("before-admission", field=field, since=admitted)
    if last is not None and at < last:
        raise Refused("before-last-step", field=field)


def check_leave(at: datetime, until: datetime) -> None:
    """Refuse a leave that ends before it begins, or lasts longer than the house lets it.

    Raises:
        Refused: ``return-before-leave`` or ``leave-too-long`` (``days``), with field ``until``.
    """
    if until <= at:
        raise Refused("return-before-leave", field="until")
    if until - at > LEAVE_AT_MOST:
        raise Refused("leave-too-long", field="until", days=LEAVE_AT_MOST.days)


def check_ending(disposition: Disposition, outcome: Outcome) -> None:
    """Refuse an ending that contradicts itself: dead in one word and alive in the other.

    Raises:
        Refused: ``outcome-contradicts``, with field ``outcome``.
    """
    if (disposition is Disposition.DIED) != (outcome is Outcome.DIED):
        raise Refused("outcome-contradicts", field="outcome")


def unusual(at: datetime, now: datetime) -> bool:
    """Whether a time lies so far back that it is asked twice."""
    return now - at > LONG_AGO


def days_of_treatment(
    start: datetime, end: datetime, zone: tzinfo, disposition: Disposition, outcome: Outcome
) -> int:
    """Days of inpatient treatment (số ngày điều trị nội trú).

    Circular 39/2018/TT-BYT, article 6 (bed days), counts the day of discharge less the day of
    admission; one more for who died, was referred, or was taken home worse. Who
    came and left within 24 hours has one day if treated for more than four hours, else none.

    Args:
        start: Admission (aware).
        end: Discharge (aware), not before it.
        zone: Whose calendar counts.
        disposition: How the patient left.
        outcome: Result of the treatment.
    """
    if end - start < timedelta(hours=24):
        return 1 if end - start > timedelta(hours=4) else 0
    days = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
    worse = outcome is Outcome.WORSE and disposition in (
        Disposition.ASKED_TO_LEAVE,
        Disposition.TAKEN_HOME,
    )
    return days + (worse or disposition in (Disposition.DIED, Disposition.REFERRED))


def _refuse_future(at: datetime, now: datetime, field: str = "at") -> None:
    if at > now:
        raise Refused("in-future", field=field)
