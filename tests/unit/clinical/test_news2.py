"""NEWS2 against the published table, row by row, with its bounds on both sides."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.news2 import PARAMETERS, points, score, score_latest
from workstation.clinical.scores.warning import Monitoring, Reading, Risk
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NORMAL = {
    "respiratory_rate": Decimal(16),
    "spo2": Decimal(97),
    "oxygen_flow": Decimal(0),
    "systolic": Decimal(120),
    "heart_rate": Decimal(72),
    "consciousness": Consciousness.ALERT,
    "temperature": Decimal("36.8"),
}


def vitals(**changed):
    return VitalSigns(at=AT, **{**NORMAL, **changed})


TABLE = [
    (Sign.RESPIRATORY_RATE, [(0, 8, 3), (9, 11, 1), (12, 20, 0), (21, 24, 2), (25, 60, 3)]),
    (Sign.SPO2, [(50, 91, 3), (92, 93, 2), (94, 95, 1), (96, 100, 0)]),
    (Sign.SYSTOLIC, [(40, 90, 3), (91, 100, 2), (101, 110, 1), (111, 219, 0), (220, 300, 3)]),
    (
        Sign.HEART_RATE,
        [(20, 40, 3), (41, 50, 1), (51, 90, 0), (91, 110, 1), (111, 130, 2), (131, 250, 3)],
    ),
]


@pytest.mark.parametrize(("sign", "rows"), TABLE, ids=[sign for sign, _ in TABLE])
def test_whole_numbers_score_as_the_chart_says(sign, rows):
    for low, high, expected in rows:
        for value in range(low, high + 1):
            assert points(sign, Decimal(value)) == expected, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("34.0", 3),
        ("35.0", 3),
        ("35.1", 1),
        ("36.0", 1),
        ("36.1", 0),
        ("38.0", 0),
        ("38.1", 1),
        ("39.0", 1),
        ("39.1", 2),
        ("41.5", 2),
    ],
)
def test_temperature(text, expected):
    assert points(Sign.TEMPERATURE, Decimal(text)) == expected


@pytest.mark.parametrize(
    ("low", "high", "on_air", "on_oxygen"),
    [
        (60, 83, 3, 3),
        (84, 85, 2, 2),
        (86, 87, 1, 1),
        (88, 92, 0, 0),
        (93, 94, 0, 1),
        (95, 96, 0, 2),
        (97, 100, 0, 3),
    ],
)
def test_spo2_scale_2(low, high, on_air, on_oxygen):
    for value in range(low, high + 1):
        for oxygen, expected in ((False, on_air), (True, on_oxygen)):
            assert (
                points(Sign.SPO2, Decimal(value), spo2_scale_2=True, on_oxygen=oxygen) == expected
            )


def test_spo2_scale_2_above_target_needs_to_know_about_oxygen():
    assert points(Sign.SPO2, Decimal(93), spo2_scale_2=True) is None
    assert points(Sign.SPO2, Decimal(92), spo2_scale_2=True) == 0
    assert points(Sign.SPO2, Decimal(84), spo2_scale_2=True) == 2


@pytest.mark.parametrize("state", list(Consciousness))
def test_anything_but_alert_scores_three(state):
    assert points(Sign.CONSCIOUSNESS, state) == (0 if state is Consciousness.ALERT else 3)


def test_oxygen_scores_two_however_much():
    assert points(Sign.OXYGEN_FLOW, Decimal(0)) == 0
    assert points(Sign.OXYGEN_FLOW, Decimal("0.5")) == 2
    assert points(Sign.OXYGEN_FLOW, Decimal(15)) == 2


def test_digits_that_the_chart_does_not_have_are_rounded_half_up():
    assert points(Sign.SPO2, Decimal("91.4")) == 3
    assert points(Sign.SPO2, Decimal("91.5")) == 2
    assert points(Sign.TEMPERATURE, Decimal("35.04")) == 3
    assert points(Sign.TEMPERATURE, Decimal("35.05")) == 1


def test_signs_outside_the_score_have_no_points():
    assert points(Sign.PAIN, Decimal(9)) is None
    assert points(Sign.DIASTOLIC, Decimal(80)) is None


def test_a_normal_set_scores_nothing():
    found = score(vitals())
    assert found.total == 0
    assert found.complete
    assert found.red == ()
    assert found.risk is Risk.LOW
    assert found.monitoring is Monitoring.EVERY_12_HOURS
    assert found.spo2_scale == 1
    assert found.at == AT
    assert tuple(part.sign for part in found.parts) == PARAMETERS


@pytest.mark.parametrize(
    ("changed", "total", "risk", "monitoring"),
    [
        ({"heart_rate": Decimal(95)}, 1, Risk.LOW, Monitoring.EVERY_4_TO_6_HOURS),
        (
            {"respiratory_rate": Decimal(22), "heart_rate": Decimal(115)},
            4,
            Risk.LOW,
            Monitoring.EVERY_4_TO_6_HOURS,
        ),
        (
            {"consciousness": Consciousness.CONFUSED},
            3,
            Risk.LOW_MEDIUM,
            Monitoring.EVERY_HOUR,
        ),
        (
            {"respiratory_rate": Decimal(26), "heart_rate": Decimal(95)},
            4,
            Risk.LOW_MEDIUM,
            Monitoring.EVERY_HOUR,
        ),
        (
            {"spo2": Decimal(90), "oxygen_flow": Decimal(2)},
            5,
            Risk.MEDIUM,
            Monitoring.EVERY_HOUR,
        ),
        (
            {"spo2": Decimal(93), "oxygen_flow": Decimal(2), "heart_rate": Decimal(112)},
            6,
            Risk.MEDIUM,
            Monitoring.EVERY_HOUR,
        ),
        (
            {"spo2": Decimal(90), "oxygen_flow": Decimal(2), "heart_rate": Decimal(112)},
            7,
            Risk.HIGH,
            Monitoring.CONTINUOUS,
        ),
    ],
)
def test_thresholds_and_response(changed, total, risk, monitoring):
    found = score(vitals(**changed))
    assert (found.total, found.risk, found.monitoring) == (total, risk, monitoring)


def test_the_highest_score_is_twenty():
    worst = vitals(
        respiratory_rate=Decimal(30),
        spo2=Decimal(80),
        oxygen_flow=Decimal(10),
        systolic=Decimal(80),
        heart_rate=Decimal(140),
        consciousness=Consciousness.UNRESPONSIVE,
        temperature=Decimal("34.5"),
    )
    assert score(worst).total == 20


def test_a_missing_parameter_is_named_and_the_sum_is_the_least():
    found = score(vitals(temperature=None, heart_rate=Decimal(120)))
    assert found.missing == (Sign.TEMPERATURE,)
    assert not found.complete
    assert found.total == 2
    assert found.risk is Risk.LOW


def test_scale_2_without_oxygen_is_not_complete():
    found = score(vitals(oxygen_flow=None, spo2=Decimal(95)), spo2_scale_2=True)
    assert found.spo2_scale == 2
    assert found.missing == (Sign.SPO2, Sign.OXYGEN_FLOW)


def test_scale_2_on_oxygen_in_one_set():
    found = score(vitals(oxygen_flow=Decimal(2), spo2=Decimal(97)), spo2_scale_2=True)
    assert found.total == 5
    assert found.red == (Sign.SPO2,)


def test_nothing_measured_has_no_score():
    found = score(VitalSigns(at=AT, pain=Decimal(3)))
    assert found.total is None
    assert found.risk is None
    assert found.monitoring is None
    assert found.at is None
    assert found.missing == PARAMETERS


def test_an_old_value_counts_but_is_marked():
    readings = {sign: Reading(value, AT) for sign, value in vitals().measured()}
    readings[Sign.TEMPERATURE] = Reading(Decimal("39.5"), AT - timedelta(hours=12, seconds=1))
    found = score_latest(readings, at=AT)
    assert found.stale == (Sign.TEMPERATURE,)
    assert found.total == 2
    assert not found.complete
    readings[Sign.TEMPERATURE] = Reading(Decimal("39.5"), AT - timedelta(hours=12))
    assert score_latest(readings, at=AT).complete


def test_an_oxygen_flow_that_is_no_number_says_nothing_about_oxygen():
    readings = {
        Sign.OXYGEN_FLOW: Reading(Consciousness.ALERT, AT),
        Sign.SPO2: Reading(Decimal(95), AT),
    }
    assert Sign.SPO2 in score_latest(readings, at=AT, spo2_scale_2=True).missing


numbers = st.decimals(0, 300, places=1)


@given(
    rate=numbers,
    spo2=numbers,
    flow=numbers,
    systolic=numbers,
    pulse=numbers,
    temperature=numbers,
    state=st.sampled_from(list(Consciousness)),
    scale_2=st.booleans(),
)
def test_total_is_the_sum_of_parts_between_0_and_20(
    rate, spo2, flow, systolic, pulse, temperature, state, scale_2
):
    found = score(
        VitalSigns(
            at=AT,
            respiratory_rate=rate,
            spo2=spo2,
            oxygen_flow=flow,
            systolic=systolic,
            heart_rate=pulse,
            consciousness=state,
            temperature=temperature,
        ),
        spo2_scale_2=scale_2,
    )
    assert found.complete
    assert found.total == sum(part.points for part in found.parts)
    assert 0 <= found.total <= 20
    assert all(0 <= part.points <= 3 for part in found.parts)


@given(st.sets(st.sampled_from(PARAMETERS)))
def test_leaving_values_out_never_raises_the_score(missing):
    whole = vitals(heart_rate=Decimal(120), spo2=Decimal(93))
    partial = score(
        VitalSigns(
            at=AT,
            **{sign.value: value for sign, value in whole.measured() if sign not in missing},
        )
    )
    assert set(partial.missing) == missing
    assert (partial.total or 0) <= score(whole).total
