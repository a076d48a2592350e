"""Lines and wounds on a real store: put in, looked at, taken out, put right, due."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.body_site import SITES
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.kernel.errors import Refused
from workstation.services import care_due, care_sites

PATIENT = patient_id(1)
HOUR = timedelta(hours=1)


def site(desk, kind="peripheral-cannula", place="hand-right", ago=0.0, detail=""):
    found = SITES[place]
    return Site(KINDS[kind], found, found.point, desk.now() - ago * HOUR, detail)


def put_in(desk, *what, **more):
    (reference,) = care_sites.put_in(desk, PATIENT, site(desk, *what, **more)).references
    return reference


def look(desk, of, **seen):
    confirmed = seen.pop("confirmed", ())
    at = seen.pop("at", desk.now())
    changes = care_sites.look(desk, PATIENT, of, Look(at, **seen), confirmed=confirmed)
    return next(iter(changes.references))


def rows(desk):
    return care_sites.read(desk, PATIENT).rows


def due(desk):
    with desk.store.read() as view:
        return [(item.record, item.at) for item in care_due.due(view, [PATIENT], desk.now())]


def refused(code, field, deed):
    with pytest.raises(Refused) as raised:
        deed()
    assert (raised.value.code, raised.value.field) == (code, field)


def test_numbers_follow_how_long_they_lie_and_what_is_over_has_none(desk):
    second = put_in(desk, ago=5)
    first = put_in(desk, "pressure-ulcer", "sacrum", ago=40)
    gone = put_in(desk, "urinary-catheter", "urethra", ago=50)
    care_sites.end(desk, gone, desk.now(), reason="Tự tiểu được")
    assert [(row.number, row.record.reference) for row in rows(desk)] == [
        (1, first), (2, second), (0, gone),
    ]  # fmt: skip
    over = rows(desk)[2].record
    assert (over.ended, over.end_reason) == (desk.now(), "Tự tiểu được")


def test_the_record_speaks_vietnamese(desk):
    put_in(desk, detail="20G")
    with desk.store.read() as view:
        (stored,) = view.find("Procedure", patient=PATIENT)
    resource = stored.resource()
    assert resource["code"]["text"] == "Kim luồn ngoại vi, 20G"
    assert resource["bodySite"][0]["text"] == "Mu bàn tay phải"
    assert resource["encounter"] == {"reference": "Encounter/stay-1"}


def test_looks_stand_newest_first_and_errors_do_not_count(desk):
    own = put_in(desk, ago=10)
    look(desk, own, site_grade="0", at=desk.now() - 2 * HOUR)
    wrong = look(desk, own, site_grade="4")
    assert [row.record.look.site_grade for row in rows(desk)[0].looks] == ["4", "0"]
    care_sites.enter_in_error(desk, wrong, reason="Nhầm tay")
    assert rows(desk)[0].last.record.look.site_grade == "0"


@pytest.mark.parametrize(
    "seen",
    [
        {"remark": "Khô"},
        {"exudate": "1", "remark": "Hôi"},
        {"tissue": "2"},
        {"length_cm": Decimal(3)},
        {"depth_cm": Decimal("0.5"), "width_cm": Decimal(1)},
    ],
)
def test_every_look_is_found_whatever_was_seen(desk, seen):
    own = put_in(desk, "pressure-ulcer", "sacrum", ago=40)
    wrong = look(desk, own, at=desk.now() - HOUR, **seen)
    look(desk, own, **seen)
    care_sites.enter_in_error(desk, wrong, reason="Nhầm")
    with desk.store.read() as view:
        whole = care_sites.looks_of(view.find("Observation", patient=PATIENT))
    assert len(whole[own]) == 2
    assert rows(desk)[0].looks == tuple(whole[own])


def test_a_look_is_due_a_day_after_the_last_and_nothing_when_it_is_out(desk):
    own = put_in(desk, ago=30)
    assert due(desk) == [(own, desk.now() - 6 * HOUR)]
    seen_at = desk.now()
    look(desk, own, site_grade="0")
    assert due(desk) == [(own, seen_at + 24 * HOUR)]
    care_sites.end(desk, own, desk.now(), reason="Không cần nữa")
    assert due(desk) == []


def test_after_four_days_changing_is_the_question_whatever_was_seen(desk):
    own = put_in(desk, ago=97)
    look(desk, own, site_grade="0")
    assert due(desk) == [(own, desk.now() - HOUR)]


def test_an_ulcer_is_due_weekly_and_a_healed_one_never(desk):
    own = put_in(desk, "pressure-ulcer", "heel-left", ago=24)
    assert due(desk) == [(own, desk.now() + 144 * HOUR)]
    care_sites.end(desk, own, desk.now())
    assert due(desk) == []


def test_what_cannot_be_is_refused(desk):
    later = replace(site(desk), since=desk.now() + HOUR)
    refused("in-future", "since", lambda: care_sites.put_in(desk, PATIENT, later))
    long = site(desk, detail="x" * 81)
    refused("words-too-long", "detail", lambda: care_sites.put_in(desk, PATIENT, long))
    own = put_in(desk, ago=2)
    refused("in-future", "at", lambda: look(desk, own, site_grade="0", at=desk.now() + HOUR))
    before = desk.now() - 3 * HOUR
    refused("not-there-then", "at", lambda: look(desk, own, site_grade="0", at=before))
    refused("not-there-then", "at", lambda: care_sites.end(desk, own, before, reason="x"))
    refused("reason-missing", "reason", lambda: care_sites.end(desk, own, desk.now()))
    care_sites.end(desk, own, desk.now() - HOUR, reason="Tắc")
    refused("already-ended", None, lambda: care_sites.end(desk, own, desk.now(), reason="x"))
    refused("not-there-then", "at", lambda: look(desk, own, site_grade="0"))


def test_a_very_large_wound_is_asked_twice(desk):
    own = put_in(desk, "burn", "thigh-left")
    size = {"length_cm": Decimal(45)}
    refused("implausible-value", "length_cm", lambda: look(desk, own, **size))
    look(desk, own, **size, confirmed=("length_cm",))
    assert rows(desk)[0].last.record.look.length_cm == 45


def test_one_s_own_deed_is_taken_back_for_ten_minutes(desk):
    own = put_in(desk, ago=1)
    care_sites.end(desk, own, desk.now(), reason="Nhầm")
    refused("not-own-entry", None, lambda: care_sites.undo(colleague(desk, DOCTOR), [own]))
    care_sites.undo(desk, [own])
    assert rows(desk)[0].record.present
    care_sites.undo(desk, [own])
    assert not rows(desk)[0].record.valid
    second = put_in(desk)
    advance(desk, minutes=11)
    refused("too-late-to-undo", None, lambda: care_sites.undo(desk, [second]))


def test_a_correction_needs_a_reason(desk):
    own = put_in(desk, ago=1)
    moved = site(desk, place="hand-left", ago=2)
    refused("reason-missing", "reason", lambda: care_sites.amend(desk, own, moved, reason=" "))
    care_sites.amend(desk, own, moved, reason="Tay kia")
    assert (rows(desk)[0].record.site, rows(desk)[0].record.reason) == (moved, "Tay kia")


def test_drafts_are_kept_by_deed_and_go_with_the_save(desk):
    own = put_in(desk, ago=3)
    care_sites.keep_draft(desk, PATIENT, "put-in", {"kind": "burn"})
    care_sites.keep_draft(desk, PATIENT, f"look {own}", {"site_grade": "1"})
    assert care_sites.read(desk, PATIENT).drafts == {
        "put-in": {"kind": "burn"}, f"look {own}": {"site_grade": "1"},
    }  # fmt: skip
    look(desk, own, site_grade="1")
    assert list(care_sites.read(desk, PATIENT).drafts) == ["put-in"]
    put_in(desk)
    assert care_sites.read(desk, PATIENT).drafts == {}
    assert care_sites.read(colleague(desk, DOCTOR), PATIENT).drafts == {}


def test_who_is_not_admitted_gets_none(desk):
    with pytest.raises(Refused) as raised:
        care_sites.put_in(desk, patient_id(99), site(desk))
    assert raised.value.code == "not-admitted"
