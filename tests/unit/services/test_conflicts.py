"""A person sees a conflict in the words of the form, and decides it once, by right and reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.kit.contradictions import contradict, hear
from tests.kit.store import NURSE, START, make_store
from workstation.fhir import systems
from workstation.kernel import words
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId, WardId
from workstation.kernel.words import tr
from workstation.security.people import Person, Role
from workstation.services import conflicts as service
from workstation.services.desk import Desk
from workstation.store import Store

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"family": "Nguyễn", "given": ["Văn", "An"]}],
}
ORDER: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "m1",
    "status": "active",
    "subject": {"reference": "Patient/p1"},
    "medicationCodeableConcept": {"text": "Morphine"},
    "dosageInstruction": [{"text": "5 mg"}],
}
STAY: dict[str, Any] = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "in-progress",
    "subject": {"reference": "Patient/p1"},
    "extension": [{"url": systems.CARE_LEVEL, "valueCode": "2"}],
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = words.language()
    words.use("en")
    yield
    words.use(before)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    hear(store, PATIENT, "1")
    yield store
    store.close()


def desk(store: Store, role: str = "doctor", name: str = "Bs. Trần Hoa") -> Desk:
    person = Person(PersonId(name), name, cast("Role", role))
    return Desk(store, ManualClock(START), person, WardId("w1"))


def drug_conflict(store: Store) -> str:
    return contradict(
        store,
        ORDER,
        {**ORDER, "dosageInstruction": [{"text": "10 mg"}], "note": [{"text": "pain 8"}]},
        {**ORDER, "status": "stopped", "reasonCode": [{"text": "drowsy"}]},
    )


def current(store: Store, type_: str, id_: str) -> Any:
    with store.read() as view:
        stored = view.get(type_, id_)
    return None if stored is None or stored.deleted else stored.resource()


def test_the_list_says_whose_record_it_is_and_who_wrote(store: Store) -> None:
    drug_conflict(store)
    (found,) = service.waiting(desk(store))
    assert (found.name, tr(found.record), found.about) == (
        "NGUYỄN Văn An",
        "Prescription",
        "Morphine",
    )
    assert found.by == NURSE.display
    assert found.may_decide
    assert not service.waiting(desk(store, "nurse"))[0].may_decide


def test_the_three_versions_stand_side_by_side_in_the_words_of_the_form(store: Store) -> None:
    shown = service.detail(desk(store), drug_conflict(store))
    by_label = {tr(line.label): line for q in shown.questions for line in q.lines}
    dose = by_label["Dose, route and frequency"]
    assert (dose.before, dose.theirs, dose.mine) == ("5 mg", "5 mg", "10 mg")
    status = by_label["Status"]
    assert (status.before, status.theirs, status.mine) == ("Active", "Stopped", "Active")
    assert by_label["Remark"].mine == "pain 8"
    assert [line.theirs for line in shown.elsewhere] == ["drowsy"]
    assert shown.banner is not None
    contradiction, remark = shown.questions
    assert (contradiction.contradicts, contradiction.suggested) == (True, None)
    assert (remark.contradicts, remark.suggested) == (False, "mine")


def test_choosing_mine_changes_the_record_and_leaves_a_trace(store: Store) -> None:
    id_ = drug_conflict(store)
    changes = service.decide(desk(store), id_, ["mine", "mine"], " asked Dr Hoa ")
    assert {"MedicationRequest/m1", f"Task/{id_}"} <= changes.references
    order = current(store, "MedicationRequest", "m1")
    assert order["status"] == "active"
    assert order["dosageInstruction"] == [{"text": "10 mg"}]
    assert order["reasonCode"] == [{"text": "drowsy"}]
    with store.read() as view:
        (trace,) = [found.resource() for found in view.find("Provenance")]
    assert trace["reason"] == [{"text": "asked Dr Hoa"}]
    assert [e["valueString"] for e in trace["extension"]] == ["drug-prescription", "note"]
    assert service.waiting(desk(store)) == ()
    (past,) = service.detail(desk(store), id_).past
    assert (past.by, past.outcome) == ("Bs. Trần Hoa", "mine")


def test_choosing_theirs_leaves_the_record_and_each_field_has_its_own_choice(store: Store) -> None:
    id_ = drug_conflict(store)
    service.decide(desk(store), id_, ["theirs", "mine"], "drowsy indeed")
    order = current(store, "MedicationRequest", "m1")
    assert order["status"] == "stopped"
    assert order["note"] == [{"text": "pain 8"}]
    assert service.detail(desk(store), id_).past[0].outcome == "both"


def test_the_care_level_is_an_entry_with_a_name(store: Store) -> None:
    def level(code: str) -> dict[str, Any]:
        return {**STAY, "extension": [{"url": systems.CARE_LEVEL, "valueCode": code}]}

    id_ = contradict(store, STAY, level("1"), level("3"))
    shown = service.detail(desk(store, "nurse"), id_)
    ((line,),) = [question.lines for question in shown.questions]
    assert (tr(line.label), line.before, line.theirs, line.mine) == ("Care level", "2", "3", "1")
    assert shown.may_decide
    service.decide(desk(store, "nurse"), id_, ["mine"], "unstable")
    assert current(store, "Encounter", "e1") == level("1")


@pytest.mark.parametrize(
    ("choices", "reason", "role", "code"),
    [
        (["mine", "mine"], "x", "nurse", "not-permitted"),
        (["mine"], "x", "doctor", "choice-missing"),
        (["mine", "both"], "x", "doctor", "choice-missing"),
        (["mine", "mine"], "  ", "doctor", "reason-missing"),
    ],
)
def test_a_decision_needs_right_choice_and_reason(
    store: Store, choices: Any, reason: str, role: str, code: str
) -> None:
    id_ = drug_conflict(store)
    with pytest.raises(Refused, match=code):
        service.decide(desk(store, role), id_, choices, reason)
    assert len(service.waiting(desk(store))) == 1


def test_what_is_decided_is_not_decided_again(store: Store) -> None:
    id_ = drug_conflict(store)
    service.decide(desk(store), id_, ["mine", "mine"], "x")
    with pytest.raises(Refused, match="already-decided"):
        service.decide(desk(store, name="Bs. Lê"), id_, ["theirs", "mine"], "y")


def test_an_unknown_conflict_is_gone(store: Store) -> None:
    with pytest.raises(Refused, match="gone"):
        service.detail(desk(store), "nothing")


def test_a_record_deleted_there_comes_back_when_mine_counts(store: Store) -> None:
    mine = {**STAY, "status": "finished"}
    id_ = contradict(store, STAY, mine, None)
    shown = service.detail(desk(store), id_)
    assert shown.reason == "deleted-there"
    service.decide(desk(store), id_, ["mine"] * len(shown.questions), "still here")
    assert current(store, "Encounter", "e1") == mine


def test_a_record_deleted_here_goes_when_mine_counts(store: Store) -> None:
    id_ = contradict(store, STAY, None, {**STAY, "status": "finished"})
    shown = service.detail(desk(store), id_)
    ((line,),) = [question.lines for question in shown.questions]
    assert (tr(line.label), line.theirs, line.mine) == ("Record", "Present", "Deleted")
    service.decide(desk(store), id_, ["mine"], "charted for another person")
    assert current(store, "Encounter", "e1") is None


def test_what_came_since_is_shown_as_theirs(store: Store) -> None:
    id_ = drug_conflict(store)
    hear(store, {**ORDER, "dosageInstruction": [{"text": "2 mg"}]}, "3")
    shown = service.detail(desk(store), id_)
    by_label = {tr(line.label): line for q in shown.questions for line in q.lines}
    assert by_label["Dose, route and frequency"].theirs == "2 mg"
    assert "Status" not in by_label
