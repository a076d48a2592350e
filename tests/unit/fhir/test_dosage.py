"""FHIR Dosage: golden forms, there and back, and what others write."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.fhir import dosage, drug_order
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
GRAM = Amount(Decimal("1.0"), "g")
ENTRY = Entry(own="r1", patient="p1", encounter="e1", author={"reference": "Practitioner/d"}, at=AT)


def ordered(timing, **more):
    return Prescription(**{"drug": "X", "amount": GRAM, "route": "uống", "timing": timing} | more)


@pytest.mark.parametrize(
    ("prescription", "golden"),
    [
        (ordered(Timing(times_a_day=2, at=(time(9), time(21)))),
         ('{"text":"1 g, uống, 2 lần/ngày, lúc 09:00, 21:00","timing":{"repeat":{"frequency":2,'
         '"period":1,"periodUnit":"d","timeOfDay":["09:00:00","21:00:00"]},"code":{"text":'
         '"2 lần/ngày, lúc 09:00, 21:00"}},"route":{"text":"uống"},"doseAndRate":[{"doseQuantity":'
         '{"value":1.0,"unit":"g"}}]}')),
        (ordered(Timing(times_a_day=1, weekdays=frozenset({3}))),
         ('{"text":"1 g, uống, thứ Năm hằng tuần","timing":{"repeat":{"frequency":1,"period":1,'
         '"periodUnit":"wk","dayOfWeek":["thu"]},"code":{"text":"thứ Năm hằng tuần"}},"route":'
         '{"text":"uống"},"doseAndRate":[{"doseQuantity":{"value":1.0,"unit":"g"}}]}')),
        (ordered(Timing(every_hours=Decimal(8), starts_at=AT)),
         ('{"text":"1 g, uống, mỗi 8 giờ","timing":{"repeat":{"boundsPeriod":{"start":'
         '"2026-11-20T08:00:00+00:00"},"frequency":1,"period":8,"periodUnit":"h"},"code":{"text":'
         '"mỗi 8 giờ"}},"route":{"text":"uống"},"doseAndRate":[{"doseQuantity":{"value":1.0,'
         '"unit":"g"}}]}')),
        (ordered(Timing(as_needed=True, as_needed_for="sốt", shortest_interval=timedelta(hours=6),
                        most_a_day=4)),
         ('{"text":"1 g, uống, khi sốt, cách nhau ít nhất 6 giờ, tối đa 4 lần/ngày","timing":'
         '{"repeat":{"frequency":1,"period":6,"periodUnit":"h"},"code":{"text":"khi sốt, '
         'cách nhau ít nhất 6 giờ, tối đa 4 lần/ngày"}},"asNeededCodeableConcept":{"text":"sốt"},'
         '"route":{"text":"uống"},"doseAndRate":[{"doseQuantity":{"value":1.0,"unit":"g"}}],'
         '"maxDosePerPeriod":{"numerator":{"value":4.0,"unit":"g"},"denominator":{"value":1,'
         '"unit":"d"}}}')),
        (ordered(Timing(once=True), remark="Tiêm chậm"),
         ('{"text":"1 g, uống, một lần","additionalInstruction":[{"text":"Tiêm chậm"}],"timing":'
         '{"repeat":{"count":1},"code":{"text":"một lần"}},"route":{"text":"uống"},"doseAndRate":'
         '[{"doseQuantity":{"value":1.0,"unit":"g"}}]}')),
        (ordered(Timing(), rate=Rate(Decimal("2.5"), "mL/h"), amount=Amount(Decimal(50), "mL"),
                 route="truyền tĩnh mạch"),
         ('{"text":"50 mL, truyền tĩnh mạch, tốc độ 2,5 mL/h","route":{"text":"truyền tĩnh mạch"},'
         '"doseAndRate":[{"doseQuantity":{"value":50,"unit":"mL"},"rateQuantity":{"value":2.5,'
         '"unit":"mL/h"}}]}')),
    ],
)  # fmt: skip
def test_golden(prescription, golden) -> None:
    assert dump(dosage.write(prescription)) == golden


words = st.text("abc ơ", max_size=5).map(str.strip)
moments = st.integers(0, 10**6).map(lambda minutes: AT + timedelta(minutes=minutes))
bounds = {"starts_at": st.none() | moments, "ends_at": st.none() | moments}
at = st.lists(st.integers(0, 1439), unique=True, max_size=4).map(
    lambda minutes: tuple(time(each // 60, each % 60) for each in sorted(minutes))
)
timings = st.one_of(
    st.builds(Timing, times_a_day=st.integers(1, 24), **bounds),
    st.builds(lambda at, **ends: Timing(times_a_day=len(at), at=at, **ends), at.filter(bool),
              **bounds),
    st.builds(Timing, every_hours=st.sampled_from((Decimal("0.5"), Decimal(8), Decimal(48))),
              **bounds),
    st.builds(Timing, once=st.just(True), at=at.map(lambda times: times[:1]), **bounds),
    st.builds(Timing, as_needed=st.just(True), as_needed_for=words,
              shortest_interval=st.none() | st.integers(1, 48).map(lambda h: timedelta(hours=h)),
              most_a_day=st.none() | st.integers(1, 24), **bounds),
    st.builds(Timing, **bounds),
)  # fmt: skip
amounts = st.builds(Amount, st.decimals("0.01", "1000", places=2), st.sampled_from(("mg", "viên")))
prescriptions = st.builds(
    Prescription,
    drug=st.just("Ceftriaxon 1 g"),
    codes=st.sampled_from(((), (("s", "x"),))),
    amount=st.none() | amounts,
    route=st.just("uống"),
    timing=timings,
    rate=st.none() | st.builds(Rate, st.decimals("0.1", "500", places=1), st.just("mL/h")),
    indication=words,
    remark=words,
    urgent=st.booleans(),
)


@given(prescriptions, st.none() | st.just("r0"))
def test_what_is_ordered_comes_back_as_it_was(prescription, before) -> None:
    found = drug_order.read(parse(dump(drug_order.write(ENTRY, prescription, version_of=before))))
    assert found.prescription == prescription
    assert found.version_of == before
    assert found.continuous is prescription.continuous


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}}}, Timing()),
        ({"timing": {"repeat": {"period": 1, "periodUnit": "wk"}}},
         Timing(every_hours=Decimal(168))),
        ({"timing": {"repeat": {"frequency": 3, "period": 24, "periodUnit": "h"}}},
         Timing(every_hours=Decimal(8))),
        ({"timing": {"repeat": {"timeOfDay": ["06:00"]}}}, Timing(times_a_day=1, at=(time(6),))),
        ({"timing": {"repeat": {"frequency": Decimal("1.5"), "period": 1, "periodUnit": "d"}}},
         Timing()),
        ({"timing": {"repeat": {"period": Decimal("1e290"), "periodUnit": "h"}}}, Timing()),
        ({"asNeededBoolean": True, "maxDosePerPeriod": {"numerator": {"value": 4, "unit": "g"}}},
         Timing(as_needed=True)),
        ({"timing": {"repeat": {"periodUnit": ["h"], "period": 1}}}, Timing()),
        ({"timing": 3}, Timing()),
    ],
)  # fmt: skip
def test_what_others_write(body, expected) -> None:
    assert dosage.timing_of(body) == expected


class TestVersions:
    order = drug_order.write(ENTRY, ordered(Timing(times_a_day=2)), status="draft")

    def test_a_draft_is_signed(self):
        later = AT + timedelta(minutes=5)
        found = drug_order.read(drug_order.with_status(self.order, "active", signed_at=later))
        assert (found.status, found.since) == ("active", later)

    def test_held_with_a_reason_that_goes_when_it_goes_on(self):
        held = drug_order.with_status(self.order, "on-hold", reason="Mạch 48")
        assert (drug_order.read(held).reason, drug_order.read(held).current) == ("Mạch 48", True)
        assert "statusReason" not in drug_order.with_status(held, "active")

    def test_doses_are_due_from_the_order_to_its_stop(self):
        found = drug_order.read(drug_order.stopped(self.order, at=AT, reason="x"))
        assert (found.schedule.starts_at, found.schedule.ends_at) == (AT, AT)
