"""Staff of ours and of others."""

import pytest

from tests.kit import foreign
from workstation.fhir import practitioner


def staff(code, text=None):
    concept = {"coding": [{"system": practitioner.QUALIFICATION, "code": code}]}
    if text:
        concept["text"] = text
    return {"id": "n1", "qualification": [{"code": {}}, {"code": concept}]}


@pytest.mark.parametrize(
    ("resource", "role"),
    [
        (staff("RN"), "nurse"),
        (staff("RN", "Điều dưỡng trưởng khoa"), "head-nurse"),
        (staff("MD", "Bác sĩ trưởng khoa"), "doctor"),
        (staff("MT"), "other"),
        (staff("??"), "other"),
        ({}, "other"),
    ],
)
def test_roles(resource, role):
    assert practitioner.read(resource).role == role


def test_the_rest():
    found = practitioner.read(
        {
            "id": "n1",
            "active": False,
            "name": [{"family": "Trần", "given": ["Thị", "Hoa"]}],
            "identifier": [
                {
                    "system": "http://fhir.ehealth.gov.vn/core/sid/provider-license-number",
                    "value": "000123/HNO-CCHN",
                }
            ],
            "qualification": [{"code": {"text": "Điều dưỡng"}}],
        }
    )
    assert found.name.formal == "TRẦN Thị Hoa"
    assert (found.title, found.licence, found.active) == ("Điều dưỡng", "000123/HNO-CCHN", False)


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_foreign_staff_has_names_and_roles():
    people = [r for r in foreign.resources() if r["resourceType"] == "Practitioner"]
    assert len(people) == 93
    assert all(practitioner.read(r).name for r in people)
    assert {practitioner.read(r).role for r in people} >= {"nurse", "doctor"}
