"""The handover list on paper: whole, in both languages, flowing over pages."""

import io

import pypdfium2
import pytest

from tests.unit.documents.values import LETTERHEAD, imprint
from workstation.documents.handover import HandoverList, HandoverRow, handover_list

LONG = " ".join(f"từ{number}" for number in range(700))


def row(number, **more):
    values = {
        "bed": f"30{number}", "name": f"NGUYỄN Văn {number}", "facts": "Nam · 60 tuổi",
        "state": "chưa bàn giao", "situation": "NEWS2 7", "background": "Dị ứng: Penicillin",
        "assessment": "Mạch 112", "recommendation": "☐ Đo mỗi giờ",
    }  # fmt: skip
    return HandoverRow(**{**values, **more})


def made(rows, language="vi"):
    return handover_list(HandoverList(LETTERHEAD, "Ca 07:00–19:00", rows, imprint(language)))


def pages(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [page.get_textpage().get_text_range() for page in document]


def words(pdf):
    return " ".join(" ".join(page.split()) for page in pages(pdf))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ("BÀN GIAO CA", "S · Tình trạng", "R · Việc cần làm, theo dõi", "Người nhận ca")),
        ("en", ("SHIFT HANDOVER", "S · Situation", "R · To do and to watch", "Taken over by")),
    ],
)
def test_it_says_all_in_both_languages(language, said):
    found = words(made([row(1)], language))
    for part in (*said, "301", "NGUYỄN Văn 1", "NEWS2 7", "Penicillin", "Mạch 112", "Đo mỗi giờ",
                 "Ca 07:00–19:00", "7KQ2-M4PX-93TD"):  # fmt: skip
        assert part in found


def test_every_patient_stands_once_and_on_one_page():
    found = pages(made([row(number) for number in range(30)]))
    assert len(found) > 1
    for number in range(30):
        holding = [page for page in found if f"NGUYỄN Văn {number}\r" in page.replace("\n", "\r")]
        assert len(holding) == 1, number


def test_what_is_longer_than_a_page_flows_on_and_no_word_is_lost():
    found = made([row(1, assessment=LONG), row(2)])
    said = words(found)
    assert len(pages(found)) > 1
    assert not [word for word in LONG.split() if word not in said]
    assert "NGUYỄN Văn 2" in said


def test_nobody_is_one_empty_page_and_the_same_values_give_the_same_bytes():
    assert len(pages(made([]))) == 1
    assert made([row(1)]) == made([row(1)])
