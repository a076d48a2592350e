"""How the chart says drugs, ranges and scores."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from workstation.clinical import news2
from workstation.clinical.vital_signs import Mark, Sign, VitalSigns
from workstation.fhir import drug_order, laboratory
from workstation.kernel import words
from workstation.services.flowsheet import Cell
from workstation.ui.screens.chart import wording
from workstation.ui.toolkit import result_words
from workstation.ui.toolkit.record_words import kind_text

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english():
    words.use("en")
    yield
    words.use("vi")


def drug(dose, unit="mg", *, frequency=None, text=""):
    dosage = {"doseAndRate": [{"doseQuantity": {"value": dose, "unit": unit}}]} if dose else {}
    repeat = dict(zip(("frequency", "period", "periodUnit"), frequency or (), strict=False))
    return drug_order.read(
        {
            "status": "active",
            "medicationCodeableConcept": {"text": "Paracetamol"},
            "dosageInstruction": [
                {**dosage, "text": text, "route": {"text": "uống"}, "timing": {"repeat": repeat}}
            ],
        }
    )


@pytest.mark.parametrize(
    ("dose", "said"),
    [("5.0", "5\u00a0mg"), ("0.50", "0.5\u00a0mg"), (".5", "0.5\u00a0mg"), ("500", "500\u00a0mg")],
)
def test_a_dose_has_a_leading_zero_and_never_a_trailing_one(dose, said) -> None:
    assert wording.drug_dose(drug(Decimal(dose))) == f"{said}, uống"


@pytest.mark.parametrize(
    ("frequency", "said"),
    [
        ((3, Decimal(1), "d"), "3 times a day"),
        ((1, Decimal(1), "d"), "once a day"),
        ((1, Decimal(6), "h"), "every 6 h"),
        ((2, Decimal(1), "wk"), "2 lần/tuần"),  # beyond the clock: the words of the record
    ],
)
def test_frequency(frequency, said) -> None:
    found = drug(Decimal(5), frequency=frequency)

    assert wording.drug_dose(found).replace("\u00a0", " ") == f"5 mg, uống, {said}"


def test_a_dose_only_in_words_is_shown_as_it_is() -> None:
    assert wording.drug_dose(drug(None, text="1 viên khi đau")) == "1 viên khi đau"


def result(**changes):
    made = laboratory.read({"code": {"text": "Kali"}, "valueQuantity": {"value": Decimal("3.10")}})
    return replace(made, **changes)


def test_a_result_keeps_its_digits_and_has_a_sign_not_only_a_colour() -> None:
    assert wording.result_text(result(flag="low")) == "▼ 3.10"
    assert wording.result_text(result(flag="critical-high")) == "▲▲ 3.10"
    assert wording.result_text(result(value=None, words="")) == "No value"
    words.use("vi")
    assert wording.result_text(result()) == "3,10"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("3.5", "5.0", "3.5–5.0"),
        ("3.5", None, "≥ 3.5"),
        (None, "5", "≤ 5"),
        (None, None, "âm tính"),
    ],
)
def test_ranges(low, high, said) -> None:
    ends = [None if end is None else Decimal(end) for end in (low, high)]

    assert result_words.range_text(result(low=ends[0], high=ends[1], range_words="âm tính")) == said


def test_abnormal_values_have_an_arrow_and_corrected_ones_a_dagger() -> None:
    cell = Cell(Sign.TEMPERATURE, Decimal("38.6"), Mark.HIGH, 1, 1, "o", amended=True, unsent=False)

    assert wording.marked(cell) == "↑38.6†"


def test_every_kind_state_and_sign_has_words_in_both_languages() -> None:
    for language in words.LANGUAGES:
        words.use(language)
        assert len({wording.sign_name(sign) for sign in Sign}) == len(Sign)
        assert kind_text("never heard of") == words.tr("Other")
        assert wording.status_text("on-hold") == "on-hold"


def test_an_incomplete_score_says_what_is_missing() -> None:
    score = news2.score(VitalSigns(at=NOW, temperature=Decimal("39.5")))

    assert wording.gaps_text(score).startswith("Not complete, missing: Breathing, SpO₂")
    assert wording.risk_text(score) == "Low risk"
