"""Telephone and address, noted without touching what else the record says."""

from __future__ import annotations

import pytest

from tests.kit.ward import make_desk, patient_id
from workstation.kernel.errors import Refused
from workstation.services import contact_details

WHO = patient_id(1)


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def record(desk):
    with desk.store.read() as view:
        return view.get("Patient", WHO).resource()


def test_a_new_number_replaces_the_first_and_keeps_the_rest(desk):
    contact_details.set_phone(desk, WHO, "0912 345 678")
    before = record(desk)
    contact_details.set_phone(desk, WHO, "+84.98.765.4321")
    after = record(desk)
    assert [item["value"] for item in after["telecom"]] == ["+84987654321"]
    assert after["telecom"][0] | {"value": ""} == before["telecom"][0] | {"value": ""}
    assert after["name"] == before["name"]


@pytest.mark.parametrize("number", ["", "abc", "0912x45678", "123", "0" * 16, "٠٩١٢٣٤٥٦٧٨"])
def test_what_is_no_number_is_refused(desk, number):
    with pytest.raises(Refused, match="not-a-phone-number"):
        contact_details.set_phone(desk, WHO, number)
    assert "telecom" not in record(desk)


def test_an_address_is_normalised_and_replaces_the_one_at_home(desk):
    contact_details.set_address(desk, WHO, "12 Lê Lợi")
    contact_details.set_address(desk, WHO, "  5 Tra\u0302\u0300n Phu\u0301,  Ha\u0300 ")
    assert record(desk)["address"] == [{"use": "home", "text": "5 Trần Phú, Hà"}]


def test_an_empty_address_is_refused(desk):
    with pytest.raises(Refused, match="address-missing"):
        contact_details.set_address(desk, WHO, "  ")


def test_nobody_has_no_telephone(desk):
    with pytest.raises(Refused, match="gone"):
        contact_details.set_phone(desk, patient_id(99), "0912345678")
