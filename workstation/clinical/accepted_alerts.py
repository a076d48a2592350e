"""What was ordered knowingly is no collision: the alert was seen and answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.clinical.collisions import Collision, Rule
from workstation.clinical.double_dose import DoseRow
from workstation.clinical.order_safety import Kind

_ALLERGY = (Rule.ORDERED_DESPITE_ALLERGY, Rule.GIVEN_DESPITE_ALLERGY)


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """An alert at ordering that was accepted.

    Attributes:
        kind: Code of what it was about.
        order: ``Type/id`` of the order.
        records: ``Type/id`` of everything it was about.
    """

    kind: str
    order: str
    records: frozenset[str]


def without_accepted(
    found: Iterable[Collision], accepted: Iterable[AcceptedRow], doses: Iterable[DoseRow]
) -> list[Collision]:
    """The collisions that nobody answered for when the order was signed.

    A dose is as its order. Of a test the order that was signed knowingly counts, whatever the
    earlier one is.
    """
    rows = tuple(accepted)
    orders = {f"MedicationAdministration/{dose.id}": dose.order for dose in doses}
    return [each for each in found if not any(_answers(row, each, orders) for row in rows)]


def _answers(row: AcceptedRow, collision: Collision, orders: dict[str, str | None]) -> bool:
    if collision.rule is Rule.TEST_TWICE:
        return row.kind == Kind.SAME_TEST and row.order in collision.records
    if collision.rule not in _ALLERGY or row.kind not in (Kind.ALLERGY, Kind.CROSS_ALLERGY):
        return False
    told = {
        f"MedicationRequest/{orders[record]}" if orders.get(record) else record
        for record in collision.records
    }
    return told <= row.records
