"""Wards and beds of ours and of others."""

import pytest

from tests.kit import foreign
from workstation.fhir import location

PHYSICAL = "http://terminology.hl7.org/CodeSystem/location-physical-type"
BED_STATUS = "http://terminology.hl7.org/CodeSystem/v2-0116"


def place(code, **more):
    return {
        "id": "l1",
        "physicalType": {"coding": [{"system": PHYSICAL, "code": code}]},
        **more,
    }


def test_a_bed():
    found = location.read(
        place("bd", name="Giường 12", status="active", partOf={"reference": "Location/w"})
    )
    assert (found.name, found.kind, found.part_of) == ("Giường 12", "bed", "w")
    assert found.active
    assert found.usable


@pytest.mark.parametrize(
    ("code", "kind"), [("wa", "ward"), ("ro", "room"), ("bd", "bed"), ("bu", "other")]
)
def test_kinds(code, kind):
    assert location.read(place(code)).kind == kind


def test_a_closed_bed_is_not_usable():
    closed = place("bd", operationalStatus={"system": BED_STATUS, "code": "C"})
    assert not location.read(closed).usable
    free = place("bd", operationalStatus={"system": BED_STATUS, "code": "U"})
    assert location.read(free).usable
    assert not location.read(place("bd", status="inactive")).active


def test_an_empty_location():
    found = location.read({"id": "l1"})
    assert (found.name, found.kind, found.part_of) == ("l1", "other", None)
    assert location.read({}).id == ""


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_foreign_beds_lie_in_wards():
    places = {
        r["id"]: location.read(r) for r in foreign.resources() if r["resourceType"] == "Location"
    }
    beds = [found for found in places.values() if found.kind == "bed"]
    assert len(beds) == 50
    assert all(places[bed.part_of].kind == "ward" for bed in beds)
