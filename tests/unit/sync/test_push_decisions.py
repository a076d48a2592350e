"""What may be sent next, and what each answer means: the pure part of the push."""

from __future__ import annotations

import json

import pytest

from workstation.store.queue import Waiting
from workstation.sync.client import status_in
from workstation.sync.push.answers import GIVE_UP_AFTER, Verdict, verdict
from workstation.sync.push.plan import Step, next_step, referred


def waiting(id_: str, *parents: str, size: int = 0) -> Waiting:
    body = json.dumps(
        {"id": id_, "ref": [{"reference": f"Basic/{each}"} for each in parents], "pad": "x" * size}
    )
    return Waiting("Basic", id_, "create", body, None, None, 1, "ready", 0, None, None, None)


def ids(batches: list[list[Waiting]]) -> list[list[str]]:
    return [[row.id for row in batch] for batch in batches]


def born(**states: str) -> dict[tuple[str, str], str]:
    return {("Basic", id_): state for id_, state in states.items()}


def test_references_are_found_without_reading_the_json() -> None:
    body = (
        '{"a":{"reference":"Patient/p1"},"b":{"reference" : "Encounter/e1/_history/2"},'
        '"c":{"reference":"#contained"},"d":{"reference":"http://x.example/Patient/2"},'
        '"note":"say \\"reference\\":\\"Patient/not-this\\""}'
    )
    assert referred(body) == {("Patient", "p1"), ("Encounter", "e1")}


def test_a_child_waits_for_its_parent() -> None:
    rows = [waiting("child", "parent"), waiting("parent"), waiting("other")]
    step = next_step(rows, born(parent="ready"))
    assert ids(step.batches) == [["parent", "other"]]
    assert not step.held


def test_a_child_of_a_parked_parent_is_held() -> None:
    step = next_step([waiting("child", "parent"), waiting("free")], born(parent="parked"))
    assert step.held == [(("Basic", "child"), "Basic/parent")]
    assert ids(step.batches) == [["free"]]


def test_a_reference_to_itself_is_no_circle() -> None:
    assert ids(next_step([waiting("a", "a")], born(a="ready")).batches) == [["a"]]


def test_batches_are_bounded_in_number_and_bytes() -> None:
    rows = [waiting(str(n)) for n in range(7)]
    assert [len(b) for b in next_step(rows, {}, max_entries=3).batches] == [3, 3, 1]
    large = [waiting(str(n), size=400) for n in range(5)]
    assert [len(b) for b in next_step(large, {}, max_bytes=1000).batches] == [2, 2, 1]


def test_only_a_circle_that_stands_alone_goes_together() -> None:
    rows = [waiting("leaf", "a"), waiting("a", "b"), waiting("b", "c"), waiting("c", "a")]
    step = next_step(rows, born(a="ready", b="ready", c="ready"))
    assert [row.id for row in step.circle] == ["a", "b", "c"]


def test_a_child_whose_parent_is_not_ready_yet_waits_in_silence() -> None:
    step = next_step([waiting("child", "parent")], born(parent="ready"))
    assert step == Step()


def test_nothing_waiting_nothing_to_do() -> None:
    step = next_step([], {})
    assert step == Step()


@pytest.mark.parametrize(
    ("status", "operation", "said"),
    [
        (200, "update", Verdict.ACCEPTED),
        (201, "create", Verdict.ACCEPTED),
        (409, "update", Verdict.CHANGED),
        (412, "update", Verdict.CHANGED),
        (404, "update", Verdict.MISSING),
        (410, "delete", Verdict.MISSING),
        (404, "create", Verdict.PARK),
        (400, "create", Verdict.PARK),
        (422, "update", Verdict.PARK),
        (401, "create", Verdict.SIGN_IN),
        (403, "create", Verdict.FORBIDDEN),
        (429, "create", Verdict.BUSY),
        (503, "create", Verdict.BUSY),
        (408, "create", Verdict.LATER),
        (500, "create", Verdict.LATER),
        (0, "create", Verdict.DOUBT),
        (302, "create", Verdict.DOUBT),
    ],
)
def test_every_answer_has_its_meaning(status: int, operation: str, said: Verdict) -> None:
    assert verdict(status, operation, 0) is said


def test_what_the_server_stumbles_over_again_and_again_is_shown_to_a_person() -> None:
    assert verdict(500, "update", GIVE_UP_AFTER) is Verdict.PARK


@pytest.mark.parametrize(
    ("text", "number"), [("201 Created", 201), (" 200", 200), ("", 0), ("OK", 0), ("2", 0)]
)
def test_the_status_of_an_entry_is_a_number_or_nothing(text: str, number: int) -> None:
    assert status_in(text) == number
