"""Collisions become alerts: one on all terminals, cleared by the record, never to and fro."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.kit.contradictions import hear
from tests.kit.records import admit, place_beds
from tests.kit.store import NURSE, START, make_store
from workstation.clinical.care_plan import Care, Plan
from workstation.clinical.order_safety import Alert as OrderAlert
from workstation.clinical.order_safety import Kind, Severity, Source
from workstation.fhir import care_plan, order_override
from workstation.fhir.detected_issue import (
    Alert,
    acknowledged,
    from_issue,
    to_issue,
    with_state,
)
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.store import Store
from workstation.sync.collisions import examine


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    for resource in (*place_beds("ward", 2), *admit("an", "Lê", "An", bed="bed-1", ward="ward")):
        hear(store, resource)
    yield store
    store.close()


def pulled(*references: str) -> Changes:
    return Changes(references=frozenset(references))


def alerts(store: Store) -> list[Alert]:
    with store.read() as view:
        return [from_issue(stored.resource()) for stored in view.find("DetectedIssue")]


def dose(id_: str, minute: int = 0, patient: str = "an", status: str = "completed") -> Resource:
    return {
        "resourceType": "MedicationAdministration",
        "id": id_,
        "status": status,
        "subject": {"reference": f"Patient/{patient}"},
        "medicationCodeableConcept": {"text": "Morphine"},
        "effectiveDateTime": START.replace(minute=minute).isoformat(),
    }


def share_the_bed(store: Store, bed: str = "bed-1") -> None:
    for resource in admit("binh", "Trần", "Bình", bed=bed, ward="ward"):
        hear(store, resource)


def test_two_doses_of_two_terminals_make_one_alert(store: Store) -> None:
    hear(store, dose("d1"))
    with store.write(NURSE) as unit:
        unit.create(dose("d2", 10))
    found = examine(store, pulled("MedicationAdministration/d1"))
    (alert,) = alerts(store)
    assert (found.opened, alert.rule, alert.patient) == (1, "dose-twice", "an")
    assert alert.records == ("MedicationAdministration/d1", "MedicationAdministration/d2")
    assert "DetectedIssue" in found.changes.types


def test_all_terminals_write_the_same_alert(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        store = make_store(tmp_path / name)
        for resource in (*place_beds("ward", 1), *admit("an", "Lê", "An", bed="bed-1", ward=None)):
            hear(store, resource)
        share_the_bed(store)
        examine(store, pulled("Encounter/stay-an" if name == "one" else "Encounter/stay-binh"))
        with store.read() as view:
            written.append([stored.body for stored in view.find("DetectedIssue")])
        store.close()
    assert len(written[0]) == 1
    assert written[0] == written[1]


def test_nothing_is_looked_at_when_nothing_of_meaning_came(store: Store) -> None:
    assert examine(store, pulled("Observation/o1")).changes == Changes()
    share_the_bed(store)
    assert examine(store, pulled()).opened == 0


def test_what_is_saved_here_is_looked_at_once(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(dose("d1"))
        unit.create(dose("d2", 5))
    assert examine(store, pulled()).opened == 1
    assert examine(store, pulled()).opened == 0
    assert len(alerts(store)) == 1


def test_a_collision_that_the_record_resolves_is_cleared_and_stays_readable(store: Store) -> None:
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    accept_all(store)
    share_the_bed(store, "bed-2")
    assert examine(store, pulled("Encounter/stay-binh")).resolved == 1
    assert [alert.state for alert in alerts(store)] == ["resolved"]


def test_what_the_server_has_not_accepted_clears_nothing(store: Store) -> None:
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    accept_all(store)
    with store.write(NURSE) as unit:
        seen = unit.get("Encounter", "stay-binh")
        assert seen is not None
        unit.update({**seen.resource(), "status": "finished"}, seen=seen)
    assert examine(store, pulled()).resolved == 0
    assert [alert.state for alert in alerts(store)] == ["open"]


def test_a_collision_that_comes_again_opens_its_alert_again(store: Store) -> None:
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    accept_all(store)
    share_the_bed(store, "bed-2")
    examine(store, pulled("Encounter/stay-binh"))
    accept_all(store)
    share_the_bed(store)
    assert examine(store, pulled("Encounter/stay-binh")).opened == 1
    assert [alert.state for alert in alerts(store)] == ["open"]


def test_an_alert_alone_starts_no_quarrel_about_it(store: Store) -> None:
    """Another terminal, whose copy of a record says less, has cleared what is open here."""
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    accept_all(store)
    (alert,) = alerts(store)
    with store.read() as view:
        issue = view.get("DetectedIssue", alert.id)
    assert issue is not None
    hear(store, with_state(issue.resource(), "resolved"))
    assert examine(store, pulled(f"DetectedIssue/{alert.id}")).changes == Changes()
    assert examine(store, pulled("Encounter/stay-an")).opened == 1


def test_an_acknowledged_alert_stays_acknowledged(store: Store) -> None:
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    with store.write(NURSE) as unit:
        (seen,) = unit.find("DetectedIssue")
        who = (NURSE.person, NURSE.display)
        done = acknowledged(seen.resource(), person=who, at="2026-11-20", reason="mother and child")
        unit.update(done, seen=seen)
    examine(store, pulled("Encounter/stay-binh"))
    assert [alert.state for alert in alerts(store)] == ["acknowledged"]


def test_an_alert_that_the_server_filed_under_its_own_id_is_not_made_twice(store: Store) -> None:
    share_the_bed(store)
    examine(store, pulled("Encounter/stay-binh"))
    (alert,) = alerts(store)
    with store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM pending WHERE type = 'DetectedIssue'")
    hear(store, {**to_issue(alert), "id": "server-17"})
    assert examine(store, pulled("Encounter/stay-binh")).opened == 0
    assert [found.state for found in alerts(store)] == ["open"]


def test_a_record_has_one_name_for_all_where_the_server_chooses_ids(store: Store) -> None:
    hear(store, dose("local-1"))
    hear(store, dose("d2", 5))
    there = {"MedicationAdministration/local-1": "MedicationAdministration/77"}
    examine(store, pulled("MedicationAdministration/d2"), lambda name: there.get(name, name))
    (here,) = alerts(store)
    other: Any = [
        alert
        for alert in _on_another(store.folder.parent / f"{store.folder.name}-other")
        if alert.rule == "dose-twice"
    ]
    assert [alert.id for alert in other] == [here.id]


def _on_another(folder: Path) -> list[Alert]:
    store = make_store(folder)
    for resource in (*admit("an", "Lê", "An", bed=None, ward=None), dose("77"), dose("d2", 5)):
        hear(store, resource)
    examine(store, pulled("MedicationAdministration/77"))
    found = alerts(store)
    store.close()
    return found


def accept_all(store: Store) -> None:
    """Let the server have taken every alert."""
    with store.read() as view:
        issues = [stored.resource() for stored in view.find("DetectedIssue")]
    with store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM pending")
    for issue in issues:
        hear(store, issue, "9")


def ordered_despite(store: Store) -> None:
    subject = {"reference": "Patient/an"}
    substance = {"text": "Penicillin"}
    active = {"coding": [{"code": "active"}]}
    hear(
        store,
        {
            "resourceType": "AllergyIntolerance",
            "id": "a1",
            "patient": subject,
            "clinicalStatus": active,
            "code": substance,
        },
    )
    hear(
        store,
        {
            "resourceType": "MedicationRequest",
            "id": "o1",
            "status": "active",
            "intent": "order",
            "subject": subject,
            "medicationCodeableConcept": {"text": "Amoxicilin 500 mg"},
        },
    )


def test_what_was_accepted_when_it_was_ordered_is_no_alert_and_clears_one(store: Store) -> None:
    ordered_despite(store)
    examine(store, pulled("MedicationRequest/o1"))
    (alert,) = alerts(store)
    assert alert.rule == "ordered-despite-allergy"
    hear(store, to_issue(alert))
    with store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM pending WHERE type = 'DetectedIssue'")
    warned = OrderAlert(
        Kind.ALLERGY,
        Severity.REASON,
        "allergy:amoxicillin:penicillin",
        "Amoxicilin 500 mg",
        Source("", "AllergyIntolerance"),
        records=("AllergyIntolerance/a1",),
    )
    entry = Entry(
        own="override-1",
        patient="an",
        encounter=None,
        author={"reference": "Practitioner/d1", "display": "BS. An"},
        at=START,
    )
    hear(
        store,
        order_override.write(entry, "MedicationRequest/o1", warned, reason="Đã dung nạp"),
    )
    found = examine(store, pulled("DetectedIssue/override-1"))
    assert (found.opened, found.resolved) == (0, 1)


def infusion_of(id_: str, **parts: Any) -> Resource:
    return {
        "resourceType": "MedicationAdministration",
        "id": id_,
        "medicationCodeableConcept": {"text": "Kali clorid 10 %"},
        "subject": {"reference": "Patient/an"},
        "dosage": {"rateQuantity": {"value": 60, "unit": "mL/h", "code": "mL/h"}},
        **parts,
    }


def test_an_infusion_ended_here_and_changed_there_is_told_until_one_is_put_right(
    store: Store,
) -> None:
    period = {"start": START.isoformat(), "end": (START + timedelta(minutes=10)).isoformat()}
    hear(store, infusion_of("first", status="completed", effectivePeriod=period))
    parent = [{"reference": "MedicationAdministration/first"}]
    for own, minutes, rate in (("before", 5, 80), ("after", 12, 100), ("pause", 20, 0)):
        at = (START + timedelta(minutes=minutes)).isoformat()
        step = infusion_of(own, status="completed", partOf=parent, effectiveDateTime=at)
        step["dosage"]["rateQuantity"]["value"] = rate
        hear(store, step)
    names = [f"MedicationAdministration/{own}" for own in ("first", "before", "after", "pause")]
    examine(store, pulled(*names))
    (alert,) = alerts(store)
    assert (alert.rule, alert.severity) == ("infusion-changed-after-end", "high")
    assert alert.records == ("MedicationAdministration/after", "MedicationAdministration/first")
    accept_all(store)
    late = {**period, "end": (START + timedelta(minutes=30)).isoformat()}
    hear(store, infusion_of("first", status="completed", effectivePeriod=late))
    examine(store, pulled("MedicationAdministration/first"))
    assert [each.state for each in alerts(store)] == ["resolved"]


def test_an_infusion_of_others_that_says_no_end_is_not_told(store: Store) -> None:
    period = {"start": START.isoformat()}
    hear(store, infusion_of("first", status="completed", effectivePeriod=period))
    parent = [{"reference": "MedicationAdministration/first"}]
    at = (START + timedelta(minutes=12)).isoformat()
    hear(store, infusion_of("after", status="completed", partOf=parent, effectiveDateTime=at))
    examine(store, pulled("MedicationAdministration/first"))
    assert alerts(store) == []


def plan(id_: str, status: str = "active") -> Resource:
    entry = Entry(
        own=id_,
        patient="an",
        encounter=None,
        author={"reference": "Practitioner/nurse-1"},
        at=START,
    )
    made = care_plan.write(entry, Plan("Đau", START, code="pain", care=(Care("Hỏi"),)))
    return {**made, "status": status}


def test_one_nursing_problem_opened_on_two_terminals_is_told_until_one_is_revoked(
    store: Store,
) -> None:
    hear(store, plan("one"))
    hear(store, plan("two"))
    examine(store, pulled("CarePlan/one", "CarePlan/two"))
    (alert,) = alerts(store)
    assert (alert.rule, alert.patient) == ("nursing-problem-twice", "an")
    assert alert.records == ("CarePlan/one", "CarePlan/two")
    accept_all(store)
    hear(store, plan("two", "revoked"))
    examine(store, pulled("CarePlan/two"))
    assert [each.state for each in alerts(store)] == ["resolved"]
