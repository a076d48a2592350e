"""What the shipped lists offer is known to the check, and interrupts nobody by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from workstation.clinical.order_check import check, check_together
from workstation.clinical.order_safety import Facts, Measured, Unchecked
from workstation.clinical.ordering import OrderKind
from workstation.knowledge import shipped
from workstation.services import formulary, orders

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ADULT = Facts(
    NOW,
    sex="male",
    birth_date=date(1966, 1, 1),
    weight=Measured(Decimal(60), "kg", NOW),
    creatinine=Measured(Decimal(80), "umol/L", NOW),
)


@pytest.mark.parametrize("choice", formulary.choices(OrderKind.DRUG), ids=lambda choice: choice.id)
def test_every_listed_drug_is_known_and_its_usual_dose_is_no_alert(choice):
    proposed = orders.proposed(orders.Line(item=choice.item))
    checked = check(proposed, ADULT, shipped())
    assert checked.alerts == ()
    assert Unchecked.DRUG_UNKNOWN not in checked.unchecked


@pytest.mark.parametrize("order_set", formulary.order_sets(), ids=lambda each: each.id)
def test_a_whole_order_set_asks_nothing_of_an_adult_without_other_drugs(order_set):
    asked = [orders.proposed(orders.Line(item=line.item)) for line in order_set.lines]
    found = check_together([each for each in asked if each is not None], ADULT, shipped())
    assert [checked.asks for checked in found if checked.asks] == []
