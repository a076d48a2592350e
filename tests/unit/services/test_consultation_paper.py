"""Minutes on paper: the form's parts, who signed what, long texts, errors; read out of the PDF."""

from dataclasses import replace

import pypdfium2
import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import colleague, patient_id
from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.services import documents, note_signatures, notes
from workstation.services.documents import House, Request
from workstation.services.notes import NoteDraft, NoteText

PATIENT = patient_id(1)
CHAIR = Member(DOCTOR.name, DOCTOR.id)


def paper(desk, kind="consultation", language="vi"):
    made = documents.make(documents.gather(desk, PATIENT, Request(kind, language), House()))
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]


def write(desk, **more):
    met = Consultation(
        at=desk.now(), place="Phòng giao ban", chair=CHAIR, members=(Member("GS Nam"),),
        summary="Sốt", conclusion="Viêm phổi nặng", **more,
    )  # fmt: skip
    draft = NoteDraft("c", "consultation", NoteText(consultation=met), desk.now())
    notes.sign(desk, PATIENT, draft)
    return newest(desk)


def newest(desk):
    return notes.notes(desk, PATIENT)[0]


def amend(desk, note, **more):
    text = NoteText(consultation=replace(note.text.consultation, **more))
    draft = NoteDraft("a", "consultation", text, desk.now(), note.id, note.digest, "bổ sung")
    notes.sign(desk, PATIENT, draft)


@pytest.mark.parametrize(
    ("language", "title", "waits"),
    [
        ("vi", "TRÍCH BIÊN BẢN HỘI CHẨN", "CHỜ CHỦ TỌA KÝ"),
        ("en", "MINUTES OF A", "WAITING FOR THE CHAIR'S SIGNATURE"),
    ],
)
def test_minutes_say_whom_they_wait_for(desk, language, title, waits) -> None:
    write(desk)
    (page,) = paper(desk, language=language)
    for words in (title, waits, "27/BV2", "Phòng giao ban", CHAIR.name, "GS Nam", desk.person.name):
        assert words in page


def test_signed_minutes_wait_for_nobody_until_they_are_amended(desk) -> None:
    note = write(desk)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    (page,) = paper(desk)
    assert page.count("Đã xác nhận trên hồ sơ điện tử lúc") == 2
    assert "CHỜ CHỦ TỌA KÝ" not in page

    amend(desk, newest(desk), opinions="Chụp CT")
    (page,) = paper(desk)
    assert page.count("Đã xác nhận trên hồ sơ điện tử lúc") == 1
    for words in ("CHỜ CHỦ TỌA KÝ", "Bản trước đã được ký", "bổ sung", "Ý kiến thảo luận"):
        assert words in page


def test_each_consultation_begins_a_page_and_a_long_one_flows(desk) -> None:
    write(desk, treatment="Theo dõi mạch, huyết áp mỗi giờ. " * 300)
    write(desk)
    pages = paper(desk)
    assert len(pages) > 2
    assert "THƯ KÝ" in pages[-1]
    assert "THƯ KÝ" in pages[-2]
    assert sum(page.count("mỗi giờ.") for page in pages) == 300


def test_minutes_in_error_are_still_printed(desk) -> None:
    notes.enter_in_error(desk, write(desk), reason="nhầm người")
    (page,) = paper(desk)
    assert "nhầm người" in page
    assert "Viêm phổi nặng" in page


def test_no_minutes_are_a_page_that_says_so(desk) -> None:
    (page,) = paper(desk)
    assert "Không có hội chẩn" in page


def test_the_treatment_sheet_says_that_a_second_signature_is_missing_or_given(desk) -> None:
    doctor = colleague(desk, replace(DOCTOR, id="doctor-9", name="Trần An"))
    draft = NoteDraft("n", "doctor", NoteText("Khám"), desk.now(), wanted=Wanted(role="doctor"))
    notes.sign(doctor, PATIENT, draft)
    assert "CHỜ CHỮ KÝ THỨ HAI" in paper(desk, "progress")[0]
    note = newest(desk)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    page = paper(desk, "progress")[0]
    assert f"Chữ ký thứ hai: {DOCTOR.name}" in page
    assert "CHỜ CHỮ KÝ THỨ HAI" not in page
