"""Compares ids and versions of whole records with the server, and repairs the copy here.

Finds what a cursor missed and what was deleted without a trace in any search. First only numbers
are compared (``_summary=count``); where they differ, or on a slow rhythm, ids and versions
(``_elements=id,meta``). Much that vanished at once is an accident and stops everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import compress

from workstation.kernel.errors import Rejected, Unavailable
from workstation.store import Store, mirror, unreadable
from workstation.store.mirror import Pulled
from workstation.sync import incoming
from workstation.sync.client import bundle_from
from workstation.sync.look_up import STUMBLES, WITHHELD, LookUp, first_pages
from workstation.sync.pull import guard
from workstation.sync.pull.guard import Difference, Sentinel
from workstation.sync.pull.reading import pages
from workstation.sync.pull.scope import PATIENT_TYPES, chunks, followed, patient_query
from workstation.sync.pull.taking import Taking
from workstation.sync.server import Server

SENTINELS = 12
"""So many each of what came last, what was sent last, and what waiting changes stand on."""


class Census:
    """Compares one store with one server.

    Args:
        store: This terminal's.
        server: The other side.
        taking: Writes what was missed.
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
        self._look_up = LookUp(server)

    def sentinels(self) -> None:
        """Make sure, before anything is sent, that the server still has what it had.

        Raises:
            Damaged: ``server-restored`` or ``server-emptied``.
            Unavailable: The server went away.
        """
        with self._store.read() as view:
            chosen = [*mirror.newest(view, SENTINELS), *mirror.at_stake(view, SENTINELS)]
        newest = list({each.reference: each for each in chosen}.values())
        self._client.lets_read = False
        found = self._look_up.now([each.reference for each in newest])
        sentinels = [_sentinel(each, *found[each.reference]) for each in newest]
        guard.check_sentinels(sentinels)
        if self._capabilities.tells_deletions:
            # What was handed over along with others, of a type that is not served, cannot be read.
            served = [each.type in self._capabilities.types for each in newest]
            guard.check_losses(compress(sentinels, served), self._client.server_date)

    def audit(self, patients: Sequence[str]) -> list[str]:
        """The types of which the server has another number than the copy here.

        Raises:
            Unavailable: The server went away.
        """
        types = followed(self._capabilities.types, PATIENT_TYPES)
        asks = [
            (type_, f"{patient_query(type_, self._there(part))}&_summary=count")
            for type_ in types
            for part in chunks(list(patients))
        ]
        firsts = first_pages(self._server, [path for _, path in asks])
        there: dict[str, int] = {}
        for (type_, path), first in zip(asks, firsts, strict=True):
            try:
                page = self._client.bundle(path) if first is None else bundle_from(first)
            except Rejected:
                continue
            if page.total is not None:
                there[type_] = there.get(type_, 0) + page.total
        with self._store.read() as view:
            here = Counter(mirror.counts(view, patients))
            here.update(unreadable.by_type(view, patients))
        return [type_ for type_, count in there.items() if here[type_] != count]

    def compare(self, patients: Sequence[str], types: Iterable[str] | None = None) -> Difference:
        """Compare ids and versions, and fetch what differs.

        Args:
            patients: Whose records.
            types: Which types; None for all.

        Returns:
            What differed before the repair.

        Raises:
            Damaged: The server lost much, or went back.
            Unavailable: The server went away.
        """
        wanted = list(types or followed(self._capabilities.types, PATIENT_TYPES))
        there, readable = self._listed(patients, wanted)
        with self._store.read() as view:
            held = mirror.held_versions(view, patients)
            aside = {f"{key[0]}/{key[1]}": v for key, v in unreadable.versions(view).items()}
        known = {key for key, version in there.items() if aside.get(key) == version}
        here = {
            f"{type_}/{id_}": version for (type_, id_), version in held.items() if type_ in readable
        }
        found = guard.compare(_without(there, known), _without(here, known))
        self._repair(found, there, len(here))
        return found

    def _there(self, patients: Sequence[str]) -> list[str]:
        return [self._names.there(f"Patient/{each}").partition("/")[2] for each in patients]

    def _listed(
        self, patients: Sequence[str], types: Sequence[str]
    ) -> tuple[dict[str, str], set[str]]:
        there: dict[str, str] = {}
        readable: set[str] = set()
        for type_ in types:
            try:
                for part in chunks(list(patients)):
                    there.update(self._ids(patient_query(type_, self._there(part))))
            except Rejected:
                continue
            readable.add(type_)
        return {key: v for key, v in there.items() if key.partition("/")[0] in readable}, readable

    def _ids(self, query: str) -> dict[str, str]:
        def path(since: str, count: int) -> str:
            when = f"&_lastUpdated=ge{since}" if since else ""
            return f"{query}&_elements=id,meta{when}&_sort=_lastUpdated&_count={count}"

        found: dict[str, str] = {}
        for page in pages(self._client, path, ""):
            for entry in page.entry:
                if entry.search.mode == "match":
                    head = entry.header()
                    if not head.id:
                        continue
                    reference = self._names.here(f"{head.resourceType}/{head.id}")
                    found[reference] = head.meta.versionId
        return found

    def _repair(self, found: Difference, there: dict[str, str], known_here: int) -> None:
        references = [*found.lacking, *found.vanished]
        if not references:
            return
        now = self._look_up.now(references)
        with self._store.read() as view:
            known = mirror.known(view, [_key(each) for each in references])
        guard.check_sentinels(
            sentinel
            for reference, before in known.items()
            if (sentinel := _sentinel(before, *now[reference])).went_back
        )
        lost = [r for r in found.vanished if now[r][0] == HTTPStatus.NOT_FOUND]
        guard.check_shrinking(known_here, len(lost), "records")
        unsure = self._not_deleted({r: _sentinel(known[r], *now[r]) for r in lost if r in known})
        self._taking.take(
            _as_pulled(reference, each, there.get(reference, ""))
            for reference in references
            if reference not in unsure
            and ((each := now[reference][1]) is None or each.odd != STUMBLES)
        )
        if any(each is not None and each.odd == STUMBLES for _, each in now.values()):
            raise Unavailable("server-error", reason="one-record")

    def _not_deleted(self, lost: dict[str, Sentinel]) -> set[str]:
        """Of what the server does not know, that which it may know in a moment: it is kept.

        Raises:
            Damaged: ``server-restored``: it tells of deletions, and these were none.
        """
        if not self._capabilities.tells_deletions:
            return set()
        guard.check_losses(lost.values(), self._client.server_date)
        return set(lost)


def _without(versions: dict[str, str], keys: set[str]) -> dict[str, str]:
    return {key: version for key, version in versions.items() if key not in keys}


def _sentinel(before: mirror.Known, status: int, now: Pulled | None) -> Sentinel:
    if now is None:
        return Sentinel(before.version, before.last_updated, status)
    if now.fault:  # it is there; what it says of itself is not to be judged by
        return Sentinel(before.version, before.last_updated, status, before.version)
    return Sentinel(before.version, before.last_updated, status, now.version, now.last_updated)


def _as_pulled(reference: str, found: Pulled | None, version: str) -> Pulled:
    """What is to be written; one that is withheld stays aside until it has another version."""
    if found is None:
        return incoming.gone(*_key(reference))
    return replace(found, version=version) if found.odd == WITHHELD else found


def _key(reference: str) -> tuple[str, str]:
    type_, _, id_ = reference.partition("/")
    return type_, id_
