"""Minutes of a consultation and second signatures as FHIR: written, read back, patched."""

from base64 import b64decode
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workstation.clinical.co_signature import Signature, Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.fhir import co_signature, note, summary
from workstation.fhir.entry import Entry
from workstation.fhir.json import dump_bytes, parse

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
SECRETARY = {"reference": "Practitioner/s", "display": "BS Vũ Thị Mai"}
MET = Consultation(
    at=AT - timedelta(minutes=40),
    place="Phòng giao ban",
    chair=Member("BS Đỗ Minh Quân", "d1"),
    members=(Member("ĐD Trần Thị Hoa", "n1"), Member("GS Trần Văn Nam (BV Bạch Mai)")),
    summary="Sốt ngày thứ 5",
    conclusion="Viêm phổi nặng",
    treatment="Đổi sang meropenem",
)
ENTRY = Entry(own="t1", patient="p", encounter="e", author=SECRETARY, at=AT)


def written(met=MET):
    return note.write(
        "consultation", id="c", patient="p", encounter="e", author=SECRETARY, at=AT, met=met
    )


def test_minutes_are_a_consult_note_with_a_text_a_part_and_a_frame() -> None:
    made = written()
    assert made["type"]["coding"][0]["code"] == "11488-4"
    texts = {
        each["attachment"]["title"]: b64decode(each["attachment"]["data"]).decode()
        for each in made["content"]
    }
    assert texts == {
        "summary": "Sốt ngày thứ 5",
        "conclusion": "Viêm phổi nặng",
        "treatment": "Đổi sang meropenem",
    }
    assert made["context"]["period"] == {"start": "2026-11-20T07:20:00+00:00"}
    assert made["context"]["encounter"] == [{"reference": "Encounter/e"}]
    assert made["context"]["extension"] == [
        {
            "url": "https://ward-workstation.example/fhir/StructureDefinition/consultation",
            "extension": [
                {"url": "place", "valueString": "Phòng giao ban"},
                {
                    "url": "chair",
                    "valueReference": {
                        "reference": "Practitioner/d1",
                        "display": "BS Đỗ Minh Quân",
                    },
                },
                {
                    "url": "member",
                    "valueReference": {
                        "reference": "Practitioner/n1",
                        "display": "ĐD Trần Thị Hoa",
                    },
                },
                {
                    "url": "member",
                    "valueReference": {"display": "GS Trần Văn Nam (BV Bạch Mai)"},
                },
            ],
        }
    ]
    assert summary.kind_of(made) == "consultation"


def test_minutes_round_trip_and_their_conclusion_comes_first() -> None:
    read = note.read(parse(dump_bytes(written())))
    assert (read.kind, read.consultation) == ("consultation", MET)
    assert read.course.splitlines()[0] == "Viêm phổi nặng"


def test_a_consult_note_of_others_is_only_read() -> None:
    foreign = written()
    del foreign["context"]["extension"]
    assert note.read(foreign).kind == "other"


def test_amending_minutes_keeps_what_others_put_there() -> None:
    before = written()
    context = before["context"]
    context["extension"][0]["extension"].append({"url": "room", "valueString": "12"})
    context["extension"].append({"url": "https://other.example/x", "valueString": "y"})
    context["period"]["end"] = "2026-11-20T08:00:00+00:00"
    before["content"][1]["format"] = {"code": "kept"}
    after = note.amend(
        before, course="", orders="", reason="thiếu ý kiến", author=SECRETARY, at=AT,
        met=replace(MET, opinions="Nên chụp CT", conclusion="Áp xe phổi"),
    )  # fmt: skip
    frame, other = after["context"]["extension"]
    (amendment,) = after["extension"]
    assert after["context"]["period"]["end"] == "2026-11-20T08:00:00+00:00"
    assert frame["extension"][-1] == {"url": "room", "valueString": "12"}
    assert (other["valueString"], amendment["url"]) == ("y", note.AMENDMENT)
    titles = [each["attachment"]["title"] for each in after["content"]]
    assert titles == ["summary", "opinions", "conclusion", "treatment"]
    assert after["content"][2]["format"] == {"code": "kept"}
    assert note.read(after).consultation.opinions == "Nên chụp CT"
    assert note.read(after).amendments[0].by_reference == "Practitioner/s"


@pytest.mark.parametrize(
    "changed",
    [
        {"conclusion": "Viêm phổi"},
        {"place": ""},
        {"at": AT},
        {"members": MET.members[:1]},
        {"chair": Member("BS khác", "d1")},
        {"opinions": "Sốt ngày thứ 5", "summary": ""},
    ],
)
def test_other_words_are_another_version(changed) -> None:
    versions = {note.version(note.read(written(met))) for met in (MET, replace(MET, **changed))}
    assert len(versions) == 2


def test_a_version_does_not_depend_on_how_a_server_writes_it() -> None:
    made = written()
    other = deepcopy(made)
    other["id"], other["meta"] = "other", {"versionId": "7"}
    other["author"][0]["reference"] = "Practitioner/renamed"
    other["content"][0]["attachment"]["data"] = "\n".join(
        made["content"][0]["attachment"]["data"][n : n + 8]
        for n in range(0, len(made["content"][0]["attachment"]["data"]), 8)
    )
    other["context"]["period"]["start"] = "2026-11-20T14:20:00+07:00"
    assert note.version(note.read(other)) == note.version(note.read(made))


@pytest.mark.parametrize(
    "wanted", [Wanted(role="doctor"), Wanted(person="d1", name="BS Đỗ Minh Quân")]
)
def test_what_is_wanted_round_trips(wanted) -> None:
    task = parse(dump_bytes(co_signature.ask(ENTRY, "n", wanted)))
    assert co_signature.wanted(task) == ("n", wanted)
    assert co_signature.wanted(co_signature.asked_anew(task, None)) is None
    again = co_signature.asked_anew(task, Wanted(role="head-nurse"))
    assert co_signature.wanted(again) == ("n", Wanted(role="head-nurse"))


def test_a_request_is_no_event_of_its_own() -> None:
    task = co_signature.ask(ENTRY, "n", Wanted(role="doctor"))
    assert summary.kind_of(task) == summary.SIGNATURE_ASKED


def test_a_signature_is_a_completed_task_of_one_version() -> None:
    task = parse(dump_bytes(co_signature.sign(ENTRY, "n", "v1", "chair", session=SECRETARY)))
    assert (task["status"], task["owner"], task["requester"]) == (
        "completed",
        SECRETARY,
        SECRETARY,
    )
    found = Signature("t1", "n", "v1", "chair", "s", "BS Vũ Thị Mai", AT)
    assert co_signature.signature(task) == found
    assert summary.kind_of(task) == "signature"
    assert co_signature.signature(co_signature.taken_back(task, AT)) is None


@pytest.mark.parametrize("missing", ["focus", "input", "status"])
def test_a_task_that_does_not_say_what_was_signed_is_no_signature(missing) -> None:
    task = co_signature.sign(ENTRY, "n", "v1", "second")
    del task[missing]
    assert co_signature.signature(task) is None
