"""Fetches the whole record of a patient who enters the scope.

Cursors only tell what changed since; who enters is fetched whole, by ``$everything`` where it
works and by one search a type where it does not. The patient counts as a member only with the
last page, so that a fetch that was cut off is begun again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from workstation.kernel.errors import Rejected, Unavailable
from workstation.store import sync_state
from workstation.store.mirror import Pulled
from workstation.store.record import Unit
from workstation.sync import incoming
from workstation.sync.client import Bundle
from workstation.sync.look_up import first_pages
from workstation.sync.pull.reading import linked, pages
from workstation.sync.pull.scope import PAGE, PATIENT_TYPES, Scope, followed, patient_query
from workstation.sync.pull.taking import Taking
from workstation.sync.server import Server


class Filling:
    """Fetches patients whole.

    Args:
        server: The other side.
        taking: Writes what comes.
    """

    def __init__(
        self,
        server: Server,
        taking: Taking,
    ) -> None:
        self._server = server
        self._client = server.client
        self._capabilities = server.capabilities
        self._names = server.names
        self._taking = taking
        self._everything = server.capabilities.everything

    def fill(self, scope: Scope, patient: str, now: datetime) -> None:
        """Fetch one patient and take him or her into the scope.

        Raises:
            Unavailable: The server went away; the patient is fetched again next time.
        """
        source = self._by_everything(patient)
        if source is None:
            source = self._by_searches(patient)
        held: list[Pulled] = []
        for page in source:
            if held:
                self._taking.take(held)
            held = incoming.of_page(page, self._names)

        def entered(unit: Unit, _fresh: Sequence[Pulled]) -> None:
            sync_state.enter(unit, scope.ward, patient, now)

        self._taking.take(held, entered)

    def _by_everything(self, patient: str) -> Iterator[Bundle] | None:
        """All pages, or None where the operation does not work or cannot be read to its end."""
        if not self._everything:
            return None
        there = self._names.there(f"Patient/{patient}")
        try:
            first = self._client.bundle(f"{there}/$everything?_count={PAGE}")
        except Rejected as error:
            self._everything = error.data["status"] == _NOT_FOUND and self._everything
            return None
        except Unavailable as error:
            if error.code not in ("not-fhir", "server-error"):
                raise
            return None  # the searches may say what this could not
        if first.next() is not None and self._client.following(first) is None:
            self._everything = False
            return None
        return self._to_the_end(first, patient)

    def _to_the_end(self, first: Bundle, patient: str) -> Iterator[Bundle]:
        """All pages; what does not come because the links have run out is searched for."""
        page = first
        for page in linked(self._client, first):
            yield page
        if page.next() is not None:
            yield from self._by_searches(patient)

    def _by_searches(self, patient: str) -> Iterator[Bundle]:
        there = self._names.there(f"Patient/{patient}").partition("/")[2]
        types = followed(self._capabilities.types, PATIENT_TYPES)
        queries = [patient_query(type_, [there]) for type_ in types]
        starts = [_sorted(query, "", PAGE) for query in queries]
        yield from _all_pages(self._server, queries, starts)


def _all_pages(
    server: Server,
    queries: Sequence[str],
    starts: Sequence[str],
) -> Iterator[Bundle]:
    firsts = first_pages(server, starts)
    for query, first in zip(queries, firsts, strict=True):

        def path(since: str, count: int, query: str = query) -> str:
            return _sorted(query, since, count)

        try:
            yield from pages(server.client, path, "", first)
        except Rejected:
            continue  # this server cannot search this type by patient


def _sorted(query: str, since: str, count: int) -> str:
    when = f"&_lastUpdated=ge{since}" if since else ""
    return f"{query}{when}&_sort=_lastUpdated&_count={count}"


_NOT_FOUND = 404
