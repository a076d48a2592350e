"""The cumulative sheet on paper: what it says, over as many pages as it needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from tests.kit.results import arrive, result
from tests.kit.store import START
from tests.kit.ward import make_desk, patient_id
from workstation.kernel.words import Language
from workstation.services import documents
from workstation.services.desk import Desk
from workstation.services.documents import House, Request

ONE = patient_id(1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def pages(desk: Desk, language: Language = "vi") -> list[str]:
    draft = documents.gather(desk, ONE, Request("results", language), House())
    with pypdfium2.PdfDocument(documents.make(draft).pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_it_says_value_flag_range_and_unit(desk: Desk) -> None:
    arrive(
        desk.store,
        result("k", ONE, START - timedelta(hours=2), "6.90"),
        result("w", ONE, START - timedelta(hours=2), "9.1", code="6690-2", name="WBC",
               unit="10*9/L", normal=("4.0", "10.0"), status="corrected"),
        result("void", ONE, START - timedelta(hours=3), "1.1", status="entered-in-error"),
    )  # fmt: skip
    (text,) = pages(desk)
    for said in ("BẢNG KẾT QUẢ TỔNG HỢP", "Sinh hóa", "Kali (K⁺)", "▲▲ 6,90", "3,5–5,0 mmol/L",
                 "9,1†", "10⁹/L", "20/11/2026"):  # fmt: skip
        assert said in text
    assert "1,1" not in text
    assert "Potassium (K⁺)" in pages(desk, "en")[0]
    assert "6.90" in pages(desk, "en")[0]


def test_nine_samples_take_two_pages_and_a_row_stands_only_where_it_has_a_value(desk: Desk) -> None:
    arrive(
        desk.store,
        *(
            result(f"k{hours}", ONE, START - timedelta(hours=hours), f"4.{hours:02d}")
            for hours in range(1, 10)
        ),
        result("na", ONE, START - timedelta(hours=1), "139", code="2951-2", normal=("135", "145")),
    )
    first, second = pages(desk)
    assert "4,09" in first
    assert "Natri" not in first
    assert "4,01" in second
    assert "139" in second


def test_long_words_stand_whole_below_the_table(desk: Desk) -> None:
    words = "Escherichia coli sinh ESBL, nhạy meropenem, amikacin, nitrofurantoin"
    culture = result("c", ONE, START, "0", code="600-7", name="Cấy máu", mark="A")
    del culture["valueQuantity"]
    arrive(desk.store, culture | {"valueString": words})
    (text,) = pages(desk)
    assert f"(1) Cấy máu: ◆ {words}" in text
    assert text.count("(1)") == 2


def test_no_result_at_all_is_still_a_page(desk: Desk) -> None:
    assert len(pages(desk)) == 1
