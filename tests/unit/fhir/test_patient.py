"""Patients of ours and of others."""

from datetime import date

import pytest

from tests.kit import foreign
from workstation.clinical.names import PersonName
from workstation.fhir import patient

TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"


def numbered(code, value, **more):
    return {"type": {"coding": [{"system": TYPE, "code": code}]}, "value": value, **more}


def test_a_vietnamese_patient():
    found = patient.read(
        {
            "resourceType": "Patient",
            "id": "p1",
            "identifier": [
                {
                    "system": "http://fhir.ehealth.gov.vn/core/sid/national_id",
                    "value": "001053000001",
                },
                {
                    "system": "http://fhir.ehealth.gov.vn/core/sid/insurance_number",
                    "value": "HT3010123456789",
                },
                {
                    "system": "http://fhir.ehealth.gov.vn/core/sid/patient-internal-id",
                    "value": "26-000123",
                },
            ],
            "name": [
                {"use": "nickname", "text": "Bác Năm"},
                {"use": "official", "family": "Nguyễn", "given": ["Văn", "An"]},
            ],
            "gender": "male",
            "birthDate": "1953-08-13",
            "telecom": [{"system": "email"}, {"system": "phone", "value": "0912345678"}],
            "address": [{"text": "12 Hàng Bông, Hà Nội"}],
        }
    )
    assert found.name.formal == "NGUYỄN Văn An"
    assert (found.sex, found.birth_date, found.born) == (
        "male",
        date(1953, 8, 13),
        "1953-08-13",
    )
    assert found.national_id == "001053000001"
    assert found.insurance_number == "HT3010123456789"
    assert found.record_number == "26-000123"
    assert (found.phone, found.address) == ("0912345678", "12 Hàng Bông, Hà Nội")
    assert (found.active, found.deceased, found.merged_into) == (True, False, None)


def test_a_foreign_patient():
    found = patient.read(
        {
            "id": "x",
            "active": False,
            "identifier": [
                numbered("MR", "old", use="old"),
                numbered("MR", "POP-1"),
                numbered("NI", "123"),
                numbered("HC", "456"),
            ],
            "name": [{"text": "Moore, Sharon"}],
            "gender": "?",
            "birthDate": "1953",
            "deceasedDateTime": "2026-01-01",
            "link": [
                {"type": "seealso", "other": {"reference": "Patient/z"}},
                {"type": "replaced-by", "other": {"reference": "Patient/y"}},
            ],
            "address": [{"line": ["307 Elm St", None], "city": "Quincy", "state": 5}],
        }
    )
    assert (found.record_number, found.national_id, found.insurance_number) == (
        "POP-1",
        "123",
        "456",
    )
    assert found.sex == "unknown"
    assert (found.birth_date, found.born) == (None, "1953")
    assert found.deceased
    assert not found.active
    assert found.merged_into == "y"
    assert found.address == "307 Elm St, Quincy"
    assert found.phone is None


def test_an_empty_patient():
    found = patient.read({})
    assert found.id == ""
    assert not found.name
    assert found.record_number is None
    assert found.address is None
    assert not found.deceased
    assert patient.read({"deceasedBoolean": True}).deceased


@pytest.mark.parametrize(
    ("names", "formal"),
    [
        ([{"use": "old", "family": "Lê"}, {"family": "Trần", "given": ["An"]}], "TRẦN An"),
        ([{"use": "strange", "family": "Lê"}, {"use": "old", "text": "Trần An"}], "TRẦN An"),
        ([{"given": ["An", None, 7]}], "An"),
        ([{"given": "An", "family": "Lê"}], "LÊ"),
        ([{}, 7], ""),
        ("An", ""),
        ([{"text": "  "}], ""),
    ],
)
def test_names(names, formal):
    assert patient.name_of({"name": names}).formal == formal


def test_a_written_name_is_read():
    name = PersonName.of("Nguyễn", "Thị Bích Ngọc")
    written = patient.write_name(name)
    assert written == {
        "use": "official",
        "text": "Nguyễn Thị Bích Ngọc",
        "family": "Nguyễn",
        "given": ["Thị Bích", "Ngọc"],
    }
    assert patient.name_of({"name": [written]}) == name


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_foreign_patients_have_name_sex_birth_date_and_number():
    people = [patient.read(r) for r in foreign.resources() if r["resourceType"] == "Patient"]
    assert len(people) == 17
    for found in people:
        assert found.name.family
        assert found.sex in ("male", "female")
        assert found.birth_date
        assert found.record_number
