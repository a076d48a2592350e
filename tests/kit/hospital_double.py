"""The reference hospital in memory, with switches for what other servers do and what goes wrong.

Everything is done to the requests and answers of the true server, so that the server itself has
no unsafe mode. ``HospitalDouble(Behaviour(opaque_versions=True))`` behaves so from the start;
``double.behaviour`` may be changed at any time. What happens once is asked for by a method, such
as `HospitalDouble.lose_answers`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hospital.interactions.call import Limits
from hospital.service import Hospital
from hospital.wire import FHIR_JSON, Request, Response
from tests.kit import hospital_habits as habits
from tests.kit.hospital_versions import OpaqueVersions
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.clock import Clock, SystemClock

ORIGIN = "http://hospital.test"
BASE = f"{ORIGIN}/fhir"


class AnswerLost(ConnectionError):
    """The connection broke after the server had done the work."""


class Down(ConnectionRefusedError):
    """Nobody listens."""


@dataclass
class Behaviour:
    """What a server does differently from ours. The defaults are ours.

    Attributes:
        refuses_client_ids: Status (404 or 405) for a PUT of an unknown id; 0 takes it.
        history: ``system``, ``instance`` (only one resource's) or ``none``.
        ignores_if_none_match: Overwrites in spite of ``If-None-Match: *``.
        ignores_if_match: Overwrites in spite of a stale ``If-Match``.
        stale_status: What a stale ``If-Match`` gives.
        opaque_versions: Version ids are UUIDs.
        loses_zeros: ``1.10`` is stored as ``1.1``.
        page_limit: Most matches on a page; 0 for ours.
        batch_answers: Of a batch only so many entries are done; the others get 503. 0: all.
        batch_omits: The entries not done are missing from the answer, instead.
        transaction_not_atomic: A transaction is run as a batch.
        refuses_gzip: A gzip body gives 500.
        late_commits: What is written shows in searches only so many requests later.
        coarse_time: ``lastUpdated`` is cut to whole seconds, so that many are equal.
        next_elsewhere: ``next`` links point to another host.
        referential_integrity: A reference to what is not there gives 422 (409 for HAPI).
        no_everything: ``$everything`` gives 404.
        no_transaction: A transaction gives 400.
        largest_bundle: More entries give 413; 0 for ours.
        refuses: What says this word gives 422; empty for nothing.
        knows: Types that it says it has; empty for ours.
    """

    refuses_client_ids: int = 0
    history: str = "system"
    ignores_if_none_match: bool = False
    ignores_if_match: bool = False
    stale_status: int = 412
    opaque_versions: bool = False
    loses_zeros: bool = False
    page_limit: int = 0
    batch_answers: int = 0
    batch_omits: bool = False
    transaction_not_atomic: bool = False
    refuses_gzip: bool = False
    late_commits: int = 0
    coarse_time: bool = False
    next_elsewhere: bool = False
    referential_integrity: int = 0
    no_everything: bool = False
    no_transaction: bool = False
    largest_bundle: int = 0
    refuses: str = ""
    knows: tuple[str, ...] = ()


SERVERS: dict[str, Callable[[], Behaviour]] = {
    "ours": Behaviour,
    "refuses-client-ids": lambda: Behaviour(refuses_client_ids=404),
    "refuses-client-ids-405": lambda: Behaviour(refuses_client_ids=405),
    "instance-history-only": lambda: Behaviour(history="instance"),
    "no-history-no-everything": lambda: Behaviour(history="none", no_everything=True),
    "ignores-if-none-match": lambda: Behaviour(ignores_if_none_match=True),
    "opaque-versions": lambda: Behaviour(opaque_versions=True),
    "loses-zeros": lambda: Behaviour(loses_zeros=True),
    "pages-of-50": lambda: Behaviour(page_limit=50),
    "batch-in-part": lambda: Behaviour(batch_answers=7),
    "batch-omits": lambda: Behaviour(batch_answers=7, batch_omits=True),
    "transaction-not-atomic": lambda: Behaviour(transaction_not_atomic=True),
    "stale-409": lambda: Behaviour(stale_status=409),
    "gzip-500": lambda: Behaviour(refuses_gzip=True),
    "late-commits": lambda: Behaviour(late_commits=4, coarse_time=True),
    "next-elsewhere": lambda: Behaviour(next_elsewhere=True, page_limit=50),
    "referential-integrity": lambda: Behaviour(referential_integrity=422),
    "like-medplum": lambda: Behaviour(
        refuses_client_ids=404,
        history="instance",
        opaque_versions=True,
        loses_zeros=True,
        transaction_not_atomic=True,
        ignores_if_none_match=True,
        no_everything=True,
    ),
}
"""Servers that a workstation must work with, by name: for parametrised tests."""

UNSAFE: dict[str, Callable[[], Behaviour]] = {
    "ignores-if-match": lambda: Behaviour(ignores_if_match=True),
}
"""Servers that a workstation must recognise as unsafe."""


@dataclass
class Seen:
    """One request as the server saw it."""

    method: str
    path: str
    query: str
    status: int


@dataclass
class HospitalDouble:
    """A hospital with habits; answers like ``Hospital.handle``.

    Attributes:
        behaviour: Its habits; may be changed while it runs.
        clock: The server's clock.
        down: Nobody listens.
        seen: Every request that reached it.
    """

    behaviour: Behaviour = field(default_factory=Behaviour)
    clock: Clock = field(default_factory=SystemClock)
    down: bool = False
    seen: list[Seen] = field(default_factory=list)
    base: str = BASE

    def __post_init__(self) -> None:
        self.hospital = Hospital("sqlite://", clock=self.clock, demo=True)
        self._once: deque[tuple[Callable[[Request], bool], Callable[..., Response]]] = deque()
        self._versions = OpaqueVersions()
        self._late = habits.LateCommits()

    # What is asked of it.

    def handle(self, request: Request) -> Response:
        """Answer one request.

        Raises:
            Down: while it is down.
            AnswerLost: when this answer was to be lost.
        """
        if self.down:
            raise Down("connection refused")
        answer = self._next_accident(request) or self._habitual
        response = answer(request)
        self.seen.append(Seen(request.method, request.path, request.query, response.status))
        return response

    def ask(
        self,
        method: str,
        path: str,
        content: dict[str, Any] | bytes | None = None,
        **headers: str,
    ) -> Response:
        """A request by hand: ``ask("PUT", "Patient/1", {...}, if_match='W/"1"')``."""
        address, _, query = path.partition("?")
        body = content if isinstance(content, bytes) else dump_bytes(content) if content else b""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.handle(Request(method, f"/fhir/{address}".rstrip("/"), query, named, body))

    # What it holds.

    def resources(self) -> dict[str, dict[str, Any]]:
        """Every living resource by ``Type/id``."""
        every = self.hospital.handle(Request("GET", "/fhir/_history", "_count=1000"))
        found: dict[str, dict[str, Any]] = {}
        gone: set[str] = set()
        while True:
            page = parse(every.body)
            for entry in page.get("entry", []):
                name = entry["fullUrl"].removeprefix(f"{BASE}/")
                if name not in found and name not in gone:
                    if "resource" in entry:
                        found[name] = entry["resource"]
                    else:
                        gone.add(name)
            url = habits.link(page, "next")
            if not url:
                return found
            every = self.hospital.handle(Request("GET", "/fhir/_history", url.split("?", 1)[1]))

    def resource(self, name: str) -> dict[str, Any] | None:
        """One living resource by ``Type/id``."""
        response = self.hospital.handle(Request("GET", f"/fhir/{name}"))
        return parse(response.body) if response.ok else None

    def versions(self, name: str) -> list[dict[str, Any]]:
        """Every version of one resource, newest first."""
        query = "_count=1000"
        response = self.hospital.handle(Request("GET", f"/fhir/{name}/_history", query))
        entries = parse(response.body).get("entry", []) if response.ok else []
        return [entry["resource"] for entry in entries if "resource" in entry]

    # What befalls it.

    def when(self, applies: Callable[[Request], bool], answer: Callable[..., Response]) -> None:
        """Answer the next request that `applies` by ``answer(request)`` instead."""
        self._once.append((applies, answer))

    def lose_answers(
        self, times: int = 1, applies: Callable[[Request], bool] = lambda _: True
    ) -> None:
        """Do what is asked, then break the connection."""
        for _ in range(times):
            self.when(applies, self._do_and_lose)

    def lose_requests(
        self, times: int = 1, applies: Callable[[Request], bool] = lambda _: True
    ) -> None:
        """Break the connection before anything is done."""
        for _ in range(times):
            self.when(applies, _break)

    def throttle(self, times: int = 1, *, seconds: int = 1, status: int = 429) -> None:
        """Answer 429 (or 503) with ``Retry-After``."""
        for _ in range(times):
            self.when(
                lambda _: True, lambda _: Response(status, {"Retry-After": str(seconds)}, b"")
            )

    def answer_html(self, times: int = 1) -> None:
        """Answer as a hotel's log-in page does: 200, HTML."""
        page = Response(200, {"Content-Type": "text/html"}, b"<html><body>Welcome</body></html>")
        for _ in range(times):
            self.when(lambda _: True, lambda _: page)

    def cut_in_headers(self, times: int = 1) -> None:
        """Do what is asked; of the answer arrives the status line and nothing else."""
        for _ in range(times):
            self.when(lambda _: True, lambda request: Response(self._do(request).status))

    def cut_in_body(self, times: int = 1) -> None:
        """Do what is asked; half of the body arrives."""
        for _ in range(times):
            self.when(lambda _: True, self._halved)

    def sign_out(self, times: int = 1) -> None:
        """Answer 401."""
        body = b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login"}]}'
        for _ in range(times):
            self.when(lambda _: True, lambda _: Response(401, {"Content-Type": FHIR_JSON}, body))

    def snapshot(self) -> bytes:
        """A backup of its database."""
        connection = self.hospital.database.engine.raw_connection()
        return bytes(connection.driver_connection.serialize())  # type: ignore[union-attr]

    def restore(self, backup: bytes) -> None:
        """Put an older backup in place, as an administrator does after a crash."""
        connection = self.hospital.database.engine.raw_connection()
        connection.driver_connection.deserialize(backup)  # type: ignore[union-attr]

    def empty(self) -> None:
        """Make the database anew: nothing in it, another epoch."""
        self.hospital.close()
        self.hospital = Hospital("sqlite://", clock=self.clock, demo=True)

    def wipe(self) -> None:
        """Lose every resource and keep the epoch: an accident that only counting tells."""
        with self.hospital.database.accounts() as connection:
            for table in ("resource", "history", "token", "link", "moment", "word"):
                connection.exec_driver_sql(f"DELETE FROM {table}")

    def close(self) -> None:
        """Let go of the database."""
        self.hospital.close()

    # How it does it.

    def _next_accident(self, request: Request) -> Callable[..., Response] | None:
        for accident in self._once:
            if accident[0](request):
                self._once.remove(accident)
                return accident[1]
        return None

    def _do(self, request: Request) -> Response:
        return self._habitual(request)

    def _do_and_lose(self, request: Request) -> Response:
        response = self._habitual(request)
        self.seen.append(Seen(request.method, request.path, request.query, response.status))
        raise AnswerLost("connection reset")

    def _halved(self, request: Request) -> Response:
        response = self._habitual(request)
        headers = {**response.headers, "Content-Length": str(len(response.body))}
        return Response(response.status, headers, response.body[: len(response.body) // 2])

    def _habitual(self, request: Request) -> Response:
        conduct = self.behaviour
        self.hospital.limits = Limits(
            page=conduct.page_limit or Limits().page,
            entries=conduct.largest_bundle or Limits().entries,
        )
        refused = habits.refusal(conduct, request)
        if refused is not None:
            return refused
        request = habits.changed_request(conduct, habits.unzipped(request))
        if conduct.opaque_versions:
            request = self._versions.inward(request)
        if habits.is_bundle(request):
            response = habits.answer_bundle(conduct, self.hospital, request)
        else:
            response = habits.answer_single(conduct, self.hospital, request)
        if conduct.late_commits:
            response = self._late.hide(request, response, conduct.late_commits)
        response = habits.changed_response(conduct, response)
        return self._versions.outward(response) if conduct.opaque_versions else response


def _break(_request: Request) -> Response:
    raise AnswerLost("connection reset")
