"""What people do at the terminals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.kit.outage.edits import EDITS
from tests.kit.outage.places import bed_of, newcomer
from tests.kit.outage.terminal import Terminal
from tests.kit.outage.world import World
from tests.kit.records import sign
from workstation.fhir import stays as versions
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.errors import Refused
from workstation.kernel.ids import WardId
from workstation.services import collisions, conflicts, sync_centre
from workstation.services.desk import Desk
from workstation.store import Stored, Unit

Json = dict[str, Any]
UNWELCOME = "-unwelcome"
"""A server may refuse what says this, until somebody has talked to its people."""


class People(World):
    """A hospital whose terminals are worked at."""

    def chart(self, terminal: Terminal, patient: str, mark: str = "") -> None:
        """A new measurement."""
        token = self.token(terminal, f"Observation of {patient}", records=1)
        id_ = self._own()
        made = sign(id_, patient, "8867-4", "80", self.clock.now())
        made["identifier"] = [{"system": systems.OWN_ID, "value": f"urn:uuid:{id_}"}]
        made["note"] = [{"text": token + mark}]
        with terminal.store.write(terminal.author) as unit:
            stays = unit.find("Encounter", patient=patient)
            made["encounter"] = {"reference": f"Encounter/{stays[0].id}"} if stays else None
            unit.create({name: value for name, value in made.items() if value is not None})

    def correct(self, terminal: Terminal, patient: str) -> bool:
        """Another value for the newest measurement that is here."""
        with terminal.store.write(terminal.author) as unit:
            seen = next(iter(unit.find("Observation", patient=patient)[::-1]), None)
            if seen is None:
                return False

            def amend(resource: Json, token: str) -> None:
                resource["status"] = "amended"
                resource["valueQuantity"] = {**resource["valueQuantity"], "unit": token}

            self._change(unit, terminal, seen, "amended", amend)
        return True

    def give(self, terminal: Terminal, patient: str) -> None:
        """A dose; two terminals may give it twice, which is for people to see."""
        token = self.token(terminal, f"MedicationAdministration of {patient}", records=1)
        id_ = self._own()
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

    def admit(self, terminal: Terminal, bed: int, born: str, mark: str = "") -> str:
        """Somebody new comes into a bed of the ward, in whatever bed others may lie.

        Returns:
            The new patient's id, as it is at this terminal.
        """
        token = self.token(terminal, f"Patient admitted to {terminal.ward}", records=3)
        place, own = bed_of(terminal.ward, bed), self._own()
        made = newcomer(token + mark, own, terminal.ward, place, self.clock.now(), born)
        with terminal.store.write(terminal.author) as unit:
            for resource in made:
                unit.create(resource)
        return str(made[0]["id"])

    def edit(self, terminal: Terminal, kind: str, patient: str, mark: str = "") -> bool:
        """Change one thing; False when it is not here any more."""
        type_, id_, change = EDITS[kind](patient)
        with terminal.store.write(terminal.author) as unit:
            seen = unit.get(type_, id_)
            if seen is None or seen.deleted:
                return False
            self._change(unit, terminal, seen, kind, change, mark)
        return True

    def rename_bed(self, terminal: Terminal, bed: int) -> bool:
        """A change of what belongs to no patient."""
        with terminal.store.write(terminal.author) as unit:
            seen = unit.get("Location", bed_of(terminal.ward, bed))
            if seen is None or seen.deleted:
                return False

            def rename(resource: Json, token: str) -> None:
                resource["name"] = token

            self._change(unit, terminal, seen, "bed", rename)
        return True

    def delete(self, terminal: Terminal, patient: str) -> bool:
        """Take a flag away."""
        with terminal.store.write(terminal.author) as unit:
            seen = unit.get("Flag", f"flag-{patient}")
            if seen is None or seen.deleted:
                return False
            self.note_replaced(seen.resource(), None)
            unit.delete("Flag", f"flag-{patient}", seen=seen)
        return True

    def transfer(self, terminal: Terminal, patient: str, ward: WardId, bed: int) -> bool:
        """Take a patient to a bed of some ward."""

        def move(resource: Json, token: str) -> None:
            moved = versions.moved(resource, bed_of(ward, bed), display=token, at=self._now())
            resource["location"] = moved["location"]

        return self._change_stay(terminal, patient, f"to {ward}", move)

    def discharge(self, terminal: Terminal, patient: str) -> bool:
        """Let a patient go home."""

        def end(resource: Json, token: str) -> None:
            resource.update(versions.discharged(resource, at=self._now()))
            resource["hospitalization"] = {"dischargeDisposition": {"text": token}}

        return self._change_stay(terminal, patient, "discharged", end)

    def take_back(self, terminal: Terminal, patient: str, bed: int) -> bool:
        """The patient had not gone home after all."""

        def resume(resource: Json, token: str) -> None:
            place = bed_of(terminal.ward, bed)
            moved = versions.moved(resource, place, display=token, at=self._now())
            resource["location"] = moved["location"]
            resource["status"] = "in-progress"
            resource["period"] = {"start": resource["period"]["start"]}

        return self._change_stay(terminal, patient, "taken back", resume)

    def decide(self, terminal: Terminal, side: str | None = None, nth: int = 0) -> bool:
        """Decide a conflict that this terminal knows of, somehow; who may not is told so."""
        return self._decide(terminal.desk, side, nth)

    def acknowledge(self, terminal: Terminal) -> bool:
        """Take note of an alert."""
        with terminal.store.read() as view:
            here = {stored.id for stored in view.find("DetectedIssue")}
        for alert in collisions.standing(terminal.desk):
            if alert.id in here and not alert.acknowledged_by:
                collisions.acknowledge(terminal.desk, alert.id, "seen")
                return True
        return False

    def retry(self, terminal: Terminal) -> bool:
        """Send once more what the server refused."""
        stuck = [each for each in sync_centre.read(terminal.desk).stuck if not each.waits_for]
        for each in stuck:
            sync_centre.retry(terminal.desk, each.reference)
        return bool(stuck)

    def is_beyond(self, terminal: Terminal, key: tuple[str, str]) -> bool:
        """Whether a record was deleted on a server that lets nobody write to such an id again."""
        with terminal.store.read() as view:
            copy = view.server_copy(*key)
        return bool(self.behaviour.refuses_client_ids and copy is not None and copy.deleted)

    def give_up(self, terminal: Terminal) -> None:
        """Let go of what somebody wanted back and this server cannot bring back."""
        for each in sync_centre.read(terminal.desk).stuck:
            key = tuple(each.reference.split("/"))
            if not each.waits_for and self.is_beyond(terminal, (key[0], key[1])):
                with terminal.store.write(terminal.author) as unit:
                    seen = unit.get(key[0], key[1])
                    assert seen is not None
                    self.note_replaced(seen.resource(), None)
                    unit.delete(key[0], key[1], seen=seen)

    def send_again(self, terminal: Terminal) -> None:
        """After a restore: look at what the server forgot, and send it once more."""
        desk = terminal.doctors_desk()
        terminal.engine.send_again(terminal.engine.forgotten(), desk.author)

    def _decide(self, desk: Desk, side: str | None = None, nth: int = 0) -> bool:
        waiting = conflicts.waiting(desk)
        if not waiting:
            return False
        found = conflicts.detail(desk, waiting[nth % len(waiting)].id)
        choices = [side or self.random.choice(("mine", "theirs")) for _ in found.questions]
        before = self._focus(desk, found.id)
        if not found.may_decide:
            with pytest.raises(Refused, match="not-permitted"):
                conflicts.decide(desk, found.id, choices, "I may not")  # type: ignore[arg-type]
            assert self._focus(desk, found.id) == before
            return False
        conflicts.decide(desk, found.id, choices, "looked at both")  # type: ignore[arg-type]
        self.note_replaced(before, self._focus(desk, found.id))
        return True

    def _focus(self, desk: Desk, conflict: str) -> Resource | None:
        with desk.store.read() as view:
            task = view.get("Task", conflict)
            assert task is not None
            type_, _, id_ = task.resource()["focus"]["reference"].partition("/")
            stored = view.get(type_, id_)
        return None if stored is None or stored.deleted else stored.resource()

    def _change_stay(
        self, terminal: Terminal, patient: str, what: str, change: Callable[[Json, str], None]
    ) -> bool:
        with terminal.store.write(terminal.author) as unit:
            stays: Sequence[Stored] = unit.find("Encounter", patient=patient)
            if not stays:
                return False
            self._change(unit, terminal, stays[0], what, change)
        return True

    def _change(
        self,
        unit: Unit,
        terminal: Terminal,
        seen: Stored,
        what: str,
        change: Callable[[Json, str], None],
        mark: str = "",
    ) -> None:
        token = self.token(terminal, f"{seen.type}/{seen.id} {what}")
        before, resource = seen.resource(), seen.resource()
        change(resource, token + mark)
        self.note_replaced(before, resource)
        unit.update(resource, seen=seen)

    def _now(self) -> Any:
        return self.clock.now()

    def _own(self) -> str:
        return f"made-{self.random.getrandbits(64):016x}"
