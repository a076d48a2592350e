"""Tasks of the ward as FHIR Task."""

from datetime import UTC, datetime, timedelta, timezone

from workstation.fhir import ward_task
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump

AT = datetime(2026, 11, 20, 8, 5, tzinfo=timezone(timedelta(hours=7)))
NURSE = {"reference": "Practitioner/n1", "display": "Lê Thị Mai"}
ENTRY = Entry(own="t1", patient="p1", encounter="e1", author=NURSE, at=AT)
DUE = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=7)))


def test_golden() -> None:
    assert dump(ward_task.write(ENTRY, "Thay băng vết mổ", DUE)) == (
        '{"resourceType":"Task","id":"t1","identifier":[{"system":'
        '"https://ward-workstation.example/fhir/sid/workstation-uuid","value":"urn:uuid:t1"}],'
        '"status":"requested","intent":"order","code":{"coding":[{"system":'
        '"https://ward-workstation.example/fhir/CodeSystem/task","code":"ward-task"}]},'
        '"description":"Thay băng vết mổ","for":{"reference":"Patient/p1"},'
        '"encounter":{"reference":"Encounter/e1"},"authoredOn":"2026-11-20T08:05:00+07:00",'
        '"requester":{"reference":"Practitioner/n1","display":"Lê Thị Mai"},'
        '"restriction":{"period":{"end":"2026-11-20T10:00:00+07:00"}}}'
    )


def test_what_is_written_is_read() -> None:
    task = ward_task.read(ward_task.write(ENTRY, "Cân nặng", DUE))
    assert (task.patient, task.words, task.due, task.open) == ("p1", "Cân nặng", DUE, True)
    assert (task.asked_by, task.done_by, task.ended_at) == ("Lê Thị Mai", "", None)


def test_done_cancelled_and_open_again_keep_what_is_unknown() -> None:
    stored = {**ward_task.write(ENTRY, "Cân nặng", DUE), "x": [1]}
    done = ward_task.done(stored, by=NURSE, at=DUE)
    found = ward_task.read(done)
    assert (found.status, found.done_by, found.ended_at) == ("completed", "Lê Thị Mai", DUE)
    assert done["x"] == [1]
    ended = ward_task.cancelled(stored, by=NURSE, at=DUE, reason="Đã ra viện")
    assert ward_task.read(ended).reason == "Đã ra viện"
    assert ward_task.reopened(ended) == stored
    assert ward_task.reopened(done) == stored


def test_foreign_tasks_are_none_of_ours() -> None:
    assert not ward_task.is_ward_task({"resourceType": "Task", "code": {"text": "x"}})
    assert ward_task.read({}).due is None
    assert ward_task.read({"restriction": {"period": {"end": "2026-11-20"}}}).due == datetime(
        2026, 11, 20, tzinfo=UTC
    )
