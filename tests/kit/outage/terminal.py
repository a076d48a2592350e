"""One workstation: its store, its sync, its clock, its line, and the people who sit there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import BASE, HospitalDouble
from tests.kit.outage.line import Killed, Line
from tests.kit.outage.places import BEGIN, WARD
from tests.kit.store import KEY
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import DeviceId, PersonId, WardId
from workstation.security.people import Person
from workstation.services.desk import Desk
from workstation.store import Author, Store, sync_state
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import HOUSE_TYPES, PATIENT_TYPES, Scope
from workstation.sync.status import RoundReport
from workstation.sync.translation import Translation

Json = dict[str, Any]
FOLLOWED = frozenset((*HOUSE_TYPES, *PATIENT_TYPES))


class Terminal:
    """One workstation.

    Attributes:
        people: A doctor, a nurse and a head nurse, who work here.
        person: Who of them sits there now; the doctor to begin with.
    """

    def __init__(
        self, folder: Path, number: int, hospital: HospitalDouble, ward: WardId = WARD
    ) -> None:
        self.name = f"terminal-{number}"
        self.ward = ward
        self.clock = ManualClock(BEGIN)
        self.line = Line(DirectTransport(hospital))
        self.folder = folder / self.name
        self.store = Store.create(self.folder, KEY, device=DeviceId(self.name), clock=self.clock)
        self.people = (
            Person(PersonId(f"doctor-{number}"), f"Bs. {number}", "doctor"),
            Person(PersonId(f"nurse-{number}"), f"Đd. {number}", "nurse"),
            Person(PersonId(f"head-nurse-{number}"), f"Đdt. {number}", "head-nurse"),
        )
        self.person = self.people[0]
        self._start()

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.clock, self.person, self.ward)

    @property
    def author(self) -> Author:
        return self.desk.author

    def doctors_desk(self) -> Desk:
        """Where everything may be decided."""
        return Desk(self.store, self.clock, self.people[0], self.ward)

    def sync(self) -> RoundReport | None:
        """One round; the process may be killed in it, and is then started again."""
        try:
            return self.engine.run_once()
        except Killed:
            self.restart()
            return None

    def restart(self) -> None:
        """The process is gone and started again on the files that it left."""
        self.line.dies_after = None
        self.engine.stop()
        self.store.close()
        self.store = Store.open(self.folder, KEY, clock=self.clock)
        self._start()

    def close(self) -> None:
        self.engine.stop()
        self.store.close()

    def resources(self) -> dict[str, Json]:
        """Everything effective here, under the names that the server knows."""
        with self.store.read() as view:
            names = sync_state.id_map(view, BASE)
            found = [stored.resource() for type_ in sorted(FOLLOWED) for stored in view.find(type_)]
        renamed = [Translation(names).outgoing(resource) for resource in found]
        return {f"{r['resourceType']}/{r['id']}": r for r in renamed}

    def _start(self) -> None:
        self.engine = SyncEngine(self.store, self.line, Scope(self.ward), self.clock)


def parked(terminal: Terminal) -> list[Any]:
    """What does not go, and why."""
    with terminal.store.read() as view:
        return list(view.connection.exec_driver_sql("SELECT type, id, code, outcome FROM parked"))
