"""A conflict keeps both sides whole, is found again, and is one on every terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.kit import contradictions
from tests.kit.contradictions import hear
from tests.kit.store import NURSE, START, author, make_store
from workstation.fhir.conflict import (
    Decision,
    decide,
    decided_resource,
    from_task,
    to_task,
    with_attached,
)
from workstation.fhir.json import equal
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.store import Store
from workstation.store import conflicts as kept
from workstation.store.chart import records
from workstation.store.index import rebuild
from workstation.store.rows import waiting_of
from workstation.sync.conflicts import open_conflict
from workstation.sync.merge import Clash, Merged, merge
from workstation.sync.provenance import record_merge
from workstation.sync.translation import Translation

ALLERGY: dict[str, Any] = {
    "resourceType": "AllergyIntolerance",
    "id": "a1",
    "patient": {"reference": "Patient/p1"},
    "code": {"text": "Penicillin"},
    "criticality": "low",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def edit(store: Store, **elements: Any) -> None:
    with store.write(NURSE) as unit:
        seen = unit.get("AllergyIntolerance", "a1")
        assert seen is not None
        unit.update({**seen.resource(), **elements}, seen=seen)


MINE = {**ALLERGY, "criticality": "high"}
THEIRS = {**ALLERGY, "code": {"text": "Ampicillin"}, "recorder": {"display": "Bs. Hoa"}}


def contradict(store: Store) -> str:
    """Mine says high, theirs says another substance; the server is at version 2."""
    return contradictions.contradict(store, ALLERGY, MINE, THEIRS)


def test_the_server_s_version_is_current_and_mine_stands_whole_beside_it(store: Store) -> None:
    task_id = contradict(store)
    with store.read() as view:
        current = view.get("AllergyIntolerance", "a1")
        assert current is not None
        assert current.resource()["code"] == {"text": "Ampicillin"}
        assert not current.pending
        (entry,) = kept.entries(view)
        assert (entry.id, entry.type, entry.resource_id) == (task_id, "AllergyIntolerance", "a1")
        assert entry.patient == "p1"
        (conflict,) = kept.load(view, [entry.id])
    assert equal(conflict.base or {}, ALLERGY)
    assert equal(conflict.mine.resource or {}, {**ALLERGY, "criticality": "high"})
    assert conflict.mine.display == NURSE.display
    assert conflict.theirs.display == "Bs. Hoa"
    assert [f.name for f in conflict.clashing] == ["allergy-warning"]
    assert conflict.deciders == ("doctor",)


def test_the_journal_says_what_became_of_the_change(store: Store) -> None:
    contradict(store)
    with store.read() as view:
        rows = view.connection.exec_driver_sql(
            "SELECT type, answer_status FROM change ORDER BY seq"
        ).all()
    assert [tuple(row) for row in rows] == [("AllergyIntolerance", 409), ("Task", None)]


def test_a_candidate_that_no_task_holds_is_never_taken_away(store: Store) -> None:
    hear(store, ALLERGY, "1")
    edit(store, criticality="high")
    with pytest.raises(Refused, match="candidate-not-kept"), store.write() as unit:
        kept.set_aside(unit, "AllergyIntolerance/a1", "nothing", START)
    with store.read() as view:
        assert kept.candidate(view, "AllergyIntolerance", "a1") is not None


def test_nothing_pending_is_no_conflict(store: Store) -> None:
    hear(store, ALLERGY, "1")
    with pytest.raises(ValueError, match="no pending"), store.write() as unit:
        open_conflict(unit, "AllergyIntolerance/a1", None, Clash((), (), ()), START)


def test_two_terminals_make_one_task_of_one_conflict(tmp_path: Path) -> None:
    first, second = make_store(tmp_path / "1"), make_store(tmp_path / "2")
    assert contradict(first) == contradict(second)
    first.close()
    second.close()


def test_a_conflict_opened_again_is_not_doubled(store: Store) -> None:
    task_id = contradict(store)
    hear(store, ALLERGY, "1")
    assert contradict(store) == task_id
    with store.read() as view:
        assert len(kept.entries(view)) == 1


def test_the_index_is_rebuilt_from_the_tasks(store: Store) -> None:
    task_id = contradict(store)
    with store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM conflict")
        rebuild(unit.connection, lambda done, total: None)
        assert [entry.id for entry in kept.entries(unit)] == [task_id]


def decision(conflict: Any, choice: Any, person: int = 1, minute: int = 0) -> Decision:
    who = author(person)
    at = (START + timedelta(minutes=minute)).isoformat()
    fields = tuple((field, choice) for field in conflict.touched)
    return Decision(fields, "asked the patient", who.person, who.display, at)


def load(store: Store) -> Any:
    with store.read() as view:
        (conflict,) = kept.load(view, [e.id for e in kept.entries(view, state=None)])
    return conflict


def test_deciding_for_mine_takes_my_fields_and_leaves_what_came_since(store: Store) -> None:
    contradict(store)
    conflict = load(store)
    since = {**ALLERGY, "code": {"text": "Ampicillin"}, "note": [{"text": "new"}]}
    result = decided_resource(conflict, since, decision(conflict, "mine"))
    assert result == {**ALLERGY, "criticality": "high", "note": [{"text": "new"}]}
    assert decided_resource(conflict, since, decision(conflict, "theirs")) == since


def test_deciding_about_a_deletion(store: Store) -> None:
    contradict(store)
    conflict = load(store)
    deleted_here = replace(conflict, mine=replace(conflict.mine, resource=None))
    assert decided_resource(deleted_here, ALLERGY, decision(conflict, "mine")) is None
    assert decided_resource(deleted_here, ALLERGY, decision(conflict, "theirs")) == ALLERGY
    assert decided_resource(conflict, None, decision(conflict, "mine")) == conflict.mine.resource
    assert decided_resource(conflict, None, decision(conflict, "theirs")) is None


def test_a_task_survives_the_round_trip_with_its_decision(store: Store) -> None:
    contradict(store)
    decided = decide(load(store), decision(load(store), "mine"))
    assert from_task(to_task(decided)) == decided
    assert decided.decisions[0].outcome == "mine"


def test_a_mangled_task_is_refused_and_does_not_stop_the_index(store: Store) -> None:
    contradict(store)
    with store.read() as view:
        task = view.get("Task", load(store).id)
    assert task is not None
    broken = {**task.resource(), "input": []}
    with pytest.raises(Refused, match="unreadable-conflict"):
        from_task(broken)
    hear(store, {**broken, "id": "other"}, "1")
    with store.read() as view:
        assert len(kept.entries(view)) == 2


@pytest.mark.parametrize("odd", [7, "x", None, [7], {"coding": 7}, {"coding": [7, None]}])
def test_a_task_with_odd_parts_does_not_stop_the_index(store: Store, odd: object) -> None:
    contradict(store)
    with store.read() as view:
        task = view.get("Task", load(store).id)
    assert task is not None
    whole = task.resource()
    hear(store, {**whole, "id": "other", "code": odd}, "1")
    hear(store, {**whole, "id": "third", "focus": odd, "requester": odd}, "1")
    with store.read() as view:
        assert {each.id for each in kept.entries(view)} == {whole["id"], "third"}


def tasks(store: Store, *choices: Any) -> list[dict[str, Any]]:
    """The Task as two deciders leave it who do not know of each other."""
    conflict = load(store)
    return [
        to_task(decide(conflict, decision(conflict, choice, person, person)))
        for person, choice in enumerate(choices, start=1)
    ]


def reconciled(mine: Any, theirs: Any, base: Any = None) -> Any:
    outcome = merge(base, mine, theirs)
    assert isinstance(outcome, Merged)
    assert outcome.resource is not None
    return from_task(outcome.resource)


def test_two_deciders_who_agree_have_decided(store: Store) -> None:
    contradict(store)
    mine, theirs = tasks(store, "mine", "mine")
    assert reconciled(mine, theirs) == from_task(theirs)


def test_two_deciders_who_disagree_are_both_on_record_and_the_conflict_is_open(
    store: Store,
) -> None:
    contradict(store)
    mine, theirs = tasks(store, "mine", "theirs")
    for one, other in ((mine, theirs), (theirs, mine)):
        result = reconciled(one, other)
        assert result.state == "open"
        assert [d.outcome for d in result.decisions] == ["mine", "theirs"]


def test_a_decision_meets_a_task_that_nobody_decided(store: Store) -> None:
    contradict(store)
    (decided,) = tasks(store, "mine")
    result = reconciled(decided, {**to_task(load(store)), "note": [{"text": "seen"}]})
    assert result.state == "decided"
    assert reconciled(to_task(load(store)), decided).state == "decided"


def test_a_merge_that_nobody_saw_leaves_its_provenance_once(store: Store) -> None:
    hear(store, ALLERGY, "1")
    edit(store, criticality="high")
    theirs = {**ALLERGY, "note": [{"text": "rash"}]}
    with store.write() as unit:
        pending = kept.candidate(unit, "AllergyIntolerance", "a1")
        assert pending is not None
        merged = merge(pending.base, pending.body, theirs)
        assert isinstance(merged, Merged)
        record_merge(unit, merged, pending, "2", START)
        record_merge(unit, merged, pending, "2", START)
    with store.read() as view:
        (found,) = view.find("Provenance")
    trace = found.resource()
    assert trace["target"][0] == {"reference": "AllergyIntolerance/a1"}
    assert trace["agent"][0]["who"]["display"] == NURSE.display
    assert trace["extension"][0]["valueString"] == "allergy-warning"
    assert len(trace["entity"]) == 3


def test_taking_over_the_server_s_side_alone_is_no_merge(store: Store) -> None:
    hear(store, ALLERGY, "1")
    edit(store, criticality="high")
    with store.write() as unit:
        pending = kept.candidate(unit, "AllergyIntolerance", "a1")
        assert pending is not None
        record_merge(unit, Merged(ALLERGY), pending, "2", START)
        record_merge(unit, Merged(None), pending, "2", START)
    with store.read() as view:
        assert view.find("Provenance") == []


def test_a_server_s_own_ids_reach_into_the_attached_versions_and_back(store: Store) -> None:
    contradict(store)
    task = to_task(load(store))
    names = Translation(
        {"AllergyIntolerance/a1": "AllergyIntolerance/77", "Patient/p1": "Patient/9"}
    )
    there = names.outgoing(task)
    found = from_task(there)
    assert found.focus == "AllergyIntolerance/77"
    for side in (found.base, found.mine.resource, found.theirs.resource):
        assert side is not None
        assert side["id"] == "77"
        assert side["patient"] == {"reference": "Patient/9"}
    assert names.incoming(there) == task


def test_attachments_that_are_none_of_ours_stay_as_they_are(store: Store) -> None:
    contradict(store)
    task = to_task(load(store))
    odd = [{"valueAttachment": {"data": "%"}}, {"valueAttachment": {}}, "text"]
    for inputs in (odd, None):
        changed = {**task, "input": inputs}
        assert with_attached(changed, lambda each: {**each, "id": "x"}) == changed


def test_board_and_chart_mark_an_open_conflict_until_it_is_decided(store: Store) -> None:
    contradict(store)
    task = to_task(load(store))
    with store.read() as view:
        assert waiting_of(view, ["p1"])["p1"].conflicts == 1
        (line,) = records(view, PatientId("p1"), "AllergyIntolerance")
        assert line.conflict
    hear(store, {**task, "status": "completed"}, "2")
    with store.read() as view:
        assert waiting_of(view, ["p1"])["p1"].conflicts == 0
        (line,) = records(view, PatientId("p1"), "AllergyIntolerance")
        assert not line.conflict
