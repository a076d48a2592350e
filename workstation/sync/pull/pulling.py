"""One whole pull: places, stays, who enters, what changed, who left, and whether it is all there.

Only its end makes the data "as of now"; whatever breaks it off leaves the age of the data as it
was. Patients who leave the scope are followed once more, so that their discharge arrives, stay
readable for a day, and are purged when nothing of theirs is unsent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from workstation.fhir import encounter
from workstation.fhir.compartment import patient_of
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.store import Store, sync_state
from workstation.store.purge import purge
from workstation.store.sync_state import Cursor
from workstation.sync import incoming
from workstation.sync.bundle import Entry
from workstation.sync.look_up import LookUp, first_pages
from workstation.sync.pull import guard
from workstation.sync.pull.census import Census
from workstation.sync.pull.filling import Filling
from workstation.sync.pull.following import Following
from workstation.sync.pull.reading import pages
from workstation.sync.pull.scope import PAGE, Scope, chunks, stays_query
from workstation.sync.pull.taking import Taking, Tally
from workstation.sync.server import Server

READABLE_AFTER_LEAVING: Final = timedelta(hours=24)
CENSUS_EVERY: Final = timedelta(minutes=10)
_WHOLE: Final = "*"
"""The cursor row that keeps the end of the last complete pull."""


class Pull:
    """Pulls one scope from one server.

    Args:
        store: This terminal's.
        server: The other side.
        scope: What to keep a copy of.
        clock: This terminal's.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        scope: Scope,
        clock: Clock,
    ) -> None:
        self._store = store
        self._server = server
        self._client = server.client
        self._names = server.names
        self._scope = scope
        self._clock = clock
        self._taking = Taking(store, clock)
        self._filling = Filling(server, self._taking)
        self._following = Following(store, server, self._taking)
        self._census = Census(store, server, self._taking)

    @property
    def tally(self) -> Tally:
        """What was done so far, also when an error ended the pull."""
        return self._taking.tally

    def check_server(self) -> None:
        """Make sure, before anything is sent, that the server still has what it had.

        Raises:
            Damaged: ``server-restored`` or ``server-emptied``.
            Unavailable: The server went away.
        """
        self._census.sentinels()

    def run(self) -> Tally:
        """Pull everything.

        Raises:
            Unavailable: The server went away; the next pull goes on where this one stopped.
            Damaged: The server lost much at once.
        """
        places = self._places()
        asked = [_stays(part, "") for part in chunks(places)]
        firsts = self._following.house(self._scope, asked)
        start = self._client.server_date
        with self._store.read() as view:
            members = sync_state.members(view, self._scope.ward)
        staying = {each.patient for each in members.values() if each.left_at is None}
        there = staying
        with self._taking.apart():
            there = self._patients_there(places, firsts)
        gone = sorted(staying - there)
        self._check_disappearance(len(staying), gone)
        self._following.patients(self._scope, sorted(staying), start)
        for patient in sorted(there - staying):
            with self._taking.apart():
                self._filling.fill(self._scope, patient, self._clock.now())
        self._let_go(gone)
        with self._taking.apart():
            self._compare(sorted(there))
        if self._taking.failed is not None:
            raise self._taking.failed
        self._complete()
        return self.tally

    def _places(self) -> list[str]:
        """The places of the ward, as the server calls them."""
        with self._store.read() as view:
            places = sync_state.places(view, self._scope.ward)
        return [self._names.there(f"Location/{place}").partition("/")[2] for place in places]

    def _patients_there(self, before: Sequence[str], firsts: Sequence[Entry | None]) -> set[str]:
        """Who stays at the ward's places.

        Args:
            before: The places known before the house was followed.
            firsts: What a search for stays there gave; asked again when the places are others now.
        """
        places = self._places()
        if places != before:
            firsts = first_pages(self._server, [_stays(part, "") for part in chunks(places)])
        found: set[str] = set()
        here = {self._names.here(f"Location/{each}").partition("/")[2] for each in places}
        for part, first in zip(chunks(places), firsts, strict=True):

            def path(since: str, count: int, part: Sequence[str] = part) -> str:
                return _stays(part, since, count)

            for page in pages(self._client, path, "", first):
                for entry in page.entry:
                    if entry.search.mode == "match" and not self._has_left(entry, here):
                        found.add(self._who_stays(entry))
        return found - {""}

    def _has_left(self, entry: Entry, places: set[str]) -> bool:
        """Whether a stay says that its patient is elsewhere now: a search finds past beds too."""
        found = incoming.pulled(entry.resource, self._names, entry.fullUrl)
        if found.fault or found.resource is None:
            return False
        stay = encounter.read(found.resource)
        claimed = {*stay.current_places, *stay.planned_places}
        return bool(stay.places) and places.isdisjoint(claimed)

    def _who_stays(self, entry: Entry) -> str:
        """The patient of a stay; where it does not say, who is known here to stay so."""
        subject = self._names.here(entry.subject()).partition("/")[2]
        if subject:
            return subject
        there = entry.header().id or entry.fullUrl.rpartition("/")[2]
        _, _, id_ = self._names.here(f"Encounter/{there}").partition("/")
        with self._store.read() as view:
            known = view.server_copy("Encounter", id_)
        return patient_of(known.resource()) or "" if known is not None else ""

    def _check_disappearance(self, staying: int, gone: Sequence[str]) -> None:
        if len(gone) * 2 <= staying:
            return
        look_up = LookUp(self._server)
        now = look_up.now([f"Patient/{patient}" for patient in gone])
        lost = sum(status == HTTPStatus.NOT_FOUND for status, _ in now.values())
        guard.check_shrinking(staying, lost, "patients")

    def _let_go(self, gone: Sequence[str]) -> None:
        now = self._clock.now()
        with self._store.read() as view:
            members = sync_state.members(view, self._scope.ward)
        due = [
            each.patient
            for each in members.values()
            if each.left_at is not None and now - each.left_at >= READABLE_AFTER_LEAVING
        ]
        if gone:
            with self._store.write() as unit:
                sync_state.leave(unit, self._scope.ward, gone, now)
        for patient in due:
            self._purge(patient)

    def _purge(self, patient: str) -> None:
        """Remove a patient's copy, unless another scope needs it or something is unsent (P2)."""
        with self._store.write() as unit:
            if not sync_state.in_any_scope(unit, patient):
                try:
                    purge(unit, PatientId(patient))
                except Refused:
                    return
            sync_state.forget_member(unit, self._scope.ward, patient)

    def _compare(self, patients: Sequence[str]) -> None:
        """Compare both sides: numbers in every round, ids and versions on a slow rhythm."""
        if self._due(sync_state.CENSUS, CENSUS_EVERY):
            self._census.compare(patients)
            self._note(sync_state.CENSUS, self._clock.now())
        elif different := self._census.audit(patients):
            self._census.compare(patients, different)

    def _due(self, row: str, every: timedelta) -> bool:
        now = self._clock.now()
        with self._store.read() as view:
            last = sync_state.cursors(view, self._scope.name).get(row, Cursor()).complete_at
        return last is None or now - last >= every or now < last

    def _complete(self) -> None:
        self._note(_WHOLE, self._clock.now())

    def _note(self, row: str, when: datetime) -> None:
        with self._store.write() as unit:
            sync_state.set_cursor(unit, self._scope.name, row, replace(Cursor(), complete_at=when))


def _stays(places: Sequence[str], since: str, count: int = PAGE) -> str:
    when = f"&_lastUpdated=ge{since}" if since else ""
    return f"{stays_query(places, count)}{when}&_sort=_lastUpdated"


def data_as_of(store: Store, scope: Scope) -> datetime | None:
    """End of the last complete pull of a scope; None if there was none."""
    with store.read() as view:
        return sync_state.cursors(view, scope.name).get(_WHOLE, Cursor()).complete_at
