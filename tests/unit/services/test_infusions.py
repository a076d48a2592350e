"""The infusions of a patient, found without parsing every dose of a long stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kit.store import author, make_store
from tests.unit.services.chart_data import NOW, PATIENT, SUBJECT, fill
from workstation.fhir import infusion
from workstation.fhir.json import dump
from workstation.kernel.clock import ManualClock
from workstation.services import infusions
from workstation.store import mirror

KIND = "MedicationAdministration"


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    yield store
    store.close()


def at(hours):
    return (NOW - timedelta(hours=hours)).isoformat()


def given(id, hours, **more):
    return {
        "resourceType": KIND,
        "id": id,
        "status": "completed",
        "medicationCodeableConcept": {"text": "Paracetamol 500 mg"},
        "subject": SUBJECT,
        "effectiveDateTime": at(hours),
        "dosage": {"dose": {"value": 1, "unit": "viên"}},
        **more,
    }


def begun(id, hours, *, subject=SUBJECT):
    made = given(id, hours, subject=subject, status="in-progress", dosage={"rateQuantity": RATE})
    del made["effectiveDateTime"]
    return {**made, "effectivePeriod": {"start": at(hours)}}


RATE = {"value": 100, "unit": "mL/h", "code": "mL/h"}


def step(id, hours, of):
    parent = [{"reference": f"{KIND}/{of}"}]
    return given(id, hours, partOf=parent, dosage={"rateQuantity": RATE})


def test_they_are_those_that_all_doses_together_tell(store):
    other = {"reference": "Patient/somebody-else"}
    kept = [
        *(given(f"d{hours}", hours) for hours in range(1, 30)),
        *(begun(f"i{number}", 40 + number) for number in range(4)),
        step("s0", 20, "i0"),
        step("s1", 21, "i1"),
        begun("i9", 3, subject=other),
    ]
    fill(store, kept)
    with store.write(author()) as unit:
        unit.create(begun("new", 2), step("new-step", 1, "i0"), given("new-dose", 1))
        seen = {name: unit.get(KIND, name) for name in ("i1", "i2", "i3", "s1", "d5")}
        unit.update(seen["i1"].resource() | {"status": "entered-in-error"}, seen=seen["i1"])
        unit.update(seen["s1"].resource() | {"effectiveDateTime": at(9)}, seen=seen["s1"])
        unit.update(begun("d5", 5), seen=seen["d5"])
        unit.update(given("i3", 5), seen=seen["i3"])
        unit.delete(KIND, "i2", seen=seen["i2"])
    with store.read() as view:
        found = infusions.of_patient(view, PATIENT)
        whole = infusion.read_all(each.resource() for each in view.find(KIND, patient=PATIENT))
    assert found == whole
    assert [each.id for each in found] == ["i0", "d5", "new"]
    assert [step.id for step in found[0].steps] == ["i0", "s0", "new-step"]


def test_a_server_that_escapes_letters_hides_no_infusion(store):
    first = dump(begun("i0", 5)).replace('"rateQuantity"', r'"rate\u0051uantity"')
    later = dump(step("s0", 3, "i0")).replace('"partOf"', r'"part\u004ff"')
    later = later.replace('"rateQuantity"', r'"\u0072ateQuantity" ')
    pulled = [
        mirror.Pulled(KIND, id_, "1", NOW.isoformat(), body)
        for id_, body in (("i0", first), ("s0", later))
    ]
    with store.write() as unit:
        mirror.apply(unit, pulled)
    with store.read() as view:
        found = infusions.of_patient(view, PATIENT)
    assert [step.id for each in found for step in each.steps] == ["i0", "s0"]
