"""A terminal of a test: a store of its own, an engine, and a hospital double at the other end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hospital.wire import Handler
from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import HospitalDouble
from tests.kit.store import START, author, make_store
from tests.kit.ward import WARD, patient, places, stay
from workstation.fhir import systems
from workstation.fhir.json import Resource, canonical
from workstation.kernel.clock import ManualClock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.status import RoundReport, SyncStatus
from workstation.sync.wire import Request


class Terminal:
    """One terminal on the ward.

    Args:
        folder: Where its store lies.
        hospital: The server at the other end.
        number: Which terminal, and whose hands are on it.
        clock: Its clock; a still one of its own if not given.
    """

    def __init__(
        self,
        folder: Path,
        hospital: Handler,
        number: int = 1,
        *,
        clock: ManualClock | None = None,
        before: Callable[[Request], object] = lambda _request: None,
    ) -> None:
        self.device = DeviceId(f"terminal-{number}")
        self.author = author(number, device=self.device)
        self.clock = clock or ManualClock(START)
        self.store = make_store(folder, clock=self.clock, device=self.device)
        self.transport = DirectTransport(hospital, before)
        self.engine = self.new_engine()

    def new_engine(self) -> SyncEngine:
        return SyncEngine(self.store, self.transport, Scope(WARD), self.clock)

    def sync(self) -> RoundReport:
        """One round, which must go through."""
        report = self.engine.run_once()
        assert report.complete, report
        return report

    def try_sync(self) -> RoundReport:
        return self.engine.run_once()

    @property
    def status(self) -> SyncStatus:
        return self.engine.status()

    def create(self, resource: Resource) -> str:
        with self.store.write(self.author) as unit:
            unit.create(resource)
        return f"{resource['resourceType']}/{resource['id']}"

    def edit(self, reference: str, **fields: Any) -> None:
        type_, _, id_ = reference.partition("/")
        with self.store.write(self.author) as unit:
            seen = unit.get(type_, id_)
            assert seen is not None
            unit.update({**seen.resource(), **fields}, seen=seen)

    def get(self, reference: str) -> Resource:
        type_, _, id_ = reference.partition("/")
        with self.store.read() as view:
            found = view.get(type_, id_)
        assert found is not None, reference
        return found.resource()

    def has(self, reference: str) -> bool:
        type_, _, id_ = reference.partition("/")
        with self.store.read() as view:
            found = view.get(type_, id_)
        return found is not None and not found.deleted

    def content(self, *types: str) -> dict[str, str]:
        """Everything effective here of some types, canonical, by ``Type/id``."""
        with self.store.read() as view:
            return {
                f"{type_}/{each.id}": canonical(each.resource())
                for type_ in types
                for each in view.find(type_)
            }

    def close(self) -> None:
        self.engine.stop()
        self.store.close()


def pulse(patient_id: str, encounter: str = "stay-1", value: int = 80) -> Resource:
    """A heart rate as the vital-signs screen writes it."""
    own = uuid7()
    return {
        "resourceType": "Observation",
        "id": own,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
        "status": "final",
        "category": [{"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "vital-signs"}]}],
        "code": {"coding": [{"system": systems.LOINC, "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "encounter": {"reference": f"Encounter/{encounter}"},
        "effectiveDateTime": START.isoformat(),
        "valueQuantity": {
            "value": value,
            "unit": "/min",
            "system": systems.UCUM,
            "code": "/min",
        },
    }


def admit(hospital: HospitalDouble, beds: int = 2) -> None:
    """Give the hospital a ward with a patient in each bed."""
    for resource in places(beds):
        _put(hospital, resource)
    for number in (1, 2, 3):
        _put(hospital, {"resourceType": "Practitioner", "id": f"nurse-{number}"})
    for number in range(1, beds + 1):
        _put(hospital, patient(number))
        _put(hospital, stay(number))


def _put(hospital: HospitalDouble, resource: Resource) -> None:
    behaviour, hospital.behaviour = hospital.behaviour, type(hospital.behaviour)()
    answer = hospital.ask("PUT", f"{resource['resourceType']}/{resource['id']}", resource)
    hospital.behaviour = behaviour
    assert answer.status == 201, answer.body
