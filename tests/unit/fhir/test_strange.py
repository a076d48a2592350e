"""Whatever stands in a foreign record, no reader raises."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit import foreign
from workstation.fhir import (
    allergy,
    collision_rows,
    condition,
    dose,
    drug_order,
    encounter,
    flag,
    fluid_balance,
    infusion,
    laboratory,
    location,
    note,
    patient,
    practitioner,
    safety,
    vital_signs,
)
from workstation.fhir.summary import summarise

READERS = [
    allergy.read,
    collision_rows.allergy_row,
    collision_rows.dose_row,
    collision_rows.order_row,
    collision_rows.person_row,
    collision_rows.request_row,
    condition.read,
    encounter.read,
    flag.read,
    fluid_balance.read,
    lambda resource: [infusion.course(each) for each in infusion.read_all([resource])],
    laboratory.read,
    location.read,
    dose.read,
    drug_order.read,
    note.read,
    patient.read,
    practitioner.read,
    lambda resource: safety.allergies([resource]),
    lambda resource: safety.alerts([resource]),
    summarise,
    vital_signs.read,
]
NAMES = (
    "resourceType id status subject patient code coding text value valueQuantity component "
    "name family given identifier system use period start end location extension url reference "
    "display participant individual type content attachment data contentType dosageInstruction "
    "timing repeat frequency period periodUnit doseAndRate doseQuantity reaction manifestation "
    "category effectiveDateTime effectivePeriod qualification link other class diagnosis rank "
    "condition referenceRange low high interpretation telecom address line meta lastUpdated "
    "deceasedDateTime birthDate gender active partOf physicalType boundsPeriod docStatus unit "
    "dosage rateQuantity dose note issued valueInteger bodySite"
)
names = st.sampled_from(sorted(set(NAMES.split())))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.decimals(-5, 5, places=1)
    | st.sampled_from(["", "x", "active", "Patient/p1", "2026-11-20", "2026-13-45T99:99", "%%%="])
)
strange = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=25,
)
resources = st.dictionaries(names, strange, max_size=8)


@given(resources)
def test_no_reader_raises(resource):
    before = deepcopy(resource)
    for reader in READERS:
        reader(resource)
    assert resource == before


def _places(value, path=()):
    """Every place inside a resource."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from _places(item, (*path, key))


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
@settings(max_examples=60)
@given(st.data())
def test_no_reader_raises_when_one_element_of_a_real_record_is_strange(data):
    every = foreign.resources()
    resource = deepcopy(every[data.draw(st.integers(0, len(every) - 1))])
    *path, last = data.draw(st.sampled_from(list(_places(resource))))
    inner = resource
    for key in path:
        inner = inner[key]
    inner[last] = data.draw(strange)
    for reader in READERS:
        reader(resource)


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_every_reader_reads_foreign_records():
    for resource in foreign.resources()[::5]:
        for reader in READERS:
            reader(resource)
