"""One request and one answer, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

FHIR_JSON = "application/fhir+json; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks.

    Attributes:
        method: ``GET``, ``PUT`` …
        path: From the root of the server, such as ``/fhir/Patient/1``, percent-decoded.
        query: What follows the ``?``, still encoded.
        headers: By name in lower case.
        body: As received, perhaps compressed.
        origin: Scheme, host and port under which the client reached us.
        client: Network address of the client, for throttling; empty when unknown.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    origin: str = "http://hospital.test"
    client: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answers.

    Attributes:
        status: HTTP status code.
        headers: By name as sent.
        body: As sent, perhaps compressed.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES


class Handler(Protocol):
    """Whoever answers requests: the hospital, or a double of it."""

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        ...
