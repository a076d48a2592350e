"""What all charting refuses, at its edges."""

from datetime import timedelta

import pytest

from workstation.kernel.errors import Refused
from workstation.services import charting

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def test_a_time_may_be_two_minutes_ahead_and_no_more(desk):
    charting.refuse_future(desk, desk.clock.now() + 2 * MINUTE)

    with pytest.raises(Refused) as refused:
        charting.refuse_future(desk, desk.clock.now() + 2 * MINUTE + SECOND, "since")
    assert (refused.value.code, refused.value.field) == ("in-future", "since")


def test_a_reason_is_more_than_blanks(desk):
    assert charting.signed(desk, "  typed twice ")["reason"] == "typed twice"

    with pytest.raises(Refused) as refused:
        charting.signed(desk, " \t ")
    assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")


@pytest.mark.parametrize(
    ("own", "ago", "code"),
    [
        (True, 10 * MINUTE, None),
        (True, 10 * MINUTE + SECOND, "too-late-to-undo"),
        (True, None, "too-late-to-undo"),
        (False, SECOND, "not-own-entry"),
        (False, 11 * MINUTE, "not-own-entry"),
    ],
)
def test_only_ones_own_is_taken_back_and_only_for_ten_minutes(desk, own, ago, code):
    by = desk.reference if own else "Practitioner/somebody"
    at = None if ago is None else desk.clock.now() - ago
    if code is None:
        charting.refuse_undo(desk, by, at)
        return

    with pytest.raises(Refused) as refused:
        charting.refuse_undo(desk, by, at)
    assert refused.value.code == code
