"""How this device proves to the server who it is: SMART Backend Services, or a ready-made token.

SMART Backend Services (https://hl7.org/fhir/smart-app-launch/backend-services.html): the device
signs a short-lived assertion with its own private key and exchanges it for an access token. The
token is kept in memory only, renewed a minute before it ends and when the server refuses it.
People log in with name and password, which the server alone checks.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt

from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused, Unavailable
from workstation.kernel.identity import uuid7
from workstation.sync import skew
from workstation.sync.wire import (
    PostForm,
    PostJson,
    Request,
    Response,
    Transport,
    object_of,
    raise_for,
)

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFE = timedelta(minutes=4)
_RENEW_BEFORE_S = 60.0
_DEFAULT_LIFE_S = 300.0


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """What the hospital gave this device when it was enrolled.

    Attributes:
        client_id: The name the server knows this device by.
        key_id: Which of the device's public keys the server shall check with.
        private_pem: The private key, PEM; it never leaves the device.
        algorithm: ``ES384`` or ``RS384``.
        scope: What is asked for.
    """

    client_id: str
    key_id: str
    private_pem: str
    algorithm: str = "ES384"
    scope: str = "system/*.cruds"


class BackendServices:
    """Access tokens by SMART Backend Services.

    Args:
        token_url: The server's token endpoint.
        key: The device's enrolment.
        clock: For how long a token still lasts.
    """

    def __init__(self, token_url: str, key: DeviceKey, clock: Clock) -> None:
        self._token_url = token_url
        self._key = key
        self._clock = clock
        self._token = ""
        self._until = 0.0
        self._skew = timedelta()
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
                "scope": self._key.scope,
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._assertion(),
            },
        )

    def _assertion(self) -> str:
        now = self._clock.now() - self._skew
        claims: dict[str, Any] = {
            "iss": self._key.client_id,
            "sub": self._key.client_id,
            "aud": self._token_url,
            "iat": now,
            "exp": now + _ASSERTION_LIFE,
            "jti": uuid7(),
        }
        return jwt.encode(
            claims,
            self._key.private_pem,
            algorithm=self._key.algorithm,
            headers={"kid": self._key.key_id},
        )


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


def token_endpoint(transport: Transport) -> str | None:
    """The address where this server gives tokens, from its SMART configuration; None if none.

    Raises:
        Unavailable: The server could not be asked.
    """
    answer = transport.send(Request("GET", ".well-known/smart-configuration"))
    if not answer.success:
        return None
    found = object_of(answer).get("token_endpoint")
    return found if isinstance(found, str) else None


def _token_in(answer: Response) -> tuple[str, float]:
    if not answer.success:
        if answer.status in (400, 401, 403):
            raise Unavailable("sign-in", status=answer.status)
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
