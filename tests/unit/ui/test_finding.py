"""What the palette lists for a text: pure, so that every bed and every command is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.names import PersonName
from workstation.kernel import words
from workstation.kernel.ids import PatientId
from workstation.services.patient_search import AtHand, Hit
from workstation.ui.shell import commands
from workstation.ui.shell.finding import MOST, Field, is_bed, offers, why_not
from workstation.ui.toolkit.actions import ACTIONS, BY_ID


def hit(own: str, name: str, bed: str = "", number: str = "") -> Hit:
    return Hit(
        patient=PatientId(own), name=PersonName.from_text(name), sex="female", birth_date=None,
        born=None, age=None, record_number=number or None, identity_tail="", place=bed,
        here=bool(bed), alike=False, bed=bed,
    )  # fmt: skip


AN = hit("an", "Nguyễn Văn An", "301-2", "BN004711")
BINH = hit("binh", "Đỗ Thị Bình", "301-1", "BN004812")
OTHER_AN = hit("an2", "Trần Thị An", "302-3", "BN000301")
TWELVE = hit("twelve", "Lê Thị Mười", "12")
ONE_TWELVE = hit("one-twelve", "Lê Văn Hai", "112")
WARD = (AN, BINH, OTHER_AN, TWELVE, ONE_TWELVE)
KNOWN = Field(
    commands=[(spec, "") for spec in ACTIONS if not spec.needs_patient]
    + [(spec, "patient") for spec in ACTIONS if spec.needs_patient],
    at_hand=AtHand(WARD, (BINH,), ("2", "309-4")),
    about=commands.of_a_patient("nurse"),
)


def first(typed: str) -> tuple[str, str]:
    offer = offers(KNOWN, typed)[0]
    return (offer.hit.patient if offer.hit else offer.bed, offer.spec.id if offer.spec else "")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3012", ("an", "")),
        ("301-2", ("an", "")),
        ("12", ("twelve", "")),
        ("112", ("one-twelve", "")),
        ("2", ("2", "")),
        ("3094", ("309-4", "")),
        ("binh", ("binh", "")),
        ("đỗ b", ("binh", "")),
        ("4812", ("binh", "")),
        ("an tran", ("an2", "")),
        ("khoa may", ("", "lock")),
        ("lock", ("", "lock")),
        ("bk", ("", "ward_board")),
        ("12 thuoc", ("twelve", "chart_medication")),
        ("thuốc 12", ("twelve", "chart_medication")),
        ("3012 sinh hieu", ("an", "chart_vitals")),
        ("3012 results", ("an", "chart_results")),
        ("binh ket qua", ("binh", "chart_results")),
    ],
)
def test_what_stands_first(typed: str, expected: tuple[str, str]) -> None:
    words.use("vi")
    assert first(typed) == expected


def test_a_command_with_a_name_that_several_have_is_offered_for_each() -> None:
    words.use("vi")
    found = [(o.hit.patient, o.spec.id) for o in offers(KNOWN, "an thuoc") if o.hit and o.spec]
    assert found == [("an", "chart_medication"), ("an2", "chart_medication")]


IN_FRONT = replace(KNOWN, commands=[(spec, "") for spec in ACTIONS])
VAN = hit("van", "Trần Văn Dũng", "305-1")


@pytest.mark.parametrize("known", [KNOWN, IN_FRONT])
@pytest.mark.parametrize("typed", ["plan an", "Plan an admission", "hẹn nhập khoa"])
def test_a_command_that_fits_all_words_is_not_done_for_somebody_whose_name_is_among_them(
    known: Field, typed: str
) -> None:
    for language in words.LANGUAGES:
        words.use(language)
        listed = offers(known, typed)
        assert (listed[0].hit, listed[0].spec) == (None, BY_ID["expect_patient"])
        assert why_not(listed[0]) or known is IN_FRONT


def test_words_of_a_command_do_not_lead_to_people_who_are_named_like_them() -> None:
    words.use("vi")
    known = replace(IN_FRONT, at_hand=AtHand((VAN,), (), ()))
    listed = offers(known, "van de dieu duong")
    assert listed[0].spec is BY_ID["add_problem"]
    assert listed[0].hit is None


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "command"),
    [("khoa may", "lock"), ("km", "lock"), ("lock", "lock"), ("wb", "ward_board")],
)
def test_commands_are_found_in_both_languages_whichever_is_spoken(
    language: words.Language, typed: str, command: str
) -> None:
    words.use(language)
    assert first(typed) == ("", command)


@pytest.mark.parametrize("typed", ["3012 ghi chep", "3012 dien bien", "3012 notes"])
def test_a_tab_is_found_by_the_name_that_stands_on_it(typed: str) -> None:
    words.use("vi")
    assert first(typed) == ("an", "chart_notes")


def test_an_empty_bed_comes_before_a_bed_that_only_ends_like_it() -> None:
    listed = offers(KNOWN, "2")
    assert listed[0].bed == "2"
    assert listed[0].obstacle
    assert AN in [each.hit for each in listed]


@pytest.mark.parametrize("typed", ["plan", "care plan", "ke hoach", "kế hoạch chăm sóc"])
def test_a_plan_is_shown_before_one_is_made_and_asks_for_whom(typed: str) -> None:
    for language in words.LANGUAGES:
        words.use(language)
        chosen = offers(KNOWN, typed)[0]
        assert (chosen.spec, chosen.obstacle) == (BY_ID["chart_plan"], "whom")


def test_while_it_is_asked_for_whom_people_alone_are_listed() -> None:
    asked = replace(KNOWN, wanted=BY_ID["chart_plan"])
    for typed in ("", "an", "3012", "plan"):
        listed = offers(asked, typed)
        assert {each.spec for each in listed} <= {asked.wanted}
        assert all(each.hit for each in listed)
    assert [each.hit for each in offers(asked, "")] == [BINH, AN, OTHER_AN, TWELVE, ONE_TWELVE]
    assert offers(asked, "3012")[0].hit is AN
    assert offers(asked, "plan") == []
    assert offers(asked, "309-4")[0].bed == "309-4"


def test_what_cannot_be_done_stands_last_and_says_why() -> None:
    words.use("en")
    listed = offers(KNOWN, "discharge")
    assert listed[-1].spec is BY_ID["discharge_patient"]
    assert why_not(listed[-1]) == "Needs a patient: type the bed first"
    words.use("vi")
    assert [each.obstacle for each in offers(KNOWN, "")] == [""] * len(offers(KNOWN, ""))


def test_a_nurse_is_not_offered_a_discharge_and_no_deed_is_done_at_once() -> None:
    of_nurse = {spec.id for spec in commands.of_a_patient("nurse")}
    assert "discharge_patient" not in of_nurse
    assert "discharge_patient" in {spec.id for spec in commands.of_a_patient("doctor")}
    assert not of_nurse & {"maternity_chart", "order_again", "give_drug"}


def test_nothing_typed_shows_who_was_seen_and_what_was_used_last() -> None:
    listed = offers(replace(KNOWN, used=("sync_now",)), "")
    assert listed[0].hit is BINH
    assert listed[1].spec is BY_ID["sync_now"]


def test_people_beyond_the_ward_come_after_all_that_can_be_done_and_never_twice() -> None:
    gone = hit("gone", "Phan An")
    listed = offers(KNOWN, "an", (gone, AN))
    people = [each.hit.patient for each in listed if each.hit]
    assert people.count("an") == 1
    doable = [each for each in listed if not each.obstacle]
    assert doable[-1].hit is gone


@pytest.mark.parametrize(
    ("bed", "typed", "same"),
    [
        ("02", "2", True), ("Giường 12", "12", True), ("301-2", "3012", True),
        ("301-2", "301", False), ("112", "12", False), ("", "", False), ("A", "a", True),
        ("12A", "12a", True), ("12", "-", False),
    ],
)  # fmt: skip
def test_a_bed_typed_whole(bed: str, typed: str, same: bool) -> None:
    assert is_bed(bed, typed) is same


@given(st.text(max_size=24))
def test_any_text_gives_a_short_list_without_doubles(typed: str) -> None:
    listed = offers(KNOWN, typed)
    assert len(listed) <= MOST
    assert len(set(listed)) == len(listed)


@given(st.sampled_from(WARD), st.text(max_size=12))
def test_a_bed_typed_whole_never_opens_a_neighbour(who: Hit, more: str) -> None:
    for offer in offers(KNOWN, f"{who.bed} {more}")[:1]:
        if offer.hit is not None and not any(is_bed(b.bed, p) for p in more.split() for b in WARD):
            assert offer.hit == who
