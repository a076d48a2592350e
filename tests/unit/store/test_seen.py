"""What was seen, and what came since."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.kit.records import laboratory, sign
from tests.kit.store import START, make_store
from workstation.fhir.json import Resource, dump
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId
from workstation.store import Store, mirror, seen

P1, P2 = PatientId("p1"), PatientId("p2")


def came(store: Store, resource: Resource, version: str = "1") -> None:
    pulled = mirror.Pulled(
        resource["resourceType"], resource["id"], version, "2026-11-20T01:00:00Z", dump(resource)
    )
    with store.write() as unit:
        mirror.apply(unit, [pulled])


def test_a_mark_is_of_one_person_one_patient_and_one_thing(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    came(store, {"resourceType": "Patient", "id": P1})
    with store.write() as unit:
        seen.mark(unit, "nurse-1", P1, "results", START)
    with store.read() as view:
        assert seen.since(view, "nurse-1", P1, "results") == START
        assert seen.since(view, "nurse-2", P1, "results") is None
        assert seen.since(view, "nurse-1", P2, "results") is None
        assert seen.since(view, "nurse-1", P1, "chart") is None
    store.close()


def test_a_mark_never_moves_back(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    came(store, {"resourceType": "Patient", "id": P1})
    with store.write() as unit:
        seen.mark(unit, "nurse-1", P1, "results", START)
        seen.mark(unit, "nurse-1", P1, "results", START - timedelta(hours=1))
    with store.read() as view:
        assert seen.since(view, "nurse-1", P1, "results") == START
    store.close()


def test_of_a_patient_who_is_not_here_nothing_is_noted(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        seen.mark(unit, "nurse-1", P1, "results", START)
        unit.create({"resourceType": "Patient", "id": P2})
        seen.mark(unit, "nurse-1", P2, "results", START)
    with store.read() as view:
        assert seen.since(view, "nurse-1", P1, "results") is None
        assert seen.since(view, "nurse-1", P2, "results") == START, "registered here, not sent yet"
    store.close()


def test_what_came_late_is_news_though_its_sample_is_old(tmp_path: Path) -> None:
    clock = ManualClock(START)
    store = make_store(tmp_path, clock=clock)
    came(store, laboratory("early", "p1", "2823-3", "4.1", START - timedelta(hours=9)))
    looked = clock.now()
    clock.advance(timedelta(minutes=5))
    came(store, laboratory("late", "p1", "2823-3", "4.4", START - timedelta(hours=10)))
    came(store, laboratory("other", "p2", "2823-3", "4.4", START))
    came(store, sign("pulse", "p1", "8867-4", "80", START))
    with store.read() as view:
        assert [each[:2] for each in seen.arrived_since(view, P1, looked)] == [
            ("Observation", "late")
        ]
    store.close()


def test_a_corrected_result_is_news_again_and_the_same_version_is_none(tmp_path: Path) -> None:
    clock = ManualClock(START)
    store = make_store(tmp_path, clock=clock)
    result = laboratory("k", "p1", "2823-3", "4.1", START)
    came(store, result)
    looked = clock.now()
    clock.advance(timedelta(minutes=5))
    came(store, result)
    with store.read() as view:
        assert seen.arrived_since(view, P1, looked) == ()
    came(store, result | {"status": "corrected"}, "2")
    with store.read() as view:
        assert [each[1] for each in seen.arrived_since(view, P1, looked)] == ["k"]
    store.close()
