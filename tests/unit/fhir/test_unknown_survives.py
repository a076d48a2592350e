"""Whatever a stored record holds that the program does not know stays when it is changed."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.fhir import drug_order, flag, fluid_balance, note, stays, vital_signs
from workstation.fhir.entry import Entry
from workstation.fhir.json import canonical

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
AUTHOR = {"reference": "Practitioner/d1", "display": "BS Mai"}
ENTRY = Entry(own="r1", patient="p1", encounter="e1", author=AUTHOR, at=AT)
[PRESSURE] = vital_signs.write(
    VitalSigns(at=AT, systolic=Decimal(120), diastolic=Decimal(80)),
    patient="p1",
    encounter="e1",
    performer=AUTHOR,
    new_id=lambda: "r1",
)
STAY = {
    "resourceType": "Encounter",
    "id": "r1",
    "status": "in-progress",
    "period": {"start": "2026-11-18T08:00:00Z"},
    "location": [{"location": {"reference": "Location/b1"}, "status": "active"}],
}
ORDER = drug_order.write(
    ENTRY,
    Prescription(
        drug="Paracetamol",
        amount=Amount(Decimal(500), "mg"),
        route="uống",
        timing=Timing(times_a_day=3),
    ),
)
NOTE = note.write(
    "doctor",
    id="r1",
    patient="p1",
    encounter="e1",
    author=AUTHOR,
    at=AT,
    course="Đỡ mệt",
    orders="Như cũ",
)
URINE = fluid_balance.write(ENTRY, Fluid(Kind.URINE, AT, Decimal(300)))
WHO = {"author": AUTHOR, "at": AT, "reason": "Gõ nhầm"}
PATCHES = [
    pytest.param(
        PRESSURE,
        lambda r: vital_signs.correct(r, {Sign.SYSTOLIC: Decimal(130)}, **WHO),
        id="a corrected pressure",
    ),
    pytest.param(PRESSURE, lambda r: vital_signs.enter_in_error(r, **WHO), id="a void pressure"),
    pytest.param(
        URINE,
        lambda r: fluid_balance.correct(r, Fluid(Kind.URINE, AT, Decimal(30), 1, "đục"), **WHO),
        id="a corrected amount",
    ),
    pytest.param(URINE, lambda r: fluid_balance.enter_in_error(r, **WHO), id="a void amount"),
    pytest.param(STAY, lambda r: stays.with_care_level(r, CareLevel.ONE), id="a care level"),
    pytest.param(STAY, lambda r: stays.moved(r, "b2", display="2", at=AT), id="a move"),
    pytest.param(STAY, lambda r: stays.discharged(r, at=AT), id="a discharge"),
    pytest.param(flag.write(ENTRY, "fall"), lambda r: flag.ended(r, at=AT), id="an ended flag"),
    pytest.param(ORDER, lambda r: drug_order.stopped(r, at=AT, reason="x"), id="a stopped order"),
    pytest.param(ORDER, lambda r: drug_order.with_status(r, "on-hold"), id="a held order"),
    pytest.param(
        NOTE, lambda r: note.amend(r, course="Khá", orders="Ra viện", **WHO), id="an amended note"
    ),
    pytest.param(NOTE, lambda r: note.enter_in_error(r, **WHO), id="a void note"),
]
unknown = st.recursive(
    st.integers() | st.text(max_size=5) | st.decimals(-9, 9, places=2) | st.booleans(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "b"]), inner, min_size=1)
    ),
    max_leaves=4,
)


def _objects(value):
    """Every object inside a value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def _marks(value):
    return sorted(canonical(one["unknown"]) for one in _objects(value) if "unknown" in one)


@pytest.mark.parametrize(("resource", "patch"), PATCHES)
@given(data=st.data())
def test_unknown_elements_survive(resource, patch, data):
    stored = deepcopy(resource)
    places = list(_objects(stored))
    for number in data.draw(st.sets(st.integers(0, len(places) - 1), min_size=1, max_size=4)):
        places[number]["unknown"] = {"mark": number, "value": data.draw(unknown)}
    gone = {"valueQuantity"} if "component" in stored else set()
    for part in stored.get("component", [])[:1]:
        for name in gone & part.keys():
            part[name].pop("unknown", None)
    before = canonical(stored)
    patched = patch(stored)
    assert canonical(stored) == before
    assert _marks(stored) == [mark for mark in _marks(patched) if mark in _marks(stored)]
