"""What may follow what in a stay, which times are refused, and how days are counted."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical import stays
from workstation.clinical.stays import Disposition, Outcome, Step
from workstation.kernel.errors import Refused

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        (Step.MOVE, "in-progress", None),
        (Step.MOVE, "onleave", "on-leave"),
        (Step.MOVE, "finished", "stay-over"),
        (Step.MOVE, "planned", "not-admitted-yet"),
        (Step.ADMIT, "planned", None),
        (Step.ADMIT, "in-progress", "already-admitted"),
        (Step.LEAVE, "onleave", "on-leave"),
        (Step.RETURN, "onleave", None),
        (Step.RETURN, "in-progress", "not-on-leave"),
        (Step.DISCHARGE, "onleave", None),
        (Step.DISCHARGE, "cancelled", "stay-over"),
        (Step.ACCEPT_TRANSFER, "onleave", "on-leave"),
        (Step.REFUSE_TRANSFER, "onleave", None),
        (Step.CANCEL, "in-progress", "already-admitted"),
    ],
)
def test_which_step_may_follow(step, status, code):
    if code is None:
        stays.allow(step, status)
        return
    with pytest.raises(Refused) as refused:
        stays.allow(step, status)
    assert refused.value.code == code


@pytest.mark.parametrize("step", Step)
def test_nothing_may_be_done_to_a_stay_that_is_over(step):
    for status in ("finished", "cancelled", "entered-in-error"):
        with pytest.raises(Refused, match="stay-over"):
            stays.allow(step, status)


@pytest.mark.parametrize(
    ("hours", "code"), [(1, "in-future"), (-1, None), (-49, "before-admission")]
)
def test_a_step_lies_between_admission_and_now(hours, code):
    at, admitted = NOW + timedelta(hours=hours), NOW - timedelta(hours=48)
    if code is None:
        stays.check_step(at, now=NOW, admitted=admitted, last=None)
        return
    with pytest.raises(Refused) as refused:
        stays.check_step(at, now=NOW, admitted=admitted, last=None)
    assert (refused.value.code, refused.value.field) == (code, "at")


def test_a_step_lies_not_before_the_last_one():
    last = NOW - timedelta(hours=2)
    stays.check_step(last, now=NOW, admitted=None, last=last)
    with pytest.raises(Refused, match="before-last-step"):
        stays.check_step(last - timedelta(minutes=1), now=NOW, admitted=None, last=last)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)),
       st.datetimes(timezones=st.just(UTC)))  # fmt: skip
def test_what_is_accepted_is_in_order(at, admitted, last):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        stays.check_step(at, now=now, admitted=admitted, last=last)
    except Refused:
        assert at > now or at < admitted or at < last
    else:
        assert admitted <= at <= now
        assert last <= at


def test_nobody_is_admitted_before_birth_or_tomorrow():
    stays.check_admission(NOW, now=NOW, born=NOW.date())
    with pytest.raises(Refused, match="before-birth"):
        stays.check_admission(NOW, now=NOW, born=date(2026, 11, 21))
    with pytest.raises(Refused, match="in-future"):
        stays.check_admission(NOW + timedelta(minutes=1), now=NOW, born=None)


@pytest.mark.parametrize(
    ("days", "code"), [(0, "return-before-leave"), (2, None), (8, "leave-too-long")]
)
def test_a_leave_has_an_end_and_not_too_late(days, code):
    until = NOW + timedelta(days=days)
    if code is None:
        stays.check_leave(NOW, until)
        return
    with pytest.raises(Refused) as refused:
        stays.check_leave(NOW, until)
    assert (refused.value.code, refused.value.field) == (code, "until")


@pytest.mark.parametrize(("disposition", "outcome"), list(product(Disposition, Outcome)))
def test_dead_in_one_word_is_dead_in_the_other(disposition, outcome):
    if (disposition == "died") == (outcome == "5"):
        stays.check_ending(disposition, outcome)
        return
    with pytest.raises(Refused, match="outcome-contradicts"):
        stays.check_ending(disposition, outcome)


@pytest.mark.parametrize(
    ("hours", "disposition", "outcome", "days"),
    [
        (3, "discharged", "2", 0),
        (4.5, "discharged", "2", 1),
        (20, "died", "5", 1),
        (72, "discharged", "1", 3),
        (72, "referred", "4", 4),
        (72, "died", "5", 4),
        (72, "taken-home", "4", 4),
        (72, "asked-to-leave", "2", 3),
    ],
)
def test_days_of_treatment(hours, disposition, outcome, days):
    start = datetime(2026, 11, 16, 1, 0, tzinfo=HANOI)
    found = stays.days_of_treatment(
        start, start + timedelta(hours=hours), HANOI, Disposition(disposition), Outcome(outcome)
    )
    assert found == days


def test_a_day_ago_is_unusual():
    assert not stays.unusual(NOW - timedelta(hours=24), NOW)
    assert stays.unusual(NOW - timedelta(hours=24, minutes=1), NOW)
