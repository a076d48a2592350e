"""Terminals that chart, edit and sync as fast as they can, until they are killed.

``python -m tests.kit.doomed`` is their nursery: a process without threads and without an open
store that has imported everything. Each line on its standard input is a life; it forks a process
for it and says its number. What a terminal does goes down one pipe, a line at a time: ``try``
inside the unit of work, ``done`` only after the save has returned.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import time
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.kit.outage import EDITS, PATIENTS
from tests.kit.records import flag
from tests.kit.store import reopen
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.fhir import systems
from workstation.fhir.json import dump
from workstation.kernel.clock import SystemClock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId, PersonId, WardId
from workstation.security.people import Person
from workstation.services import vital_signs
from workstation.services.desk import Desk
from workstation.store import Store
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.status import SyncStatus
from workstation.sync.transport import HttpTransport

WARD = WardId("ward")
DEEDS = 14
"""So much a terminal does in one life before it only syncs."""
TOKEN = re.compile(r"v\d{4}t\dn\d{3}v")
SET_SIZE = 8
"""Observations of one set of vital signs; they are one unit of work."""
_ROUND_EVERY_S = 0.005


@dataclass(frozen=True, slots=True)
class Life:
    """One start of one terminal.

    Attributes:
        folder: Of its store.
        base: The hospital's address.
        number: Which terminal.
        life: How often a terminal of this ward was started before.
        seed: Of every choice that is made in it.
    """

    folder: str
    base: str
    number: int
    life: int
    seed: int


@dataclass(frozen=True, slots=True)
class Word:
    """What a terminal says about one deed.

    Attributes:
        terminal: Its number.
        said: ``open``, ``try``, ``done``, or ``stopped`` with the code of what stopped its sync.
        token: Written into what was saved; empty for what is known by its ids.
        names: ``Type/id`` of what was made.
        gone: ``Type/id`` of what was deleted.
        replaces: Tokens that the person saw and wrote over.
    """

    terminal: int
    said: str
    token: str = ""
    names: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


def person(number: int) -> Person:
    """Who sits at a terminal."""
    return Person(PersonId(f"doctor-{number}"), f"Bs. {number}", "doctor")


class Doomed:
    """One terminal during one life."""

    def __init__(self, life: Life, store: Store, pipe: int) -> None:
        self._life = life
        self._random = random.Random(life.seed)
        self._store = store
        self._desk = Desk(store, SystemClock(), person(life.number), WARD)
        self._pipe = pipe
        self._deed = 0

    def watch(self, status: SyncStatus) -> None:
        """Tell of a sync that gave up: no kill may lead to that."""
        if status.link == "stopped":
            self._say("stopped", token=status.problem or "")

    def live(self) -> None:
        """Do one thing after the other."""
        self._say("open")
        while not self._all_are_here():
            time.sleep(0.005)
        for self._deed in range(DEEDS):
            deed = self._random.choice(
                (self.chart, self.chart, self.give, self.edit, self.edit, self.edit, self.mark)
            )
            deed(self._random.choice(PATIENTS))
            time.sleep(self._random.random() / 100)

    def _all_are_here(self) -> bool:
        """Whether the ward was once pulled; before that there is nobody to chart for."""
        with self._store.read() as view:
            return all(view.get("Encounter", f"stay-{patient}") for patient in PATIENTS)

    def chart(self, patient: str) -> None:
        """A set of vital signs, through the service of the round."""
        vitals = VitalSigns(
            at=self._desk.now(),
            respiratory_rate=Decimal(18),
            spo2=Decimal(97),
            oxygen_flow=Decimal(0),
            systolic=Decimal(120 + self._deed),
            diastolic=Decimal(80),
            heart_rate=Decimal(70 + self._deed),
            temperature=Decimal("36.8"),
            consciousness=Consciousness.ALERT,
            pain=Decimal(2),
        )
        changes = vital_signs.record(self._desk, PatientId(patient), vitals, confirmed=set(Sign))
        self._say("done", names=tuple(changes.references))

    def give(self, patient: str) -> None:
        """A dose; two terminals may give it twice, which is for people to see."""
        own, token = uuid7(), self._token()
        made = {
            "resourceType": "MedicationAdministration",
            "id": own,
            "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
            "status": "completed",
            "medicationCodeableConcept": {"text": "Paracetamol"},
            "subject": {"reference": f"Patient/{patient}"},
            "request": {"reference": f"MedicationRequest/order-{patient}"},
            "effectiveDateTime": self._desk.now().isoformat(),
            "note": [{"text": token}],
        }
        self._create(made, token)

    def edit(self, patient: str) -> None:
        """Change one thing of a record that the other terminal changes too."""
        type_, id_, change = EDITS[self._random.choice(sorted(EDITS))](patient)
        token = self._token()
        with self._store.write(self._desk.author) as unit:
            seen = unit.get(type_, id_)
            if seen is None or seen.deleted:
                return
            resource = seen.resource()
            change(resource, token)
            replaced = set(TOKEN.findall(seen.body)) - set(TOKEN.findall(dump(resource)))
            self._say("try", token=token, replaces=tuple(sorted(replaced)))
            unit.update(resource, seen=seen)
        self._say("done", token=token)

    def mark(self, patient: str) -> None:
        """Put up a flag of one's own, or take the first one down that is still up."""
        with self._store.read() as view:
            mine = [
                each
                for each in view.find("Flag", patient=patient)
                if f"t{self._life.number}n" in each.body and not each.id.startswith("flag-")
            ]
        if not mine or self._random.random() < 0.5:
            own, token = uuid7(), self._token()
            made = flag(own, patient, "fall")
            made["identifier"] = [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}]
            made["code"]["text"] = token
            self._create(made, token)
            return
        name = f"Flag/{mine[0].id}"
        with self._store.write(self._desk.author) as unit:
            seen = unit.get("Flag", mine[0].id)
            if seen is None or seen.deleted:
                return
            self._say("try", gone=(name,), replaces=tuple(TOKEN.findall(seen.body)))
            unit.delete("Flag", seen.id, seen=seen)
        self._say("done", gone=(name,))

    def _create(self, made: dict[str, Any], token: str) -> None:
        name = f"{made['resourceType']}/{made['id']}"
        with self._store.write(self._desk.author) as unit:
            self._say("try", token=token)
            unit.create(made)
        self._say("done", token=token, names=(name,))

    def _token(self) -> str:
        return f"v{self._life.life:04d}t{self._life.number}n{self._deed:03d}v"

    def _say(self, said: str, **more: Any) -> None:
        """One line, short enough for a pipe to take it whole or not at all."""
        word = Word(self._life.number, said, **more)
        os.write(self._pipe, json.dumps(asdict(word)).encode() + b"\n")


def live(life: Life, pipe: int) -> None:
    """One life, from the opening of the store to the kill."""
    store = reopen(Path(life.folder), clock=SystemClock())
    doomed = Doomed(life, store, pipe)
    engine = SyncEngine(
        store,
        HttpTransport(life.base),
        Scope(WARD),
        SystemClock(),
        every_s=_ROUND_EVERY_S,
        on_status=doomed.watch,
    )
    engine.start()
    doomed.live()
    while True:
        time.sleep(1)


def main(pipe: int) -> None:
    """Fork a process for each line; bury it when told, so that its number is not given away."""
    for line in sys.stdin:
        order = json.loads(line)
        if "bury" in order:
            _, status = os.waitpid(order["bury"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                live(Life(**order), pipe)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
