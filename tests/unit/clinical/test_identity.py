"""Numbers that identify people and diagnoses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.identity import (
    Oddity,
    citizen_id,
    citizen_id_oddities,
    icd10,
    insurance_number,
    social_number,
)
from workstation.kernel.errors import Refused


@pytest.mark.parametrize("typed", ["001053000001", " 001 053 000 001 ", "001.053.000-001"])
def test_citizen_numbers(typed):
    assert citizen_id(typed) == "001053000001"


@pytest.mark.parametrize(
    "typed", ["", "00105300000", "0010530000011", "00105300000x", "٠٠١٠٥٣٠٠٠٠٠١"]
)
def test_no_citizen_numbers(typed):
    with pytest.raises(Refused) as refused:
        citizen_id(typed)
    assert (refused.value.code, refused.value.field) == ("not-a-citizen-id", "national_id")


@pytest.mark.parametrize(
    ("number", "sex", "born", "expected"),
    [
        ("001053000001", "male", date(1953, 8, 13), ()),
        ("001153000001", "female", date(1953, 8, 13), ()),
        ("001205000001", "male", date(2005, 1, 1), ()),
        ("001305000001", "female", date(2005, 1, 1), ()),
        ("001053000001", "female", date(1953, 8, 13), (Oddity.SEX,)),
        ("001153000001", "male", None, (Oddity.SEX,)),
        ("001153000001", "unknown", None, ()),
        ("001153000001", "other", date(1953, 1, 1), ()),
        ("001253000001", "male", date(1953, 1, 1), (Oddity.CENTURY,)),
        ("001054000001", "male", date(1953, 1, 1), (Oddity.YEAR,)),
        (
            "001305000001",
            "male",
            date(1953, 1, 1),
            (Oddity.SEX, Oddity.CENTURY, Oddity.YEAR),
        ),
    ],
)
def test_oddities_are_warnings(number, sex, born, expected):
    assert citizen_id_oddities(number, sex=sex, birth_date=born) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("HT3010000000001", "HT3010000000001"),
        ("ht 3 01 0000000001", "HT3010000000001"),
        ("0000000001", "0000000001"),
    ],
)
def test_insurance_numbers(typed, expected):
    assert insurance_number(typed) == expected
    assert social_number(expected) == "0000000001"


@pytest.mark.parametrize(
    "typed", ["", "HT6010000000001", "H13010000000001", "HT301000000001", "000000001", "Đ123"]
)
def test_no_insurance_numbers(typed):
    with pytest.raises(Refused) as refused:
        insurance_number(typed)
    assert refused.value.code == "not-an-insurance-number"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("J18.9", "J18.9"),
        ("j189", "J18.9"),
        ("I10", "I10"),
        ("A0100", "A01.00"),
        ("A17.0†", "A17.0†"),
        ("G01*", "G01*"),
        (" E11.9 ", "E11.9"),
    ],
)
def test_icd10(typed, expected):
    assert icd10(typed) == expected


@pytest.mark.parametrize("typed", ["", "J", "J1", "18.9", "J18.999", "J18.", "JJ8.9"])
def test_no_icd10(typed):
    with pytest.raises(Refused) as refused:
        icd10(typed)
    assert refused.value.code == "not-icd10"


@given(st.text(max_size=20), st.sampled_from([citizen_id, insurance_number, icd10]))
def test_any_text_is_read_or_refused(text, reader):
    try:
        found = reader(text)
    except Refused:
        return
    assert reader(found) == found
