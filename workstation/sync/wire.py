"""The shape of what goes over the wire, and what may be believed of what comes back.

A request is a value, an answer is a value, and a `Transport` turns one into the other. Whether an
answer can be believed is decided here and nowhere else, because networks lie in known ways: a
reply cut inside its headers looks like ``200`` with an empty body, a proxy answers its log-in page
with ``200``. A success counts only if it is FHIR JSON, whole, parsable, and of the type asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Protocol

from workstation.fhir import json as fhir_json
from workstation.kernel.errors import Refused, Rejected, Unavailable

FHIR_JSON = "application/fhir+json"
_JSON_TYPES = (FHIR_JSON, "application/json")
_NO_CONTENT_NEEDED = ("PUT", "POST", "DELETE")


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the server.

    Attributes:
        method: ``GET``, ``PUT``, ``POST`` or ``DELETE``.
        path: Relative to the server's base, query included, without a leading slash.
        body: Bytes of FHIR JSON; empty for none.
        headers: Beside those that every request carries.
        compress: Whether the body may travel gzipped.
        only_reads: Whether a POST changes nothing there, as a batch of readings.
    """

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    compress: bool = False
    only_reads: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether it may be sent again without a thought when it broke off."""
        return self.method == "GET" or self.only_reads


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, as it came.

    Attributes:
        status: HTTP status.
        headers: By lower-case name.
        body: Decompressed bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def success(self) -> bool:
        """Whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Transport(Protocol):
    """Anything that can carry a request to one FHIR server."""

    @property
    def base(self) -> str:
        """The server's base address, without a trailing slash."""
        ...

    def send(self, request: Request) -> Response:
        """Carry one request.

        Raises:
            Unavailable: The server could not be reached, or what came was not its whole answer.
        """
        ...


class PostForm(Protocol):
    """Posts a form to an absolute address, as token endpoints want it."""

    def __call__(self, url: str, form: Mapping[str, str]) -> Response:
        """Post `form` to `url` without credentials."""
        ...


class PostJson(Protocol):
    """Posts JSON to an absolute address."""

    def __call__(self, url: str, body: bytes) -> Response:
        """Post `body` to `url` without credentials."""
        ...


class Credentials(Protocol):
    """Where the ``Authorization`` header comes from."""

    def header(self, post: PostForm) -> str:
        """The header's value now, empty for none; a token is fetched through `post`."""
        ...

    def forget(self) -> bool:
        """Drop a token that the server refused; whether another one can be had."""
        ...


def accepted(response: Response, method: str = "GET") -> Response:
    """Let a success pass only if it can be believed.

    Raises:
        Unavailable: ``not-fhir``: something between here and the server answered in its place.
    """
    if not response.success:
        return response
    if not response.body:
        if _may_be_empty(response, method):
            return response
        raise Unavailable("not-fhir", status=response.status, reason="empty")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON_TYPES:
        raise Unavailable("not-fhir", status=response.status, reason=kind or "no-content-type")
    return response


def object_of(response: Response) -> dict[str, Any]:
    """Read the JSON object in a successful answer.

    Raises:
        Unavailable: ``not-fhir``: no JSON object.
    """
    try:
        return fhir_json.parse(response.body)
    except Refused as error:
        raise Unavailable("not-fhir", status=response.status, reason="not-json") from error


def resource_of(response: Response, expected: str = "") -> dict[str, Any]:
    """Read the resource in a successful answer.

    Args:
        response: What came back.
        expected: The ``resourceType`` that was asked for; empty for any.

    Raises:
        Unavailable: ``not-fhir``: not JSON, or no resource, or one of another type.
    """
    resource = object_of(response)
    found = resource.get("resourceType")
    if not isinstance(found, str) or (expected and found != expected):
        raise Unavailable("not-fhir", status=response.status, reason="other-type")
    return resource


def raise_for(response: Response) -> None:
    """Turn an answer that is no success into the error of its family.

    Raises:
        Unavailable: ``sign-in`` (401, 403), ``throttled`` (429, 503, with ``retry_after``),
            ``server-error`` (other 5xx), ``wrong-address`` (a redirect to elsewhere).
        Rejected: Any other 4xx, with the server's words in ``outcome``.
    """
    status = response.status
    if response.success:
        return
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Unavailable("sign-in", status=status)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        raise Unavailable("throttled", status=status, retry_after=retry_after(response.headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable("server-error", status=status)
    if status < HTTPStatus.BAD_REQUEST:
        raise Unavailable("wrong-address", status=status)
    raise Rejected("refused-by-server", status=status, outcome=outcome_text(response.body))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait.

    ``Retry-After`` in seconds or as a date (by the server's own ``Date``), else ``RateLimit`` in
    any of its forms (``"default";r=0;t=5``, ``remaining=0, reset=5``, ``RateLimit-Reset: 5``).
    """
    plain = headers.get("retry-after", "").strip()
    if plain.isdigit():
        return float(plain)
    until, now = _http_date(plain), _http_date(headers.get("date", ""))
    if until is not None and now is not None:
        return max(0.0, (until - now).total_seconds())
    for part in headers.get("ratelimit", "").replace(",", ";").split(";"):
        name, _, value = part.strip().partition("=")
        if name in ("t", "reset") and value.isdigit():
            return float(value)
    reset = headers.get("ratelimit-reset", "").strip()
    return float(reset) if reset.isdigit() else None


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def outcome_text(body: bytes | str) -> str:
    """The server's own words in an OperationOutcome, one issue a line; empty if there is none."""
    try:
        outcome = fhir_json.parse(body)
    except Refused:
        return ""
    return outcome_words(outcome)


def outcome_words(outcome: Mapping[str, Any]) -> str:
    """As `outcome_text`, for an outcome that is read already."""
    issues = outcome.get("issue")
    if outcome.get("resourceType") != "OperationOutcome" or not isinstance(issues, list):
        return ""
    return "\n".join(filter(None, (_issue_words(issue) for issue in issues)))


def _issue_words(issue: Any) -> str:
    if not isinstance(issue, dict):
        return ""
    details = issue.get("details")
    text = details.get("text") if isinstance(details, dict) else None
    words = issue.get("diagnostics") or text or issue.get("code")
    if not isinstance(words, str):
        return ""
    places = issue.get("expression")
    place = places[0] if isinstance(places, list) and places else ""
    return f"{place}: {words}" if place else words


def _may_be_empty(response: Response, method: str) -> bool:
    if response.status == HTTPStatus.NO_CONTENT:
        return True
    return method in _NO_CONTENT_NEEDED and response.headers.get("content-length") == "0"
