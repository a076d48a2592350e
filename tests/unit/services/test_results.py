"""Results as the services tell them: new, critical, corrected, from elsewhere, acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit.people import DOCTOR
from tests.kit.results import ELSEWHERE, HOUSES, arrive, imaging, result
from tests.kit.store import START
from tests.kit.ward import WARD, advance, colleague, make_desk, patient_id
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId
from workstation.services import (
    critical_results,
    reports,
    result_inbox,
    result_table,
    stays,
    ward_board,
)
from workstation.services.desk import Desk

ONE, TWO = patient_id(1), patient_id(2)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    with made.store.write() as unit:
        seen = unit.get("Location", WARD)
        assert seen is not None
        place = seen.resource() | {"managingOrganization": {"reference": "Organization/house"}}
        unit.update(place, seen=seen)
        unit.create(*HOUSES)
    yield made
    made.store.close()


def line(desk: Desk, key: str = "potassium") -> result_table.Line:
    return next(each for each in result_table.table(desk, ONE).lines if each.key == key)


def values(desk: Desk, key: str = "potassium") -> list[result_table.Value]:
    found = line(desk, key).values
    moments = result_table.table(desk, ONE).moments
    return [each for moment in moments for each in found.get(moment, ())]


def occupant(desk: Desk, number: int = 1) -> ward_board.Occupant:
    beds = {bed.id: bed.occupant for bed in ward_board.board(desk).beds}
    found = beds[f"bed-{number}"]
    assert found is not None
    return found


def waiting(desk: Desk) -> list[str]:
    with desk.store.read() as view:
        found = critical_results.unacknowledged(view, desk.ward, desk.now())
    return [each.result.id for each in found]


def test_the_table_has_digits_ranges_flags_and_changes(desk: Desk) -> None:
    arrive(
        desk.store,
        result("a", ONE, START - 9 * HOUR, "4.10"),
        result("b", ONE, START - HOUR, "5.4"),
        result("w", ONE, START - HOUR, "9.0", code="6690-2", unit="10*9/L", normal=("4", "10")),
        result("x", ONE, START - HOUR, "1", code="00000-0", name="Chất lạ", unit="U"),
    )
    read = result_table.table(desk, ONE)
    assert [each.key for each in read.lines] == ["wbc", "potassium", "00000-0"]
    assert [panel.id for panel in read.panels] == ["haematology", "biochemistry", "other"]
    first, second = values(desk)
    assert format(first.value or 0, "f") == "4.10"
    assert (first.low, first.high, first.flag) == (Decimal("3.5"), Decimal("5.0"), "")
    assert (second.flag, second.change.direction, second.change.notable) == ("high", "up", True)
    assert second.maker == "Khoa Xét nghiệm"
    assert not second.foreign


def test_what_one_has_seen_is_not_new_and_what_comes_late_is(desk: Desk) -> None:
    arrive(desk.store, result("a", ONE, START - HOUR, "4.1"))
    read = result_table.table(desk, ONE)
    assert read.baseline.since is None
    assert [each.new for each in values(desk)] == [True]
    assert occupant(desk).new_results == 1
    result_table.mark_seen(desk, ONE, read.as_of)
    assert occupant(desk).new_results == 0
    assert occupant(colleague(desk, DOCTOR)).new_results == 1, "a mark is of one person"
    advance(desk, minutes=5)
    arrive(desk.store, result("late", ONE, START - 30 * HOUR, "4.4"), imaging("r", ONE, START, "x"))
    assert [(each.observation, each.new) for each in values(desk)] == [("late", True), ("a", False)]
    assert [each.new for each in reports.reports(desk, ONE)] == [True]
    assert occupant(desk).new_results == 2


def test_what_arrives_while_one_reads_stays_new(desk: Desk) -> None:
    read = result_table.table(desk, ONE)
    advance(desk, seconds=1)
    arrive(desk.store, result("a", ONE, START - HOUR, "4.1"))
    advance(desk, seconds=1)
    result_table.mark_seen(desk, ONE, read.as_of)
    assert [each.new for each in values(desk)] == [True]


def test_a_result_beyond_what_can_be_measured_is_critical_everywhere(desk: Desk) -> None:
    beyond = result("g", ONE, START - HOUR, "33.3", code="14749-6", normal=("3.9", "6.1"))
    beyond["valueQuantity"]["comparator"] = ">"
    arrive(desk.store, beyond)
    (value,) = values(desk, "glucose")
    assert (value.value, value.words, value.flag) == (None, "> 33.3", "critical-high")
    assert waiting(desk) == ["g"]
    (row,) = result_inbox.inbox(desk).rows
    assert (row.kind, row.findings[0].flag) == ("critical", "critical-high")
    critical_results.acknowledge(desk, "g", "Đã báo bác sĩ", seen_value="> 33.3")
    assert waiting(desk) == []


def test_a_critical_result_waits_until_somebody_took_note(desk: Desk) -> None:
    arrive(
        desk.store,
        result("k", ONE, START - HOUR, "6.9"),
        result("told", TWO, START - 2 * HOUR, "5.1", mark="HH"),
        result("fine", TWO, START - HOUR, "5.1", mark="H"),
        result("old", TWO, START - 8 * 24 * HOUR, "6.9"),
        result("void", TWO, START - HOUR, "6.9", status="entered-in-error"),
    )
    assert waiting(desk) == ["k", "told"]
    assert occupant(desk).critical_results == 1
    changes = critical_results.acknowledge(desk, "k", "  Đã báo  bác sĩ trực ")
    assert changes.types == {"Task"}
    assert waiting(desk) == ["told"]
    assert occupant(desk).critical_results == 0
    (noted,) = values(desk)[0].acknowledged
    assert (noted.done, noted.by) == ("Đã báo bác sĩ trực", desk.person.name)
    assert noted.at == desk.now()


def test_a_critical_result_of_somebody_on_leave_waits_too(desk: Desk) -> None:
    advance(desk, minutes=1)
    stays.leave(desk, EncounterId("stay-1"), until=desk.now() + 24 * HOUR)
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    assert waiting(desk) == ["k"]


def test_a_report_that_was_entered_in_error_is_no_news(desk: Desk) -> None:
    result_table.mark_seen(desk, ONE, desk.now())
    advance(desk, minutes=5)
    arrive(desk.store, imaging("r", ONE, START, "x"))
    assert occupant(desk).new_results == 1
    arrive(desk.store, imaging("r", ONE, START, "x") | {"status": "entered-in-error"}, version="2")
    assert occupant(desk).new_results == 0


def test_two_people_who_take_note_make_two_facts(desk: Desk) -> None:
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    critical_results.acknowledge(desk, "k", "Đã báo bác sĩ")
    critical_results.acknowledge(colleague(desk, DOCTOR), "k", "Đã xử trí")
    assert [each.done for each in values(desk)[0].acknowledged] == ["Đã báo bác sĩ", "Đã xử trí"]


def test_nobody_takes_note_of_a_value_that_came_while_they_wrote(desk: Desk) -> None:
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    again = result("k", ONE, START - HOUR, "7.2", status="corrected")
    arrive(desk.store, again, version="2")
    with pytest.raises(Refused) as caught:
        critical_results.acknowledge(desk, "k", "Đã báo bác sĩ", seen_value="6.9")
    assert caught.value.code == "stale-edit"
    assert waiting(desk) == ["k"]
    critical_results.acknowledge(desk, "k", "Đã báo bác sĩ", seen_value="7.2")
    assert waiting(desk) == []


def test_a_correction_has_to_be_looked_at_anew(desk: Desk) -> None:
    first = result("k", ONE, START - HOUR, "6.9")
    arrive(desk.store, first)
    critical_results.acknowledge(desk, "k", "Đã báo bác sĩ")
    again = result("k", ONE, START - HOUR, "7.2", status="corrected")
    arrive(desk.store, again, version="2")
    assert waiting(desk) == ["k"]
    (value,) = values(desk)
    assert value.amended
    assert value.before is not None
    assert value.before.value == Decimal("6.9")
    arrive(desk.store, result("k", ONE, START - HOUR, "4.2", status="corrected"), version="3")
    assert waiting(desk) == []
    arrive(desk.store, result("k", ONE, START - HOUR, "4.2", status="amended"), version="4")
    (value,) = values(desk)
    assert value.before is not None
    assert value.before.value == Decimal("7.2"), "a remark alone changes no value"


def test_one_takes_back_ones_own_note_and_nobody_elses(desk: Desk) -> None:
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    critical_results.acknowledge(desk, "k", "Đã báo bác sĩ")
    with pytest.raises(Refused, match="gone"):
        critical_results.take_back(colleague(desk, DOCTOR), "k")
    critical_results.take_back(desk, "k")
    assert waiting(desk) == ["k"]


@pytest.mark.parametrize(("done", "code"), [(" ", "action-missing"), ("x" * 501, "words-too-long")])
def test_a_note_says_what_was_done(desk: Desk, done: str, code: str) -> None:
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    with pytest.raises(Refused, match=code) as refused:
        critical_results.acknowledge(desk, "k", done)
    assert refused.value.field == "done"


def test_who_may_not_chart_takes_no_note(desk: Desk) -> None:
    arrive(desk.store, result("k", ONE, START - HOUR, "6.9"))
    clerk = colleague(desk, replace(DOCTOR, role="clerk"))
    with pytest.raises(Refused, match="not-permitted"):
        critical_results.acknowledge(clerk, "k", "Đã báo bác sĩ")


def test_the_limits_of_adults_do_not_judge_a_child(desk: Desk) -> None:
    with desk.store.write() as unit:
        seen = unit.get("Patient", ONE)
        assert seen is not None
        unit.update(seen.resource() | {"birthDate": "2019-05-01"}, seen=seen)
    arrive(desk.store, result("k", ONE, START - HOUR, "6.3"))
    arrive(desk.store, result("told", ONE, START - HOUR, "5.2", mark="HH"))
    assert waiting(desk) == ["told"]


def test_another_facility_is_named_and_makes_no_trend_with_ours(desk: Desk) -> None:
    arrive(
        desk.store,
        result("theirs", ONE, START - 9 * HOUR, "5.9", maker=ELSEWHERE),
        result("ours", ONE, START - HOUR, "4.1"),
        result("later", ONE, START, "5.8", maker=ELSEWHERE),
    )
    theirs, ours, later = values(desk)
    assert theirs.foreign == "Bệnh viện Cửa Suối (hư cấu)"
    assert (ours.foreign, ours.change.direction) == ("", "")
    assert later.change.direction == "down"
    assert line(desk).newest.observation == "ours"


def test_the_inbox_is_critical_first_then_by_bed(desk: Desk) -> None:
    arrive(
        desk.store,
        result("n2", TWO, START - HOUR, "4.1"),
        result("h2", TWO, START - HOUR, "5.4"),
        result("k3", patient_id(3), START - HOUR, "2.1"),
        result("n1", ONE, START - HOUR, "140", code="2951-2", normal=("135", "145")),
        imaging("r1", ONE, START - 2 * HOUR, "Đám mờ"),
    )
    rows = result_inbox.inbox(desk).rows
    assert [(row.kind, row.who.bed_name) for row in rows] == [
        ("critical", "03"),
        ("new", "01"),
        ("report", "01"),
        ("new", "02"),
    ]
    assert [each.result.id for each in rows[3].findings] == ["h2", "n2"]
    assert rows[3].abnormal == 1
    critical_results.acknowledge(desk, "k3", "Đã xử trí")
    last = [row for row in result_inbox.inbox(desk).rows if row.observation == "k3"]
    assert [(row.kind, row.noted[-1].done) for row in last] == [("acknowledged", "Đã xử trí")]


def test_a_report_is_read_with_its_text_and_file(desk: Desk) -> None:
    arrive(desk.store, imaging("r", ONE, START - HOUR, "Đám mờ đáy phổi phải."))
    (listed,) = reports.reports(desk, ONE)
    assert (listed.title, listed.section) == ("X-quang ngực thẳng", "imaging")
    found = reports.detail(desk, "r")
    assert found.report.text == "Đám mờ đáy phổi phải."
    assert (found.pdf, found.foreign) == (None, "")
    with pytest.raises(Refused, match="gone"):
        reports.detail(desk, "unknown")
