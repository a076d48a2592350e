"""What is due: quiet until then, late only beyond what the kind allows, one line of a kind."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.ward_tasks import (
    APART,
    KINDS,
    TOLERANCE,
    DueItem,
    counts,
    gathered,
    in_order,
    worst,
)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def minutes(count):
    return timedelta(minutes=count)


def dose(at, patient="p1", words="", **more):
    return DueItem("dose", patient, NOW + minutes(at), words, f"r{at}{words}", **more)


@pytest.mark.parametrize(
    ("kind", "after", "state"),
    [
        ("dose", -1, "later"),
        ("dose", 0, "due"),
        ("dose", 60, "due"),
        ("dose", 61, "late"),
        ("vital-signs", 30, "due"),
        ("vital-signs", 31, "late"),
        ("critical-result", 31, "late"),
        ("escalation", 0, "due"),
        ("escalation", 1, "late"),
        ("assessment", 119, "due"),
        ("order", 61, "late"),
        ("task", 31, "late"),
    ],
)
def test_it_is_late_only_beyond_what_its_kind_allows(kind, after, state) -> None:
    assert DueItem(kind, "p1", NOW).state(NOW + minutes(after)) == state


def test_a_time_critical_dose_brings_its_own_tolerance() -> None:
    assert DueItem("dose", "p1", NOW, tolerance=minutes(30)).state(NOW + minutes(31)) == "late"


def test_a_patient_has_one_line_of_a_kind() -> None:
    lines = gathered([dose(-20, words="Ceftriaxon"), dose(-5, words="Paracetamol")], NOW)
    assert [(line.count, line.words, line.at) for line in lines] == [
        (2, "Ceftriaxon, Paracetamol", NOW - minutes(20))
    ]


def test_what_is_to_come_has_one_line_an_hour_and_tasks_stand_alone() -> None:
    tasks = [DueItem("task", "p1", NOW, words, words) for words in ("Cân", "Thay băng")]
    lines = gathered([dose(-5), dose(10), dose(20), dose(70), *tasks], NOW)
    assert sorted((line.kind, line.count) for line in lines) == [
        ("dose", 1), ("dose", 1), ("dose", 2), ("task", 1), ("task", 1),
    ]  # fmt: skip


def test_the_most_pressing_of_a_line_says_when_it_is_late() -> None:
    (line,) = gathered([dose(-40, tolerance=minutes(30)), dose(-50)], NOW)
    assert line.at == NOW - minutes(50)
    assert line.state(NOW) == "late"


def test_escalations_stand_on_top_then_time_then_gravity() -> None:
    items = [
        DueItem("task", "p1", NOW - minutes(90), record="t"),
        DueItem("vital-signs", "p1", NOW - minutes(30)),
        DueItem("dose", "p1", NOW - minutes(30)),
        DueItem("escalation", "p2", NOW),
        DueItem("escalation", "p3", NOW + minutes(10)),
    ]
    order = [(item.kind, item.patient) for item in in_order(items, NOW)]
    assert order == [
        ("escalation", "p2"), ("task", "p1"), ("dose", "p1"), ("vital-signs", "p1"),
        ("escalation", "p3"),
    ]  # fmt: skip


def test_counts_say_what_is_due_and_what_of_it_is_late() -> None:
    items = [dose(-90), dose(-10), dose(30), DueItem("task", "p1", NOW)]
    assert [(each.kind, each.due, each.late) for each in counts(items, NOW)] == [
        ("dose", 2, 1), ("task", 1, 0),
    ]  # fmt: skip
    assert worst(items, NOW) == "late"
    assert worst(items[1:], NOW) == "due"
    assert worst([], NOW) == "later"


ITEMS = st.lists(
    st.builds(
        lambda kind, patient, at, number: DueItem(
            kind, patient, NOW + minutes(at), f"w{number}", f"Task/{number}"
        ),
        st.sampled_from(KINDS),
        st.sampled_from(["p1", "p2"]),
        st.integers(-600, 600),
        st.integers(0, 99),
    ),
    unique_by=lambda item: item.record,
)


@given(ITEMS)
def test_gathering_loses_nothing_and_hides_no_lateness(items) -> None:
    lines = gathered(items, NOW)
    assert sum(line.count for line in lines) == len(items)
    assert worst(lines, NOW) == worst(items, NOW)
    due = {(i.patient, i.kind) for i in items if i.state(NOW) != "later"}
    assert {(i.patient, i.kind) for i in lines if i.state(NOW) != "later"} == due
    assert len(in_order(lines, NOW)) == len(lines)
    together = [i for i in lines if i.kind not in APART and i.state(NOW) != "later"]
    assert len(together) == len({(i.patient, i.kind) for i in together})


@pytest.mark.parametrize(
    ("whom", "never", "person", "role", "his"),
    [
        ("", "", "a", "nurse", True),
        ("a", "", "a", "nurse", True),
        ("a", "", "b", "doctor", False),
        ("doctor", "", "b", "doctor", True),
        ("doctor", "b", "b", "doctor", False),
        ("nurse", "", "c", "head-nurse", True),
        ("head-nurse", "", "c", "nurse", False),
    ],
)
def test_what_is_asked_of_somebody_concerns_nobody_else(whom, never, person, role, his) -> None:
    item = DueItem("signature", "p1", NOW, whom=whom, never=never)
    assert item.concerns(person, role) is his


def test_every_kind_has_a_tolerance() -> None:
    assert set(TOLERANCE) == set(KINDS)
