"""The few FHIR interactions that sync needs, spoken the way all servers understand.

Every search carries ``Cache-Control: no-cache`` (some servers reuse an identical search for a
minute); ``next`` is followed only on the server's own origin; resources stay the bytes they came
as, with only the few fields that sync itself needs read out of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from workstation.kernel.clock import Clock
from workstation.kernel.errors import Unavailable
from workstation.sync import skew as skew_of
from workstation.sync.bundle import (
    Bundle,
    Entry,
    EntryResponse,
    Header,
    bundle_from,
    bundle_of,
    header_of,
    status_in,
    version_in,
)
from workstation.sync.courier import Courier, Flight
from workstation.sync.wire import Request, Response, Transport, raise_for

__all__ = [
    "BatchEntry",
    "Bundle",
    "Entry",
    "EntryResponse",
    "FhirClient",
    "Header",
    "bundle_from",
    "bundle_of",
    "envelope",
    "header_of",
    "status_in",
    "version_in",
    "weak_tag",
]

MOST_ENTRIES: Final = 100
"""Requests in one batch, as long as the server does not show that it takes fewer."""
_NOT_DONE: Final = frozenset({429, 503})
_FRESH = {"Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One request inside a batch or transaction.

    Attributes:
        method: ``GET``, ``PUT`` or ``POST``.
        url: Relative to the server's base.
        body: The resource as bytes of JSON; empty for a GET.
        if_match: ``W/"version"``.
        if_none_match: ``*`` or empty.
        if_none_exist: Search that must find nothing.
        full_url: ``urn:uuid:…`` that siblings may refer to.
    """

    method: str
    url: str
    body: bytes = b""
    if_match: str = ""
    if_none_match: str = ""
    if_none_exist: str = ""
    full_url: str = ""

    def encoded(self) -> bytes:
        """This entry as JSON; the resource's own bytes go in untouched."""
        request = {"method": self.method, "url": self.url}
        if self.if_match:
            request["ifMatch"] = self.if_match
        if self.if_none_match:
            request["ifNoneMatch"] = self.if_none_match
        if self.if_none_exist:
            request["ifNoneExist"] = self.if_none_exist
        entry: dict[str, Any] = {"fullUrl": self.full_url} if self.full_url else {}
        if self.body:
            entry["resource"] = msgspec.Raw(self.body)
        entry["request"] = request
        return msgspec.json.encode(entry)


class FhirClient:
    """Speaks FHIR over a transport, and watches the server's clock while doing so.

    Args:
        transport: What carries the requests.
        clock: This terminal's.
        on_skew: Told how far this terminal is ahead of the server, after each answer that says.

    Attributes:
        lets_read: Whether the server has let some record be read since `LookUp` was last made to
            forget it; then a refusal to read or write one thing is no missing sign-in.
    """

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        on_skew: Callable[[timedelta], object] = lambda _ahead: None,
    ) -> None:
        self.transport = transport
        self.compress = False
        self.most_entries = MOST_ENTRIES
        self.server_date = ""
        self.lets_read = False
        self._clock = clock
        self._on_skew = on_skew
        self._courier = Courier(self._carry)
        self._halted = False

    def halt(self) -> None:
        """Let nothing more leave after the request under way; from any thread."""
        self._halted = True

    def resume(self) -> None:
        """Undo `halt`."""
        self._halted = False

    def send(self, request: Request) -> Response:
        """Carry one request and return whatever the server answered.

        Raises:
            Unavailable: As `Transport.send`; ``halted`` after `halt`.
        """
        return self._courier.send(self._packed(request))

    def _packed(self, request: Request) -> Request:
        if self._halted:
            raise Unavailable("halted")
        return replace(request, compress=True) if self.compress and request.body else request

    def _carry(self, request: Request) -> Response:
        sent = self._clock.now()
        response = self.transport.send(request)
        ahead = skew_of.measure(sent, self._clock.now(), response.headers.get("date", ""))
        if ahead is not None:
            self.server_date = (self._clock.now() - ahead).isoformat()
            self._on_skew(ahead)
        return response

    def get(self, path: str) -> Response:
        """Read something afresh, whatever the answer."""
        return self.send(Request("GET", path, headers=_FRESH))

    def bundle(self, path: str) -> Bundle:
        """Read one Bundle.

        Raises:
            Unavailable: As `Transport.send` and `wire.raise_for`.
            Rejected: The server cannot do this search.
        """
        response = self.get(path)
        raise_for(response)
        return bundle_of(response)

    def begin_bundle(self, path: str) -> Callable[[], Bundle]:
        """Ask for one Bundle, and go on meanwhile.

        Returns:
            Waits for the Bundle and gives it; raises as `bundle`.
        """
        flight = self._courier.begin(self._packed(Request("GET", path, headers=_FRESH)))

        def landed() -> Bundle:
            response = flight.result()
            raise_for(response)
            return bundle_of(response)

        return landed

    def following(self, page: Bundle) -> str | None:
        """The path of the next page, below the server's base.

        Returns:
            None on the last page, and where the link leads to another host: never followed, so
            that neither data nor token leave; who asked continues from the last timestamp.
        """
        url = page.next()
        if url is None:
            return None
        base = self.transport.base
        if url.startswith(base + "/"):
            return url[len(base) + 1 :]
        if url.startswith(base + "?"):
            return url[len(base) :]
        parts = urlsplit(url)
        if parts.scheme or parts.netloc:
            return None
        return url.removeprefix(urlsplit(base).path).lstrip("/")

    def _learn_size(self, answers: Sequence[Entry]) -> None:
        """Some servers do only the first few requests of a batch: never send more than that."""
        done = 0
        for answer in answers:
            if status_in(answer.response.status) in _NOT_DONE:
                break
            done += 1
        rest = {status_in(answer.response.status) for answer in answers[done:]}
        if done and rest and rest <= _NOT_DONE:
            self.most_entries = min(self.most_entries, done)

    def batch(self, entries: Sequence[BatchEntry], kind: str = "batch") -> list[Entry]:
        """Send several requests as one.

        Args:
            entries: At most `most_entries`.
            kind: ``batch`` or ``transaction``.

        Returns:
            The server's entries, one for each of ours, in the same order.

        Raises:
            Unavailable: As `wire.raise_for`; ``not-fhir`` when answers are missing.
            Rejected: The server refused the Bundle as a whole.
        """
        return self._answers(self.send(_bundled(entries, kind)), entries)

    def begin_batch(self, entries: Sequence[BatchEntry]) -> BatchFlight:
        """Send a batch on its way, and go on meanwhile."""
        request = self._packed(_bundled(entries, "batch"))
        return BatchFlight(self._courier.begin(request), lambda it: self._answers(it, entries))

    def _answers(self, response: Response, entries: Sequence[BatchEntry]) -> list[Entry]:
        raise_for(response)
        answers = bundle_of(response).entry
        if len(answers) != len(entries):
            self.most_entries = max(1, min(self.most_entries, len(answers)))
            raise Unavailable("not-fhir", reason="answers-missing", got=len(answers))
        self._learn_size(answers)
        return answers


@dataclass(frozen=True, slots=True)
class BatchFlight:
    """A batch on its way."""

    _flight: Flight
    _read: Callable[[Response], list[Entry]]

    def answers(self) -> list[Entry]:
        """Wait for the answers; returns and raises as `FhirClient.batch`."""
        return self._read(self._flight.result())


def _bundled(entries: Sequence[BatchEntry], kind: str) -> Request:
    reads = all(entry.method == "GET" for entry in entries)
    return Request("POST", "", envelope(entries, kind), _FRESH, only_reads=reads)


def envelope(entries: Sequence[BatchEntry], kind: str) -> bytes:
    """A Bundle of requests as bytes."""
    inside = b",".join(entry.encoded() for entry in entries)
    return b'{"resourceType":"Bundle","type":"%s","entry":[%s]}' % (kind.encode(), inside)


def weak_tag(version: str) -> str:
    """``W/"version"``, quoted: one server ignores an unquoted one."""
    return f'W/"{version}"'
