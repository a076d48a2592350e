"""What the care sheet says, read back from the PDF, and that nothing leaves its page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.documents.test_sheets import ink_outside_margins, texts
from tests.unit.documents.values import LETTERHEAD, PATIENT, START, imprint
from workstation.documents.care_sheet import CareLine, CareRound, CareSheet, care_sheet

ROUND = CareRound(
    START,
    "ĐD Phạm Thị Thanh Huyền",
    found=(CareLine("06:00 Nhiệt độ 38,9 °C, Mạch 104 /phút"),),
    problems=(CareLine("Sốt", strong=True), CareLine("Mục tiêu: < 38 °C", remark="Kế hoạch: đo")),
    done=(CareLine("- 06:10 Chườm ấm", struck=True, remark="Nhầm người bệnh"),),
    went=(CareLine("Sốt: Đạt một phần mục tiêu"),),
)


def made(rounds, language="vi"):
    return care_sheet(
        CareSheet("Phiếu chăm sóc cấp I", replace(LETTERHEAD, form="37/BV2"), PATIENT, rounds,
                  imprint(language))
    )  # fmt: skip


def test_a_round_stands_in_the_columns_of_the_nursing_process():
    (text,) = texts(made([ROUND]))
    for said in (
        "PHIẾU CHĂM SÓC CẤP I", "Mẫu 37/BV2", "NGUYỄN Thị Thảo", "Nhận định",
        "Can thiệp đã thực hiện", "18/11/2026", "06:00", "Nhiệt độ 38,9 °C", "Mục tiêu: < 38 °C",
        "Kế hoạch: đo", "06:10 Chườm ấm", "Nhầm người bệnh", "Đạt một phần mục tiêu",
        "ĐD Phạm Thị Thanh Huyền",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize("language", ["vi", "en"])
def test_long_rounds_flow_over_pages_and_lose_nothing(language):
    words = " ".join(f"chữ{number}" for number in range(900))
    pdf = made([ROUND, replace(ROUND, found=(CareLine(words),)), ROUND], language)
    pages = texts(pdf)
    assert len(pages) > 1
    joined = " ".join(pages)
    assert all(f"chữ{number}" in joined for number in range(900))
    assert ("(tiếp theo)" if language == "vi" else "(continued)") in pages[1]
    assert not ink_outside_margins(pdf)


def test_many_rounds_keep_their_order_and_an_empty_sheet_is_one_page():
    rounds = [replace(ROUND, at=START + timedelta(hours=n), nurse=f"Nurse {n:02}")
              for n in range(30)]  # fmt: skip
    joined = " ".join(texts(made(rounds)))
    places = [joined.index(f"Nurse {n:02}") for n in range(30)]
    assert places == sorted(places)
    assert len(texts(made([]))) == 1


def test_the_same_values_give_the_same_bytes():
    assert made([ROUND]) == made([ROUND])
