"""The downtime pack on paper: everybody in it, boxes to sign, bars that say the record number."""

import io
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.documents.values import LETTERHEAD, PATIENT, imprint
from workstation.clinical.early_warning import Facts
from workstation.documents.barcode import Label, bars
from workstation.documents.downtime_pack import DowntimePack, PackMaker, PackPatient
from workstation.documents.pack_census import CensusRow
from workstation.documents.pack_medication import PackDrug, PackMedication
from workstation.documents.page import mm

DRUG = PackDrug(
    "Ceftriaxon 1 g", "2 g · tiêm tĩnh mạch · 2 lần/ngày", ("Hai người kiểm tra",),
    "Lần gần nhất: 08:05", ("20:00", "08:00 24/11"),
)  # fmt: skip


def person(number, drugs=(DRUG,)):
    row = CensusRow(
        bed=f"{number:02}", name=f"NGUYỄN Văn Thử {number}", facts="03/02/1948 (78 tuổi) · Nam",
        number=f"26.{number:07}", diagnosis="J18.9 Viêm phổi", care="Chăm sóc cấp 2",
        allergies="Dị ứng: Penicillin", allergic=True, alerts="Nguy cơ ngã", score="NEWS2 7",
        urgent=True, nurses="Lê Thị Mai",
    )  # fmt: skip
    box = replace(PATIENT, name=row.name, record_number=row.number, bed=row.bed)
    label = Label(row.name, row.facts, row.bed, row.number, row.number)
    medication = PackMedication("Thuốc từ 14:05 đến 14:05", tuple(drugs), ("Gentamicin 80 mg",))
    summary = (("S · Tình trạng", f"Tình trạng của {row.name}"), ("R", "☐ Đo mỗi giờ"))
    return PackPatient(f"p{number}", box, label, row, Facts.of(None), medication, summary)


def maker(people, language="vi"):
    return PackMaker(DowntimePack(LETTERHEAD, imprint(language), "Lập lúc", ("Một câu",), people))


def made(people, language="vi"):
    making = maker(people, language)
    while making.step(3):
        pass
    return making


def pages(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("vi", ("BỘ HỒ SƠ GIẤY", "DANH SÁCH NGƯỜI BỆNH", "PHIẾU THỰC HIỆN THUỐC",
                "TÓM TẮT BÀN GIAO", "GHI CHÉP SỰ CỐ", "NHÃN NGƯỜI BỆNH", "Trang")),
        ("en", ("DOWNTIME PACK", "CENSUS", "MEDICATION RECORD", "HANDOVER SUMMARY",
                "INCIDENT NOTES", "LABELS", "Page")),
    ],
)  # fmt: skip
def test_every_part_is_there_in_both_languages(language, titles):
    said = " ".join(pages(made((person(1),), language).pdf()))
    for title in titles:
        assert title in said


def test_every_page_of_a_patient_says_who_it_is_and_no_page_says_it_of_another():
    people = tuple(person(number) for number in range(1, 13))
    done = made(people)
    texts = pages(done.pdf())
    assert len(texts) == len(done.sheets)
    for text, sheet in zip(texts, done.sheets, strict=True):
        if not sheet.patient:
            continue
        own = next(each for each in people if each.patient == sheet.patient)
        assert own.row.number in text
        assert "03/02/1948" in text
        assert not [o for o in people if o is not own and o.row.number in text]
    for each in people:
        parts = {sheet.part for sheet in done.sheets if sheet.patient == each.patient}
        assert parts == {"medication", "summary", "forms"}
        kinds = {sheet.part for sheet, text in zip(done.sheets, texts, strict=True)
                 if each.row.number in text}  # fmt: skip
        assert kinds == {"cover", "census", "medication", "summary", "forms", "labels"}


def test_the_contents_name_the_page_on_which_a_patient_begins():
    people = tuple(person(number) for number in range(1, 5))
    done = made(people)
    cover = pages(done.pdf())[0]
    for each in people:
        first = next(n for n, s in enumerate(done.sheets, 1) if s.patient == each.patient)
        assert f"{each.row.number} {first}" in cover


def test_pages_count_to_the_last():
    texts = pages(made((person(1), person(2))).pdf())
    for number, text in enumerate(texts, 1):
        assert f"Trang {number}/{len(texts)}" in text


def test_what_is_given_last_stopped_or_due_is_said_with_its_drug():
    text = next(text for text in pages(made((person(1),)).pdf()) if "PHIẾU THỰC HIỆN" in text)
    for words in (DRUG.drug, DRUG.order, "▲ Hai người kiểm tra", DRUG.last, "20:00",
                  "08:00 24/11", "✕ Gentamicin 80 mg"):  # fmt: skip
        assert words in text


def test_many_drugs_flow_over_pages_and_none_is_lost():
    drugs = [
        replace(DRUG, drug=f"Thuốc {number} mg", boxes=("08:00",) * 14) for number in range(40)
    ]
    done = made((person(1, drugs),))
    records = [sheet for sheet in done.sheets if sheet.part == "medication"]
    assert len(records) > 3
    said = " ".join(pages(done.pdf()))
    assert not [drug.drug for drug in drugs if drug.drug not in said]


def test_a_ward_without_patients_has_a_pack_too():
    assert [sheet.part for sheet in made(()).sheets] == ["cover", "census"]


def test_the_same_values_give_the_same_bytes():
    assert made((person(1),)).pdf() == made((person(1),)).pdf()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_bars_say_the_number_and_keep_to_their_room(number):
    room = 58 * mm
    found = bars(number, room, 9 * mm)
    if found is not None:
        assert found.value == number
        assert found.width <= room + 0.01
        assert found.barWidth >= 0.19 * mm - 1e-9


@pytest.mark.parametrize("number", ["", "số 1", "1" * 200])
def test_no_bars_rather_than_bars_that_lie(number):
    assert bars(number, 58 * mm, 9 * mm) is None
