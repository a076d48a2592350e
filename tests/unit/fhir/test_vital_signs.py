"""Vital signs as Observations: golden JSON, foreign units and words, corrections."""

import itertools
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.fhir import vital_signs
from workstation.fhir.json import canonical, dump, parse

HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 8, 5, 30, tzinfo=HANOI)
NURSE = {"reference": "Practitioner/n1", "display": "Điều dưỡng Trần Thị Hoa"}
WHOLE = VitalSigns(
    at=AT,
    respiratory_rate=Decimal(18),
    spo2=Decimal(96),
    oxygen_flow=Decimal("0"),
    systolic=Decimal(120),
    diastolic=Decimal(80),
    heart_rate=Decimal(72),
    consciousness=Consciousness.ALERT,
    temperature=Decimal("36.50"),
    pain=Decimal(2),
    weight=Decimal("52.5"),
    height=Decimal(158),
)


def write(vitals, encounter="e1"):
    numbers = (f"id-{n}" for n in itertools.count(1))
    return vital_signs.write(
        vitals,
        patient="p1",
        encounter=encounter,
        performer=NURSE,
        new_id=lambda: next(numbers),
    )


def test_golden_temperature():
    [found] = write(VitalSigns(at=AT, temperature=Decimal("36.50")))
    assert dump(found) == (
        '{"resourceType":"Observation","id":"id-1","identifier":[{"system":'
        '"https://ward-workstation.example/fhir/sid/workstation-uuid","value":"urn:uuid:id-1"}],'
        '"status":"final","category":[{"coding":[{"system":'
        '"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],'
        '"code":{"coding":[{"system":"http://loinc.org","code":"8310-5",'
        '"display":"Body temperature"}]},"subject":{"reference":"Patient/p1"},'
        '"encounter":{"reference":"Encounter/e1"},'
        '"effectiveDateTime":"2026-11-20T08:05:30+07:00",'
        '"performer":[{"reference":"Practitioner/n1","display":"Điều dưỡng Trần Thị Hoa"}],'
        '"valueQuantity":{"value":36.50,"unit":"Cel","system":"http://unitsofmeasure.org",'
        '"code":"Cel"}}'
    )


def test_golden_blood_pressure_and_consciousness():
    pressure, state = write(
        VitalSigns(
            at=AT,
            systolic=Decimal(120),
            diastolic=Decimal(80),
            consciousness=Consciousness.CONFUSED,
        ),
        encounter=None,
    )
    assert "encounter" not in pressure
    assert [part["code"]["coding"][0]["code"] for part in pressure["component"]] == [
        "8480-6",
        "8462-4",
    ]
    assert [part["valueQuantity"]["value"] for part in pressure["component"]] == [120, 80]
    assert state["valueCodeableConcept"] == {
        "coding": [
            {
                "system": "https://ward-workstation.example/fhir/CodeSystem/acvpu",
                "code": "C",
                "display": "New confusion",
            }
        ],
        "text": "Lú lẫn mới xuất hiện",
    }


def test_saturation_carries_both_codes():
    [found] = write(VitalSigns(at=AT, spo2=Decimal(96)))
    assert [coding["code"] for coding in found["code"]["coding"]] == ["59408-5", "2708-6"]


def test_a_whole_set_comes_back():
    resources = [parse(dump(resource)) for resource in write(WHOLE)]
    assert len(resources) == 10
    assert vital_signs.sets(resources) == [WHOLE]


values = st.builds(
    VitalSigns,
    at=st.just(AT),
    temperature=st.none() | st.decimals(30, 43, places=1),
    systolic=st.none() | st.integers(50, 250).map(Decimal),
    diastolic=st.none() | st.integers(30, 49).map(Decimal),
    spo2=st.none() | st.integers(1, 100).map(Decimal),
    consciousness=st.none() | st.sampled_from(list(Consciousness)),
)


@given(values)
def test_what_is_written_is_read(vitals):
    assert vital_signs.sets(write(vitals)) == ([vitals] if vitals else [])


def observation(code, **body):
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2026-11-20T01:05:30.123456Z",
        **body,
    }


def quantity(value, unit):
    return {"valueQuantity": {"value": Decimal(value), "unit": unit}}


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        ("14743-9", quantity("7.1", "mmol/L"), Decimal("7.1")),
        ("41653-7", quantity("126", "mg/dL"), Decimal("7.0")),
        ("8310-5", quantity("98.6", "[degF]"), Decimal("37.0")),
        ("8310-5", quantity("37", "°C"), Decimal(37)),
        ("29463-7", quantity("2500", "g"), Decimal("2500") * Decimal("0.001")),
        ("8302-2", quantity("1.6", "m"), Decimal(160)),
        ("72514-3", {"valueInteger": 4}, Decimal(4)),
        ("8480-6", quantity("120", "mmHg"), Decimal(120)),
        ("2708-6", {"valueQuantity": {"value": 90, "code": "%"}}, Decimal(90)),
        ("80288-4", {"valueCodeableConcept": {"text": "Responds to voice"}}, "V"),
        ("80288-4", {"valueCodeableConcept": {"coding": [{"code": "c"}]}}, "C"),
        ("80288-4", {"valueString": "Không đáp ứng"}, "U"),
        ("80288-4", {"valueString": "Alert"}, "A"),
    ],
)
def test_foreign_values(code, body, expected):
    [reading] = vital_signs.read(observation(code, **body))
    assert reading.value == expected
    assert reading.at == datetime(2026, 11, 20, 1, 5, 30, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("8310-5", quantity("37", "furlong")),
        ("8310-5", {"valueQuantity": {"value": 37}}),
        ("8310-5", {"valueQuantity": {"value": "37", "unit": "Cel"}}),
        ("8310-5", {"valueQuantity": {"value": True, "unit": "Cel"}}),
        ("8310-5", {"valueQuantity": {"value": 37, "unit": "Cel", "comparator": "<"}}),
        ("8310-5", {"dataAbsentReason": {"text": "refused"}}),
        ("8867-4", {"valueInteger": 70}),
        ("80288-4", {"valueCodeableConcept": {"text": "drowsy"}}),
        ("80288-4", {"valueCodeableConcept": 7}),
        ("1988-5", quantity("5", "mg/L")),
        ("8310-5", {"effectiveDateTime": "soon", **quantity("37", "Cel")}),
    ],
)
def test_what_cannot_be_understood_is_nothing(code, body):
    assert vital_signs.read(observation(code, **body)) == ()


def test_only_observations_are_read():
    assert vital_signs.read({"resourceType": "Patient"}) == ()
    assert vital_signs.read({**write(WHOLE)[0], "resourceType": "Patient"}) == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"effectiveInstant": "2026-11-20T01:00:00Z"}, 1),
        ({"effectivePeriod": {"start": "2026-11-20T02:00:00Z"}}, 2),
        ({"effectivePeriod": {"end": "2026-11-20T03:00:00Z"}}, 3),
        ({"issued": "2026-11-20T04:00:00Z"}, 4),
    ],
)
def test_times_of_every_form(body, expected):
    assert vital_signs.measured_at(body) == datetime(2026, 11, 20, expected, tzinfo=UTC)


def test_values_entered_in_error_do_not_count():
    bad = vital_signs.enter_in_error(
        write(VitalSigns(at=AT, heart_rate=Decimal(72)))[0],
        reason="Nhầm người bệnh",
        author=NURSE,
        at=AT,
    )
    [reading] = vital_signs.read(bad)
    assert not reading.valid
    assert reading.value == 72
    assert vital_signs.sets([bad]) == []


def test_a_correction_keeps_everything_else():
    [stored] = write(VitalSigns(at=AT, systolic=Decimal(210), diastolic=Decimal(80)))
    stored["extension"] = [{"url": "https://elsewhere.example/x", "valueDecimal": Decimal("1.10")}]
    stored["component"][0]["extension"] = [{"url": "https://elsewhere.example/y"}]
    stored["component"][0]["_valueQuantity"] = {"id": "gone with the old value"}
    stored["note"] = [{"text": "đo nằm"}]
    before = canonical(stored)
    found = vital_signs.correct(
        stored, {Sign.SYSTOLIC: Decimal(120)}, reason="Gõ nhầm", author=NURSE, at=AT
    )
    assert canonical(stored) == before
    assert found["status"] == "corrected"
    assert found["extension"] == stored["extension"]
    assert found["component"][0]["extension"] == [{"url": "https://elsewhere.example/y"}]
    assert "_valueQuantity" not in found["component"][0]
    assert found["component"][0]["valueQuantity"]["value"] == 120
    assert found["component"][1] == stored["component"][1]
    assert found["note"] == [
        {"text": "đo nằm"},
        {"authorReference": NURSE, "time": "2026-11-20T08:05:30+07:00", "text": "Gõ nhầm"},
    ]


def test_a_correction_can_add_the_other_pressure():
    [stored] = write(VitalSigns(at=AT, systolic=Decimal(120)))
    found = vital_signs.correct(
        stored, {Sign.DIASTOLIC: Decimal(70)}, reason="Quên", author=NURSE, at=AT
    )
    assert {reading.sign for reading in vital_signs.read(found)} == {
        Sign.SYSTOLIC,
        Sign.DIASTOLIC,
    }


def test_a_correction_of_another_sign_is_a_mistake_of_the_program():
    [stored] = write(VitalSigns(at=AT, spo2=Decimal(96)))
    with pytest.raises(ValueError, match="pain"):
        vital_signs.correct(stored, {Sign.PAIN: Decimal(3)}, reason="x", author=NURSE, at=AT)


@pytest.mark.parametrize("number", ["1e30", "100000", "80." + "1" * 40])
def test_a_number_of_no_living_person_is_no_sign(number):
    resource = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "effectiveDateTime": "2026-11-20T07:00:00Z",
        "valueQuantity": {"value": Decimal(number), "unit": "/min", "code": "/min"},
    }
    assert vital_signs.read(resource) == ()
