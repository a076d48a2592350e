"""Several terminals of one ward and its hospital, with everything that can go wrong between them.

What anybody saves carries a token that occurs nowhere else, so that in the end every saved value
can be looked for: in the hospital's record, in its history, in a conflict.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import BASE, Behaviour, HospitalDouble
from tests.kit.records import admit, allergy, flag, place_beds, sign
from tests.kit.store import KEY
from workstation.fhir import systems
from workstation.fhir.json import canonical, dump, parse
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Unavailable
from workstation.kernel.ids import DeviceId, PersonId, WardId
from workstation.security.people import Person
from workstation.services import conflicts
from workstation.services.desk import Desk
from workstation.store import Author, Store, sync_state
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import HOUSE_TYPES, PATIENT_TYPES, Scope
from workstation.sync.translation import Translation
from workstation.sync.wire import Request, Response

WARD = WardId("ward")
BEGIN = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
PATIENTS = ("anh", "binh", "chi")
Json = dict[str, Any]


class Killed(BaseException):
    """The process is gone; nothing of it may run any more."""


@dataclass
class Line:
    """The way from one terminal to the hospital.

    Attributes:
        cut: Nothing gets through.
        answers_to_lose: So many answers to writes never arrive.
        dies_after: The process is killed at that request: before it leaves, or when answered.
        dies_answered: Which of the two.
    """

    direct: DirectTransport
    cut: bool = False
    answers_to_lose: int = 0
    dies_after: int | None = None
    dies_answered: bool = False
    base: str = BASE

    def send(self, request: Request) -> Response:
        if self.cut:
            raise Unavailable("offline")
        dying = self._is_time_to_die()
        if dying and not self.dies_answered:
            raise Killed
        response = self.direct.send(request)
        if dying:
            raise Killed
        if self.answers_to_lose and request.method != "GET":
            self.answers_to_lose -= 1
            raise Unavailable("cut")
        return response

    def _is_time_to_die(self) -> bool:
        if self.dies_after is None:
            return False
        self.dies_after -= 1
        if self.dies_after >= 0:
            return False
        self.dies_after = None
        return True


class Terminal:
    """One workstation: its store, its sync, its clock, the doctor in front of it."""

    def __init__(self, folder: Path, number: int, hospital: HospitalDouble) -> None:
        self.name = f"terminal-{number}"
        self.clock = ManualClock(BEGIN)
        self.line = Line(DirectTransport(hospital))
        self.folder = folder / self.name
        self.store = Store.create(self.folder, KEY, device=DeviceId(self.name), clock=self.clock)
        self.person = Person(PersonId(f"doctor-{number}"), f"Bs. {number}", "doctor")
        self._start()

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.clock, self.person, WARD)

    @property
    def author(self) -> Author:
        return self.desk.author

    def sync(self) -> Any:
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
            found = [
                stored.resource()
                for type_ in (*HOUSE_TYPES, *PATIENT_TYPES)
                for stored in view.find(type_)
            ]
        renamed = [Translation(names).outgoing(resource) for resource in found]
        return {f"{r['resourceType']}/{r['id']}": r for r in renamed}

    def _start(self) -> None:
        self.engine = SyncEngine(self.store, self.line, Scope(WARD), self.clock)


@dataclass
class Saved:
    """One value that somebody saved.

    Attributes:
        token: Occurs nowhere else.
        where: ``Type/id element``.
        who: Of which terminal.
    """

    token: str
    where: str
    who: str


@dataclass
class Outage:
    """The ward.

    Attributes:
        folder: Of the stores.
        behaviour: Of the hospital's server.
        terminals: How many there are.
        seed: Of every choice that is made here.
    """

    folder: Path
    behaviour: Behaviour
    terminals: int
    seed: int
    saved: list[Saved] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.clock = ManualClock(BEGIN)
        self.hospital = HospitalDouble(Behaviour(), clock=self.clock)
        doctors = [
            {"resourceType": "Practitioner", "id": f"doctor-{number}"}
            for number in range(1, self.terminals + 1)
        ]
        for resource in [*ward_resources(), *doctors]:
            answer = self.hospital.ask(
                "PUT", f"{resource['resourceType']}/{resource['id']}", resource
            )
            assert answer.ok, answer.body
        self.hospital.behaviour = self.behaviour
        self.all = [
            Terminal(self.folder, number, self.hospital) for number in range(1, self.terminals + 1)
        ]
        for terminal in self.all:
            assert terminal.sync().complete

    def pass_time(self, seconds: float = 7) -> None:
        for clock in (self.clock, *(terminal.clock for terminal in self.all)):
            clock.advance(timedelta(seconds=seconds))

    # What people do.

    def chart(self, terminal: Terminal, patient: str) -> None:
        """A new measurement."""
        token = self._token(terminal, f"Observation of {patient}")
        id_ = f"{token}-{self.random.getrandbits(64):016x}"
        made = sign(id_, patient, "8867-4", "80", self.clock.now())
        made["identifier"] = [{"system": systems.OWN_ID, "value": f"urn:uuid:{id_}"}]
        made["note"] = [{"text": token}]
        with terminal.store.write(terminal.author) as unit:
            unit.create(made)

    def give(self, terminal: Terminal, patient: str) -> None:
        """A dose; two terminals may give it twice, which is for people to see."""
        token = self._token(terminal, f"MedicationAdministration of {patient}")
        id_ = f"{token}-{self.random.getrandbits(64):016x}"
        made = {
            "resourceType": "MedicationAdministration",
            "id": id_,
            "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{id_}"}],
            "status": "completed",
            "medicationCodeableConcept": {"text": "Paracetamol"},
            "subject": {"reference": f"Patient/{patient}"},
            "request": {"reference": f"MedicationRequest/order-{patient}"},
            "effectiveDateTime": self.clock.now().isoformat(),
            "note": [{"text": token}],
        }
        with terminal.store.write(terminal.author) as unit:
            unit.create(made)

    def edit(self, terminal: Terminal, kind: str, patient: str) -> bool:
        """Change one thing; False when it is not here any more."""
        type_, id_, change = EDITS[kind](patient)
        with terminal.store.write(terminal.author) as unit:
            seen = unit.get(type_, id_)
            if seen is None or seen.deleted:
                return False
            where = f"{type_}/{id_} {kind}"
            token = self._token(terminal, where)
            resource = seen.resource()
            before = canonical(resource)
            change(resource, token)
            after = canonical(resource)
            self.replaced |= {s.token for s in self.saved if s.token in before} - {
                s.token for s in self.saved if s.token in after
            }
            unit.update(resource, seen=seen)
        return True

    def delete(self, terminal: Terminal, patient: str) -> bool:
        """Take a flag away."""
        with terminal.store.write(terminal.author) as unit:
            seen = unit.get("Flag", f"flag-{patient}")
            if seen is None or seen.deleted:
                return False
            self.replaced |= {s.token for s in self.saved if s.token in seen.body}
            unit.delete("Flag", f"flag-{patient}", seen=seen)
        return True

    def decide(self, terminal: Terminal) -> bool:
        """Decide the first conflict that this terminal knows of, somehow."""
        waiting = conflicts.waiting(terminal.desk)
        if not waiting:
            return False
        found = conflicts.detail(terminal.desk, waiting[0].id)
        choices = [self.random.choice(("mine", "theirs")) for _ in found.questions]
        conflicts.decide(terminal.desk, found.id, choices, "looked at both")  # type: ignore[arg-type]
        return True

    # How it ends.

    def calm_down(self, rounds: int = 40) -> None:
        """Faults stop, people decide what waits, and everything comes to rest."""
        for terminal in self.all:
            terminal.line.cut, terminal.line.answers_to_lose = False, 0
            terminal.line.dies_after = None
        quiet = 0
        for _ in range(rounds):
            self.pass_time(400)
            reports = [terminal.sync() for terminal in self.all]
            bad = [report for report in reports if not report.complete]
            assert not bad, bad
            decided = self.decide(self.random.choice(self.all))
            moved = decided or any(report.sent or report.pulled for report in reports)
            waits = any(terminal.engine.status().unsent for terminal in self.all)
            open_ = any(conflicts.waiting(terminal.desk) for terminal in self.all)
            quiet = 0 if moved or waits or open_ else quiet + 1
            if quiet == 2:
                return
        raise AssertionError(f"no rest after {rounds} rounds: {self.state()}")

    def state(self) -> list[Any]:
        return [(t.name, t.engine.status(), parked(t)) for t in self.all]

    # What must hold.

    def check_converged(self) -> None:
        """P6: all hold the same."""
        theirs = {
            name: canonical(resource)
            for name, resource in self.hospital.resources().items()
            if resource["resourceType"] in (*HOUSE_TYPES, *PATIENT_TYPES)
        }
        for terminal in self.all:
            mine = {name: canonical(r) for name, r in terminal.resources().items()}
            differs = sorted(
                name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)
            )
            shown = [(name, mine.get(name), theirs.get(name)) for name in differs[:3]]
            assert not differs, (terminal.name, differs, shown)

    def check_nothing_lost(self) -> None:
        """P3: each value is current, in the history, in a conflict, or was replaced knowingly."""
        kept = self.told()
        lost = [s for s in self.saved if s.token not in kept and s.token not in self.replaced]
        assert not lost, lost

    def check_once(self) -> None:
        """P4: each measurement is there once."""
        found = [dump(resource) for resource in self.hospital.resources().values()]
        for saved in self.saved:
            if saved.where.startswith(("Observation", "MedicationAdministration")):
                times = sum(f'"{saved.token}"' in text for text in found)
                assert times == 1, (saved, times)

    def check_honest(self) -> None:
        """P7: what is not on the server counts as unsent."""
        kept = self.told()
        for terminal in self.all:
            mine = [s for s in self.saved if s.who == terminal.name]
            if any(s.token not in kept and s.token not in self.replaced for s in mine):
                assert terminal.engine.status().unsent > 0, terminal.name

    def told(self) -> str:
        """Every word that the hospital ever got, conflicts unpacked."""
        return "\n".join(self._versions())

    def close(self) -> None:
        for terminal in self.all:
            terminal.close()
        self.hospital.close()

    def _versions(self) -> Iterator[str]:
        with self.hospital.hospital.database.accounts() as connection:
            for (body,) in connection.exec_driver_sql(VERSIONS):
                text = bytes(body).decode() if isinstance(body, bytes) else str(body)
                yield text
                if '"resolve-conflict"' in text:
                    yield from _attached(parse(text))

    def _token(self, terminal: Terminal, where: str) -> str:
        token = f"v{len(self.saved):03d}v"
        self.saved.append(Saved(token, where, terminal.name))
        return token


VERSIONS = "SELECT body FROM history WHERE body IS NOT NULL"


def parked(terminal: Terminal) -> list[Any]:
    with terminal.store.read() as view:
        return list(view.connection.exec_driver_sql("SELECT type, id, code, outcome FROM parked"))


def _attached(task: Json) -> Iterator[str]:
    for entry in task.get("input", []):
        if "valueAttachment" in entry:
            yield base64.b64decode(entry["valueAttachment"]["data"]).decode()


def ward_resources() -> list[Json]:
    found = place_beds(WARD, len(PATIENTS))
    for number, name in enumerate(PATIENTS, start=1):
        patient, stay = admit(name, "Nguyễn", f"Thị {name}", bed=f"bed-{number}", ward=WARD)
        patient["telecom"] = [
            {"system": "phone", "use": use, "value": "0"} for use in ("home", "mobile")
        ]
        order = {
            "resourceType": "MedicationRequest",
            "id": f"order-{name}",
            "status": "active",
            "intent": "order",
            "subject": {"reference": f"Patient/{name}"},
            "medicationCodeableConcept": {"text": "Paracetamol"},
            "dosageInstruction": [{"text": "1 g"}],
        }
        found += [patient, stay, order, allergy(f"allergy-{name}", name, "Penicillin")]
        found.append(flag(f"flag-{name}", name, "fall"))
    return found


Change = Callable[[Json, str], None]


def _phone(use: str) -> Change:
    def change(resource: Json, token: str) -> None:
        numbers = resource.get("telecom", [])
        mine = {"system": "phone", "use": use, "value": token}
        resource["telecom"] = [*(n for n in numbers if n.get("use") != use), mine]

    return change


def _put(element: str, value: Callable[[str], Any]) -> Change:
    def change(resource: Json, token: str) -> None:
        resource[element] = value(token)

    return change


def _remark(resource: Json, token: str) -> None:
    resource["note"] = [*resource.get("note", []), {"text": token}]


def _level(resource: Json, token: str) -> None:
    others = [e for e in resource.get("extension", []) if e["url"] != systems.CARE_LEVEL]
    resource["extension"] = [*others, {"url": systems.CARE_LEVEL, "valueCode": token}]


EDITS: dict[str, Callable[[str], tuple[str, str, Change]]] = {
    "home phone": lambda p: ("Patient", p, _phone("home")),
    "mobile phone": lambda p: ("Patient", p, _phone("mobile")),
    "marital status": lambda p: ("Patient", p, _put("maritalStatus", lambda t: {"text": t})),
    "name": lambda p: ("Patient", p, _put("name", lambda t: [{"family": t}])),
    "care level": lambda p: ("Encounter", f"stay-{p}", _level),
    "stay": lambda p: ("Encounter", f"stay-{p}", _put("hospitalization", _admitted_from)),
    "dose": lambda p: (
        "MedicationRequest", f"order-{p}", _put("dosageInstruction", lambda t: [{"text": t}]),
    ),
    "reason": lambda p: (
        "MedicationRequest", f"order-{p}", _put("reasonCode", lambda t: [{"text": t}]),
    ),
    "remark": lambda p: ("MedicationRequest", f"order-{p}", _remark),
    "substance": lambda p: (
        "AllergyIntolerance", f"allergy-{p}", _put("code", lambda t: {"text": t}),
    ),
    "allergy remark": lambda p: ("AllergyIntolerance", f"allergy-{p}", _remark),
    "flag": lambda p: ("Flag", f"flag-{p}", _put("period", lambda t: {"id": t})),
}  # fmt: skip


def _admitted_from(token: str) -> Json:
    return {"admitSource": {"text": token}}
