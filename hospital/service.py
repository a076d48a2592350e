"""The hospital: takes a request, gives a response, whatever carries them."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final

import msgspec

from hospital.auth.gate import Gate
from hospital.interactions.batch import process
from hospital.interactions.call import Answer, Call, Limits, etag, location
from hospital.interactions.capability import capabilities
from hospital.interactions.content import parsed
from hospital.interactions.fetch import fetch
from hospital.interactions.write import create, remove, sent, update, update_matching
from hospital.outcome import Fault, bad_request, not_found, not_now, unsupported
from hospital.packing import packed, unpacked
from hospital.search.query import pairs_of
from hospital.store.database import Database
from hospital.wire import FHIR_JSON, Request, Response
from workstation.kernel.clock import Clock, SystemClock
from workstation.kernel.errors import Unavailable

BASE: Final = "/fhir"
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode
_log = logging.getLogger(__name__)


class Hospital:
    """A FHIR R4 server.

    Args:
        url: The database, as an SQLAlchemy URL; ``sqlite://`` for one in memory.
        clock: The server's clock.
        demo: Whether requests without a token are allowed.
        limits: How much one request may ask.
        public: Scheme and host that clients use, when a proxy stands before us.
        connections: At most so many to a database server; 0 for the usual number.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        demo: bool = False,
        limits: Limits | None = None,
        public: str = "",
        connections: int = 0,
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.database = Database(url, self.clock, connections=connections)
        self.gate = Gate(self.database, demo=demo)
        self.limits = limits or Limits()
        self._public = public.rstrip("/")
        self._started = self.database.now()

    def handle(self, request: Request) -> Response:
        """Answer one request; never raises, whatever it is sent."""
        try:
            response = self._answered(request)
        except Fault as fault:
            response = _failed(fault)
        except Unavailable as error:
            _log.warning("request put off: %s", error)
            response = _failed(not_now(error))
        except Exception:  # noqa: BLE001 - the edge of the server: one request fails, not all
            mark = uuid.uuid4().hex[:12]
            _log.exception("request failed, mark %s", mark)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            response = _failed(Fault(status, "exception", f"an error of ours, mark {mark}"))
        response.headers["Date"] = formatdate(self.clock.now().timestamp(), usegmt=True)
        response.headers["X-Server-Epoch"] = self.database.epoch
        if request.method == "HEAD":
            return Response(response.status, response.headers)
        return packed(request, response)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _answered(self, request: Request) -> Response:
        origin = self._public or request.origin
        limits = self.limits
        body = unpacked(request, largest=limits.body, largest_unpacked=limits.unpacked)
        aside = self.gate.answer(request, origin, body)
        if aside is not None:
            return aside
        path = request.path.rstrip("/")
        if path != BASE and not path.startswith(f"{BASE}/"):
            raise not_found("this address; FHIR is at /fhir, it")
        parts = [part for part in path.removeprefix(BASE).split("/") if part]
        open_to_all = parts == ["metadata"]
        principal = self.gate.principal(request, needed=not open_to_all)
        call = Call(self.database, f"{origin}{BASE}", principal, request.headers, limits)
        if open_to_all and request.method in ("GET", "HEAD"):
            with self.database.read() as view:
                answer = capabilities(call, view, started=self._started, demo=self.gate.demo)
        else:
            answer = self._interaction(call, request, parts, body)
        return _shown(call, answer, reading=request.method in ("GET", "HEAD"))

    def _interaction(self, call: Call, request: Request, parts: list[str], body: bytes) -> Answer:
        if request.method in ("GET", "HEAD"):
            pairs = pairs_of(request.query, blank=True)
            with self.database.read() as view:
                return fetch(call, view, parts, pairs)
        carry_out = _METHODS.get(request.method)
        if carry_out is None:
            raise unsupported(request.method[:20])
        return carry_out(call, request, parts, body)


def _post(call: Call, request: Request, parts: list[str], body: bytes) -> Answer:
    if not parts:
        return process(call, parsed(body))
    if parts[-1] == "_search":
        pairs = pairs_of(request.query) + pairs_of(_form(request, body))
        with call.database.read() as view:
            return fetch(call, view, parts[:-1], pairs)
    if len(parts) != 1:
        raise unsupported("POST to this address")
    new = sent(_content(request, body), parts[0], None)
    with call.database.write() as unit:
        query = request.headers.get("if-none-exist", "")
        return create(call, unit, parts[0], new, query=query)


def _put(call: Call, request: Request, parts: list[str], body: bytes) -> Answer:
    if_match = request.headers.get("if-match", "")
    match parts:
        case [type_] if request.query:
            new = sent(_content(request, body), type_, None)
            with call.database.write() as unit:
                query = request.query
                return update_matching(call, unit, type_, new, query, if_match=if_match)
        case [type_, id_]:
            new = sent(_content(request, body), type_, id_)
            absent = request.headers.get("if-none-match", "")
            with call.database.write() as unit:
                return update(call, unit, type_, new, if_match=if_match, if_none_match=absent)
        case _:
            raise unsupported("PUT to this address")


def _delete(call: Call, request: Request, parts: list[str], _body: bytes) -> Answer:
    match parts:
        case [type_, id_]:
            with call.database.write() as unit:
                if_match = request.headers.get("if-match", "")
                return remove(call, unit, type_, id_, if_match=if_match)
        case _:
            raise unsupported("DELETE of this address")


_METHODS: Final[dict[str, Callable[[Call, Request, list[str], bytes], Answer]]] = {
    "POST": _post,
    "PUT": _put,
    "DELETE": _delete,
}


def _content(request: Request, body: bytes) -> dict[str, Any]:
    kind = request.headers.get("content-type", "application/fhir+json").lower()
    if "json" not in kind:
        raise Fault(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-supported", "application/fhir+json is expected"
        )
    return parsed(body)


def _form(request: Request, body: bytes) -> str:
    kind = request.headers.get("content-type", "")
    if "x-www-form-urlencoded" not in kind:
        raise Fault(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "not-supported",
            "application/x-www-form-urlencoded is expected",
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad_request("the form is not in UTF-8") from error


def _shown(call: Call, answer: Answer, *, reading: bool) -> Response:
    headers = dict(answer.headers)
    if answer.version:
        headers["ETag"] = etag(answer.version)
        headers["Last-Modified"] = formatdate(answer.version.at / 1000, usegmt=True)
        if answer.status == HTTPStatus.CREATED:
            headers["Location"] = location(call, answer.version)
    body = b""
    short = not reading and answer.version is not None and call.prefers("return=minimal")
    if answer.resource is not None and not short:
        headers["Content-Type"] = FHIR_JSON
        body = _encode(answer.resource)
    return Response(answer.status, headers, body)


def _failed(fault: Fault) -> Response:
    headers = {"Content-Type": FHIR_JSON, **fault.headers}
    return Response(fault.status, headers, _encode(fault.outcome))
