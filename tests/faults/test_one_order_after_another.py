"""An order is changed in the hour of a dose: that dose is neither left out nor given twice."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, make_desk, patient_id
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import State
from workstation.services import medication, medication_due, orders
from workstation.services.medication import Giving

PATIENT = patient_id(1)
HOUR = timedelta(hours=1)
EIGHT = Decimal(8)


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def signed(desk, timing, *, replaces=""):
    """Id of an order, new or changed."""
    item = Prescription(
        drug="Ceftriaxon 1 g", amount=Amount(Decimal(1), "g"), route="uống", timing=timing
    )
    line = orders.Line(item)
    if replaces:
        line = orders.Line(item, replaces=f"MedicationRequest/{replaces}", reason="Đổi")
    made = orders.sign(colleague(desk, DOCTOR), PATIENT, [line])
    known = {each.partition("/")[2] for each in made.references if each.startswith("Medication")}
    (own,) = known - {replaces}
    return own


def due(desk):
    """What stands on the list of what is to be given until tomorrow, with its state."""
    with desk.store.read() as view:
        found = medication_due.due(view, [PATIENT], desk.now(), ahead=23 * HOUR)
    return [(each.order, each.at, each.state) for each in found]


def go_to(desk, at):
    advance(desk, seconds=(at - desk.now()).total_seconds())


@pytest.mark.parametrize("timing", [{"times_a_day": 3}, {"every_hours": EIGHT}])
@pytest.mark.parametrize(("minutes", "state"), [(20, State.DUE), (150, State.LATE)])
def test_the_dose_of_this_hour_is_still_to_be_given(desk, timing, minutes, state):
    before = signed(desk, Timing(**timing))
    slot = due(desk)[0][1]
    go_to(desk, slot + timedelta(minutes=minutes))
    after = signed(desk, Timing(**timing), replaces=before)
    found = due(desk)
    assert found[0] == (after, slot, state)
    assert found[1][1] == slot + 8 * HOUR


def test_a_dose_that_was_missed_long_ago_is_not(desk):
    before = signed(desk, Timing(every_hours=EIGHT))
    slot = due(desk)[0][1]
    go_to(desk, slot + 5 * HOUR)
    after = signed(desk, Timing(every_hours=EIGHT), replaces=before)
    assert due(desk)[0][:2] == (after, slot + 8 * HOUR)


@pytest.mark.parametrize(("hours", "first"), [(EIGHT, 8), (Decimal(6), 6), (Decimal(12), 12)])
@pytest.mark.parametrize("early", [True, False])
def test_what_was_given_is_not_given_again(desk, hours, first, early):
    before = signed(desk, Timing(every_hours=EIGHT))
    slot = due(desk)[0][1] + 8 * HOUR
    go_to(desk, slot - HOUR / 2 if early else slot)
    medication.give(desk, before, Giving(slot=slot))
    advance(desk, minutes=10)
    after = signed(desk, Timing(every_hours=hours), replaces=before)
    assert due(desk)[0][:2] == (after, slot + first * HOUR)


def test_a_change_that_lay_unsigned_asks_for_nothing_that_was_given_meanwhile(desk):
    start = desk.now()
    before = signed(desk, Timing(every_hours=EIGHT, starts_at=start))
    medication.give(desk, before, Giving(slot=start))
    written = Timing(every_hours=EIGHT, starts_at=start + 8 * HOUR)
    go_to(desk, start + 8 * HOUR)
    medication.give(desk, before, Giving(slot=start + 8 * HOUR))
    advance(desk, hours=5)
    after = signed(desk, written, replaces=before)
    assert due(desk)[0][:2] == (after, start + 16 * HOUR)


def test_a_beginning_that_is_still_to_come_was_meant(desk):
    before = signed(desk, Timing(every_hours=EIGHT))
    slot = due(desk)[0][1]
    advance(desk, minutes=20)
    meant = slot + 3 * HOUR
    after = signed(desk, Timing(every_hours=EIGHT, starts_at=meant), replaces=before)
    assert due(desk)[0][:2] == (after, meant)


def test_a_dose_that_another_terminal_tells_of_later_is_not_due_once_more(desk):
    before = signed(desk, Timing(times_a_day=3))
    slot = due(desk)[0][1]
    go_to(desk, slot + HOUR / 3)
    after = signed(desk, Timing(times_a_day=3), replaces=before)
    assert due(desk)[0][:2] == (after, slot)
    medication.give(desk, before, Giving(slot=slot, at=slot))
    assert due(desk)[0][:2] == (after, slot + 8 * HOUR)


def test_changed_twice_in_the_same_hour(desk):
    first = signed(desk, Timing(times_a_day=3))
    slot = due(desk)[0][1]
    go_to(desk, slot + HOUR / 6)
    second = signed(desk, Timing(times_a_day=3), replaces=first)
    advance(desk, minutes=5)
    third = signed(desk, Timing(times_a_day=3), replaces=second)
    assert due(desk)[0][:2] == (third, slot)
