"""How seldom an order is, out of what other programs and people write."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.seldom import Rhythm
from workstation.fhir import dosage, drug_order, rhythm

WEEKLY = Rhythm(most=1, days=7)


def timed(text=None, code=None, **repeat):
    timing = {"repeat": repeat, **({"code": code} if code else {})}
    return {"timing": timing, **({"text": text} if text else {})}


def on(*days, most=None, times=()):
    return Rhythm(most=most or len(days), days=7, weekdays=frozenset(days), times=times)


@pytest.mark.parametrize(
    ("repeat", "found"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, None),
        ({"frequency": 1, "period": 36, "periodUnit": "h"}, None),
        ({"frequency": 1, "period": 72, "periodUnit": "h"}, Rhythm(most=1, days=3)),
        ({"frequency": 1, "period": 168, "periodUnit": "h"}, WEEKLY),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, WEEKLY),
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, Rhythm(most=3, days=7)),
        ({"frequency": 1, "period": 2, "periodUnit": "d"}, Rhythm(most=1, days=2)),
        ({"frequency": 1, "period": 1, "periodUnit": "mo"}, Rhythm(most=1, days=28)),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, None),
        ({"dayOfWeek": ["mon"]}, on(0)),
        ({"dayOfWeek": ["mon"], "frequency": 1, "period": 1, "periodUnit": "wk"}, on(0)),
        ({"dayOfWeek": ["mon", "thu"], "frequency": 1, "period": 1, "periodUnit": "d"}, on(0, 3)),
        (
            {"dayOfWeek": ["mon"], "timeOfDay": ["08:00:00", "20:00:00"]},
            on(0, most=2, times=(time(8), time(20))),
        ),
        ({"dayOfWeek": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, None),
        ({"count": 1, "frequency": 1, "period": 1, "periodUnit": "wk"}, None),
        ({}, None),
    ],
)
def test_timing(repeat, found):
    assert rhythm.read([timed(**repeat)]) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10 mg, uống, 1 lần/tuần", WEEKLY),
        ("10 mg mỗi tuần một lần", WEEKLY),
        ("tuần uống 2 lần", Rhythm(most=2, days=7)),
        ("hai lần mỗi tuần", Rhythm(most=2, days=7)),
        ("10 mg hàng tuần", WEEKLY),
        ("mỗi 2 tuần", Rhythm(most=1, days=14)),
        ("10 mg once a week", WEEKLY),
        ("3 times per week", Rhythm(most=3, days=7)),
        ("10 mg weekly", WEEKLY),
        ("10 mg sáng thứ Hai hàng tuần", on(0)),
        ("thứ 2-4-6", on(0, 2, 4)),
        ("thứ Ba, thứ Năm và Bảy", on(1, 3, 5)),
        ("Chủ nhật 2 viên", on(6)),
        ("on Mondays", on(0)),
        # none of these is a plan of days or weeks
        ("ngày 2 lần trong 2 tuần", None),
        ("ngày 2 lần một tuần", None),
        ("từ thứ Hai", None),
        ("tuần thứ hai của đợt", None),
        ("liều thứ hai 5 mg", None),
        ("1 viên", None),
    ],
)
def test_words(text, found):
    assert rhythm.read([{"text": text}]) == found


def test_daily_by_its_code_and_weekly_by_its_words_is_weekly():
    daily = {"frequency": 1, "period": 1, "periodUnit": "d"}
    assert rhythm.read([timed("10 mg, 1 lần/tuần", **daily)]) == WEEKLY
    assert rhythm.read([timed("1 lần/ngày, xét nghiệm máu hàng tuần", **daily)]) is None


@pytest.mark.parametrize(
    ("remark", "found"),
    [
        ("1 lần/tuần", WEEKLY),
        ("1 lần/tuần, thứ 5", on(3)),
        ("thứ 2-4-6", on(0, 2, 4)),
        ("thứ 2, 4, 6", on(0, 2, 4)),
        ("uống thứ Năm hằng tuần", on(3)),
        ("once a week, on Thursdays", on(3)),
        ("không nhai; 1 lần/tuần", WEEKLY),
        ("chỉ 1 lần/tuần - không uống hằng ngày", WEEKLY),
        ("uống thứ 5 (KHÔNG uống hằng ngày)", on(3)),
        ("uống thứ 5, theo dõi men gan", on(3)),
        ("theo dõi men gan trước khi uống 1 lần/tuần", WEEKLY),
        # none of these says when it is given
        ("sau ăn", None),
        ("xét nghiệm công thức máu 1 lần/tuần", None),
        ("thứ 2 xét nghiệm INR", None),
        ("nghỉ thứ 7, chủ nhật", None),
        ("không dùng thứ 7 và chủ nhật", None),
        ("except on Sundays", None),
        ("check blood count once a week", None),
        ("bắt đầu từ thứ 2", None),
    ],
)
def test_daily_by_its_code_and_seldom_by_its_remark_is_seldom(remark, found):
    daily = {"frequency": 1, "period": 1, "periodUnit": "d"}
    dosage = timed("10 mg, uống, 1 lần/ngày", code={"text": "1 lần/ngày"}, **daily)
    assert rhythm.read([{**dosage, "additionalInstruction": [{"text": remark}]}]) == found


def test_the_code_of_a_timing():
    coded = {"coding": [{"code": "WK"}]}
    assert rhythm.read([{"timing": {"code": coded}}]) == WEEKLY


def test_days_of_several_dosages_are_all_planned():
    one, two = timed(dayOfWeek=["mon"]), timed(dayOfWeek=["thu"])
    assert rhythm.read([one, two]) == on(0, 3)


@given(st.frozensets(st.integers(0, 6), min_size=1, max_size=6), st.integers(1, 3))
def test_days_of_the_week_that_a_doctor_chose_come_back_as_ordered(days, times):
    timing = Timing(weekdays=days, times_a_day=times)
    ordered = Prescription(
        drug="X", amount=Amount(Decimal(10), "mg"), route="uống", timing=timing, remark="sau ăn"
    )
    written = dosage.write(ordered)
    read = drug_order.read({"resourceType": "MedicationRequest", "dosageInstruction": [written]})
    assert (read.timing, read.in_words, read.remark) == (timing, False, "sau ăn")
    assert read.instruction == written["text"]
    assert read.rhythm == on(*days, most=len(days) * times)


@pytest.mark.parametrize(
    "repeat",
    [
        {"dayOfWeek": ["mon", "thu"], "frequency": 1, "period": 1, "periodUnit": "wk"},
        {"dayOfWeek": ["thu"], "frequency": 1, "period": 2, "periodUnit": "wk"},
        {"dayOfWeek": ["thu", "?"], "frequency": 2, "period": 1, "periodUnit": "wk"},
        {"dayOfWeek": ["thu"], "frequency": 1, "period": 1, "periodUnit": "wk", "count": 4},
    ],
)
def test_days_that_do_not_come_out_even_stay_words(repeat):
    order = drug_order.read(
        {"resourceType": "MedicationRequest", "dosageInstruction": [timed(**repeat)]}
    )
    assert order.in_words
    assert not order.schedule.scheduled
