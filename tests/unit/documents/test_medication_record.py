"""What the medication record on paper says, read back from the PDF; nothing leaves its page."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.unit.documents.test_sheets import ink_outside_margins, texts
from tests.unit.documents.values import LETTERHEAD, PATIENT, START, imprint
from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import State
from workstation.documents.medication_record import (
    MedicationDay,
    MedicationPaper,
    PrintedDrug,
    PrintedPlace,
    initialled,
    medication_paper,
)

MIDNIGHT = START.replace(hour=0, minute=0, second=0)
GRAMS = Amount(Decimal("2.5"), "g")


def place(hours, state=State.GIVEN, **more):
    return PrintedPlace(MIDNIGHT + timedelta(hours=hours), state, **more)


def drug(name="Ceftriaxon 1 g", *places, **more):
    return PrintedDrug(name, "2,5 g, truyền tĩnh mạch, 2 lần/ngày", places, **more)


def paper(*drugs, language="vi"):
    days = (MedicationDay(MIDNIGHT, drugs),)
    return medication_paper(MedicationPaper(LETTERHEAD, PATIENT, days, imprint(language)))


EVERY = (
    drug(
        "Ceftriaxon 1 g",
        place(8.1, amount=GRAMS, by="Lê Thị Mai"),
        place(20, State.DUE),
    ),
    drug(
        "Morphin 10 mg/mL",
        place(9, State.WITHHELD, by="Lê Thị Mai", remark="Huyết áp 85/50 (Lê Thị Mai)"),
        place(13, State.UNAVAILABLE, by="Lê Thị Mai"),
        place(13.5, State.REFUSED, by="Lê Thị Mai"),
        place(13.8, State.ERROR),
        place(22, State.PARTIAL, amount=GRAMS, by="Đỗ Huy"),
        high_risk=True,
    ),
    drug("Ringer lactat 500 mL", place(10, State.RUNNING, rate_ml_h=Decimal(60), by="Đỗ Huy")),
)


def test_a_page_says_what_was_given_by_whom_and_what_was_not():
    (text,) = texts(paper(*EVERY))
    for said in (
        "PHIẾU THỰC HIỆN THUỐC", "NGUYỄN Thị Thảo", "Ceftriaxon 1 g", "08:06", "2,5 g", "L.T.Mai",
        "(20:00)", "60 mL/giờ", "½ 2,5 g", "Nguy cơ cao: hai người kiểm tra",
        "09:00 Morphin 10 mg/mL: Huyết áp 85/50 (Lê Thị Mai)", "K (không cho dùng)",
    ):  # fmt: skip
        assert said in text, said


def test_the_same_in_english():
    (text,) = texts(paper(*EVERY, language="en"))
    for said in ("MEDICATION RECORD", "2.5 g", "60 mL/h", "W (withheld)", "In brackets: planned"):
        assert said in text, said


@pytest.mark.parametrize("count", [0, 1, 30])
def test_nothing_leaves_the_page_and_no_drug_is_lost(count):
    long = "Sulfamethoxazol 800 mg + Trimethoprim 160 mg viên nén bao phim"
    late = {"amount": GRAMS, "by": "Mai", "remark": "Muộn"}
    made = paper(
        *(drug(f"{long} {n}", *(place(h, **late) for h in (8, 8.5))) for n in range(count))
    )
    said = " ".join(texts(made))
    squeezed = "".join(said.split())
    assert all("".join(f"{long}{n}".split()) in squeezed for n in range(count))
    assert not ink_outside_margins(made)


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("Lê Thị Mai", "L.T.Mai"),
        ("ĐD Phạm Văn Dũng", "P.V.Dũng"),
        ("Nguyễn Thị Hồng Nhung", "N.Nhung"),
        ("Mai", "Mai"),
        ("", ""),
    ],
)
def test_who_gave_it_is_signed_without_title_and_never_cut(name: str, signed: str) -> None:
    assert initialled(name) == signed
