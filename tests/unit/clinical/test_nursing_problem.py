"""What in a chart hints at a nursing problem, from the published thresholds."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from workstation.clinical.care_level import CareLevel
from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.nursing_problem import (
    Findings,
    Hint,
    NursingProblem,
    hints,
    suggested,
)
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def found(**values):
    return Findings(**({"signs": {}} | values))


def signs(**values):
    return found(signs={Sign(name): Decimal(value) for name, value in values.items()})


def warned(facts=None, **values):
    said = {
        name: value if isinstance(value, Consciousness) else Decimal(value)
        for name, value in values.items()
    }
    return found(warning=of_set(facts or Facts(), VitalSigns(at=AT, **said)))


@pytest.mark.parametrize(
    ("findings", "hint", "seen"),
    [
        (signs(pain="4"), Hint.PAIN, True),
        (signs(pain="3"), Hint.PAIN, False),
        (signs(temperature="38.0"), Hint.FEVER, True),
        (signs(temperature="37.9"), Hint.FEVER, False),
        (signs(glucose="3.8"), Hint.GLUCOSE, True),
        (signs(glucose="3.9"), Hint.GLUCOSE, False),
        (signs(glucose="10.1"), Hint.GLUCOSE, True),
        (found(morse=45), Hint.MORSE, True),
        (found(morse=40), Hint.MORSE, False),
        (found(braden=18), Hint.BRADEN, True),
        (found(braden=19), Hint.BRADEN, False),
        (found(line=True), Hint.LINE, True),
        (found(feeding_tube=True), Hint.FEEDING_TUBE, True),
        (found(wound=True), Hint.WOUND, True),
        (found(level=CareLevel.ONE), Hint.CARE_LEVEL, True),
        (found(level=CareLevel.TWO), Hint.CARE_LEVEL, False),
        (warned(respiratory_rate="22"), Hint.BREATHING, True),
        (warned(respiratory_rate="20"), Hint.BREATHING, False),
        (warned(spo2="93", oxygen_flow="0"), Hint.BREATHING, True),
        (warned(Facts(spo2_scale_2=True), spo2="90", oxygen_flow="0"), Hint.BREATHING, False),
        (warned(consciousness=Consciousness.CONFUSED), Hint.CONFUSION, True),
        (warned(consciousness=Consciousness.ALERT), Hint.CONFUSION, False),
        (warned(respiratory_rate="25", spo2="93", oxygen_flow="0"), Hint.SCORE, True),
        (warned(respiratory_rate="25"), Hint.SCORE, False),
    ],
)
def test_a_hint_holds_from_its_threshold_on(findings, hint, seen):
    assert (hint in hints(findings)) is seen


def test_nothing_known_hints_at_nothing():
    assert hints(found()) == {}


def test_a_problem_that_is_open_is_not_suggested_again():
    falls = NursingProblem("fall-risk", ("s", "1"), suggested_by=("morse",))
    other = NursingProblem("own", ("s", "1"))
    at_risk = found(morse=55)
    (made,) = suggested((other, falls), at_risk, ())
    assert (made.problem, made.hint, made.value) == (falls, Hint.MORSE, Decimal(55))
    assert suggested((other, falls), at_risk, ("fall-risk",)) == ()


def test_any_of_several_hints_is_enough_and_the_first_is_told():
    problem = NursingProblem("p", ("s", "1"), suggested_by=("wound", "line", "fever"))
    (made,) = suggested((problem,), found(line=True, signs={Sign.TEMPERATURE: Decimal(39)}), ())
    assert made.hint is Hint.LINE


@pytest.mark.parametrize(
    ("values", "sign", "value"),
    [
        ({"respiratory_rate": "22"}, Sign.RESPIRATORY_RATE, "22"),
        ({"spo2": "93", "oxygen_flow": "0"}, Sign.SPO2, "93"),
        ({"respiratory_rate": "22", "spo2": "93"}, Sign.RESPIRATORY_RATE, "22"),
    ],
)
def test_impaired_breathing_tells_which_sign_hints_at_it(values, sign, value):
    problem = NursingProblem("p", ("s", "1"), suggested_by=("breathing",))
    (made,) = suggested((problem,), warned(**values), ())
    assert (made.sign, made.value) == (sign, Decimal(value))
