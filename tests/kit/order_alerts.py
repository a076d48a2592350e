"""Alerts as a check gives them, for pictures and tests of the panel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from workstation.clinical.order_check import check
from workstation.clinical.order_safety import (
    ActiveDrug,
    Checked,
    EarlierTest,
    Facts,
    KnownAllergy,
    Measured,
    Override,
    Proposed,
)
from workstation.knowledge import shipped

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
BY = "BS. Đỗ Quang Huy"
FACTS = Facts(
    NOW,
    sex="female",
    birth_date=date(1951, 3, 7),
    weight=Measured(Decimal("46.5"), "kg", NOW),
    creatinine=Measured(Decimal(168), "umol/L", NOW - timedelta(hours=26)),
)


def active(drug: str, own: str = "o1", *, days: int = 2) -> ActiveDrug:
    """A drug that is ordered."""
    return ActiveDrug(f"MedicationRequest/{own}", drug, frozenset(), NOW - timedelta(days=days), BY)


def drug(words: str, amount: str, unit: str, times: str, route: str = "uống") -> Proposed:
    """A drug that is about to be ordered."""
    return Proposed(
        drug=words, amount=Decimal(amount), unit=unit, times_a_day=Decimal(times), route=route
    )


def checked(proposed: Proposed, **known: object) -> Checked:
    """What the rules say of an order of an old woman whose kidneys work little."""
    return check(proposed, replace(FACTS, **known), shipped())  # type: ignore[arg-type]


def allergic() -> Checked:
    """A penicillin for somebody who nearly died of one, that also is too much."""
    allergy = KnownAllergy("a1", "Penicillin", frozenset(), severe=True, reaction="Sốc phản vệ")
    return checked(drug("Amoxicilin 500 mg", "2", "g", "3"), allergies=(allergy,))


def interacting() -> Checked:
    """An anti-inflammatory drug for somebody with warfarin, enalapril and poor kidneys."""
    drugs = (active("Warfarin 2 mg"), active("Enalapril 5 mg", "o2"))
    return checked(drug("Diclofenac 75 mg", "75", "mg", "2"), drugs=drugs)


def accepted_before() -> Checked:
    """The same, accepted yesterday by the same person."""
    reason = Override(BY, NOW - timedelta(days=1), "Đau nhiều, thuốc khác không đỡ; theo dõi INR")
    keys = tuple((alert.key, reason) for alert in interacting().alerts)
    drugs = (active("Warfarin 2 mg"), active("Enalapril 5 mg", "o2"))
    proposed = drug("Diclofenac 75 mg", "75", "mg", "2")
    return checked(proposed, drugs=drugs, overrides=keys)


def repeated() -> Checked:
    """A test that another hospital did ten days ago."""
    earlier = EarlierTest(
        "Observation/r1",
        "4548-4",
        NOW - timedelta(days=10),
        "8,1 %",
        "Bệnh viện Đa khoa khu vực Sông Bé (hư cấu)",
    )
    proposed = Proposed(test="4548-4", test_words="HbA1c")
    return checked(proposed, tests=(earlier,))


def unknown() -> Checked:
    """A drug that nobody here knows, for somebody of whom little is known."""
    proposed = drug("Cao lỏng thảo mộc bồi bổ khí huyết", "15", "mL", "3")
    return checked(proposed, weight=None, creatinine=None, allergies_asked=False)


def harmless() -> Checked:
    """Nothing to be said."""
    return checked(drug("Paracetamol 500 mg", "500", "mg", "3"))
