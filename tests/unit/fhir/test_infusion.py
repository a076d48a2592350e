"""How much ran in by the MedicationAdministrations of an infusion."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from workstation.fhir import json
from workstation.fhir.infusion import MARKS, course, read_all

START = datetime(2026, 11, 20, 1, tzinfo=UTC)


def after(hours):
    return (START + timedelta(hours=hours)).isoformat()


def quantity(value, unit):
    return {"value": Decimal(value), "unit": unit, "code": unit}


def first(id="i1", *, rate="100", bag="500", status="in-progress", end=None, at=0, unit="mL/h"):
    period = {"start": after(at)} | ({"end": after(end)} if end is not None else {})
    dosage = {"rateQuantity": quantity(rate, unit)} | ({"dose": quantity(bag, "mL")} if bag else {})
    return {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": status,
        "medicationCodeableConcept": {"text": "Natri clorid 0,9 %"},
        "request": {"reference": "MedicationRequest/o1"},
        "performer": [{"actor": {"display": "Trần Thị Hoa"}}],
        "effectivePeriod": period,
        "dosage": dosage,
    }


def change(at, *, rate=None, bag=None, parent="i1", status="completed", unit="mL"):
    dosage = {}
    if rate is not None:
        dosage["rateQuantity"] = quantity(rate, "mL/h")
    if bag is not None:
        dosage["dose"] = quantity(bag, unit)
    return {
        "resourceType": "MedicationAdministration",
        "id": f"c{at}",
        "status": status,
        "partOf": [{"reference": f"MedicationAdministration/{parent}"}],
        "effectiveDateTime": after(at),
        "dosage": dosage,
    }


def ran(*resources, hours=4):
    [found] = read_all(resources)
    return course(found).ran_until(START + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("resources", "ml"),
    [
        ((first(),), 400),
        ((change(1, rate="0"), first(), change(2, rate="50")), 200),
        ((first(bag="100"), change(2, bag="500")), 300),
        ((first(end=2),), 200),
        ((first(), change(1, rate="0", status="entered-in-error")), 400),
        ((first(), change(1, rate="0", parent="other")), 400),
        ((first(rate="2", unit="mL/min"),), 480),
        ((first(bag=None), change(1, bag="0.2", unit="L")), 300),
        ((first(), change(1, bag="9", unit="%")), 400),
        ((first(), change(1, rate="-5")), 400),
        ((first(status="completed"),), 0),
    ],
)
def test_what_ran_in(resources, ml):
    assert ran(*resources) == ml


def test_what_is_not_parsed_would_have_changed_nothing():
    single = first("single", bag="1")
    del single["dosage"]["rateQuantity"]
    found = [single, first(), change(1, rate="0"), change(2, bag="500"), first("i2", end=1)]
    kept = [each for each in found if any(mark in json.dump(each) for mark in MARKS)]
    assert kept == found[1:]
    assert read_all(kept) == read_all(found)
