"""A handover as DocumentReference."""

from datetime import datetime, timedelta, timezone

from workstation.fhir import handover
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump

AT = datetime(2026, 11, 20, 18, 45, tzinfo=timezone(timedelta(hours=7)))
DAY = {"reference": "Practitioner/n1", "display": "Lê Thị Mai"}
NIGHT = {"reference": "Practitioner/n2", "display": "Nguyễn Thị Lan"}
ENTRY = Entry(own="h1", patient="p1", encounter="e1", author=DAY, at=AT)
TEXTS = {"situation": "S", "background": "B", "assessment": "A", "recommendation": "Đo mỗi giờ"}


def later(minutes):
    return AT + timedelta(minutes=minutes)


def test_golden() -> None:
    assert dump(handover.write(ENTRY, {"situation": "S"})) == (
        '{"resourceType":"DocumentReference","id":"h1","identifier":[{"system":'
        '"https://ward-workstation.example/fhir/sid/workstation-uuid","value":"urn:uuid:h1"}],'
        '"status":"current","docStatus":"preliminary","type":{"coding":[{"system":'
        '"https://ward-workstation.example/fhir/CodeSystem/document","code":"shift-handover",'
        '"display":"Shift handover"}],"text":"Bàn giao ca (SBAR)"},'
        '"subject":{"reference":"Patient/p1"},"date":"2026-11-20T18:45:00+07:00",'
        '"author":[{"reference":"Practitioner/n1","display":"Lê Thị Mai"}],"content":['
        '{"attachment":{"contentType":"text/plain; charset=utf-8","data":"Uw==",'
        '"title":"situation"}},'
        '{"attachment":{"contentType":"text/plain; charset=utf-8","data":"","title":"background"}},'
        '{"attachment":{"contentType":"text/plain; charset=utf-8","data":"","title":"assessment"}},'
        '{"attachment":{"contentType":"text/plain; charset=utf-8","data":"",'
        '"title":"recommendation"}}],"context":{"encounter":[{"reference":"Encounter/e1"}]}}'
    )


def test_it_waits_until_somebody_takes_over() -> None:
    given = handover.write(ENTRY, TEXTS)
    found = handover.read(given)
    assert (found.state, found.giver, found.texts) == ("given", "Lê Thị Mai", TEXTS)
    taken = handover.read(handover.accepted({**given, "x": 1}, by=NIGHT, at=later(5)))
    assert (taken.state, taken.accepter, taken.accepted_at) == (
        "accepted", "Nguyễn Thị Lan", later(5),
    )  # fmt: skip
    assert handover.accepted({**given, "x": 1}, by=NIGHT, at=later(5))["x"] == 1


def test_a_question_is_answered_by_giving_again() -> None:
    given = handover.write(ENTRY, TEXTS)
    asked = handover.asked_back(given, "Kali?", by=NIGHT, at=later(5))
    found = handover.read(asked)
    assert (found.state, found.question.words, found.question.by) == (
        "asked", "Kali?", "Nguyễn Thị Lan",
    )  # fmt: skip
    again = handover.given_again(asked, {**TEXTS, "assessment": "K 3,1"}, at=later(9), author=DAY)
    assert handover.read(again).state == "given"
    assert handover.read(again).texts["assessment"] == "K 3,1"
    once_more = handover.asked_back(again, "Và natri?", by=NIGHT, at=later(12))
    assert handover.read(once_more).question.words == "Và natri?"
    assert handover.read(handover.accepted(once_more, by=NIGHT, at=later(20))).question is None


def test_others_are_none_of_ours() -> None:
    given = handover.write(ENTRY, TEXTS)
    assert handover.is_handover(given)
    assert not handover.is_handover({**given, "status": "entered-in-error"})
    assert not handover.is_handover({"resourceType": "DocumentReference", "status": "current"})
    assert handover.read({}).giver == ""
