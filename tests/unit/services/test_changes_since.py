"""What is new since a person was last here, on a real store."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.vital_signs import VitalSigns
from workstation.fhir.json import dump
from workstation.services import (
    changes_since,
    notes,
    patient_record,
    timeline,
    vital_signs,
    ward_tasks,
)
from workstation.services.notes import NoteDraft, NoteText
from workstation.store.mirror import Pulled, apply

ONE, TWO = patient_id(1), patient_id(2)


def kinds(desk, since, patient=ONE):
    return [change.kind for change in changes_since.of_patient(desk, patient, since)]


def sign(desk, text="Đã khám", patient=ONE):
    draft = NoteDraft(f"d{text}", "doctor", NoteText(text, ""), desk.now())
    return notes.sign(desk, patient, draft)


def come(desk, *resources, version="1"):
    with desk.store.write() as unit:
        apply(
            unit,
            [
                Pulled(r["resourceType"], r["id"], version, desk.now().isoformat(), dump(r))
                for r in resources
            ],
        )


def report(own, at, patient=ONE):
    return {
        "resourceType": "DiagnosticReport", "id": own, "status": "final",
        "code": {"text": "X-quang ngực"}, "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": at.isoformat(), "conclusion": "Đông đặc thùy dưới phải",
    }  # fmt: skip


def measure(desk, patient=ONE):
    values = VitalSigns(at=desk.now(), respiratory_rate=Decimal(20), heart_rate=Decimal(90))
    vital_signs.record(desk, patient, values)


def test_what_others_charted_is_new_and_ones_own_is_not(desk) -> None:
    since = desk.now()
    advance(desk, minutes=10)
    doctor = colleague(desk, DOCTOR)
    sign(doctor)
    measure(doctor)
    ward_tasks.add(desk, ONE, "Cân", desk.now())
    assert sorted(kinds(desk, since)) == ["doctor-note", "vital-signs"]
    assert kinds(doctor, since) == ["task"]
    assert kinds(desk, desk.now() + timedelta(minutes=1)) == []
    assert kinds(desk, since, TWO) == []


def test_a_set_of_vital_signs_is_one_change(desk) -> None:
    since = desk.now()
    advance(desk, minutes=10)
    measure(colleague(desk, DOCTOR))
    (change,) = changes_since.of_patient(desk, ONE, since)
    assert change.count == 2
    assert change.known_at == desk.now()


def test_it_counts_when_it_became_known_and_not_when_it_happened(desk) -> None:
    morning = desk.now()
    advance(desk, hours=6)
    since = desk.now()
    with desk.store.write() as unit:
        entered = int((morning - timedelta(days=1)).timestamp() * 1000)
        unit.connection.exec_driver_sql(
            "INSERT INTO scope_member (patient, ward, entered_at) VALUES (?, ?, ?)",
            (ONE, desk.ward, entered),
        )
    advance(desk, minutes=5)
    come(desk, report("r1", morning))
    (change,) = changes_since.of_patient(desk, ONE, since)
    assert (change.kind, change.title, change.at) == ("report", "X-quang ngực", morning)
    assert change.known_at == desk.now()
    assert change.detail == "Đông đặc thùy dưới phải"


def test_the_whole_record_of_a_newcomer_is_no_news(desk) -> None:
    since = desk.now()
    advance(desk, minutes=5)
    come(desk, report("old", since - timedelta(days=3)), report("new", desk.now()))
    assert [change.id for change in changes_since.of_patient(desk, ONE, since)] == ["new"]


def test_a_task_that_somebody_else_has_done_is_news_to_its_writer(desk) -> None:
    changes = ward_tasks.add(desk, ONE, "Cân", desk.now())
    (own,) = (ref.partition("/")[2] for ref in changes.references)
    advance(desk, minutes=20)
    since = desk.now() - timedelta(minutes=1)
    ward_tasks.done(colleague(desk, DOCTOR), own)
    (change,) = changes_since.of_patient(desk, ONE, since)
    assert (change.kind, change.title, change.status) == ("task", "Cân", "completed")


def test_the_timeline_marks_what_came_since_the_visit_before(desk) -> None:
    patient_record.note_opening(desk, ONE)
    advance(desk, hours=2)
    sign(colleague(desk, DOCTOR))
    patient_record.note_opening(desk, ONE)
    found = timeline.timeline(desk, ONE)
    assert found.new == 1
    assert [event.kind for event in found.events if event.new] == ["doctor-note"]
    only = timeline.timeline(desk, ONE, only_new=True)
    assert [event.kind for event in only.events] == ["doctor-note"]
    assert only.total == 1

    advance(desk, minutes=10)
    patient_record.note_opening(desk, ONE)
    assert timeline.timeline(desk, ONE).new == 1, "still the same visit"
    advance(desk, minutes=20)
    patient_record.note_opening(desk, ONE)
    assert timeline.timeline(desk, ONE).new == 0


def test_the_ward_tells_whose_chart_has_news_for_whom(desk) -> None:
    doctor, start = colleague(desk, DOCTOR), desk.now()
    advance(desk, minutes=30)
    sign(doctor)
    sign(doctor, "Lần hai")
    measure(doctor, TWO)
    found = {news.who.patient: news.counts for news in changes_since.of_ward(desk, start)}
    assert found == {ONE: {"doctor-note": 2}, TWO: {"vital-signs": 1}}
    assert changes_since.of_ward(doctor, start) == ()
    advance(desk, minutes=5)
    patient_record.note_opening(desk, ONE)
    assert [news.who.patient for news in changes_since.of_ward(desk, start)] == [TWO]


def test_the_news_of_the_ward_counts_what_each_patient_has_news_of(desk) -> None:
    doctor, start = colleague(desk, DOCTOR), desk.now()
    for turn in range(6):
        advance(desk, minutes=7)
        measure(doctor, (ONE, TWO)[turn % 2])
        if turn % 3 == 0:
            sign(doctor, f"Lần {turn}")
        come(desk, report(f"r{turn}", desk.now()), report(f"q{turn}", start - timedelta(days=2)))
    since = dict.fromkeys((ONE, TWO), start)
    for _ in range(2):
        told = {news.who.patient: news for news in changes_since.of_ward(desk, start)}
        assert set(told) == {ONE, TWO}
        for patient, news in told.items():
            changes = changes_since.of_patient(desk, patient, since[patient])
            assert news.counts == dict(Counter(change.kind for change in changes))
            assert news.newest == max(change.known_at for change in changes)
        since[ONE] = desk.now()
        patient_record.note_opening(desk, ONE)
        advance(desk, minutes=1)
        measure(doctor, ONE)
