"""Signatures and amendments that cross: a signature is never merged away, minutes never mixed."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from workstation.clinical.co_signature import Wanted
from workstation.clinical.consultation import Consultation, Member
from workstation.fhir import co_signature, differences, note
from workstation.fhir.entry import Entry
from workstation.kernel.words import say
from workstation.sync.merge import Clash, Merged, merge

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
AUTHOR = {"reference": "Practitioner/s", "display": "BS Vũ Thị Mai"}
MET = Consultation(at=AT, chair=Member("BS Đỗ Minh Quân", "d1"), conclusion="Viêm phổi nặng")
BASE = note.write("consultation", id="c", patient="p", encounter="e", author=AUTHOR, at=AT, met=MET)
NAMES = {"Practitioner/d1": "BS Đỗ Minh Quân", "Practitioner/s": "BS Vũ Thị Mai"}
ENTRY = Entry(own="t", patient="p", encounter="e", author=AUTHOR, at=AT)


def amended(reason, **changes):
    met = replace(MET, **changes)
    return note.amend(BASE, course="", orders="", reason=reason, author=AUTHOR, at=AT, met=met)


def test_two_amendments_of_minutes_are_for_a_person_to_settle() -> None:
    mine = amended("thiếu người", members=(Member("ĐD Trần Thị Hoa"),))
    theirs = amended("sai", conclusion="Áp xe phổi")
    found = merge(BASE, mine, theirs)
    assert isinstance(found, Clash)
    elements = {name for field in found.fields for name in field.elements}
    assert {"content", "context"} <= elements, (
        "whichever holds has its own people and its own words"
    )
    told = differences.Versions("DocumentReference", BASE, theirs, mine)
    lines = [
        line for field in found.fields
        for line in differences.lines(field, told, partial(say, "vi"), NAMES.get)
    ]  # fmt: skip
    people = next(line for line in lines if line.label == "field|Time, place and people")
    assert "ĐD Trần Thị Hoa" in people.mine
    assert "BS Đỗ Minh Quân" in people.theirs


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
