"""How much of a substance an amount is, and when that cannot be said."""

from decimal import Decimal

import pytest

from workstation.clinical.drug_amount import substance


@pytest.mark.parametrize(
    ("amount", "unit", "drug", "wanted", "expected"),
    [
        ("2", "g", "Ceftriaxon 1 g", "mg", "2000"),
        ("500", "mg", "Paracetamol 500 mg", "mg", "500"),
        ("125", "mcg", "Digoxin 0,25 mg", "mg", "0.125"),
        ("14", "đơn vị", "Insulin glargin 100 đơn vị/mL", "IU", "14"),
        ("14", "IU", "Insulin", "IU", "14"),
        ("2", "viên", "Paracetamol 500 mg", "mg", "1000"),
        ("2", "viên", "Bisoprolol 2,5 mg", "mg", "5"),
        ("1", "ống", "Furosemid 20 mg/2 mL", "mg", "20"),
        ("2", "mL", "Furosemid 20 mg/2 mL", "mg", "20"),
        ("100", "mL", "Paracetamol 1 g/100 mL", "mg", "1000"),
        ("0.14", "mL", "Insulin glargin 100 đơn vị/mL", "IU", "14"),
        ("20", "mmol", "Kali clorid", "mmol", "20"),
        ("20", "mEq", "Kali clorid", "mmol", "20"),
        ("10", "mL", "Kali clorid 10 % 10 mL", "mg", "1000"),
        ("500", "mL", "Ringer lactat 500 mL", "mL", "500"),
    ],
)
def test_reckoned(amount, unit, drug, wanted, expected):
    found = substance(Decimal(amount), unit, drug, wanted)
    assert found == Decimal(expected)


@pytest.mark.parametrize(
    ("unit", "drug"),
    [
        ("viên", "Amoxicilin 500 mg + acid clavulanic 125 mg"),
        ("viên", "Paracetamol"),
        ("giọt", "Paracetamol 500 mg"),
        ("viên", "Vitamin 1.000 mg"),
        ("đơn vị", "Paracetamol 500 mg"),
        ("", "Paracetamol 500 mg"),
        ("lọ", "Natri heparin 5000 IU/mL"),
        ("ống", "Kali clorid 10 %"),
        ("mL", "Lidocain 2 % 40 mg"),
    ],
)
def test_what_is_not_certain_is_not_reckoned(unit, drug):
    assert substance(Decimal(1), unit, drug, "IU" if "IU" in drug else "mg") is None
