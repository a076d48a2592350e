"""What a nurse may type in a cell of the round, and what it is taken for."""

from decimal import Decimal

import pytest

from workstation.clinical.vital_signs import Sign
from workstation.kernel.errors import Refused
from workstation.ui.screens.vital_signs_round.entry import COLUMNS, read

BY_KEY = {column.key: column for column in COLUMNS}


@pytest.mark.parametrize(
    ("key", "text", "values"),
    [
        ("temperature", "375", {Sign.TEMPERATURE: Decimal("37.5")}),
        ("temperature", "37,5", {Sign.TEMPERATURE: Decimal("37.5")}),
        ("temperature", "37.5", {Sign.TEMPERATURE: Decimal("37.5")}),
        ("temperature", "37", {Sign.TEMPERATURE: Decimal(37)}),
        ("blood_pressure", "120/80", {Sign.SYSTOLIC: 120, Sign.DIASTOLIC: 80}),
        ("blood_pressure", "120 80", {Sign.SYSTOLIC: 120, Sign.DIASTOLIC: 80}),
        ("blood_pressure", "12080", {Sign.SYSTOLIC: 120, Sign.DIASTOLIC: 80}),
        ("blood_pressure", "9060", {Sign.SYSTOLIC: 90, Sign.DIASTOLIC: 60}),
        ("blood_pressure", "180110", {Sign.SYSTOLIC: 180, Sign.DIASTOLIC: 110}),
        ("blood_pressure", "120", {Sign.SYSTOLIC: 120}),
        ("oxygen_flow", "kt", {Sign.OXYGEN_FLOW: 0}),
        ("oxygen_flow", "2", {Sign.OXYGEN_FLOW: 2}),
        ("consciousness", "c", {Sign.CONSCIOUSNESS: "C"}),
        ("pain", " ", {}),
    ],
)
def test_what_is_understood(key, text, values):
    assert read(BY_KEY[key], text) == values


@pytest.mark.parametrize(
    ("key", "text", "code", "field"),
    [
        ("heart_rate", "8o", "not-a-number", Sign.HEART_RATE),
        ("heart_rate", "1.234", "group-separator", Sign.HEART_RATE),
        ("consciousness", "x", "not-acvpu", Sign.CONSCIOUSNESS),
        ("blood_pressure", "120/8o", "not-a-number", Sign.DIASTOLIC),
    ],
)
def test_what_says_nothing_is_refused_in_its_place(key, text, code, field):
    with pytest.raises(Refused) as refused:
        read(BY_KEY[key], text)
    assert (refused.value.code, refused.value.field) == (code, field)
