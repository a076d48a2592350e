"""Notes: drafts stay until they are signed, what was signed is only ever added to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.kit.store import make_store
from workstation.fhir import note as mapping
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId, PersonId, WardId
from workstation.security.people import Person
from workstation.services import notes
from workstation.services.desk import Desk
from workstation.services.notes import NoteDraft, NoteText

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
PATIENT = PatientId("p1")
TEXT = NoteText("Người bệnh tỉnh, sốt ≥ 38,5 °C", "Paracetamol 500 mg, uống")


@pytest.fixture
def store(tmp_path):
    store = make_store(tmp_path / "store", clock=ManualClock(NOW))
    with store.write() as unit:
        unit.create({"resourceType": "Patient", "id": PATIENT})
        unit.create(
            {
                "resourceType": "Encounter",
                "id": "stay",
                "status": "in-progress",
                "class": {"code": "IMP"},
                "subject": {"reference": f"Patient/{PATIENT}"},
            }
        )
    yield store
    store.close()


def desk_of(store, number=1, role="doctor"):
    person = Person(PersonId(f"doctor-{number}"), f"Bác sĩ {number}", role)
    return Desk(store, store.clock, person, WardId("ward"))


@pytest.fixture
def desk(store):
    return desk_of(store)


def draft(**changes):
    return replace(NoteDraft("d1", "doctor", TEXT, NOW), **changes)


def test_a_draft_is_there_for_its_writer_alone_and_is_never_queued(store, desk):
    notes.keep_draft(desk, PATIENT, draft())

    assert [kept.text for kept in notes.my_drafts(desk, PATIENT)] == [TEXT]
    assert notes.my_drafts(desk, PatientId("p2")) == ()
    assert notes.my_drafts(desk_of(store, 2), PATIENT) == ()
    with store.read() as view:
        waiting = view.connection.exec_driver_sql("SELECT type FROM pending").scalars().all()
    assert "DocumentReference" not in waiting


def test_a_draft_kept_again_is_one_draft(desk):
    notes.keep_draft(desk, PATIENT, draft(text=NoteText("một")))
    notes.keep_draft(desk, PATIENT, draft(text=NoteText("một hai")))

    assert [kept.text.course for kept in notes.my_drafts(desk, PATIENT)] == ["một hai"]


def test_an_emptied_new_draft_is_forgotten(desk):
    notes.keep_draft(desk, PATIENT, draft())
    notes.keep_draft(desk, PATIENT, draft(text=NoteText(" ")))

    assert notes.my_drafts(desk, PATIENT) == ()


def test_signing_makes_a_note_and_takes_the_draft_away(desk):
    notes.keep_draft(desk, PATIENT, draft())

    changes = notes.sign(desk, PATIENT, draft())

    (note,) = notes.notes(desk, PATIENT)
    assert (note.text, note.author, note.state, note.unsent) == (TEXT, "Bác sĩ 1", "final", True)
    assert notes.my_drafts(desk, PATIENT) == ()
    assert changes.patients == {PATIENT}
    assert note.seen.resource()["context"]["encounter"] == [{"reference": "Encounter/stay"}]


def test_text_is_composed_when_it_is_signed(desk):
    notes.sign(desk, PATIENT, draft(text=NoteText("sô\u0301t")))

    assert notes.notes(desk, PATIENT)[0].text.course == "sốt"


def test_an_empty_note_is_refused_and_its_draft_kept(desk):
    notes.keep_draft(desk, PATIENT, draft())

    with pytest.raises(Refused, match="empty-note"):
        notes.sign(desk, PATIENT, draft(text=NoteText("  ")))
    assert len(notes.my_drafts(desk, PATIENT)) == 1


def test_an_amendment_keeps_author_and_time_and_says_who_and_why(store, desk):
    notes.sign(desk, PATIENT, draft())
    (first,) = notes.notes(desk, PATIENT)
    store.clock.advance(timedelta(hours=2))

    notes.amend(desk_of(store, 2), first, NoteText("đã sửa"), reason="nhầm liều")

    (note,) = notes.notes(desk, PATIENT)
    assert (note.state, note.text.course, note.author) == ("amended", "đã sửa", "Bác sĩ 1")
    assert (note.changed_by, note.reason, note.at) == ("Bác sĩ 2", "nhầm liều", first.at)
    assert note.changed_at == NOW + timedelta(hours=2)


def test_a_draft_of_an_amendment_does_not_overwrite_what_a_colleague_changed(store, desk):
    notes.sign(desk, PATIENT, draft())
    (first,) = notes.notes(desk, PATIENT)
    mine = draft(id="d2", text=NoteText("của tôi"), amends=first.id, base=first.digest, reason="a")
    notes.keep_draft(desk, PATIENT, mine)
    notes.amend(desk_of(store, 2), first, NoteText("của bạn"), reason="b")

    with pytest.raises(Refused, match="stale-edit"):
        notes.sign(desk, PATIENT, mine)

    assert notes.notes(desk, PATIENT)[0].text.course == "của bạn"
    assert notes.my_drafts(desk, PATIENT)[0].text.course == "của tôi"


def test_amending_from_a_draft(desk):
    notes.sign(desk, PATIENT, draft())
    (first,) = notes.notes(desk, PATIENT)
    mine = draft(id="d2", text=NoteText("mới"), amends=first.id, base=first.digest, reason="thiếu")

    notes.sign(desk, PATIENT, mine)

    assert notes.notes(desk, PATIENT)[0].text.course == "mới"


def test_an_amendment_needs_a_reason(desk):
    notes.sign(desk, PATIENT, draft())

    with pytest.raises(Refused, match="reason-missing"):
        notes.amend(desk, notes.notes(desk, PATIENT)[0], TEXT, reason=" ")


def test_a_note_entered_in_error_stays_readable_and_cannot_be_amended(desk):
    notes.sign(desk, PATIENT, draft())
    notes.enter_in_error(desk, notes.notes(desk, PATIENT)[0], reason="nhầm người bệnh")

    (note,) = notes.notes(desk, PATIENT)
    assert (note.state, note.text, note.reason) == ("entered-in-error", TEXT, "nhầm người bệnh")
    with pytest.raises(Refused, match="entered-in-error"):
        notes.amend(desk, note, NoteText("x"), reason="y")


def test_foreign_attachments_are_read_and_survive_an_amendment():
    foreign = {
        "resourceType": "DocumentReference",
        "id": "doc-1",
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "34746-8"}]},
        "content": [
            {"attachment": {"contentType": "text/html", "data": "PHA+QSAmYW1wOyBCPC9wPkM="}},
            {"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}},
            {"attachment": {"contentType": "text/plain", "data": "%%%"}},
        ],
        "custodian": {"display": "kept"},
    }
    values = mapping.read(foreign)
    assert values.kind == "nurse"
    assert values.course == "A & B\nC"
    assert values.other_content == ("application/pdf", "text/plain")

    changed = mapping.amend(
        foreign, course="mới", orders="", reason="r", author={"display": "L"}, at=NOW
    )
    assert changed["custodian"] == {"display": "kept"}
    assert {"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}} in changed[
        "content"
    ]
    assert mapping.read(changed).course == "mới"


@pytest.mark.parametrize("text", [NoteText("Tỉnh, hết sốt"), NoteText(orders="Ra viện")])
def test_what_was_left_empty_is_not_written_and_is_no_attachment(store, desk, text):
    notes.sign(desk, PATIENT, draft(text=text))

    (signed,) = notes.notes(desk, PATIENT)
    assert (signed.text, signed.other_content) == (text, ())
    with store.read() as view:
        content = view.get("DocumentReference", signed.id).resource()["content"]
    assert [bool(item["attachment"]["data"]) for item in content] == [True]


def test_an_empty_text_of_a_record_is_no_attachment_and_is_filled_when_amended(store, desk):
    notes.sign(desk, PATIENT, draft())
    (signed,) = notes.notes(desk, PATIENT)
    with store.write() as unit:
        seen = unit.get("DocumentReference", signed.id)
        empty = seen.resource()
        empty["content"][1]["attachment"]["data"] = ""
        unit.update(empty, seen=seen)
    (found,) = notes.notes(desk, PATIENT)
    assert (found.text.orders, found.other_content) == ("", ())

    notes.amend(desk, found, TEXT, reason="Bổ sung y lệnh")
    (after,) = notes.notes(desk, PATIENT)
    assert (after.text, after.other_content) == (TEXT, ())
