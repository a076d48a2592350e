"""A consultation: what cannot be signed, and who is meant by a line of names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.consultation import Consultation, Member, check, composed, members_of
from workstation.kernel.errors import Refused

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
CHAIR = Member("BS Đỗ Minh Quân", "d1")
WHOLE = Consultation(at=NOW, chair=CHAIR, conclusion="Viêm phổi nặng, suy hô hấp")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"at": None}, "required", "at"),
        ({"at": NOW + timedelta(minutes=1)}, "in-future", "at"),
        ({"chair": None}, "chair-missing", "chair"),
        ({"chair": Member("Tôi", "me")}, "chair-is-secretary", "chair"),
        ({"conclusion": " \n"}, "conclusion-missing", "conclusion"),
    ],
)
def test_what_lacks_a_part_of_the_form_is_refused_beside_its_field(changes, code, field) -> None:
    with pytest.raises(Refused) as refused:
        check(replace(WHOLE, **changes), secretary="me", now=NOW)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_whole_one_may_be_signed() -> None:
    check(WHOLE, secretary="me", now=NOW)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        (" ; ;", ()),
        ("bs đỗ minh quân", (Member("bs đỗ minh quân", "d1"),)),
        (
            "BS Đỗ Minh Quân; GS Trần  Văn Nam (BV Bạch Mai);BS Đỗ Minh Quân",
            (CHAIR, Member("GS Trần Văn Nam (BV Bạch Mai)")),
        ),
        ("Trùng Tên", (Member("Trùng Tên"),)),
    ],
)
def test_a_name_is_somebody_of_the_ward_only_when_it_is_theirs_alone(typed, found) -> None:
    known = (CHAIR, Member("Trùng Tên", "a"), Member("Trùng Tên", "b"))
    assert members_of(typed, known) == found


@given(st.lists(st.text(), max_size=5))
def test_names_stay_the_same_names_when_they_are_written_out_again(names) -> None:
    once = members_of(";".join(names), ())
    assert members_of("; ".join(each.name for each in once), ()) == once


@given(st.text(), st.text())
def test_composing_twice_changes_nothing(one, two) -> None:
    said = composed(Consultation(place=one, summary=two, conclusion=one))
    assert composed(said) == said
