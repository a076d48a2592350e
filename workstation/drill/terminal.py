"""One terminal of a drill: a process with its own store and sync, asked over its pipes.

Each line on standard input is a question (``{"do": …, "with": {…}}``), each line on standard
output its answer. The process may be killed at any time; what it answered must still be there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from workstation.drill import acts
from workstation.drill.pictures import Camera
from workstation.fhir import drug_order, json
from workstation.fhir.json import Resource
from workstation.kernel import words
from workstation.kernel.changes import Changes
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused, Unavailable, WorkstationError
from workstation.kernel.ids import DeviceId, PatientId, PersonId, WardId
from workstation.security.keys import Cost, KeyRing
from workstation.security.people import ROLES, Person, Role
from workstation.services import collisions, conflicts, documents, ward_board
from workstation.services.desk import Desk
from workstation.store import Store, journal, sync_state
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request, Response, Transport

SHOWN = (
    "Patient",
    "Encounter",
    "Observation",
    "Condition",
    "AllergyIntolerance",
    "Flag",
    "MedicationRequest",
    "MedicationAdministration",
    "DocumentReference",
    "DetectedIssue",
    "Task",
    "Provenance",
)
"""The records of patients that terminals and server are compared by."""

_QUICK = Cost(passes=1, memory_kib=8_192, lanes=1)
"""Unlocking is no part of what a drill proves; the ring and the wrapping are the real ones."""


class Cable:
    """A transport whose network cable can be pulled out."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.plugged = True

    @property
    def base(self) -> str:
        """The server's base address."""
        return self._inner.base

    def send(self, request: Request) -> Response:
        """Carry one request, if the cable is in."""
        if not self.plugged:
            raise Unavailable("offline")
        return self._inner.send(request)


class Terminal:
    """What the process does when it is asked."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._answers: dict[str, Callable[..., Any]] = {
            "open": self.open,
            "sit": self.sit,
            "sync": self.sync,
            "plug": self.plug,
            "act": self.act,
            "ward": self.ward,
            "conflicts": self.conflicts,
            "known_as": self.known_as,
            "documents": self.documents,
            "collisions": self.collisions,
            "orders": self.orders,
            "picture": self.picture,
            "status": self.status,
            "saves": self.saves,
            "shown": self.shown,
        }

    def answer(self, question: Mapping[str, Any]) -> Any:
        """Do what a question asks.

        Raises:
            Refused: ``unknown-question``; and whatever doing it raises.
        """
        do = self._answers.get(question["do"])
        if do is None:
            raise Refused("unknown-question", do=question["do"])
        return do(**question["with"])

    def open(
        self,
        *,
        folder: str,
        base: str,
        ward: dict[str, str],
        device: str,
        people: list[dict[str, str]],
        language: words.Language,
    ) -> str:
        """Open the store of this terminal, or make it when it is not there yet.

        Args:
            folder: Where the store is.
            base: The server's base address.
            ward: ``id`` and ``name`` of the ward.
            device: Id of this terminal.
            people: Who may unlock it: ``id``, ``name``, ``role`` and ``pin``.
            language: Of papers and pictures.

        Returns:
            ``created`` or ``opened``.
        """
        words.use(language)
        self._people = {
            each["id"]: Person(PersonId(each["id"]), each["name"], _role(each["role"]))
            for each in people
        }
        self._ward, self._ward_name = WardId(ward["id"]), ward["name"]
        place = Path(folder)
        made = not (place / "people.json").exists()
        self._store = self._found(place, device, people) if made else self._unlock(place, people)
        self._cable = Cable(HttpTransport(base))
        self._engine = SyncEngine(self._store, self._cable, Scope(self._ward), self._clock)
        self.sit(person=people[0]["id"])
        return "created" if made else "opened"

    def _found(self, place: Path, device: str, people: list[dict[str, str]]) -> Store:
        ring, key = KeyRing.found(place, self._clock)
        for each in people:
            ring.add(key, self._people[each["id"]], each["pin"], cost=_QUICK)
        return Store.create(place, key, device=DeviceId(device), clock=self._clock)

    def _unlock(self, place: Path, people: list[dict[str, str]]) -> Store:
        first = people[0]
        key = KeyRing.load(place, self._clock).unlock(PersonId(first["id"]), first["pin"])
        return Store.open(place, key, clock=self._clock)

    def sit(self, *, person: str) -> None:
        """Let another person take the chair."""
        self._desk = Desk(self._store, self._clock, self._people[person], self._ward)

    def plug(self, *, plugged: bool) -> None:
        """Put the network cable in, or pull it out."""
        self._cable.plugged = plugged

    def act(self, *, name: str, arguments: dict[str, Any]) -> int:
        """Do what a person does; the answer is given only after it is safe on the disk.

        Returns:
            How many records were written.
        """
        changes: Changes = acts.perform(self._desk, name, arguments)
        return len(changes.references)

    def sync(self) -> dict[str, Any]:
        """One round of sync."""
        report = self._engine.run_once()
        return {
            "outcome": report.outcome,
            "sent": report.sent,
            "pulled": report.pulled,
            "merged": report.merged,
            "conflicts": report.conflicts,
            "parked": report.parked,
        }

    def status(self) -> dict[str, Any]:
        """What the connection strip would say."""
        status = self._engine.status()
        return {
            "link": status.link,
            "unsent": status.unsent,
            "parked": status.parked,
            "conflicts": status.conflicts,
            "collisions": status.collisions,
            "problem": status.problem,
            "unsafe": list(status.unsafe),
        }

    def ward(self) -> list[dict[str, Any]]:
        """The beds of the ward, and who lies in them."""
        return [
            {
                "bed": bed.id,
                "patient": bed.occupant.who.patient if bed.occupant else None,
                "stay": bed.occupant.who.encounter if bed.occupant else None,
                "care_level": bed.occupant.who.care_level if bed.occupant else None,
            }
            for bed in ward_board.board(self._desk).beds
        ]

    def conflicts(self) -> list[dict[str, Any]]:
        """Conflicts that wait, and whether the person in the chair may decide them."""
        return [
            {"id": each.id, "record": each.record, "may_decide": each.may_decide}
            for each in conflicts.waiting(self._desk)
        ]

    def collisions(self) -> list[dict[str, str]]:
        """Collisions of meaning that stand, by the rule that found them."""
        return [{"id": each.id, "rule": each.rule} for each in collisions.standing(self._desk)]

    def orders(self, *, patient: str) -> list[str]:
        """The drug orders in force for a patient, newest first."""
        with self._store.read() as view:
            found = view.find("MedicationRequest", patient=patient)
        active = [each for each in found if drug_order.read(each.resource()).status == "active"]
        return [each.id for each in reversed(active)]

    def picture(self, *, screen: str, file: str, arguments: dict[str, str]) -> str:
        """Take a picture of a screen as the person in the chair sees it."""
        camera = Camera(self._store.folder, self._clock, self._ward_name)
        try:
            camera.take(self._desk, self._engine.status(), screen, Path(file), **arguments)
        finally:
            camera.close()
        return Path(file).name

    def known_as(self) -> dict[str, str]:
        """The names that a server with ids of its own gave to our records, by ours."""
        with self._store.read() as view:
            names: dict[str, str] = sync_state.id_map(view, self._cable.base)
        return names

    def documents(self, *, patient: str, folder: str) -> list[str]:
        """Print the papers of a patient into a folder; their names say nothing of the patient."""
        written = []
        for kind in documents.KINDS:
            request = documents.Request(kind, words.language())
            draft = documents.gather(self._desk, PatientId(patient), request, documents.House())
            (Path(folder) / f"{kind}.pdf").write_bytes(documents.make(draft).pdf)
            written.append(f"{kind}.pdf")
        return written

    def saves(self) -> list[dict[str, Any]]:
        """Everything that people saved here."""
        with self._store.read() as view:
            return [
                {
                    "sequence": save.seq,
                    "reference": f"{save.type}/{save.id}",
                    "operation": save.operation,
                    "body": save.body and json.parse(save.body),
                    "sent": save.sent,
                }
                for save in journal.saves_of_people(view)
            ]

    def shown(self) -> list[Resource]:
        """Every record that this terminal shows."""
        with self._store.read() as view:
            return [stored.resource() for type_ in SHOWN for stored in view.find(type_)]


def _role(name: str) -> Role:
    return next(role for role in ROLES if role == name)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions until there are no more."""
    terminal = Terminal()
    for line in questions:
        try:
            answer: dict[str, Any] = {"answer": terminal.answer(json.parse(line))}
        except WorkstationError as error:
            answer = {"error": error.code, "detail": str(error)}
        answers.write(json.dump_bytes(answer) + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
