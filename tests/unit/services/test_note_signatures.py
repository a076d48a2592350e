"""Second signatures on a real store: asked for, given, outdated by an amendment, listed as due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import advance, colleague, patient_id, save
from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.clinical.shifts import Shift
from workstation.fhir import co_signature as mapping
from workstation.fhir.entry import Entry
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.security.people import Person
from workstation.services import (
    changes_since,
    chart,
    handover,
    note_signatures,
    notes,
    task_list,
    timeline,
)
from workstation.services.notes import NoteDraft, NoteText

PATIENT = patient_id(1)
OTHER = Person(PersonId("doctor-2"), "Vũ Thị Mai", "doctor")
CHAIR = Member(DOCTOR.name, DOCTOR.id)
DOCTORS = Wanted(role="doctor")


def draft(desk, wanted=DOCTORS, **more):
    return NoteDraft("d", "nurse", NoteText("Đau ngực"), desk.now(), wanted=wanted, **more)


def minutes(desk, **more):
    met = Consultation(at=desk.now(), chair=CHAIR, conclusion="Viêm phổi nặng", **more)
    return NoteDraft("c", "consultation", NoteText(consultation=met), desk.now())


def signed(desk, what):
    notes.sign(desk, PATIENT, what)
    return only(desk)


def only(desk):
    (note,) = notes.notes(desk, PATIENT)
    return note


def amend(desk, text="Đau ngực trái"):
    note = only(desk)
    again = NoteDraft(
        "d2", "nurse", NoteText(text), desk.now(), note.id, note.digest, "thiếu", note.under.wanted
    )
    notes.sign(desk, PATIENT, again)


def due(desk, person=DOCTOR):
    lines = task_list.read(colleague(desk, person)).lines
    return [line.item.record for line in lines if line.item.kind == "signature"]


def code(refused):
    return refused.value.code


def test_a_note_needs_nobody_else_unless_its_author_asks(desk) -> None:
    note = signed(desk, draft(desk, wanted=None))
    assert (note.under.state, due(desk)) == ("none", [])
    with pytest.raises(Refused) as refused:
        note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert code(refused) == "no-signature-wanted"


def test_a_note_waits_for_a_doctor_and_is_signed_by_one(desk) -> None:
    note = signed(desk, draft(desk))
    assert (note.under.state, due(desk)) == ("waiting", [f"DocumentReference/{note.id}"])
    advance(desk, minutes=5)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)

    found = only(desk)
    (given,) = found.under.given
    assert (found.under.state, given.name, given.at) == ("signed", DOCTOR.name, desk.now())
    assert due(desk) == []
    assert found.digest == note.digest, "the note itself is as it was"


def test_signing_twice_signs_once(desk) -> None:
    note = signed(desk, draft(desk))
    for _ in range(2):
        note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert len(only(desk).under.given) == 1


def test_a_second_doctor_adds_a_signature(desk) -> None:
    note = signed(desk, draft(desk))
    for person in (DOCTOR, OTHER):
        note_signatures.sign(desk, note.id, note.version, by=person)
    assert [each.person for each in only(desk).under.given] == [DOCTOR.id, OTHER.id]


@pytest.mark.parametrize(
    ("wanted", "by", "why"),
    [
        (DOCTORS, NURSE, "own-note"),
        (Wanted(person=NURSE.id, name=NURSE.name), NURSE, "own-note"),
        (Wanted(role="head-nurse"), DOCTOR, "not-asked-to-sign"),
        (Wanted(person="x", name="X"), DOCTOR, "not-asked-to-sign"),
        (DOCTORS, replace(DOCTOR, role="reception"), "not-permitted"),
    ],
)
def test_who_must_not_sign_is_refused(desk, wanted, by, why) -> None:
    note = signed(desk, draft(desk, wanted))
    with pytest.raises(Refused) as refused:
        note_signatures.sign(desk, note.id, note.version, by=by)
    assert code(refused) == why
    assert only(desk).under.given == ()


def test_it_is_due_only_to_those_who_are_asked(desk) -> None:
    note = signed(desk, draft(desk, Wanted(person=OTHER.id, name=OTHER.name)))
    record = f"DocumentReference/{note.id}"
    assert (due(desk, OTHER), due(desk, DOCTOR), due(desk, NURSE)) == ([record], [], [])


def test_words_that_change_are_not_signed_and_wait_again(desk) -> None:
    note = signed(desk, draft(desk))
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    amend(desk)

    found = only(desk)
    assert (found.under.state, found.under.given) == ("outdated", ())
    assert [each.name for each in found.under.earlier] == [DOCTOR.name]
    assert due(desk) == [f"DocumentReference/{note.id}"]
    with pytest.raises(Refused) as refused:
        note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert code(refused) == "stale-edit"
    note_signatures.sign(desk, found.id, found.version, by=DOCTOR)
    assert only(desk).under.state == "signed"


def test_an_amendment_may_ask_somebody_else_or_nobody(desk) -> None:
    note = signed(desk, draft(desk))
    for wanted in (Wanted(role="head-nurse"), None, DOCTORS):
        now = only(desk)
        again = draft(desk, wanted, amends=note.id, base=now.digest, reason="đổi")
        notes.sign(desk, PATIENT, again)
        assert only(desk).under.wanted == wanted


def test_a_note_in_error_waits_for_nobody(desk) -> None:
    note = signed(desk, draft(desk))
    notes.enter_in_error(desk, note, reason="nhầm người")
    assert (only(desk).under.state, due(desk)) == ("none", [])
    with pytest.raises(Refused) as refused:
        note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert code(refused) == "entered-in-error"


def test_a_signature_is_taken_back_by_whoever_gave_it(desk) -> None:
    note = signed(desk, draft(desk))
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    with pytest.raises(Refused):
        note_signatures.take_back(desk, note.id)
    note_signatures.take_back(colleague(desk, DOCTOR), note.id)
    assert only(desk).under.state == "waiting"


def test_a_consultation_waits_for_its_chair(desk) -> None:
    note = signed(desk, minutes(desk))
    assert (note.kind, note.under.state, note.under.wanted.post) == (
        "consultation",
        "waiting",
        "chair",
    )
    with pytest.raises(Refused) as refused:
        note_signatures.sign(desk, note.id, note.version, by=OTHER)
    assert code(refused) == "not-asked-to-sign"
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert (only(desk).under.state, due(desk)) == ("signed", [])


def test_an_amended_consultation_needs_its_chair_again(desk) -> None:
    note = signed(desk, minutes(desk))
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    now = only(desk)
    text = replace(now.text, consultation=replace(now.text.consultation, opinions="Chụp CT"))
    notes.sign(
        colleague(desk, DOCTOR),
        PATIENT,
        NoteDraft("x", "consultation", text, desk.now(), note.id, now.digest, "thiếu"),
    )
    assert only(desk).under.state == "outdated"
    found = only(desk)
    note_signatures.sign(desk, found.id, found.version, by=DOCTOR)
    assert only(desk).under.state == "signed", "the chair may confirm what the chair corrected"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"chair": None}, "chair-missing"),
        ({"chair": Member(NURSE.name, NURSE.id)}, "chair-is-secretary"),
        ({"conclusion": "còn ___"}, "blank-left"),
    ],
)
def test_minutes_that_lack_something_are_refused_and_their_draft_stays(desk, change, why) -> None:
    what = minutes(desk)
    wrong = replace(what, text=NoteText(consultation=replace(what.text.consultation, **change)))
    notes.keep_draft(desk, PATIENT, wrong)
    with pytest.raises(Refused) as refused:
        notes.sign(desk, PATIENT, wrong)
    assert code(refused) == why
    (kept,) = notes.my_drafts(desk, PATIENT)
    assert (kept.text, kept.kind) == (wrong.text, "consultation")


def test_minutes_are_never_amended_into_a_plain_text(desk) -> None:
    note = signed(desk, minutes(desk))
    with pytest.raises(Refused) as refused:
        notes.amend(desk, note, NoteText("khác"), reason="sai")
    assert code(refused) == "empty-note"
    assert only(desk).text == note.text


def test_a_draft_keeps_whose_signature_is_wanted(desk) -> None:
    notes.keep_draft(desk, PATIENT, draft(desk))
    (kept,) = notes.my_drafts(desk, PATIENT)
    assert kept.wanted == DOCTORS


def test_signatures_are_events_and_news_and_requests_are_not(desk) -> None:
    note = signed(desk, draft(desk))
    before = desk.now() - timedelta(hours=1)
    advance(desk, minutes=5)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    kinds = {event.kind for event in timeline.timeline(desk, PATIENT).events}
    assert {"nurse-note", "signature"} <= kinds
    assert "signature-asked" not in kinds
    assert "task" not in kinds
    found = changes_since.of_patient(colleague(desk, OTHER), PATIENT, before)
    assert [each.kind for each in found] == ["signature", "nurse-note"]


def test_what_waits_says_so_on_the_timeline_and_in_the_summary(desk) -> None:
    note = signed(desk, minutes(desk))

    def states():
        events = timeline.timeline(desk, PATIENT).events
        on_line = next(each.under.state for each in events if each.id == note.id)
        return on_line, chart.summary(desk, PATIENT).notes[0].under.state

    assert states() == ("waiting", "waiting")
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert states() == ("signed", "signed")


def test_a_handover_tells_what_a_consultation_came_to_and_that_it_waits(desk) -> None:
    note = signed(desk, minutes(desk))
    assert "Hội chẩn: Viêm phổi nặng (chờ chủ tọa ký)" in assessment(desk)
    note_signatures.sign(desk, note.id, note.version, by=DOCTOR)
    assert "Hội chẩn: Viêm phổi nặng\n" in f"{assessment(desk)}\n"
    notes.enter_in_error(desk, only(desk), reason="nhầm")
    assert "Viêm phổi nặng" not in assessment(desk)


def assessment(desk):
    now = desk.now()
    shift = Shift(now - timedelta(hours=4), now + timedelta(hours=8), 0)
    return handover.sheet(desk, PATIENT, shift, "vi").texts["assessment"]


def test_whoever_was_asked_under_another_id_is_asked_no_second_time(desk) -> None:
    """The hospital, or a server that gives ids, may have made the request."""
    note = signed(desk, draft(desk, wanted=None))
    entry = Entry(
        own="theirs", patient=PATIENT, encounter=None, author=desk.performer, at=desk.now()
    )
    save(desk.store, mapping.ask(entry, note.id, DOCTORS))
    now = only(desk)
    notes.sign(
        desk, PATIENT, draft(desk, None, amends=note.id, base=now.digest, reason="không cần")
    )
    assert only(desk).under.wanted is None
