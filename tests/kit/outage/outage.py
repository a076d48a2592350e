"""An outage from its beginning to its end, and what must hold at each step and at the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.kit.hospital_double import BASE
from tests.kit.outage.people import UNWELCOME, People
from tests.kit.outage.terminal import FOLLOWED, Terminal, parked
from workstation.fhir import encounter
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import canonical, dump
from workstation.kernel.changes import Changes
from workstation.kernel.ids import WardId
from workstation.services import conflicts
from workstation.store import queue, sync_state
from workstation.sync import collisions
from workstation.sync.status import RoundReport
from workstation.sync.translation import Translation

Json = dict[str, Any]
ACCIDENTS = ("server-restored", "server-emptied", "server-much-smaller")


class Outage(People):
    """A hospital in trouble."""

    # How it ends.

    def calm_down(self, rounds: int = 60) -> None:
        """Faults stop, people decide what waits, and everything comes to rest.

        What the server refuses is seen to wait alone first (P5); then the server takes it.
        """
        self.hospital.down = False
        for terminal in self.all:
            terminal.line.mend()
        self._rest(rounds)
        if self.hospital.behaviour.refuses:
            for terminal in self.all:
                self.check_parked_alone(terminal)
            self.hospital.behaviour.refuses = ""
            for terminal in self.all:
                self.give_up(terminal)
                self.retry(terminal)
            self._rest(rounds)
        for terminal in self.all:
            status = terminal.engine.status()
            assert not status.unsent, (terminal.name, status, parked(terminal))
            assert status.synced

    def _rest(self, rounds: int) -> None:
        quiet = 0
        for _ in range(rounds):
            self.pass_time(400)
            reports = [self._round(terminal) for terminal in self.all]
            moved = any(report.sent or report.pulled for report in reports)
            decided = self._somebody_decides()
            waits = any(self._moving(terminal) for terminal in self.all)
            quiet = 0 if moved or decided or waits else quiet + 1
            if quiet == 2:
                return
        raise AssertionError(f"no rest after {rounds} rounds: {self.state()}")

    def _round(self, terminal: Terminal) -> RoundReport:
        report = terminal.sync()
        assert report is not None
        if report.outcome in ACCIDENTS and self.may_be_restored:
            self.send_again(terminal)
            report = terminal.sync()
            assert report is not None
        assert report.complete, (terminal.name, report)
        return report

    may_be_restored = False
    """Whether the server was set back, so that a terminal may stop at it."""

    def _somebody_decides(self) -> bool:
        order = self.random.sample(self.all, len(self.all))
        return any(self._decide(terminal.doctors_desk()) for terminal in order)

    def _moving(self, terminal: Terminal) -> bool:
        """Whether anything waits that needs no person."""
        with terminal.store.read() as view:
            found = view.connection.exec_driver_sql(
                "SELECT count(*) FROM pending WHERE state NOT IN ('parked', 'held')"
            ).scalar_one()
        return bool(found) or bool(conflicts.waiting(terminal.desk))

    def state(self) -> list[Any]:
        return [(t.name, t.engine.status(), parked(t)) for t in self.all]

    # What must hold at the end.

    def check_converged(self) -> None:
        """P6: the hospital and every terminal hold the same of whom the ward has."""
        everything = self.hospital.resources()
        for terminal in self.all:
            scope = in_scope(everything, terminal.ward)
            theirs = _held(everything, scope)
            mine = _held(terminal.resources(), scope)
            differs = sorted(
                name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)
            )
            shown = [(name, mine.get(name), theirs.get(name)) for name in differs[:3]]
            assert not differs, (terminal.name, differs, shown)

    def check_nothing_lost(self) -> None:
        """P3: each value is current, in the history, in a conflict, or was replaced knowingly."""
        kept = self.told()
        excused = self.replaced | self.forgotten
        lost = [s for s in self.saved if s.token not in kept and s.token not in excused]
        assert not lost, lost

    def check_once(self) -> None:
        """P4: each record that was made is there once, and each remark stands in it once."""
        for saved in self.saved:
            if saved.records and saved.token not in self.forgotten:
                found = self.archive.records_with(saved.token)
                assert len(found) == saved.records, (saved, found)
        for name, resource in self.hospital.resources().items():
            for element in ("note", "reaction", "telecom", "contact"):
                entries = [dump(entry) for entry in resource.get(element, [])]
                assert len(entries) == len(set(entries)), (name, entries)

    def check_alerts(self) -> None:
        """Every terminal concludes what the alerts say: nobody would make or clear another."""
        for terminal in self.all:
            with terminal.store.read() as view:
                people = frozenset(f"Patient/{each.id}" for each in view.find("Patient"))
                names = Translation(sync_state.id_map(view, BASE))
            found = collisions.examine(terminal.store, Changes(references=people), names.there)
            assert (found.opened, found.resolved) == (0, 0), (terminal.name, found)

    def check_parked_alone(self, terminal: Terminal) -> None:
        """P5: only what the server refuses waits, and what refers to it."""
        with terminal.store.read() as view:
            keys = [(row[0], row[1]) for row in view.connection.exec_driver_sql(_PENDING)]
            rows = queue.waiting(view, keys)
            waits = {row[0]: row[1] for row in view.connection.exec_driver_sql(_WAITS)}
        for row in rows.values():
            if row.state == "parked":
                assert UNWELCOME in row.body or self.is_beyond(terminal, row.key), row
            else:
                assert row.state == "held", (terminal.name, row)
                other = tuple(waits[row.reference].split("/"))
                assert other in rows, (terminal.name, row, other)

    # What must hold at each step.

    def check_honest(self) -> None:
        """P7: what the hospital never got counts as unsent where it was saved."""
        kept = self.told()
        for terminal in self.all:
            mine = [s for s in self.saved if s.who == terminal.name]
            missing = [
                s.token
                for s in mine
                if s.token not in kept
                and s.token not in self.replaced
                and s.token not in self.once_told
            ]
            status = terminal.engine.status()
            if missing:
                assert status.unsent > 0, (terminal.name, missing)
                assert not status.synced, (terminal.name, missing)

    once_told: frozenset[str] = frozenset()
    """Tokens that the server had before it was set back."""

    def observed_sync(self, terminal: Terminal) -> RoundReport | None:
        """A round; if it says that the data is of now, then it is (P7)."""
        before, as_of = self.hospital.resources(), terminal.engine.status().data_as_of
        report = terminal.sync()
        status = terminal.engine.status()
        if status.data_as_of == as_of or self.behaviour.late_commits:
            return report
        now = self.hospital.resources()
        scope = in_scope(before, terminal.ward) & in_scope(now, terminal.ward)
        held = self._copies(terminal)
        for name, resource in before.items():
            if _concerns(resource, scope) and now.get(name) == resource:
                assert held.get(name) == canonical(resource), (terminal.name, name, held.get(name))
        return report

    def _copies(self, terminal: Terminal) -> dict[str, str]:
        """What the terminal believes that the server has."""
        with terminal.store.read() as view:
            names = Translation(sync_state.id_map(view, BASE))
            rows = view.connection.exec_driver_sql("SELECT type, id FROM resource").all()
            copies = [view.server_copy(type_, id_) for type_, id_ in rows]
        found = {}
        for copy in copies:
            if copy is not None and not copy.deleted:
                resource = names.outgoing(copy.resource())
                found[f"{copy.type}/{resource['id']}"] = canonical(resource)
        return found

    # What befalls the server.

    def back_up(self) -> None:
        """Take a backup of the hospital's database."""
        self._backup = self.hospital.snapshot()

    def restore(self) -> bool:
        """Set the hospital's database back to the last backup.

        What only the server had is lost with it; what a terminal holds must come back.
        """
        if self._backup is None:
            return False
        kept = self.told()
        self.once_told |= {s.token for s in self.saved if s.token in kept}
        self.hospital.restore(self._backup)
        self.archive.forget()
        left = self.told()
        held = "\n".join(dump(r) for t in self.all for r in t.resources().values())
        self.forgotten |= {t for t in self.once_told if t not in left and t not in held}
        self.may_be_restored = True
        return True

    _backup: bytes | None = None


def in_scope(resources: Mapping[str, Json], ward: WardId) -> set[str]:
    """Ids of the patients whom a ward has, by what the server says."""
    beds = {
        name.partition("/")[2]
        for name, resource in resources.items()
        if resource.get("partOf", {}).get("reference") == f"Location/{ward}"
    }
    stays = [
        encounter.read(resource)
        for resource in resources.values()
        if resource["resourceType"] == "Encounter" and resource["status"] == "in-progress"
    ]
    return {
        stay.patient
        for stay in stays
        if stay.patient is not None and {*beds, ward} & set(stay.current_places)
    }


def _concerns(resource: Json, scope: set[str]) -> bool:
    if resource["resourceType"] not in FOLLOWED:
        return False
    patient = patient_of(resource)
    return patient in scope if patient is not None else resource["resourceType"] not in _ODD


_ODD = ("Provenance",)
"""Of no patient where it is about a place; nobody follows these."""


def _held(resources: Mapping[str, Json], scope: set[str]) -> dict[str, str]:
    return {
        name: canonical(resource)
        for name, resource in resources.items()
        if _concerns(resource, scope)
    }


_PENDING = "SELECT type, id FROM pending"
_WAITS = "SELECT type || '/' || id, waits_for FROM parked WHERE waits_for IS NOT NULL"
