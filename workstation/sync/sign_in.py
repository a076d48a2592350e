"""How this device proves to the server who it is: SMART Backend Services, or a ready-made token.

SMART Backend Services (https://hl7.org/fhir/smart-app-launch/backend-services.html): the device
signs a short-lived assertion with its own private key and exchanges it for an access token. The
token is kept in memory only, renewed a minute before it ends and when the server refuses it.
People log in with name and password, which the server alone checks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused, Unavailable
from workstation.sync import skew
from workstation.sync.wire import PostForm, PostJson, Request, Response, object_of, raise_for

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CONFIGURATION = ".well-known/smart-configuration"
_RENEW_BEFORE_S = 60.0
_DEFAULT_LIFE_S = 300.0
SCOPE: Final = "system/*.cruds"
"""What a terminal asks for; the server grants what it was registered for."""


class Signer(Protocol):
    """The device's key: it signs, and is never seen here (`workstation.security.device`)."""

    def assertion(self, client: str, token_url: str, now: datetime) -> str:
        """A signed statement of who asks for a token, by the server's clock."""
        ...


@dataclass(frozen=True, slots=True)
class Device:
    """One terminal as the hospital knows it.

    Attributes:
        client: The client id under which it is enrolled.
        key: Signs for it.
        scope: What is asked for.
    """

    client: str
    key: Signer
    scope: str = SCOPE


class BackendServices:
    """Access tokens by SMART Backend Services.

    Args:
        token_url: The server's token endpoint.
        device: Who asks.
        clock: For how long a token still lasts.
    """

    def __init__(self, token_url: str, device: Device, clock: Clock) -> None:
        self._token_url = token_url
        self._device = device
        self._skew = timedelta()
        self._clock = clock
        self._token = ""
        self._until = 0.0
        self._lock = threading.Lock()

    def header(self, post: PostForm) -> str:
        """The ``Authorization`` value, with a token that lasts.

        Raises:
            Unavailable: ``sign-in`` when the server does not accept this device; what `post`
                raises when it cannot be asked.
        """
        with self._lock:
            if not self._token or self._clock.monotonic() >= self._until:
                self._renew(post)
            return f"Bearer {self._token}"

    def forget(self) -> bool:
        """Drop the token, so that the next request fetches another."""
        with self._lock:
            had = bool(self._token)
            self._token = ""
            return had

    def _renew(self, post: PostForm) -> None:
        answer = self._asked(post)
        if not answer.success and self._corrected(answer):
            answer = self._asked(post)
        self._token, life = _token_in(answer)
        self._until = self._clock.monotonic() + max(life - _RENEW_BEFORE_S, life / 2)

    def _corrected(self, answer: Response) -> bool:
        """Sign with the server's time: a terminal whose clock is a day off must still get in."""
        now = self._clock.now()
        ahead = skew.measure(now, now, answer.headers.get("date", ""))
        if ahead is None or not skew.worth_showing(ahead - self._skew):
            return False
        self._skew = ahead
        return True

    def _asked(self, post: PostForm) -> Response:
        return post(
            self._token_url,
            {
                "grant_type": "client_credentials",
                "scope": self._device.scope,
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._device.key.assertion(
                    self._device.client, self._token_url, self._clock.now() - self._skew
                ),
            },
        )


class WhenAsked:
    """Signs in to a server that asks for it, and to no other.

    The first request goes without a token. A server that answers 401 is asked where it gives
    tokens, and from then on every request carries one. So a server without sign-in needs no
    setting, and one that begins to ask for it needs none either.

    Args:
        device: Who signs in.
        clock: This terminal's.
        ask: Carries a request without credentials.
    """

    def __init__(self, device: Device, clock: Clock, ask: Callable[[Request], Response]) -> None:
        self._device = device
        self._clock = clock
        self._ask = ask
        self._service: BackendServices | None = None
        self.asked = False
        """Whether the server wants to know who comes."""

    def header(self, post: PostForm) -> str:
        """The ``Authorization`` value; empty while nobody asked for one.

        Raises:
            Unavailable: ``sign-in`` when the server does not accept this device, or does not say
                where it gives tokens; what `post` raises when it cannot be asked.
        """
        if not self.asked:
            return ""
        service = self._service or self._meet()
        try:
            found = service.header(post)
        except Unavailable:
            self._service = None  # it may have moved
            raise
        self._service = service
        return found

    def forget(self) -> bool:
        """Take note that the server asks, or drop the token that it refused."""
        if not self.asked:
            self.asked = True
            return True
        return self._service is not None and self._service.forget()

    def _meet(self) -> BackendServices:
        address = token_endpoint(self._ask(Request("GET", _CONFIGURATION)))
        if address is None:
            raise Unavailable("sign-in", reason="no-token-endpoint")
        return BackendServices(address, self._device, self._clock)


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that somebody else obtained; when the server refuses it, a person signs in anew."""

    token: str

    def header(self, post: PostForm) -> str:
        """The ``Authorization`` value; nothing is fetched."""
        del post
        return f"Bearer {self.token}"

    def forget(self) -> bool:
        """There is no other."""
        return False


def token_endpoint(configuration: Response) -> str | None:
    """The address where a server gives tokens, from its SMART configuration; None if none."""
    if not configuration.success:
        return None
    found = object_of(configuration).get("token_endpoint")
    return found if isinstance(found, str) else None


def _token_in(answer: Response) -> tuple[str, float]:
    if not answer.success:
        if answer.status in (400, 401, 403):
            raise Unavailable("sign-in", status=answer.status)
        if answer.status in (429, 503):
            raise_for(answer)
        raise Unavailable("server-error", status=answer.status)
    found = object_of(answer)
    token, life = found.get("access_token"), found.get("expires_in", _DEFAULT_LIFE_S)
    if not isinstance(token, str) or not token:
        raise Unavailable("not-fhir", reason="no-token")
    return token, float(life)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person whom the server knows.

    Attributes:
        token: Access token of that person; in memory only.
        practitioner: ``Practitioner/<id>``.
        name: To show.
        role: Such as ``nurse``.
    """

    token: str
    practitioner: str
    name: str
    role: str


def log_in(post: PostJson, base: str, login: str, password: str) -> SignedIn:
    """Let the server check a person's password.

    Args:
        post: Carries the request.
        base: The server's FHIR base; the log-in stands beside it.
        login: The name typed.
        password: Neither kept nor logged.

    Raises:
        Refused: ``wrong-pin``.
        Unavailable: The server cannot be asked, or wants us to wait.
    """
    parts = urlsplit(base)
    url = f"{parts.scheme}://{parts.netloc}/auth/login"
    answer = post(url, dump_bytes({"login": login, "password": password}))
    if answer.status in (400, 401, 403):
        raise Refused("wrong-pin", field="password")
    raise_for(answer)
    found = object_of(answer)
    return SignedIn(*(str(found.get(name, "")) for name in _SIGNED_IN))


_SIGNED_IN = ("access_token", "practitioner", "name", "role")
