"""Signatures and amendments that cross: a signature is never merged away, minutes never mixed."""

from dataclasses import replace
from datetime import UTC, datetime

from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.fhir import co_signature, note
from workstation.fhir.entry import Entry
from workstation.sync.merge import Clash, Merged, merge

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
AUTHOR = {"reference": "Practitioner/s", "display": "BS Vũ Thị Mai"}
MET = Consultation(at=AT, chair=Member("BS Đỗ Minh Quân", "d1"), conclusion="Viêm phổi nặng")
BASE = note.write("consultation", id="c", patient="p", encounter="e", author=AUTHOR, at=AT, met=MET)
ENTRY = Entry(own="t", patient="p", encounter="e", author=AUTHOR, at=AT)


def amended(reason, **changes):
    met = replace(MET, **changes)
    return note.amend(BASE, course="", orders="", reason=reason, author=AUTHOR, at=AT, met=met)


def test_two_amendments_of_minutes_are_for_a_person_to_settle() -> None:
    mine = amended("thiếu người", members=(Member("ĐD Trần Thị Hoa"),))
    theirs = amended("sai", conclusion="Áp xe phổi")
    assert isinstance(merge(BASE, mine, theirs), Clash)


def test_a_request_that_was_changed_here_and_not_there_holds() -> None:
    base = co_signature.ask(ENTRY, "c", Wanted(role="doctor"))
    mine = co_signature.asked_anew(base, Wanted(role="head-nurse"))
    found = merge(base, mine, base)
    assert isinstance(found, Merged)
    assert co_signature.wanted(found.resource) == ("c", Wanted(role="head-nurse"))


def test_two_people_asked_at_once_are_for_a_person_to_settle() -> None:
    base = co_signature.ask(ENTRY, "c", Wanted(role="doctor"))
    mine = co_signature.asked_anew(base, Wanted(role="head-nurse"))
    theirs = co_signature.asked_anew(base, Wanted(person="d1", name="BS Đỗ Minh Quân"))
    assert isinstance(merge(base, mine, theirs), Clash)


def test_a_request_dropped_here_and_changed_there_is_never_both() -> None:
    base = co_signature.ask(ENTRY, "c", Wanted(role="doctor"))
    theirs = co_signature.asked_anew(base, Wanted(role="head-nurse"))
    assert isinstance(merge(base, co_signature.asked_anew(base, None), theirs), Clash)
