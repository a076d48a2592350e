"""What was answered for when it was ordered is told once, and not by each dose again."""

from datetime import UTC, datetime

import pytest

from workstation.clinical.accepted_alerts import AcceptedRow, without_accepted
from workstation.clinical.collisions import Action, Collision, Rule
from workstation.clinical.double_dose import DoseRow

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ORDER, ALLERGY = "MedicationRequest/o1", "AllergyIntolerance/a1"
DOSE = DoseRow("d1", "p1", "o1", frozenset(), "Amoxicilin", AT)


def collision(rule, *records):
    return Collision(rule, "high", tuple(sorted(records)), "p1", AT, Action.STOP_ORDER)


def accepted(kind="allergy", order=ORDER, *more):
    return AcceptedRow(kind, order, frozenset({order, *more}))


@pytest.mark.parametrize(
    ("found", "answered"),
    [
        (collision(Rule.ORDERED_DESPITE_ALLERGY, ORDER, ALLERGY), True),
        (collision(Rule.ORDERED_DESPITE_ALLERGY, ORDER, "AllergyIntolerance/a2"), False),
        (collision(Rule.ORDERED_DESPITE_ALLERGY, "MedicationRequest/o2", ALLERGY), False),
        (collision(Rule.GIVEN_DESPITE_ALLERGY, "MedicationAdministration/d1", ALLERGY), True),
        (collision(Rule.GIVEN_DESPITE_ALLERGY, "MedicationAdministration/d9", ALLERGY), False),
        (collision(Rule.GIVEN_AFTER_STOP, "MedicationAdministration/d1", ORDER), False),
        (collision(Rule.TEST_TWICE, "ServiceRequest/s1", "ServiceRequest/s2"), False),
    ],
)
def test_an_allergy(found, answered):
    left = without_accepted([found], [accepted("allergy", ORDER, ALLERGY)], [DOSE])
    assert left == ([] if answered else [found])


def test_an_interaction_says_nothing_about_an_allergy():
    found = collision(Rule.ORDERED_DESPITE_ALLERGY, ORDER, ALLERGY)
    assert without_accepted([found], [accepted("interaction", ORDER, ALLERGY)], []) == [found]


@pytest.mark.parametrize(("order", "answered"), [("s2", True), ("s3", False)])
def test_a_test_ordered_again_knowingly(order, answered):
    found = collision(Rule.TEST_TWICE, "ServiceRequest/s1", "ServiceRequest/s2")
    row = accepted("same-test", f"ServiceRequest/{order}", "Observation/r1")
    assert without_accepted([found], [row], []) == ([] if answered else [found])
