"""Fluids as Observations: golden JSON, amounts of other programs, corrections."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.fhir import fluid_balance, summary, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump, parse

HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 8, 5, tzinfo=HANOI)
NURSE = {"reference": "Practitioner/n1", "display": "Trần Thị Hoa"}
ENTRY = Entry(own="r1", patient="p1", encounter="e1", author=NURSE, at=AT + timedelta(minutes=3))
WHO = {"author": NURSE, "at": AT + timedelta(hours=1), "reason": "Đọc nhầm vạch"}


def fluid(kind=Kind.URINE, ml="300", times=1, name="", at=AT):
    return Fluid(kind, at, None if ml is None else Decimal(ml), times, name)


def written(**values):
    return fluid_balance.write(ENTRY, fluid(**values))


def test_golden():
    assert dump(written()) == (
        '{"resourceType":"Observation","id":"r1","identifier":[{"system":'
        '"https://ward-workstation.example/fhir/sid/workstation-uuid","value":"urn:uuid:r1"}],'
        '"status":"final","category":[{"coding":[{"system":'
        '"https://ward-workstation.example/fhir/CodeSystem/ward-category",'
        '"code":"fluid-balance"}]},{"coding":[{"system":'
        '"http://terminology.hl7.org/CodeSystem/observation-category","code":"therapy"}]}],'
        '"code":{"coding":[{"system":"http://loinc.org","code":"9187-6","display":"Urine output"},'
        '{"system":"https://ward-workstation.example/fhir/CodeSystem/fluid-balance",'
        '"code":"urine","display":"Urine"}],"text":"Nước tiểu"},'
        '"subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},'
        '"effectiveDateTime":"2026-11-20T08:05:00+07:00","issued":"2026-11-20T08:08:00+07:00",'
        '"performer":[{"reference":"Practitioner/n1","display":"Trần Thị Hoa"}],'
        '"valueQuantity":{"value":300,"unit":"mL","system":"http://unitsofmeasure.org",'
        '"code":"mL"}}'
    )


def test_golden_of_what_was_not_measured():
    made = written(kind=Kind.STOOL, ml=None, times=2, name="lỏng")
    assert "valueQuantity" not in made
    assert dump(made["dataAbsentReason"]) == (
        '{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason",'
        '"code":"not-performed"}],"text":"Không đo"}'
    )
    assert dump(made["component"]) == (
        '[{"code":{"coding":[{"system":"http://loinc.org","code":"9255-1",'
        '"display":"Fluid output [Appearance]"}]},"valueString":"lỏng"},'
        '{"code":{"coding":[{"system":'
        '"https://ward-workstation.example/fhir/CodeSystem/fluid-balance","code":"times",'
        '"display":"Times, not measured"}]},"valueInteger":2}]'
    )


FLUIDS = st.builds(
    Fluid,
    st.sampled_from(Kind),
    st.just(AT),
    st.none() | st.decimals(0, 20000, places=1),
    st.just(1),
    st.sampled_from(["", "Redon trái", "Sữa"]),
)


@given(FLUIDS)
def test_what_is_written_is_read(value):
    made = parse(dump(fluid_balance.write(ENTRY, value)))
    found = fluid_balance.read(made)
    assert found is not None
    assert found.fluid == value
    assert (found.id, found.status, found.by) == ("r1", "final", "Trần Thị Hoa")
    assert found.issued == ENTRY.at
    assert found.valid
    assert not found.amended
    assert summary.kind_of(made) == "fluid-balance"


@given(FLUIDS, FLUIDS)
def test_a_correction_says_what_it_should_have_been(before, after):
    made = fluid_balance.write(ENTRY, before)
    corrected = fluid_balance.correct(made, after, **WHO)
    found = fluid_balance.read(corrected)
    assert found is not None
    if after.kind is not Kind.DRAIN or after.name or before.kind is not Kind.DRAIN:
        assert found.fluid == after
    assert found.amended
    assert found.reason == "Đọc nhầm vạch"


def test_a_correction_of_the_time_keeps_what_else_is_there():
    made = {**written(), "valueQuantity": {"value": Decimal(3), "code": "mL", "extension": []}}
    made["component"] = [{"code": {"text": "colour"}, "valueString": "amber"}]
    earlier = AT - timedelta(hours=1)
    found = fluid_balance.correct(made, fluid(at=earlier, ml="3"), **WHO)
    assert found["effectiveDateTime"] == "2026-11-20T07:05:00+07:00"
    assert found["component"] == made["component"]
    assert "extension" in found["valueQuantity"]
    assert found["code"] == made["code"]


def test_what_is_entered_in_error_does_not_count_and_keeps_its_value():
    found = fluid_balance.read(fluid_balance.enter_in_error(written(), **WHO))
    assert found is not None
    assert not found.valid
    assert found.fluid == fluid()


def foreign(code="9187-6", system=systems.LOINC, quantity=None, **more):
    return {
        "resourceType": "Observation",
        "id": "f1",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "effectiveDateTime": "2026-11-20T01:05:00Z",
        "valueQuantity": quantity or {"value": Decimal(300), "code": "mL"},
        **more,
    }


@pytest.mark.parametrize(
    ("resource", "kind", "ml"),
    [
        (foreign(), Kind.URINE, "300"),
        (foreign("8999-5"), Kind.ORAL, "300"),
        (foreign("9203-1"), Kind.DRAIN, "300"),
        (foreign(quantity={"value": Decimal("1.5"), "unit": "L"}), Kind.URINE, "1500"),
        (foreign(component=[{"code": {"text": "x"}}]), Kind.URINE, "300"),
    ],
)
def test_amounts_of_other_programs_are_read(resource, kind, ml):
    found = fluid_balance.read(resource)
    assert found is not None
    assert (found.fluid.kind, found.fluid.volume_ml) == (kind, Decimal(ml))


@pytest.mark.parametrize(
    "resource",
    [
        foreign("9192-6"),
        foreign(system="elsewhere"),
        foreign(quantity={"value": Decimal(300), "unit": "g"}),
        foreign(quantity={"value": Decimal(300), "code": "mL", "comparator": ">"}),
        foreign(quantity={"value": Decimal(-1), "code": "mL"}),
        foreign(quantity={"code": "mL"}),
        foreign() | {"effectiveDateTime": "?"},
        foreign() | {"resourceType": "Procedure"},
    ],
)
def test_what_cannot_be_counted_is_no_amount(resource):
    assert fluid_balance.read(resource) is None


@pytest.mark.parametrize("times", [0, 101, None])
def test_an_odd_number_of_times_is_once(times):
    made = written(ml=None, times=3)
    made["component"][0]["valueInteger"] = times
    found = fluid_balance.read(made)
    assert found is not None
    assert found.fluid.times == 1


def test_without_offset_a_time_of_others_is_read_as_the_hospital_wrote_it():
    found = fluid_balance.read(foreign(performer=[{"display": "ICU"}], issued="2026-11-20"))
    assert found is not None
    assert found.fluid.at == datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
    assert (found.by, found.performer) == ("ICU", None)
