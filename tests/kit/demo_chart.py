"""One chart of the demo hospital at a desk, as if it had been synced."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from hospital.demo.generate import generate
from tests.kit.people import DOCTOR
from tests.kit.store import make_store
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId, WardId
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store import Store

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def demo_desk(folder: Path, person: Person = DOCTOR) -> tuple[Desk, PatientId]:
    """A desk with the fullest chart of the demo, and whose it is."""
    resources = list(generate(7, NOW))
    counts = Counter(patient_of(resource) for resource in resources)
    patient = max((id for id in counts if id), key=lambda id: (counts[id], id))
    chosen = [r for r in resources if r["resourceType"] == "Location" or patient_of(r) == patient]
    store = make_store(folder, clock=ManualClock(NOW))
    receive(store, chosen)
    return Desk(store, store.clock, person, WardId("ward")), PatientId(patient)


def receive(store: Store, resources: list[Resource]) -> None:
    """Put resources into a store as what the server has said."""
    with store.write() as unit:
        for resource in resources:
            unit.create(resource)
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO resource (type, id, version, body, deleted, patient)"
            " SELECT type, id, '1', body, 0, patient FROM pending"
        )
        unit.connection.exec_driver_sql("DELETE FROM pending")
        unit.connection.exec_driver_sql(
            "UPDATE change SET answered_at = recorded_at, answer_status = 201, answer_version = '1'"
        )
