"""Drugs given less often than daily: ordered as such, and asked about beside their plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from workstation.clinical import double_dose
from workstation.clinical.dosage import Prescription
from workstation.clinical.double_dose import DoseRow, OrderRow
from workstation.clinical.ordering import Item
from workstation.clinical.schedule import slots
from workstation.clinical.seldom import Dose, beside_plan
from workstation.fhir import dosage as dosages
from workstation.fhir import rhythm as rhythms
from workstation.fhir.drug_order import DrugOrder
from workstation.kernel.errors import Refused
from workstation.services.desk import Desk

_DAY: Final = timedelta(days=1)


def refuse_daily_by_form(item: Item) -> None:
    """Refuse a drug that its timing gives daily and its remark less often, as *1 lần/tuần*.

    The record would plan it each day (ISMP Targeted Medication Safety Best Practices for Hospitals
    2024-2025, no. 2: a hard stop for daily methotrexate).

    Raises:
        Refused: ``daily-by-form`` (field ``mode``).
    """
    if not isinstance(item, Prescription) or not item.timing.scheduled:
        return
    unsaid = dosages.write(replace(item, remark=""))
    if rhythms.read([unsaid]) is None and rhythms.read([dosages.write(item)]) is not None:
        raise Refused("daily-by-form", field="mode")


def refuse_beside_plan(
    desk: Desk, order: DrugOrder, new: DoseRow, given: Iterable[DoseRow], orders: Sequence[OrderRow]
) -> None:
    """Refuse a dose on a day that the order does not name, or one too many in its period.

    Args:
        desk: Who would give it.
        order: On which.
        new: The dose that would be given.
        given: What reached the patient around it, of any drug.
        orders: Of the patient, as a drug goes on through all changes of its order.

    Raises:
        Refused: ``beside-plan`` with ``last`` and ``next``, if there are such times.
    """
    zone, rhythm = desk.now().tzinfo, order.rhythm
    if rhythm is None or zone is None:
        return
    planned = None
    if order.timing.every_hours is not None and not order.as_needed:
        until = new.at + timedelta(days=rhythm.days) + _DAY
        planned = slots(order.schedule, new.at - _DAY, until, zone)
    alike = [Dose(row.at, row.partial) for row in double_dose.of_one_drug(new, given, orders)]
    found = beside_plan(rhythm, Dose(new.at, new.partial), alike, planned, zone)
    if found is None:
        return
    day, at = found.next_on, found.next_at
    after = f"{day:%d/%m/%Y}{f' {at:%H:%M}' if at else ''}" if day else None
    said: dict[str, Any] = {"order": order.instruction, "last": found.last, "next": after}
    raise Refused("beside-plan", **{name: fact for name, fact in said.items() if fact})
