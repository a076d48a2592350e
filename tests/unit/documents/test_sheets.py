"""What the sheets say, read back from the PDF, and that nothing leaves its page."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest

from tests.unit.documents.values import HANOI, LETTERHEAD, PATIENT, START, entry, imprint, sets
from workstation.clinical.early_warning import Facts
from workstation.clinical.vital_signs import VitalSigns
from workstation.documents.progress_sheet import ProgressSheet, progress_sheet
from workstation.documents.vital_signs_sheet import SheetSet, VitalSignsSheet, vital_signs_sheet


def texts(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def vital_sheet(sets, language="vi", patient=PATIENT, scale_2=False):
    return vital_signs_sheet(
        VitalSignsSheet(LETTERHEAD, patient, sets, Facts(spo2_scale_2=scale_2), imprint(language))
    )


def progress(entries, language="vi", patient=PATIENT):
    return progress_sheet(ProgressSheet(LETTERHEAD, patient, entries, imprint(language)))


def ink_outside_margins(pdf):
    """Whether anything is drawn in the outer 5 mm of any page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=1, grayscale=True).to_pil()
            wide, high = image.size
            inner = image.copy()
            inner.paste(255, (0, 0, wide, high))
            edge = 14
            for box in (
                (0, 0, edge, high),
                (wide - edge, 0, wide, high),
                (0, 0, wide, edge),
                (0, high - edge, wide, high),
            ):
                if image.crop(box).getextrema()[0] < 255:
                    return True
    return False


@pytest.mark.parametrize("make", [lambda: vital_sheet(sets(3)), lambda: progress([entry()])])
def test_the_foot_says_what_decree_137_asks(make):
    (text,) = texts(make())

    for said in (
        "Bản in từ hồ sơ bệnh án điện tử",
        "Ward Workstation 0.1.0",
        "chủ quản Bệnh viện Đa khoa Đông Đô",
        "Mã tra cứu 7KQ2-M4PX-93TD",
        "In lúc 14:05:09 23/11/2026 bởi Đặng Ngọc Quỳnh",
        "Trang 1/1",
    ):
        assert said in text


def test_every_page_names_the_patient_and_its_number():
    pages = texts(vital_sheet(sets(40)))

    assert len(pages) == 3
    for number, text in enumerate(pages, start=1):
        assert "NGUYỄN Thị Thảo" in text
        assert "26.0001234" in text
        assert f"Trang {number}/3" in text


def test_the_same_values_give_the_same_bytes():
    assert vital_sheet(sets(20)) == vital_sheet(sets(20))
    assert progress([entry()]) == progress([entry()])


def test_vital_signs_are_printed_with_decimal_comma_and_in_english_with_a_point():
    assert "38,9" in texts(vital_sheet(sets(1)))[0]
    assert "38.9" in texts(vital_sheet(sets(1), "en"))[0]


def test_what_was_not_measured_is_empty_and_the_score_says_that_it_is_not_complete():
    only = SheetSet(VitalSigns(at=START, temperature=Decimal("39.5")), "Lê An")
    (text,) = texts(vital_sheet([only]))

    assert "39,5" in text
    assert "2*" in text
    assert "None" not in text
    assert " 0 " not in text.split("NEWS2")[1].split("Người thực hiện")[0]


def test_glucose_has_a_row_where_it_was_measured_and_nowhere_else():
    with_it = SheetSet(VitalSigns(at=START, glucose=Decimal("17.3")), "Lê An")
    (text,) = texts(vital_sheet([with_it]))
    assert "Đường huyết mao mạch" in text
    assert "17,3" in text
    assert "Đường huyết" not in texts(vital_sheet(sets(1)))[0]


def test_a_sheet_without_sets_is_one_page_to_fill_by_hand():
    (text,) = texts(vital_sheet([]))

    assert "PHIẾU THEO DÕI" in text


def test_the_given_name_of_who_measured_is_kept():
    (text,) = texts(vital_sheet(sets(1)))

    assert "Huyền" in text


def test_a_long_note_flows_over_pages_and_no_word_is_lost():
    words = [f"từ{number}" for number in range(1500)]
    pages = texts(progress([entry(course=" ".join(words), orders="y lệnh " * 300), entry()]))

    assert len(pages) > 2
    assert "(tiếp theo)" in pages[1]
    printed = set(" ".join(pages).split())
    assert not [word for word in words if word not in printed]


def test_many_entries_are_all_printed_once():
    entries = [
        entry(at=START + timedelta(hours=index), course=f"Lần khám {index:03d}. " + "dài " * 60)
        for index in range(30)
    ]
    text = " ".join(texts(progress(entries)))

    assert all(text.count(f"Lần khám {index:03d}.") == 1 for index in range(30))


def test_an_amended_note_says_who_when_and_why():
    changed = entry(
        state="amended",
        changed_at=START + timedelta(hours=2),
        changed_by="Lê Hà",
        reason="nhầm liều",
    )
    (text,) = texts(progress([changed]))

    assert "Đã sửa lúc 18/11/2026 08:00 bởi Lê Hà: nhầm liều" in text
    assert "BS. Trần Quốc Đại" in text


def test_an_error_stays_readable():
    wrong = entry(
        state="entered-in-error", changed_at=START, changed_by="Lê Hà", reason="nhầm người"
    )
    (text,) = texts(progress([wrong], "en"))

    assert "Entered in error" in text
    assert "sốt ≥ 38,5 °C" in text


def long_patient():
    return replace(
        PATIENT,
        name="NGUYỄN PHƯƠNG Hoàng Thảo Nguyên Khánh Linh Đoan Trang Tôn Nữ Quỳnh Như",
        diagnosis="; ".join(["E11.9 Bệnh đái tháo đường không phụ thuộc insuline"] * 12),
        allergies="Penicillin, hải sản, thuốc cản quang chứa i-ốt, aspirin, sulfamid",
    )


def test_nothing_runs_off_the_page_even_with_the_longest_values():
    assert not ink_outside_margins(vital_sheet(sets(18), patient=long_patient()))
    assert not ink_outside_margins(progress([entry(course="x" * 4000)], patient=long_patient()))


def test_the_longest_name_is_printed_whole():
    (text,) = texts(progress([entry()], patient=long_patient()))

    assert "Quỳnh Như" in text


def test_times_are_printed_in_the_zone_they_carry():
    (text,) = texts(progress([entry(at=START.astimezone(HANOI))]))

    assert "06:00" in text


def test_a_child_has_its_own_rows_and_score_and_glasgow_stands_beside_its_set():
    signs = VitalSigns(
        at=START,
        heart_rate=Decimal(120),
        capillary_refill=Decimal(4),
        respiratory_effort=Decimal(2),
    )
    sets = [SheetSet(signs, "Lê An", glasgow="NT")]
    pdf = vital_signs_sheet(VitalSignsSheet(LETTERHEAD, PATIENT, sets, Facts(30), imprint("vi")))
    said = " ".join(texts(pdf))
    assert "PEWS" in said
    assert "NEWS2" not in said
    assert "Gắng sức thở (0–3)" in said
    assert "NT" in said
