"""A transport that hands requests to a hospital in the same process, traps included."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from hospital.wire import Handler
from hospital.wire import Request as HospitalRequest
from tests.kit.hospital_double import BASE, ORIGIN
from workstation.kernel.errors import Unavailable
from workstation.sync.wire import FHIR_JSON, Request, Response, accepted


class DirectTransport:
    """Sends to anything that answers like ``Hospital.handle``.

    Args:
        hospital: The server, or its double.
        before: Called with each request before it leaves, for what happens meanwhile.
    """

    base = BASE

    def __init__(
        self, hospital: Handler, before: Callable[[Request], object] = lambda _request: None
    ) -> None:
        self.hospital = hospital
        self.before = before
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        self.before(request)
        self.sent.append(request)
        parts = urlsplit(f"{self.base}/{request.path}" if request.path else self.base)
        headers = {"accept": FHIR_JSON, "content-type": FHIR_JSON}
        headers |= {name.lower(): value for name, value in request.headers.items()}
        body = request.body
        if request.compress and body:
            body = gzip.compress(body, 1)
            headers["content-encoding"] = "gzip"
        try:
            answer = self.hospital.handle(
                HospitalRequest(
                    request.method, unquote(parts.path), parts.query, headers, body, ORIGIN
                )
            )
        except ConnectionRefusedError as error:
            raise Unavailable("offline") from error
        except ConnectionError as error:
            raise Unavailable("cut") from error
        found = {name.lower(): value for name, value in answer.headers.items()}
        length = int(found.get("content-length", len(answer.body)))
        if length > len(answer.body):
            raise Unavailable("cut")
        return accepted(Response(answer.status, found, answer.body), request.method)
