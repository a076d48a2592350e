"""When an order begins that takes the place of another: from the doses of that one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from workstation.clinical import medication_record as rules
from workstation.clinical.dosage import Prescription
from workstation.clinical.medication_record import WANTED_NOW, Place
from workstation.clinical.ordering import Item
from workstation.clinical.schedule import taking_over
from workstation.fhir import dose as doses
from workstation.fhir import drug_order
from workstation.fhir.drug_order import DrugOrder
from workstation.services.medication_record import plan_of
from workstation.store import View, medication

_BACK: Final = timedelta(days=1)
_BESIDE: Final = timedelta(hours=30)
_NOW_TOO: Final = timedelta(seconds=1)


def taken_over(view: View, item: Item, replaces: str, now: datetime) -> Item:
    """An order as it begins, when it takes the place of another.

    Args:
        view: Where the old one still holds.
        item: What is ordered.
        replaces: ``Type/id`` of the old one.
        now: When it is signed (aware), in the zone of the ward.
    """
    type_, _, own = replaces.partition("/")
    seen = view.get(type_, own) if type_ == "MedicationRequest" else None
    if seen is None or not isinstance(item, Prescription):
        return item
    last = _last(view, drug_order.read(seen.resource()), now)
    pending = last is not None and not last.doses and last.state in WANTED_NOW
    at = None if last is None else last.slot
    return replace(item, timing=taking_over(item.timing, now, last=at, pending=pending))


def _last(view: View, order: DrugOrder, now: datetime) -> Place | None:
    """The last time at which an order was due, or is and was given already."""
    hours = order.interval_hours
    back = _BACK if hours is None else max(_BACK, timedelta(hours=float(hours)))
    since, until = now - back, now + _NOW_TOO
    patient = order.patient or ""
    found = medication.doses(view, [patient], since=since - _BESIDE, until=now + _BESIDE)
    facts = [read.fact for each in found if (read := doses.read(each.resource())).order == order.id]
    plan = plan_of(order, since, now + _BESIDE, now)
    places = rules.record([plan], facts, now).rows[order.id]
    due = [each for each in places if each.slot and (each.slot < until or each.doses)]
    return due[-1] if due else None
