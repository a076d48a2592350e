"""Which score holds for whom; the tables of Bedside PEWS and MEOWS, bound by bound."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.age import age
from workstation.clinical.early_warning import Facts, early_warning, mark, normal_band, of_set
from workstation.clinical.scores import meows, pews
from workstation.clinical.scores.warning import Monitoring, Reading, Risk, Scale
from workstation.clinical.vital_signs import Consciousness, Mark, Sign, VitalSigns

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ADULT = Facts()
CHILD = Facts(72)
MOTHER = Facts(300, maternity=True)


@pytest.mark.parametrize(
    ("born", "maternity", "scale"),
    [
        (date(2026, 11, 1), False, Scale.PEWS),
        (date(2020, 5, 1), False, Scale.PEWS),
        (date(2010, 11, 21), False, Scale.PEWS),
        (date(2010, 11, 20), False, Scale.NEWS2),
        (date(1950, 1, 1), False, Scale.NEWS2),
        (date(1998, 1, 1), True, Scale.MEOWS),
        (date(2011, 1, 1), True, Scale.MEOWS),
        (None, False, Scale.NEWS2),
    ],
)
def test_which_score_holds(born, maternity, scale):
    found = age(born, AT.date()) if born else None
    facts = Facts.of(found, maternity=maternity)
    assert facts.scale is scale
    assert early_warning(facts, {}, at=AT).scale is scale


# Table 1 of the paper: for each band of age, values just inside each zone.
PEWS_TABLE = [
    (Sign.HEART_RATE, 1, [(111, 149, 0), (150, 179, 1), (91, 110, 1), (180, 189, 2), (81, 90, 2),
                          (190, 230, 4), (40, 80, 4)]),
    (Sign.HEART_RATE, 6, [(101, 149, 0), (150, 169, 1), (81, 100, 1), (170, 179, 2), (71, 80, 2),
                          (180, 230, 4), (40, 70, 4)]),
    (Sign.HEART_RATE, 30, [(91, 119, 0), (120, 149, 1), (71, 90, 1), (150, 169, 2), (61, 70, 2),
                           (170, 230, 4), (30, 60, 4)]),
    (Sign.HEART_RATE, 72, [(71, 109, 0), (110, 129, 1), (61, 70, 1), (130, 149, 2), (51, 60, 2),
                           (150, 230, 4), (30, 50, 4)]),
    (Sign.HEART_RATE, 160, [(61, 99, 0), (100, 119, 1), (51, 60, 1), (120, 139, 2), (41, 50, 2),
                            (140, 230, 4), (20, 40, 4)]),
    (Sign.SYSTOLIC, 1, [(61, 79, 0), (80, 99, 1), (51, 60, 1), (100, 129, 2), (46, 50, 2),
                        (130, 200, 4), (20, 45, 4)]),
    (Sign.SYSTOLIC, 6, [(81, 99, 0), (100, 119, 1), (71, 80, 1), (120, 149, 2), (61, 70, 2),
                        (150, 200, 4), (20, 60, 4)]),
    (Sign.SYSTOLIC, 30, [(91, 109, 0), (110, 124, 1), (76, 90, 1), (125, 159, 2), (66, 75, 2),
                         (160, 200, 4), (20, 65, 4)]),
    (Sign.SYSTOLIC, 72, [(91, 119, 0), (120, 139, 1), (81, 90, 1), (140, 169, 2), (71, 80, 2),
                         (170, 220, 4), (20, 70, 4)]),
    (Sign.SYSTOLIC, 160, [(101, 129, 0), (130, 149, 1), (86, 100, 1), (150, 189, 2), (76, 85, 2),
                          (190, 220, 4), (20, 75, 4)]),
    (Sign.RESPIRATORY_RATE, 1, [(30, 60, 0), (61, 80, 1), (20, 29, 1), (81, 90, 2), (16, 19, 2),
                                (91, 120, 4), (0, 15, 4)]),
    (Sign.RESPIRATORY_RATE, 6, [(25, 50, 0), (51, 70, 1), (20, 24, 1), (71, 80, 2), (16, 19, 2),
                                (81, 120, 4), (0, 15, 4)]),
    (Sign.RESPIRATORY_RATE, 30, [(20, 40, 0), (41, 60, 1), (16, 19, 1), (61, 70, 2), (13, 15, 2),
                                 (71, 120, 4), (0, 12, 4)]),
    (Sign.RESPIRATORY_RATE, 72, [(20, 30, 0), (31, 40, 1), (15, 19, 1), (41, 50, 2), (11, 14, 2),
                                 (51, 120, 4), (0, 10, 4)]),
    (Sign.RESPIRATORY_RATE, 160, [(12, 16, 0), (17, 22, 1), (11, 11, 1), (23, 29, 2), (10, 10, 2),
                                  (30, 120, 4), (0, 9, 4)]),
]  # fmt: skip


@pytest.mark.parametrize(("sign", "months", "rows"), PEWS_TABLE)
def test_pews_by_age(sign, months, rows):
    for low, high, expected in rows:
        for value in range(low, high + 1):
            assert pews.points(sign, Decimal(value), months=months) == expected, value


@pytest.mark.parametrize(
    ("sign", "text", "expected"),
    [
        (Sign.CAPILLARY_REFILL, "2.9", 0),
        (Sign.CAPILLARY_REFILL, "3", 4),
        (Sign.RESPIRATORY_EFFORT, "0", 0),
        (Sign.RESPIRATORY_EFFORT, "1", 1),
        (Sign.RESPIRATORY_EFFORT, "2", 2),
        (Sign.RESPIRATORY_EFFORT, "3", 4),
        (Sign.SPO2, "95", 0),
        (Sign.SPO2, "94", 1),
        (Sign.SPO2, "91", 1),
        (Sign.SPO2, "90", 2),
        (Sign.OXYGEN_FLOW, "0", 0),
        (Sign.OXYGEN_FLOW, "0.5", 2),
        (Sign.OXYGEN_FLOW, "3.9", 2),
        (Sign.OXYGEN_FLOW, "4", 4),
        (Sign.TEMPERATURE, "40", None),
    ],
)
def test_pews_of_every_age(sign, text, expected):
    assert pews.points(sign, Decimal(text), months=20) == expected


@pytest.mark.parametrize(
    ("months", "band"), [(0, 0), (2, 0), (3, 1), (11, 1), (12, 2), (47, 2), (48, 3), (143, 3),
                         (144, 4), (191, 4)],
)  # fmt: skip
def test_bands_of_age(months, band):
    assert pews.band(months) == band


@given(st.sampled_from(list(pews.PARAMETERS)), st.integers(0, 400), st.integers(0, 191))
def test_a_child_has_no_points_within_the_normal_band_and_some_outside(sign, value, months):
    band = pews.normal(sign, months)
    if band is not None:
        inside = band[0] <= value <= band[1]
        assert (pews.points(sign, Decimal(value), months=months) == 0) == inside


WELL = {"respiratory_rate": 24, "respiratory_effort": 0, "spo2": 98, "oxygen_flow": 0,
        "heart_rate": 95, "systolic": 100, "capillary_refill": 1}  # fmt: skip


def child(**changed):
    values = {key: Decimal(value) for key, value in {**WELL, **changed}.items()}
    return of_set(CHILD, VitalSigns(at=AT, **values))


@pytest.mark.parametrize(
    ("changed", "total", "risk", "calls", "monitoring"),
    [
        ({}, 0, Risk.LOW, False, Monitoring.EVERY_4_TO_6_HOURS),
        ({"oxygen_flow": 2}, 2, Risk.LOW, False, Monitoring.EVERY_4_TO_6_HOURS),
        ({"oxygen_flow": 2, "spo2": 93}, 3, Risk.LOW_MEDIUM, False, Monitoring.EVERY_HOUR),
        ({"capillary_refill": 3, "spo2": 93}, 5, Risk.MEDIUM, True, Monitoring.EVERY_HOUR),
        ({"capillary_refill": 3, "spo2": 90, "heart_rate": 115}, 7, Risk.HIGH, True,
         Monitoring.CONTINUOUS),
    ],
)  # fmt: skip
def test_pews_in_sum(changed, total, risk, calls, monitoring):
    found = child(**changed)
    assert (found.total, found.risk, found.calls, found.monitoring) == (
        total, risk, calls, monitoring,
    )  # fmt: skip
    assert found.complete


def test_the_worst_child_has_26_points():
    found = child(
        respiratory_rate=60, respiratory_effort=3, spo2=80, oxygen_flow=10, heart_rate=180,
        systolic=60, capillary_refill=5,
    )  # fmt: skip
    assert found.total == 26


def test_a_child_without_refill_and_effort_has_an_incomplete_score():
    found = of_set(CHILD, VitalSigns(at=AT, heart_rate=Decimal(95), spo2=Decimal(98)))
    assert Sign.CAPILLARY_REFILL in found.missing
    assert not found.complete


RED, YELLOW = meows.points(Sign.SPO2, Decimal(90)), meows.YELLOW


@pytest.mark.parametrize(
    ("sign", "text", "expected"),
    [
        (Sign.TEMPERATURE, "34.9", 3), (Sign.TEMPERATURE, "35.0", 1),
        (Sign.TEMPERATURE, "35.9", 1), (Sign.TEMPERATURE, "36.0", 0),
        (Sign.TEMPERATURE, "38.0", 0), (Sign.TEMPERATURE, "38.1", 3),
        (Sign.SYSTOLIC, "89", 3), (Sign.SYSTOLIC, "90", 1), (Sign.SYSTOLIC, "100", 1),
        (Sign.SYSTOLIC, "101", 0), (Sign.SYSTOLIC, "149", 0), (Sign.SYSTOLIC, "150", 1),
        (Sign.SYSTOLIC, "160", 1), (Sign.SYSTOLIC, "161", 3),
        (Sign.DIASTOLIC, "89", 0), (Sign.DIASTOLIC, "90", 1), (Sign.DIASTOLIC, "100", 1),
        (Sign.DIASTOLIC, "101", 3),
        (Sign.HEART_RATE, "39", 3), (Sign.HEART_RATE, "40", 1), (Sign.HEART_RATE, "50", 1),
        (Sign.HEART_RATE, "51", 0), (Sign.HEART_RATE, "99", 0), (Sign.HEART_RATE, "100", 1),
        (Sign.HEART_RATE, "120", 1), (Sign.HEART_RATE, "121", 3),
        (Sign.RESPIRATORY_RATE, "9", 3), (Sign.RESPIRATORY_RATE, "10", 0),
        (Sign.RESPIRATORY_RATE, "20", 0), (Sign.RESPIRATORY_RATE, "21", 1),
        (Sign.RESPIRATORY_RATE, "30", 1), (Sign.RESPIRATORY_RATE, "31", 3),
        (Sign.SPO2, "94", 3), (Sign.SPO2, "95", 0),
        (Sign.PAIN, "3", 0), (Sign.PAIN, "4", 1), (Sign.PAIN, "10", 1),
        (Sign.WEIGHT, "60", None),
    ],
)  # fmt: skip
def test_meows_zones(sign, text, expected):
    assert meows.points(sign, Decimal(text)) == expected


@pytest.mark.parametrize(("letter", "expected"), [("A", 0), ("C", 1), ("V", 1), ("P", 3), ("U", 3)])
def test_meows_mind(letter, expected):
    assert meows.points(Sign.CONSCIOUSNESS, Consciousness(letter)) == expected


@pytest.mark.parametrize(
    ("values", "total", "risk", "calls"),
    [
        ({"heart_rate": 80, "systolic": 120}, 0, Risk.LOW, False),
        ({"heart_rate": 105, "systolic": 120}, 1, Risk.LOW_MEDIUM, False),
        ({"heart_rate": 105, "systolic": 95}, 2, Risk.MEDIUM, True),
        ({"heart_rate": 125, "systolic": 120}, 1, Risk.HIGH, True),
    ],
)
def test_meows_triggers_on_one_red_or_two_yellow(values, total, risk, calls):
    found = of_set(MOTHER, VitalSigns(at=AT, **{k: Decimal(v) for k, v in values.items()}))
    assert (found.total, found.risk, found.calls) == (total, risk, calls)


@pytest.mark.parametrize("facts", [ADULT, CHILD, MOTHER])
def test_nothing_measured_is_no_score(facts):
    found = early_warning(facts, {}, at=AT)
    assert (found.total, found.risk, found.monitoring, found.calls) == (None, None, None, False)
    assert found.missing


@pytest.mark.parametrize("facts", [ADULT, CHILD, MOTHER])
def test_an_old_value_is_scored_and_marked(facts):
    old = Reading(Decimal(200), AT - timedelta(hours=12, minutes=1))
    found = early_warning(facts, {Sign.HEART_RATE: old}, at=AT)
    assert found.stale == (Sign.HEART_RATE,)
    assert found.red == (Sign.HEART_RATE,)


def test_the_normal_bands_of_a_child_are_the_childs():
    assert normal_band(CHILD, Sign.HEART_RATE) == (71, 109)
    assert normal_band(Facts(1), Sign.RESPIRATORY_RATE) == (30, 60)
    assert normal_band(CHILD, Sign.DIASTOLIC) is None
    assert normal_band(CHILD, Sign.TEMPERATURE) == normal_band(ADULT, Sign.TEMPERATURE)
    assert mark(Facts(1), Sign.HEART_RATE, Decimal(140)) is Mark.NORMAL
    assert mark(ADULT, Sign.HEART_RATE, Decimal(140)) is Mark.HIGH


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        (Sign.HEART_RATE, Decimal(59), Mark.LOW),
        (Sign.HEART_RATE, Decimal(60), Mark.NORMAL),
        (Sign.HEART_RATE, Decimal(101), Mark.HIGH),
        (Sign.WEIGHT, Decimal(150), Mark.NORMAL),
        (Sign.CONSCIOUSNESS, Consciousness.ALERT, Mark.NORMAL),
        (Sign.CONSCIOUSNESS, Consciousness.CONFUSED, Mark.LOW),
    ],
)
def test_marks(sign, value, expected):
    assert mark(ADULT, sign, value) is expected


def test_scale_2_moves_the_band_of_saturation():
    assert mark(ADULT, Sign.SPO2, Decimal(90)) is Mark.LOW
    assert mark(Facts(spo2_scale_2=True), Sign.SPO2, Decimal(90)) is Mark.NORMAL
    assert mark(Facts(spo2_scale_2=True), Sign.SPO2, Decimal(97)) is Mark.HIGH
