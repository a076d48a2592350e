"""Reads what the server has now of single records: one request for many, or one by one.

Used wherever an answer is missing or surprising. A record that was created under an id of the
server's choosing and whose answer was lost is found by the workstation's own key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from workstation.fhir.json import equal, parse
from workstation.kernel.errors import Rejected, Unavailable
from workstation.store.mirror import Pulled
from workstation.store.queue import Waiting
from workstation.sync import incoming
from workstation.sync.client import BatchEntry, Entry, FhirClient, status_in
from workstation.sync.server import Server
from workstation.sync.translation import carries_key, own_key, own_value
from workstation.sync.wire import Response, raise_for

OTHER_RECORD: Final = "other-record"
"""The fault of an answer that is another record than was asked for."""
WITHHELD: Final = "withheld"
"""The fault of a record that the server forbids us to read, while it lets us read others."""
STUMBLES: Final = "server-stumbles"
"""The fault of a record over which the server fails each time, while it gives others."""
_GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class LookUp:
    """Reads single records of one server.

    Args:
        server: The other side.
    """

    def __init__(
        self,
        server: Server,
    ) -> None:
        self._client = server.client
        self._capabilities = server.capabilities
        self._names = server.names

    def now(self, references: Sequence[str]) -> dict[str, tuple[int, Pulled | None]]:
        """What the server says of some records.

        Args:
            references: ``Type/id``, as they are here.

        Returns:
            Status and resource by reference; None with a status of 404, 410. What cannot be read,
            or is another record than was asked for, has a `Pulled.fault`; so has one that the
            server forbids or stumbles over, as long as it gives any other.

        Raises:
            Unavailable: The server went away; ``sign-in``, ``server-error``: it gives nothing.
        """
        found: dict[str, tuple[int, Pulled | None]] = {}
        rest = list(references)
        while rest:
            size = self._client.most_entries
            found.update(self._chunk(rest[:size]))
            rest = rest[size:]
        kept_back = [
            status for status, each in found.values() if each and each.odd in (WITHHELD, STUMBLES)
        ]
        self._client.lets_read = self._client.lets_read or len(kept_back) < len(found)
        if kept_back and not self._client.lets_read:
            raise_for(Response(kept_back[0], {}, b""))
        return found

    def by_key(self, row: Waiting) -> bool:
        """Whether a change can only be found by our own key, because the server chooses ids."""
        return row.base_version is None and not self._capabilities.client_ids

    def created(self, row: Waiting) -> tuple[str, Pulled] | None:
        """A record of ours whose id the server chose, found by our own key.

        Returns:
            The server's ``Type/id`` and the resource under our id; None if it was never created.
        """
        resource = parse(row.frozen_body or row.body)
        value = own_value(resource)
        page = self._client.bundle(f"{row.type}?{own_key(resource)}")
        for entry in page.entry:
            # A server that does not know a search parameter leaves it out, and gives everything.
            if entry.header().resourceType == row.type and carries_key(entry.resource, value):
                there = f"{row.type}/{entry.header().id}"
                self._names.learn(row.reference, there)
                return there, incoming.pulled(entry.resource, self._names, entry.fullUrl)
        return None

    def own_version(self, row: Waiting) -> Pulled | None:
        """The version in a record's history that equals what was sent and never answered.

        Only what came after the version that the edit started from: a record that was set back to
        an old value says the same as a version long before it.
        """
        if row.frozen_body is None:
            return None
        path = f"{self._names.there(row.reference)}/_history?_count=50"
        try:
            page = self._client.bundle(path)
        except Rejected:
            return None
        sent = parse(row.frozen_body)
        for old in incoming.of_history(page.entry, self._names):
            if row.base_version and old.version == row.base_version:
                return None
            if not old.fault and old.resource is not None and equal(sent, old.resource):
                return old
        return None

    def _chunk(self, references: Sequence[str]) -> Iterable[tuple[str, tuple[int, Pulled | None]]]:
        paths = [self._names.there(reference) for reference in references]
        if not self._capabilities.batch or len(paths) == 1:
            return self._chunk_singly(references, paths)
        answers = read_together(self._client, paths)
        if answers is None:
            return self._chunk_singly(references, paths)
        return [
            (reference, self._read(entry, path, reference))
            for reference, path, entry in zip(references, paths, answers, strict=True)
        ]

    def _chunk_singly(
        self, references: Sequence[str], paths: Sequence[str]
    ) -> Iterable[tuple[str, tuple[int, Pulled | None]]]:
        return [
            (reference, self._single(path, reference))
            for reference, path in zip(references, paths, strict=True)
        ]

    def _read(self, entry: Entry, path: str, reference: str) -> tuple[int, Pulled | None]:
        status = status_in(entry.response.status)
        if status == HTTPStatus.OK and entry.resource:
            found = _the_one(incoming.pulled(entry.resource, self._names), reference)
            if found.odd != OTHER_RECORD:
                return status, found
        return (status, None) if status in _GONE else self._single(path, reference)

    def _single(self, path: str, reference: str) -> tuple[int, Pulled | None]:
        response = self._client.get(path)
        if response.status in _GONE:
            return response.status, None
        if response.status == HTTPStatus.FORBIDDEN:
            return response.status, _kept_back(reference, response, WITHHELD)
        if _stumbled(response.status):
            return response.status, _kept_back(reference, response, STUMBLES)
        raise_for(response)
        return response.status, _the_one(incoming.pulled(response.body, self._names), reference)


def _kept_back(reference: str, response: Response, why: str) -> Pulled:
    type_, _, id_ = reference.partition("/")
    words = response.body.decode("utf-8", "surrogateescape")
    return Pulled(type_, id_, "", "", words or "{}", why)


def _stumbled(status: int) -> bool:
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE


def _the_one(found: Pulled, reference: str) -> Pulled:
    """Make sure that what came is what was asked for; if it is not, it counts as unreadable."""
    if f"{found.type}/{found.id}" == reference:
        return found
    type_, _, id_ = reference.partition("/")
    return replace(found, type=type_, id=id_, odd=OTHER_RECORD, owner=None)


def first_pages(server: Server, paths: Sequence[str]) -> list[Entry | None]:
    """Many reads at once where the server takes a batch.

    Returns:
        One entry for each path; None where it has to be read by itself.

    Raises:
        Unavailable: The server went away.
    """
    if not server.capabilities.batch or len(paths) == 1:
        return [None] * len(paths)
    found: list[Entry | None] = []
    while len(found) < len(paths):
        part = paths[len(found) : len(found) + server.client.most_entries]
        answers = read_together(server.client, part)
        found.extend(
            entry if status_in(entry.response.status) == HTTPStatus.OK else None
            for entry in answers or ()
        )
        if answers is None:
            found.extend([None] * len(part))
    return found


def read_together(client: FhirClient, paths: Sequence[str]) -> list[Entry] | None:
    """Many reads as one batch; None where they have to be done one by one.

    Raises:
        Unavailable: The server went away.
    """
    try:
        return client.batch([BatchEntry("GET", path) for path in paths])
    except Rejected:
        return None
    except Unavailable as error:
        forbidden = error.data.get("status") == HTTPStatus.FORBIDDEN
        one_spoils_all = forbidden or error.code in ("server-error", "too-large")
        if not one_spoils_all and error.data.get("reason") != "answers-missing":
            raise
        return None
