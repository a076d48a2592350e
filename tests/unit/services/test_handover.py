"""Handing over on a real store: prepared, edited, given, asked back, taken over."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.body_site import SITES
from workstation.clinical.care_plan import Care, Evaluation, Outcome, Plan, State
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.clinical.consultation import Consultation, Member
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.errors import Refused
from workstation.security.people import Person
from workstation.services import (
    allergies,
    assignment,
    care_plan_deeds,
    care_sites,
    handover,
    note_signatures,
    notes,
    vital_signs,
    ward_tasks,
)
from workstation.services.assignment import Nurse
from workstation.services.handover import SECTIONS
from workstation.services.notes import NoteDraft, NoteText
from workstation.sync import merge

ONE, TWO = patient_id(1), patient_id(2)
NIGHT = Person("nurse-2", "Nguyễn Thị Lan", "nurse")


def shift(desk):
    return assignment.shifts_to_assign(desk.now(), 12, "07:00")[0]


def state(desk, number=1):
    found = handover.read(desk, shift(desk)).patients
    return next(each for each in found if each.who.patient == patient_id(number))


def sheet(desk, patient=ONE, language="en"):
    return handover.sheet(desk, patient, shift(desk), language)


def give(desk, *patients, **more):
    return handover.give(desk, patients or (ONE,), shift(desk), "vi", **more)


def given(desk, number=1):
    return state(desk, number).last


def waiting(desk, number=1):
    return given(desk, number).id


def test_it_is_written_from_the_chart(desk) -> None:
    allergies.record(desk, ONE, "Penicillin")
    values = VitalSigns(
        at=desk.now(), respiratory_rate=Decimal(26), spo2=Decimal(90), systolic=Decimal(95),
        diastolic=Decimal(60), temperature=Decimal("38.6"),
    )  # fmt: skip
    vital_signs.record(desk, ONE, values)
    ward_tasks.add(desk, ONE, "Cấy máu", desk.now() + timedelta(hours=1))
    texts = sheet(desk).texts
    assert "Nguyễn Văn An · Male · 75 years · day 3" in texts["situation"]
    assert "Viêm phổi" in texts["situation"]
    assert "NEWS2" in texts["situation"]
    assert "High risk" in texts["situation"]
    assert "Penicillin" in texts["background"]
    assert "Blood pressure 95/60 mmHg" in texts["assessment"]
    assert "Temperature 38.6 °C" in texts["assessment"]
    assert "Cấy máu" in texts["recommendation"]
    assert "Nhiệt độ 38,6 °C" in sheet(desk, language="vi").texts["assessment"]


def test_nothing_known_is_said_and_not_left_out(desk) -> None:
    texts = sheet(desk).texts
    assert "No vital signs yet" in texts["situation"]
    assert "Allergies: Not asked" in texts["background"]


def test_a_changed_section_stays_and_the_others_follow_the_chart(desk) -> None:
    handover.keep_draft(desk, ONE, {"background": "Vợ chăm, ở phòng 301"})
    assert state(desk).state == "draft"
    vital_signs.record(desk, ONE, VitalSigns(at=desk.now(), heart_rate=Decimal(88)))
    found = sheet(desk)
    assert found.texts["background"] == "Vợ chăm, ở phòng 301"
    assert found.edited == {"background"}
    assert "Pulse 88 /min" in found.texts["assessment"]
    assert "Not asked" in found.written["background"]
    handover.keep_draft(desk, ONE, {})
    assert state(desk).state == "open"


def test_given_and_taken_over_at_once_by_the_next_person(desk) -> None:
    handover.keep_draft(desk, ONE, {"recommendation": "Đo mỗi giờ"})
    give(desk, ONE, TWO, to=NIGHT)
    found = state(desk)
    assert (found.state, found.last.giver, found.last.accepter) == (
        "accepted", desk.person.name, NIGHT.name,
    )  # fmt: skip
    assert found.last.texts["recommendation"] == "Đo mỗi giờ"
    assert state(desk, 2).state == "accepted"
    night = colleague(desk, NIGHT)
    assert state(night).state == "open", "what one has taken over is not what one hands over"
    assert state(night).since == found.last.accepted_at


def test_only_what_was_read_is_taken_over(desk) -> None:
    give(desk)
    read = given(desk)
    advance(desk, minutes=1)
    handover.keep_draft(desk, ONE, {"recommendation": "Kali 6,8: gọi bác sĩ"})
    give(desk)
    with pytest.raises(Refused, match="handover-changed"):
        handover.accept(desk, [read], by=NIGHT)
    assert state(desk).state == "given"
    handover.accept(desk, [given(desk)], by=NIGHT)
    assert state(desk).last.texts["recommendation"] == "Kali 6,8: gọi bác sĩ"


def test_it_waits_for_who_comes_later_and_may_be_asked_about(desk) -> None:
    give(desk)
    night = colleague(desk, NIGHT)
    assert state(desk).state == state(night).state == "given"
    handover.ask_back(night, waiting(desk), "Kali bao nhiêu?")
    assert state(desk).state == "asked"
    assert state(desk).last.question.words == "Kali bao nhiêu?"
    advance(desk, minutes=1)
    handover.keep_draft(desk, ONE, {"assessment": "Kali 3,1"})
    give(desk)
    assert state(desk).state == "given"
    handover.accept(desk, [given(desk)], by=NIGHT)
    assert state(desk).last.texts["assessment"] == "Kali 3,1"
    assert state(desk).state == "accepted"


def test_what_was_given_goes_on_when_it_is_asked_about_or_given_again(desk) -> None:
    handover.keep_draft(desk, ONE, {"recommendation": "Đo mỗi giờ"})
    give(desk)
    handover.ask_back(colleague(desk, NIGHT), waiting(desk), "Kali bao nhiêu?")
    assert sheet(desk).texts["recommendation"] == "Đo mỗi giờ"
    handover.keep_draft(desk, ONE, {"assessment": "Kali 3,1", "recommendation": "Đo mỗi giờ"})
    give(desk)
    give(desk, to=NIGHT)
    taken = state(desk).last
    assert taken.state == "accepted"
    assert taken.texts["recommendation"] == "Đo mỗi giờ"
    assert taken.texts["assessment"] == "Kali 3,1"


def test_news_counts_from_the_last_handover_on(desk) -> None:
    give(desk, to=NIGHT)
    advance(desk, hours=1)
    night = colleague(desk, NIGHT)
    draft = notes.NoteDraft("n", "doctor", notes.NoteText("Khám", ""), desk.now())
    notes.sign(colleague(desk, DOCTOR), ONE, draft)
    text = handover.sheet(night, ONE, shift(desk), "en").texts["assessment"]
    assert "doctor's note" in text
    assert "×" not in text
    notes.sign(colleague(desk, DOCTOR), ONE, replace(draft, id="m"))
    text = handover.sheet(night, ONE, shift(desk), "en").texts["assessment"]
    assert "doctor's note ×2" in text


def test_an_abnormal_result_is_named(desk) -> None:
    with desk.store.write() as unit:
        unit.create(
            {
                "resourceType": "Observation", "id": "k", "status": "final",
                "category": [{"coding": [{"code": "laboratory"}]}],
                "code": {"text": "Kali"}, "subject": {"reference": f"Patient/{ONE}"},
                "effectiveDateTime": desk.now().isoformat(),
                "valueQuantity": {"value": Decimal("2.8"), "unit": "mmol/L"},
                "interpretation": [{"coding": [{"code": "L"}]}],
            }
        )  # fmt: skip
    advance(desk, minutes=1)
    assert "Kali 2.8 mmol/L" in sheet(desk).texts["assessment"]


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person("nurse-1", "Lê Thị Mai", "nurse"), "own-handover"),
        (Person("r1", "Tiếp đón", "reception"), "not-permitted"),
    ],
)
def test_only_another_person_who_may_takes_over(desk, person, code) -> None:
    with pytest.raises(Refused, match=code):
        give(desk, to=person)
    assert state(desk).state == "open"
    give(desk)
    with pytest.raises(Refused, match=code):
        handover.accept(desk, [given(desk)], by=person)
    assert state(desk).state == "given"


def test_what_is_taken_over_is_final(desk) -> None:
    give(desk, to=NIGHT)
    own = given(desk)
    with pytest.raises(Refused, match="handover-accepted"):
        handover.accept(desk, [own], by=DOCTOR)
    with pytest.raises(Refused, match="handover-accepted"):
        handover.ask_back(colleague(desk, NIGHT), own.id, "Gì?")


def test_all_or_none(desk) -> None:
    with pytest.raises(Refused, match="not-admitted"):
        give(desk, ONE, patient_id(9), to=NIGHT)
    assert state(desk).state == "open"
    with pytest.raises(Refused, match="nobody-to-hand-over"):
        handover.give(desk, [], shift(desk), "vi")


def test_a_question_needs_words(desk) -> None:
    give(desk)
    with pytest.raises(Refused, match="question-missing"):
        handover.ask_back(colleague(desk, NIGHT), waiting(desk), "  ")
    assert set(state(desk).last.texts) == set(SECTIONS)


def test_what_is_due_after_the_next_shift_is_not_for_the_next_person(desk) -> None:
    ward_tasks.add(desk, ONE, "Sáng mai", desk.now() + timedelta(hours=11))
    ward_tasks.add(desk, ONE, "Tuần sau", desk.now() + timedelta(days=6))
    text = sheet(desk).texts["recommendation"]
    assert "Sáng mai" in text
    assert "Tuần sau" not in text


def test_two_who_take_over_apart_from_each_other_are_for_a_person_to_settle(desk) -> None:
    give(desk)
    with desk.store.read() as view:
        base = view.get("DocumentReference", waiting(desk)).resource()
    sides = [
        handover.mapping.accepted(base, by={"reference": f"Practitioner/{who}"}, at=desk.now())
        for who in ("nurse-2", "doctor-1")
    ]
    clash = merge.merge(base, *sides)
    assert isinstance(clash, merge.Clash)
    assert "clinical-note" in {field.name for field in clash.fields}


def test_whose_patients_they_are(desk) -> None:
    assignment.assign(desk, {"stay-1": [Nurse(desk.person.id, "")]}, shift(desk))
    assert state(desk).mine
    assert not state(desk, 2).mine


def test_what_lies_in_the_patient_is_handed_over_with_what_was_found(desk):
    since = desk.now() - timedelta(hours=50)
    hand, sacrum = SITES["hand-right"], SITES["sacrum"]
    cannula = Site(KINDS["peripheral-cannula"], hand, hand.point, since, "20G")
    (line,) = care_sites.put_in(desk, ONE, cannula).references
    ulcer = Site(KINDS["pressure-ulcer"], sacrum, sacrum.point, desk.now(), "")
    care_sites.put_in(desk, ONE, ulcer)
    care_sites.look(desk, ONE, line, Look(desk.now(), site_grade="2"))
    assert (
        "Lines and wounds: Peripheral cannula 20G, back of the right hand"
        " (2 d, ▲ early phlebitis: change the cannula); Pressure ulcer, sacrum (0 d)"
    ) in sheet(desk).texts["background"]
    care_sites.end(desk, line, desk.now(), reason="Viêm")
    assert "Kim luồn" not in sheet(desk, language="vi").texts["background"]
    assert (
        "Ống dẫn và vết thương: Loét tì đè, cùng cụt (0 ngày)"
        in (sheet(desk, language="vi").texts["background"])
    )


def test_a_nursing_problem_that_goes_on_is_handed_over_with_how_it_went(desk):
    plan = Plan("Đau", desk.now(), "pain", "Sau mổ", care=(Care("Hỏi"),))
    care_plan_deeds.open_problem(desk, ONE, plan, own="plan-1")
    over = Plan("Sốt", desk.now(), "fever", care=(Care("Đo"),))
    care_plan_deeds.open_problem(desk, ONE, over, own="plan-2")
    care_plan_deeds.end(desk, "CarePlan/plan-2", State.COMPLETED, desk.now(), reason="")
    assert "Nursing problems: Pain: Sau mổ\n" in f"{sheet(desk).texts['background']}\n"
    found = Evaluation(Outcome.PARTLY, desk.now(), "Còn đau khi ho")
    care_plan_deeds.evaluate(desk, "CarePlan/plan-1", found, own="look-1")
    said = sheet(desk, language="vi").texts["background"]
    assert "Vấn đề điều dưỡng: Đau: Sau mổ (đạt một phần mục tiêu, Còn đau khi ho)" in said
    assert "Sốt" not in said


def test_a_signature_taken_back_is_nothing_that_was_stopped(desk) -> None:
    advance(desk, hours=1)
    met = Consultation(at=desk.now(), chair=Member(DOCTOR.name, DOCTOR.id), conclusion="Áp xe phổi")
    draft = NoteDraft("c", "consultation", NoteText(consultation=met), desk.now())
    notes.sign(desk, ONE, draft)
    (note,) = notes.notes(desk, ONE)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    note_signatures.take_back(colleague(desk, DOCTOR), note.id)
    told = "\n".join(sheet(desk).texts.values())
    assert "Áp xe phổi" in told
    assert "Stopped" not in told
