"""Orders with several dosages, or for a count: nothing is reckoned, nothing is lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from workstation.clinical.dosage import Amount
from workstation.fhir import drug_order

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


def dosage(dose="1", *, route="uống", **parts):
    repeat = {key: parts.pop(key) for key in list(parts) if key in _REPEAT}
    quantity = {"value": Decimal(dose), "unit": "viên"}
    made = {"route": {"text": route}, "doseAndRate": [{"doseQuantity": quantity}], **parts}
    return {**made, "timing": {"repeat": repeat}} if repeat else made


_REPEAT = (
    *DAILY, "timeOfDay", "dayOfWeek", "count", "countMax", "boundsDuration", "boundsPeriod", "when",
    "offset", "frequencyMax", "periodMax",
)  # fmt: skip


def read(*dosages):
    return drug_order.read(
        {
            "resourceType": "MedicationRequest",
            "id": "r",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "X"},
            "authoredOn": AT.isoformat(),
            "dosageInstruction": list(dosages),
        }
    )


MORNING = dosage("2", timeOfDay=["08:00:00"])
EVENING = dosage("1", timeOfDay=["20:00:00"])


@pytest.mark.parametrize(
    ("dosages", "words"),
    [
        ([MORNING, EVENING],
         "2 viên, uống, lúc 08:00; 1 viên, uống, lúc 20:00"),
        ([{**EVENING, "sequence": 2}, {**MORNING, "sequence": 1}],
         "2 viên, uống, lúc 08:00; 1 viên, uống, lúc 20:00"),
        ([dosage("4", count=1), dosage("1", **DAILY)],
         "4 viên, uống, một lần; 1 viên, uống, 1 lần/ngày"),
        ([dosage(text="Liều nạp 4 viên", count=1), dosage("0.5", **DAILY)],
         "Liều nạp 4 viên; 0,5 viên, uống, 1 lần/ngày"),
        ([dosage(frequency=2, period=1, periodUnit="wk"), dosage(route="đặt")],
         "1 viên, uống, 2 lần/tuần; 1 viên, đặt"),
        ([dosage(**DAILY, boundsDuration={"value": 3, "unit": "ngày", "code": "d"}), {"text": "Y"}],
         "1 viên, uống, 1 lần/ngày, trong 3 ngày; Y"),
        ([dosage(additionalInstruction=[{"text": "sau ăn"}]), MORNING],
         "1 viên, uống, sau ăn; 2 viên, uống, lúc 08:00"),
        ([dosage(**DAILY, count=6)], "1 viên, uống, 1 lần/ngày, tất cả 6 lần"),
        ([dosage(**DAILY, count=6, text="1 viên mỗi sáng")], "1 viên mỗi sáng, tất cả 6 lần"),
        ([dosage(**DAILY, count=6, text="Tất cả 6 lần")], "Tất cả 6 lần"),
        ([dosage(**DAILY, dayOfWeek=["mon"], text="1 viên")], "1 viên, thứ Hai"),
        ([dosage(timeOfDay=["08:00:00"], dayOfWeek=["mon", "thu"])],
         "1 viên, uống, lúc 08:00, thứ Hai, thứ Năm"),
        ([dosage(timeOfDay=["06:00:00", "nine", 7])], "1 viên, uống, lúc 06:00, nine, 7"),
        ([dosage(timeOfDay="24:00:00", text="1 viên")], "1 viên, 24:00:00"),
        ([dosage(frequency=3, period=1, periodUnit="d", timeOfDay=["08:00:00", "20:00:00"])],
         "1 viên, uống, 3 lần/ngày, lúc 08:00, 20:00"),
        ([dosage(timeOfDay=["08:00:00"], period=2, periodUnit="d")],
         "1 viên, uống, mỗi 48 giờ, lúc 08:00"),
        ([dosage(timeOfDay=["08:00:00"], frequency=1, period=2, periodUnit="d")],
         "1 viên, uống, mỗi 48 giờ, lúc 08:00"),
        ([dosage(when=["MORN"])], "1 viên, uống, buổi sáng"),
        ([dosage(when=["MORN"], period=1, periodUnit="d")],
         "1 viên, uống, mỗi 24 giờ, buổi sáng"),
        ([dosage(when=["AC", "HS"], offset=30, **DAILY)],
         "1 viên, uống, 1 lần/ngày, trước bữa ăn, trước khi đi ngủ, cách 30 phút"),
        ([dosage(when=["AC"], text="1 viên trước bữa ăn")], "1 viên trước bữa ăn"),
        ([dosage(when=["X"], count=1)], "1 viên, uống, một lần, X"),
        ([dosage(**DAILY, frequencyMax=2)], "1 viên, uống, 1 – 2 lần/ngày"),
        ([dosage(frequency=1, period=4, periodMax=6, periodUnit="h")],
         "1 viên, uống, 1 lần/4 – 6 giờ"),
        ([dosage(**DAILY, count=1, countMax=3)],
         "1 viên, uống, một lần, tất cả 1 – 3 lần"),
        ([dosage(frequency=2, period=1, periodUnit="wk")], "1 viên, uống, 2 lần/tuần"),
        ([dosage(timing={"code": {"text": "BID"}})], "1 viên, uống, BID"),
        ([dosage(timing={"event": ["2026-11-21T08:00:00+00:00"]})],
         "1 viên, uống, 21/11/2026 08:00"),
        ([{"doseAndRate": [{"doseRange": {"low": {"value": 1, "unit": "g"},
                                          "high": {"value": 2, "unit": "g"}}}]}, {"text": "Y"}],
         "1 g – 2 g; Y"),
        ([{"sequence": 1}, {"text": "Y"}], "?; Y"),
    ],
)  # fmt: skip
def test_the_words_of_all_are_the_order_and_nothing_is_reckoned(dosages, words):
    order = read(*dosages)
    assert order.in_words
    assert order.instruction == words
    assert not order.schedule.scheduled
    assert order.interval_hours is None
    assert not order.continuous
    assert words in order.prescription.remark


@pytest.mark.parametrize(
    ("dosages", "scheduled"),
    [
        ([], False),
        ([MORNING], True),
        ([MORNING, dict(MORNING)], True),
        ([{**MORNING, "id": "a"}, {**MORNING, "id": "b"}, {}], True),
        ([dosage("4", count=1)], True),
    ],
)
def test_one_dosage_is_reckoned_also_when_it_is_said_twice(dosages, scheduled):
    order = read(*dosages)
    assert not order.in_words
    assert order.timing.scheduled is scheduled


def test_what_differs_is_said_of_none():
    order = read(MORNING, EVENING)
    assert (order.amount, order.rate, order.route) == (None, None, "uống")
    assert read(MORNING, dosage(route="tiêm")).route == ""


def test_the_amount_of_each_of_a_count_is_kept():
    assert read(dosage(**DAILY, count=6)).amount == Amount(Decimal(1), "viên")


def test_it_ends_when_all_have_ended():
    loading = dosage(**DAILY, boundsDuration={"value": 2, "unit": "d"})
    longer = dosage("2", **DAILY, boundsDuration={"value": 5, "unit": "d"})
    assert read(loading, longer).timing.ends_at == AT + timedelta(days=5)
    assert read(loading, MORNING).timing.ends_at is None


def test_when_needed_is_so_only_if_all_are():
    needed = dosage(asNeededBoolean=True)
    assert read(needed, dosage("2", asNeededBoolean=True)).as_needed
    assert not read(needed, MORNING).as_needed


def test_a_rate_makes_no_endless_infusion_of_what_is_given_at_times_in_words():
    rate = [{"rateQuantity": {"value": Decimal(100), "unit": "mL/h"}}]
    order = read(dosage(doseAndRate=rate, when=["MORN"]))
    assert (order.continuous, order.prescription.continuous) == (False, False)
    assert order.instruction == "uống, tốc độ 100 mL/h, buổi sáng"
    assert read(dosage(doseAndRate=rate)).continuous


def test_when_of_what_is_given_when_needed_stands_beside_its_dose():
    order = read(dosage(asNeededBoolean=True, when=["HS"]))
    assert (order.as_needed, order.in_words, order.remark) == (True, True, "trước khi đi ngủ")


def test_a_count_of_what_is_given_when_needed_leaves_its_shortest_interval():
    order = read(dosage(asNeededBoolean=True, frequency=1, period=6, periodUnit="h", count=3))
    assert order.timing.shortest_interval == timedelta(hours=6)
    assert order.remark == "tất cả 3 lần"
