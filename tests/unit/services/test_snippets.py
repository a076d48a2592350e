"""Snippets on a real store, and the newest values as lines of a note."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id, save
from workstation.clinical.fluid_balance import Fluid, Kind
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import resources, words
from workstation.kernel.errors import Refused
from workstation.services import fluid_balance, note_values, snippets, vital_signs

PATIENT = patient_id(1)


def texts(desk):
    return {each.key: each.text for each in snippets.snippets(desk)}


def test_each_role_has_its_own_and_both_have_soap(desk):
    nurse, doctor = texts(desk), texts(colleague(desk, DOCTOR))
    assert "nd" in nurse
    assert "nd" not in doctor
    assert "phoi" not in nurse
    assert nurse["soap"] == doctor["soap"]
    assert nurse["soap"].startswith("S (chủ quan): ___\nO")


def test_they_speak_the_language_of_the_screen(desk):
    words.use("en")
    try:
        assert texts(desk)["soap"].startswith("S (subjective)")
    finally:
        words.use("vi")


def test_one_s_own_stands_before_the_shipped_and_only_for_oneself(desk):
    snippets.keep(desk, ";Sốt", " Sốt ___ °C ")
    snippets.keep(desk, "soap", "của tôi")
    assert (texts(desk)["sot"], texts(desk)["soap"]) == ("Sốt ___ °C", "của tôi")
    assert "sot" not in texts(colleague(desk, DOCTOR))
    snippets.forget(desk, "soap")
    assert texts(desk)["soap"].startswith("S (chủ quan)")
    assert texts(desk)["sot"] == "Sốt ___ °C"


@pytest.mark.parametrize(
    ("key", "text", "code", "field"),
    [
        ("", "x", "snippet-key", "key"),
        ("hai từ", "x", "snippet-key", "key"),
        ("a" * 13, "x", "snippet-key", "key"),
        ("a", "  ", "empty-note", "text"),
        ("a", "x" * 2001, "words-too-long", "text"),
    ],
)
def test_nonsense_is_refused_beside_its_field(desk, key, text, code, field):
    with pytest.raises(Refused) as refused:
        snippets.keep(desk, key, text)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("role", ["nurse", "doctor"])
def test_shipped_ones_can_be_typed_and_speak_both_languages(role):
    file = resources.folder() / "snippets" / f"{role}.json"
    found = json.loads(file.read_text("utf-8"))
    assert len({each["key"] for each in found}) == len(found)
    for each in found:
        assert snippets._KEY.fullmatch(each["key"])
        assert each["vi"] != each["en"]
        assert each["vi"].count("___") == each["en"].count("___"), each["key"]


def test_nobody_measured_anything_gives_no_line(desk):
    assert note_values.newest_values(desk, PATIENT, "vi") == ""


def test_values_carry_their_own_date(desk):
    vitals = VitalSigns(
        at=desk.now() - timedelta(hours=30), heart_rate=Decimal(112), systolic=Decimal(95),
        diastolic=Decimal(60), temperature=Decimal("38.5"), respiratory_rate=Decimal(22),
        spo2=Decimal(94),
    )  # fmt: skip
    vital_signs.record(desk, PATIENT, vitals)
    hour_ago = desk.now() - timedelta(hours=1)
    amounts = [Fluid(Kind.ORAL, hour_ago, Decimal(250)), Fluid(Kind.URINE, hour_ago, Decimal(400))]
    fluid_balance.record(desk, PATIENT, amounts)
    save(desk.store, result("k1", "2.8", desk.now() - timedelta(hours=3)))
    save(desk.store, result("k2", "4.0", desk.now() - timedelta(hours=30)))
    when = f"{vitals.at:%d/%m/%Y %H:%M}"
    signs, fluids, tests = note_values.newest_values(desk, PATIENT, "vi").split("\n")
    assert signs.startswith(f"{when}: Huyết áp 95/60 mmHg, ")
    assert "Nhiệt độ 38,5 °C" in signs
    assert ", NEWS2 " in signs
    assert "250 mL" in fluids
    assert "400 mL" in fluids
    assert f"{desk.now() - timedelta(hours=24):%d/%m/%Y %H:%M}" in fluids
    at = f"{desk.now() - timedelta(hours=3):%d/%m/%Y %H:%M}"
    assert tests.endswith(f"Kali 2,8 mmol/L ↓ ({at})")
    assert "4,0" not in tests
    assert "Kali 2.8 mmol/L" in note_values.newest_values(desk, PATIENT, "en")


def test_results_of_the_day_before_yesterday_are_not_new(desk):
    save(desk.store, result("k2", "4.0", desk.now() - timedelta(hours=20)))
    assert "Kali 4,0 mmol/L" in note_values.newest_values(desk, PATIENT, "vi")
    advance(desk, hours=5)
    assert note_values.newest_values(desk, PATIENT, "vi") == ""


def result(own, value, at):
    category = {
        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
        "code": "laboratory",
    }
    return {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}], "text": "Kali"},
        "subject": {"reference": f"Patient/{PATIENT}"},
        "effectiveDateTime": at.isoformat(),
        "issued": at.isoformat(),
        "valueQuantity": {"value": Decimal(value), "unit": "mmol/L"},
        "referenceRange": [
            {"low": {"value": Decimal("3.5"), "unit": "mmol/L"},
             "high": {"value": Decimal("5.0"), "unit": "mmol/L"}}
        ],
    }  # fmt: skip
