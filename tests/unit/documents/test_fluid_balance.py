"""What the fluid sheet says, read back from the PDF; nothing is cut, nothing leaves its page."""

from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest

from tests.unit.documents.test_sheets import ink_outside_margins, texts
from tests.unit.documents.values import LETTERHEAD, PATIENT, START, imprint
from workstation.clinical.fluid_balance import Fluid, Kind, kind_words, totals
from workstation.documents.fluid_balance import (
    FluidDay,
    FluidHours,
    FluidPaper,
    fluid_paper,
)
from workstation.documents.infusion_table import PrintedInfusion
from workstation.kernel import words
from workstation.ui.screens.chart import fluid_balance_words

DAY_START = START + timedelta(hours=1)
NOW = DAY_START + timedelta(hours=10)


def fluid(kind, hours, ml, name=""):
    return Fluid(kind, DAY_START + timedelta(hours=hours), ml and Decimal(ml), 1, name)


FLUIDS = (
    fluid(Kind.ORAL, 0.5, "200.5"),
    fluid(Kind.URINE, 2, "320"),
    fluid(Kind.STOOL, 3, None),
    fluid(Kind.DRAIN, 9, "45", "Màng phổi phải"),
)


def hours(fluids, since, until):
    start, end = DAY_START + timedelta(hours=since), DAY_START + timedelta(hours=until)
    return FluidHours(start, end, totals(fluids, [], start, end, now=NOW), begun=start <= NOW)


def day(fluids=FLUIDS, infusions=(), **more):
    return FluidDay(
        day=DAY_START.date(),
        hours=tuple(hours(fluids, n, n + 1) for n in range(24)),
        shifts=(hours(fluids, 0, 12), hours(fluids, 12, 24)),
        whole=hours(fluids, 0, 24),
        infusions=tuple(infusions),
        **({"struck": 0, "amended": 0} | more),
    )


def infusion(number=1):
    return PrintedInfusion(
        drug=f"Natri clorid 0,9 % chai {number}",
        bags=((Decimal(500), "mL"), (Decimal(250), "mL")),
        rates_ml_h=(Decimal(83), Decimal("41.5")),
        started_at=DAY_START,
        ended_at=None if number % 2 else DAY_START + timedelta(hours=3),
        ran_ml=Decimal(166),
        by="Trần Thị Hoa",
    )


def paper(*days, language="vi"):
    return fluid_paper(FluidPaper(LETTERHEAD, PATIENT, days, imprint(language)))


def test_a_page_says_hours_shifts_and_the_day():
    (text,) = texts(paper(day(struck=2, amended=1)))
    for said in (
        "PHIẾU THEO DÕI", "NGUYỄN Thị Thảo", "Từ 18/11/2026 07:00 đến 19/11/2026 07:00",
        "07–08 200,5", "Ca 07–19", "24 giờ", "×1", "320", "−164,5*",
        "Ghi nhầm, không tính: 2.", "Đã sửa sau khi ghi: 1.",
    ):  # fmt: skip
        assert said in text
    assert "Dịch truyền trong ngày" not in text


def test_in_english():
    (text,) = texts(paper(day(infusions=[infusion()]), language="en"))
    for said in (
        "FLUID BALANCE SHEET", "Shift 07–19", "200.5", "−164.5*", "Infusions of this day",
        "500 mL + 250", "83 → 41.5", "166 mL on this day", "running", "Trần Thị Hoa",
    ):  # fmt: skip
        assert said in text


def test_hours_that_have_begun_say_the_balance_so_far_and_those_to_come_nothing():
    (text,) = texts(paper(day(fluids=FLUIDS[:1])))
    begun, to_come = text.split("18–19")[0], text.split("19–20")[1].split("Ca 19–07")[0]
    assert begun.count("+200,5") == 12
    assert "+" not in to_come


def test_each_day_has_its_page_and_many_infusions_have_more():
    assert len(texts(paper(day(), day(), day()))) == 3
    pages = texts(paper(day(infusions=[infusion(n) for n in range(40)])))
    assert len(pages) > 1
    assert all(f"chai {n} " in " ".join(pages) for n in range(40))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_and_six_drains_find_room(language):
    every = [fluid(kind, 1, "12345.5", "Redon") for kind in Kind]
    every += [fluid(Kind.DRAIN, 2, "18000.5", f"Dẫn lưu màng phổi số {n}") for n in range(6)]
    pdf = paper(day(fluids=every, infusions=[infusion(n) for n in range(30)]), language=language)
    assert not ink_outside_margins(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        words_of_page = document[0].get_textpage().get_text_bounded()
    assert "12345" in words_of_page
    assert "18000" in words_of_page


@pytest.mark.parametrize("language", ["vi", "en"])
def test_paper_and_screen_call_a_kind_the_same(language):
    words.use(language)
    for kind in Kind:
        assert kind_words(kind, imprint(language).tr) == fluid_balance_words.kind_name(kind)
    words.use("vi")


def test_the_same_values_give_the_same_bytes():
    assert paper(day(infusions=[infusion()])) == paper(day(infusions=[infusion()]))
