"""Reads a search or history to its end, however the server cuts it into pages.

``next`` is followed on the server's own origin. A server that stops without a usable ``next`` is
asked again from the last timestamp on until nothing new comes; when a whole page has one and the
same timestamp the page is asked for larger, and larger than the server gives means a sweep by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from workstation.kernel.errors import Rejected, Unavailable
from workstation.sync.client import Bundle, Entry, FhirClient, bundle_from
from workstation.sync.pull.cursor import newest
from workstation.sync.pull.scope import PAGE

_LARGEST: Final = 8000
_SMALLEST_CAP: Final = 10
"""A page shorter than this is believed to be the last one even without being told so."""

Query = Callable[[str, int], str]
"""Makes the path of a search from a timestamp to start at (or none) and a page size."""


def pages(
    client: FhirClient, query: Query, start: str, first: Entry | None = None
) -> Iterator[Bundle]:
    """Every page of a search that is sorted by time.

    Args:
        client: Speaks to the server.
        query: Makes the path.
        start: From when on; empty for everything.
        first: The first page, where a batch brought it already.

    Raises:
        Unavailable: The server went away; ``ties-too-long`` when one timestamp has more rows
            than it gives at once.
        Rejected: It cannot do this search.
    """
    count = PAGE
    page = client.bundle(query(start, count)) if first is None else bundle_from(first)
    while True:
        got: list[Bundle] = []
        for page in linked(client, page):  # noqa: B020 - goes on where the links end
            got.append(page)
            yield page
        if (len(got) > 1 and page.next() is None) or _is_whole(got, page):
            return
        last = newest(last_stamps(page))
        if last and last != start:
            start = last
        elif count < _LARGEST:
            count *= 4
        else:
            raise Unavailable("ties-too-long")
        again = client.bundle(query(start, count))
        nothing_more = _ids(again) <= _ids(page) and len(again.entry) <= len(page.entry)
        if nothing_more and again.next() is None:
            return
        page = again


def linked(client: FhirClient, first: Bundle) -> Iterator[Bundle]:
    """A page and those that follow it by ``next`` on the server's own origin.

    The next page is asked for before the one at hand is given out, so that storing a page and
    waiting for the next go on side by side. A link that the server refuses has run out, as links
    do: the last page then still names it, and who asked goes on in another way.

    Raises:
        Unavailable: The server went away; ``not-fhir`` when the links lead in a circle.
    """
    page, seen = first, set[str]()
    while (following := client.following(page)) is not None:
        if following in seen:
            yield page
            raise Unavailable("not-fhir", reason="pages-in-a-circle")
        seen.add(following)
        coming = client.begin_bundle(following)
        yield page
        try:
            page = coming()
        except Rejected:
            return
    yield page


def _is_whole(got: list[Bundle], page: Bundle) -> bool:
    matches = sum(_matches(each) for each in got)
    if page.total is not None and page.next() is None:
        return matches >= page.total
    return page.next() is None and _matches(page) < _SMALLEST_CAP


def _matches(page: Bundle) -> int:
    return sum(entry.search.mode == "match" for entry in page.entry)


def _ids(page: Bundle) -> set[str]:
    return {entry.fullUrl or bytes(entry.resource)[:80].decode() for entry in page.entry}


def last_stamps(page: Bundle) -> list[str]:
    """The times of a page's resources, read without reading the resources."""
    return [stamp for entry in page.entry if (stamp := entry.stamp())]
