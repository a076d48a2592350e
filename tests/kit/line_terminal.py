"""A terminal on the true transport, and what the true server at the other end really holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hospital.wire import Handler, Request, Response
from tests.kit.ward import WARD, patient, places, stay
from tests.kit.ward_terminal import Terminal
from workstation.fhir.json import Resource, dump_bytes, parse
from workstation.kernel.clock import Clock, SystemClock
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport, Limits
from workstation.sync.wire import Credentials


class _NoShortcut:
    """What would be asked without a line: nobody."""

    def handle(self, request: Request) -> Response:
        raise AssertionError(f"{request.method} {request.path} did not go over the line")


class LineTerminal(Terminal):
    """A terminal that reaches its server by HTTP only.

    Args:
        folder: Where its store lies.
        base: The server's base, or that of the proxy before it.
        number: Which terminal, and whose hands are on it.
        clock: Its clock; the machine's if not given.
        credentials: How it signs in, if the server asks.
        limits: Of its transport.
    """

    def __init__(
        self,
        folder: Path,
        base: str,
        number: int = 1,
        *,
        clock: Clock | None = None,
        credentials: Credentials | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.line = HttpTransport(base, credentials, limits=limits or Limits())
        super().__init__(folder, _NoShortcut(), number, clock=clock or SystemClock())  # type: ignore[arg-type]

    def new_engine(self) -> SyncEngine:
        return SyncEngine(self.store, self.line, Scope(WARD), self.clock, numbers=())

    def __enter__(self) -> LineTerminal:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        super().close()
        self.line.close()


class Ledger:
    """What a server holds, asked without any proxy.

    Args:
        server: Answers like ``Hospital.handle``.
        headers: With every request.
    """

    def __init__(self, server: Handler, **headers: str) -> None:
        self._server = server
        self._headers = headers

    def ask(self, method: str, path: str, body: bytes = b"") -> Response:
        """One request by hand, relative to the base."""
        address, _, query = path.partition("?")
        kind = {"content-type": "application/fhir+json"} if body else {}
        return self._server.handle(
            Request(method, f"/fhir/{address}".rstrip("/"), query, self._headers | kind, body)
        )

    def put(self, *resources: Resource) -> None:
        """Give it resources, as another program does."""
        for each in resources:
            answer = self.ask("PUT", f"{each['resourceType']}/{each['id']}", dump_bytes(each))
            assert answer.status in (200, 201), answer.body

    def furnish(self, beds: int = 2) -> None:
        """Give it a ward with a patient in each bed."""
        self.put(*places(beds))
        for number in range(1, beds + 1):
            self.put(patient(number), stay(number))

    def resource(self, name: str) -> Resource | None:
        """One living resource by ``Type/id``."""
        answer = self.ask("GET", name)
        return parse(answer.body) if answer.status == 200 else None

    def versions(self, name: str) -> list[dict[str, Any]]:
        """The entries of one resource's history, newest first; deletions too."""
        answer = self.ask("GET", f"{name}/_history?_count=1000")
        return parse(answer.body).get("entry", []) if answer.status == 200 else []

    def ids(self, type_: str) -> set[str]:
        """``Type/id`` of everything alive of one type."""
        return {f"{type_}/{each['id']}" for each in self.every(type_, "_elements=id&")}

    def every(self, type_: str, narrowed: str = "") -> list[Resource]:
        """Everything alive of one type."""
        entries = self._pages(f"{type_}?{narrowed}_count=1000")
        return [each["resource"] for each in entries if each["search"]["mode"] == "match"]

    def history(self) -> list[str]:
        """``Type/id`` of each version of everything, in the order of arrival."""
        entries = self._pages("_history?_count=1000")
        return [each["fullUrl"].partition("/fhir/")[2] for each in reversed(entries)]

    def _pages(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while path:
            page = parse(self.ask("GET", path).body)
            found += page.get("entry", [])
            links = [each["url"] for each in page["link"] if each["relation"] == "next"]
            path = links[0].partition("/fhir/")[2] if links else ""
            if links and not path:
                path = links[0].partition("/fhir")[2].lstrip("/")
        return found
