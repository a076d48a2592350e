"""Carries requests to the hospital's server by HTTP, and never mistakes half an answer for one.

The traps that shaped this file: the environment's CA variables override a session's (so
``trust_env`` is off and proxies are given here); a body whose length nobody announced may be cut
anywhere (so it is refused); a redirect may lead to another host (so none is followed); an endless
body fills the memory (so its size is bounded while it streams in); one that dribbles would hold a
round for ever (so the whole request has a bound, see `patience`).
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from workstation.kernel.errors import Refused, Unavailable
from workstation.sync.patience import POOLS, Pace, patience
from workstation.sync.wire import FHIR_JSON, Credentials, Request, Response, Transport, accepted

__all__ = ["HttpTransport", "Request", "Response", "Tls", "Transport"]

_CHUNK = 64 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_WORTH_COMPRESSING = 1024
_BROKE_OFF = ("offline", "cut", "not-fhir")
"""A bad line or a proxy gives these once and then no more; a timeout has waited long enough."""

# It logs whole addresses, which name patients; what it would warn of is refused here anyway.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Tls:
    """How the server proves who it is.

    Attributes:
        ca_bundle: PEM file of the hospital's own authority; None for the public ones.
        fingerprint: SHA-256 of the server's certificate, pinned in addition to the CA check.
        allow_plain: Whether ``http://`` to another machine is accepted: never on a ward.
    """

    ca_bundle: Path | None = None
    fingerprint: str | None = None
    allow_plain: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait and how much to take.

    Attributes:
        connect_s: Seconds to wait for a connection.
        pace: How long the request may take once there is one.
        body_bytes: Largest answer taken, decompressed.
        read_again: How often what only reads is asked again at once when it broke off.
    """

    connect_s: float = 5.0
    pace: Pace = field(default_factory=Pace)
    body_bytes: int = 64 * 1024 * 1024
    read_again: int = 2


class _BoundedAdapter(HTTPAdapter):
    """Keeps connections on which no wait outlasts the request."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager


class _PinnedAdapter(_BoundedAdapter):
    """Accepts only one certificate, whatever any authority has signed."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, assert_fingerprint=self._fingerprint)


@dataclass
class HttpTransport:
    """A connection to one FHIR server.

    Args:
        base: The server's base address, such as ``https://his.example/fhir``.
        credentials: None for a server that asks for none (the demo).
        tls: How the server proves who it is.
        limits: How long to wait and how much to take.
        proxies: By scheme; the environment's are never used.

    Raises:
        Refused: ``bad-address``: not an http address; ``insecure-address``: plain http to
            another machine.
    """

    base: str
    credentials: Credentials | None = None
    tls: Tls = field(default_factory=Tls)
    limits: Limits = field(default_factory=Limits)
    proxies: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the address and prepare the connection."""
        self.base = checked_address(self.base, allow_plain=self.tls.allow_plain)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.proxies = dict(self.proxies)
        self._session.verify = str(self.tls.ca_bundle) if self.tls.ca_bundle else True
        pinned = self.tls.fingerprint
        self._session.mount("http://", _BoundedAdapter())
        self._session.mount("https://", _PinnedAdapter(pinned) if pinned else _BoundedAdapter())

    def send(self, request: Request) -> Response:
        """Carry one request; a refused token is renewed once, a reading that broke off repeated.

        Raises:
            Unavailable: ``offline``, ``timeout``, ``untrusted-server``, ``cut``, ``too-large``,
                ``not-fhir``, ``wrong-address``.
        """
        left = self.limits.read_again if request.repeatable else 0
        while True:
            try:
                return self._signed_in(request)
            except Unavailable as error:
                if not left or error.code not in _BROKE_OFF:
                    raise
            left -= 1

    def _signed_in(self, request: Request) -> Response:
        response = self._send_once(request, self.credentials)
        if (
            response.status == HTTPStatus.UNAUTHORIZED
            and self.credentials is not None
            and self.credentials.forget()
        ):
            response = self._send_once(request, self.credentials)
        return accepted(response, request.method)

    def send_openly(self, request: Request) -> Response:
        """Carry one request without credentials, as to ask where to get some.

        Raises:
            Unavailable: As `send`.
        """
        return accepted(self._send_once(request, None), request.method)

    def close(self) -> None:
        """Give the sockets back."""
        self._session.close()

    def post_form(self, url: str, form: Mapping[str, str]) -> Response:
        """Post a form to an absolute address, without credentials."""
        checked_address(url, allow_plain=self.tls.allow_plain)
        headers = {"Accept": "application/json"}
        return self._carry("POST", url, headers, dict(form))

    def post_json(self, url: str, body: bytes) -> Response:
        """Post JSON to an absolute address, without credentials."""
        checked_address(url, allow_plain=self.tls.allow_plain)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self._carry("POST", url, headers, body)

    def _send_once(self, request: Request, credentials: Credentials | None) -> Response:
        headers = {"Accept": FHIR_JSON, **request.headers}
        body = request.body
        if body:
            headers.setdefault("Content-Type", FHIR_JSON)
            if request.compress and len(body) >= _WORTH_COMPRESSING:
                body = gzip.compress(body, 1)
                headers["Content-Encoding"] = "gzip"
        known = credentials.header(self.post_form) if credentials is not None else ""
        if known:
            headers["Authorization"] = known
        url = f"{self.base}/{request.path}" if request.path else self.base
        return self._carry(request.method, url, headers, body or None)

    def _carry(
        self, method: str, url: str, headers: dict[str, str], data: bytes | dict[str, str] | None
    ) -> Response:
        with patience(self.limits.pace) as until:
            try:
                with self._session.request(
                    method,
                    url,
                    data=data,
                    headers=headers,
                    timeout=(self.limits.connect_s, self.limits.pace.stall_s),
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    return self._whole(answer)
            except requests.exceptions.RequestException as error:
                raise _explained(error, ran_out=until.ran_out) from error

    def _whole(self, answer: requests.Response) -> Response:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        announced = "content-length" in headers or "chunked" in headers.get("transfer-encoding", "")
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_content(_CHUNK):
            size += len(part)
            if size > self.limits.body_bytes:
                raise Unavailable("too-large", limit=self.limits.body_bytes)
            parts.append(part)
        if size and not announced:
            raise Unavailable("cut", reason="length-not-announced")
        return Response(answer.status_code, headers, b"".join(parts))


def _explained(error: requests.exceptions.RequestException, *, ran_out: bool) -> Unavailable:
    """What went wrong on the way, as an error of ours."""
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable("untrusted-server")
    if ran_out or isinstance(error, requests.exceptions.Timeout):
        return Unavailable("timeout")
    if isinstance(error, requests.exceptions.ProxyError):
        return Unavailable("offline", reason="proxy")
    cut = requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError
    return Unavailable("cut") if isinstance(error, cut) else Unavailable("offline")


def checked_address(url: str, *, allow_plain: bool) -> str:
    """Check that an address is one that clinical data may be sent to.

    Args:
        url: As a person typed it.
        allow_plain: Whether plain http to another machine is accepted.

    Returns:
        The address without a trailing slash.

    Raises:
        Refused: ``bad-address`` or ``insecure-address``.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise Refused("bad-address", field="server") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise Refused("bad-address", field="server")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise Refused("bad-address", field="server")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_plain:
        raise Refused("insecure-address", field="server")
    return url.strip().rstrip("/")
