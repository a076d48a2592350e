"""Fetches what changed since the last pull: by type history, or by searches for the patients.

Each type has one cursor. Its rows are taken page by page, the cursor moves with the last page, in
the same transaction. What a search or history brings of patients out of scope is left alone; rows
that were only included never move a cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, references
from workstation.kernel.errors import Rejected
from workstation.store import Store, sync_state
from workstation.store.keys import Key
from workstation.store.mirror import Pulled
from workstation.store.record import Unit
from workstation.store.sync_state import Cursor
from workstation.sync import incoming
from workstation.sync.client import Bundle, Entry, bundle_from
from workstation.sync.look_up import first_pages
from workstation.sync.pull import cursor as arithmetic
from workstation.sync.pull.reading import last_stamps, linked, pages
from workstation.sync.pull.scope import (
    HOUSE_CONFLICTS,
    HOUSE_TYPES,
    PAGE,
    PATIENT_TYPES,
    Scope,
    chunks,
    conflicts_query,
    followed,
    patient_query,
)
from workstation.sync.pull.taking import Taking
from workstation.sync.server import Server

_WORTH_SETTLING = 20
"""So few rows are read again each time rather than noted down each time."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question: a type, how to ask for it, and since when."""

    type: str
    query: str
    since: str
    history: bool

    def path(self, since: str, count: int) -> str:
        """The address of a page."""
        if self.history:
            return f"{self.type}/_history?_since={since}&_count={count}"
        when = f"_lastUpdated=ge{since}&" if since else ""
        joint = "&" if "?" in self.query else "?"
        return f"{self.query}{joint}{when}_sort=_lastUpdated&_count={count}"


class Following:
    """Fetches changes.

    Args:
        store: This terminal's.
        server: The other side.
        taking: Writes what comes.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        taking: Taking,
    ) -> None:
        self._store = store
        self._server = server
        self._client = server.client
        self._capabilities = server.capabilities
        self._names = server.names
        self._taking = taking

    def house(self, scope: Scope, also: Sequence[str] = ()) -> list[Entry | None]:
        """Fetch what changed among places and people, and the conflicts about them.

        Args:
            scope: Whose cursors.
            also: Searches to be asked along with it.

        Returns:
            The first page of each of `also`; None where it has to be read by itself.

        Raises:
            Unavailable: The server went away; the cursors stay where they are. What is wrong with
                one type alone stops no other (`Taking.apart`).
        """
        types = followed(self._capabilities.types, HOUSE_TYPES)
        tasks = followed(self._capabilities.types, ["Task"])
        return self._follow(scope, [*types, *(HOUSE_CONFLICTS for _ in tasks)], None, "", also)

    def patients(self, scope: Scope, patients: Sequence[str], start: str) -> None:
        """Fetch what changed in the records of some patients.

        Args:
            scope: Whose cursors.
            patients: Their ids here.
            start: The server's time before the first fill, for a type without a cursor.

        Raises:
            Unavailable: The server went away; the cursors stay where they are.
        """
        types = followed(self._capabilities.types, PATIENT_TYPES)
        if patients:
            self._follow(scope, types, list(patients), start)
        else:
            self._begin(scope, types, start)

    def _follow(
        self,
        scope: Scope,
        types: Sequence[str],
        patients: list[str] | None,
        start: str,
        also: Sequence[str] = (),
    ) -> list[Entry | None]:
        with self._store.read() as view:
            cursors = sync_state.cursors(view, scope.name)
        found = {type_: cursors.get(type_, Cursor(watermark=start)) for type_ in types}
        asks = [ask for type_ in types for ask in self._asks(type_, found[type_], patients)]
        began = self._client.server_date
        paths = [ask.path(ask.since, PAGE) for ask in asks]
        firsts = first_pages(self._server, [*paths, *also])
        ready = dict(zip(asks, firsts[: len(asks)], strict=True))
        members = None if patients is None else set(patients)

        def wanted(each: Pulled) -> bool:
            return _concerns(each, members)

        for type_ in types:
            mine = [(ask, ready[ask]) for ask in asks if ask.type == type_]
            with self._taking.apart():
                known = type_ in cursors
                self._one_type(scope, type_, found[type_], mine, wanted, began=began, known=known)
        return firsts[len(asks) :]

    def _asks(self, type_: str, cursor: Cursor, patients: list[str] | None) -> list[_Ask]:
        since = arithmetic.since(cursor)
        if type_ == HOUSE_CONFLICTS:
            return [_Ask(type_, conflicts_query(), since, history=False)]
        if self._capabilities.type_history and since:
            return [_Ask(type_, "", since, history=True)]
        if patients is None:
            return [_Ask(type_, type_, since, history=False)]
        there = [self._names.there(f"Patient/{each}").partition("/")[2] for each in patients]
        return [
            _Ask(type_, patient_query(type_, part), since, history=False) for part in chunks(there)
        ]

    def _one_type(
        self,
        scope: Scope,
        type_: str,
        cursor: Cursor,
        asks: Sequence[tuple[_Ask, Entry | None]],
        wanted: Callable[[Pulled], bool],
        *,
        began: str,
        known: bool,
    ) -> None:
        stamps: list[str] = []
        fresh: list[str] = []
        held: list[Pulled] = []
        for ask, first in asks:
            for arrived, times in self._pages(ask, first):
                if held:
                    fresh += [each.last_updated for each in self._taking.take(held, wanted=wanted)]
                stamps += times
                held = arrived
        latest = self._client.server_date
        moved = arithmetic.advanced(cursor, stamps, fresh, latest, began)
        if len(stamps) < _WORTH_SETTLING and moved.watermark == cursor.watermark:
            moved = replace(moved, seen_at=cursor.seen_at, settled_s=cursor.settled_s)
        if known and moved == cursor and not self._taking.has_news(held, wanted):
            return

        def move(unit: Unit, late: Sequence[Pulled]) -> None:
            last = [each.last_updated for each in late]
            found = arithmetic.advanced(cursor, stamps, [*fresh, *last], latest, began)
            sync_state.set_cursor(unit, scope.name, type_, found)

        self._taking.take(held, move, wanted)

    def _begin(self, scope: Scope, types: Sequence[str], start: str) -> None:
        """Nobody to follow yet: who enters now is fetched whole, and followed from `start` on."""
        with self._store.read() as view:
            known = sync_state.cursors(view, scope.name)
        missing = [type_ for type_ in types if type_ not in known]
        if missing:
            with self._store.write() as unit:
                for type_ in missing:
                    sync_state.set_cursor(unit, scope.name, type_, Cursor(watermark=start))

    def _pages(self, ask: _Ask, first: Entry | None) -> Iterator[tuple[list[Pulled], list[str]]]:
        """What each page brought, and the times of its matches."""
        try:
            if ask.history:
                seen: set[Key] = set()
                for page in self._history(ask, first):
                    arrived = incoming.of_history(page.entry, self._names)
                    yield _newest_only(arrived, seen), [each.last_updated for each in arrived]
                if page.next() is None:
                    return
                # Its links lead elsewhere: the rest is searched for; the census finds deletions.
                ask, first = replace(ask, query=ask.type, history=False), None
            for page in pages(self._client, ask.path, ask.since, first):
                yield incoming.of_page(page, self._names), last_stamps(page)
        except Rejected:
            return  # this server cannot do this for this type; the census finds what changed

    def _history(self, ask: _Ask, first: Entry | None) -> Iterator[Bundle]:
        page = (
            bundle_from(first)
            if first is not None
            else self._client.bundle(ask.path(ask.since, PAGE))
        )
        yield from linked(self._client, page)


def _newest_only(arrived: Sequence[Pulled], seen: set[Key]) -> list[Pulled]:
    """Of each record the newest version: a history comes newest first."""
    kept = []
    for each in arrived:
        if each.key not in seen:
            seen.add(each.key)
            kept.append(each)
    return kept


def _concerns(each: Pulled, wanted: set[str] | None) -> bool:
    """Whether a resource belongs to a patient in scope, or, with no patients wanted, to none.

    A deletion is told by the mirror. What cannot be read is put aside by the terminals of the
    patient that it names; what names nobody, by all.
    """
    if each.fault:
        return each.patient is None or (wanted is not None and each.patient in wanted)
    if each.resource is None:
        return True
    patient = patient_of(each.resource)
    if wanted is None:
        return patient is None
    if patient is not None:
        return patient in wanted
    return _mentions(each.resource, wanted)


def _mentions(resource: Resource, wanted: set[str]) -> bool:
    return any(
        reference.startswith("Patient/") and reference.partition("/")[2] in wanted
        for reference in references(resource)
    )
