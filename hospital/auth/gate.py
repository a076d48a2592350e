"""Stands before the record: tells who asks, and gives out tokens."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from hospital.auth.people import log_in
from hospital.auth.scopes import ANONYMOUS_IN_DEMO, Principal
from hospital.auth.smart import TokenRefused, configuration, give_token
from hospital.outcome import Fault, bad_request, unsupported
from hospital.search.query import pairs_of
from hospital.store.accounts import Accounts
from hospital.store.database import Database
from hospital.wire import JSON, Request, Response
from workstation.fhir.json import parse
from workstation.kernel.errors import Refused

_NOBODY = Principal("nobody", "")
_NO_STORE = {"Cache-Control": "no-store", "Content-Type": JSON}


class Gate:
    """Who may ask what.

    Args:
        database: Where people, devices and tokens are kept.
        demo: Whether requests without a token are allowed everything.
    """

    def __init__(self, database: Database, *, demo: bool) -> None:
        self._database = database
        self._accounts = Accounts(database)
        self.demo = demo

    def principal(self, request: Request, *, needed: bool) -> Principal:
        """Who sends a request.

        Args:
            request: As received.
            needed: Whether nobody will not do.

        Raises:
            Fault: 401 without a token, or with one that is unknown or expired.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            if self.demo:
                return ANONYMOUS_IN_DEMO
            if needed:
                raise _unauthorised("log in first")
            return _NOBODY
        known = self._accounts.bearer(token.strip()) if scheme.lower() == "bearer" else None
        if known is None:
            raise _unauthorised("the token is unknown or expired")
        return Principal(known.subject, known.scope)

    def answer(self, request: Request, origin: str, body: bytes) -> Response | None:
        """Answer what is no FHIR; nothing when it is.

        Args:
            request: As received.
            origin: Our scheme and host as the client knows them.
            body: Decompressed.

        Raises:
            Fault: when a log-in is refused, or makes no sense.
        """
        path = request.path.rstrip("/")
        if path in ("/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"):
            return _json(HTTPStatus.OK, configuration(origin))
        if path == "/health":
            with self._database.read() as view:
                view.change()
            return _json(HTTPStatus.OK, {"status": "ok"})
        if path not in ("/auth/token", "/auth/login"):
            return None
        if request.method != "POST":
            raise unsupported(f"{request.method[:20]} to this address")
        if path == "/auth/login":
            return self._login(body)
        return self._token(body, f"{origin}/auth/token")

    def _login(self, body: bytes) -> Response:
        try:
            asked = parse(body)
        except Refused as error:
            raise bad_request("login and password are expected as JSON") from error
        login, password = asked.get("login"), asked.get("password")
        if not isinstance(login, str) or not isinstance(password, str):
            raise bad_request("login and password are expected", "required")
        if not login or "\0" in login:
            raise bad_request("login and password are expected", "required")
        return _json(
            HTTPStatus.OK, log_in(self._accounts, login[:200], password, self._database.now())
        )

    def _token(self, body: bytes, audience: str) -> Response:
        form = dict(pairs_of(body.decode("utf-8", "replace")))
        try:
            given = give_token(self._accounts, form, audience=audience, now=self._database.now())
        except TokenRefused as refused:
            said = {"error": refused.code, "error_description": refused.why}
            return _json(refused.status, said)
        return _json(HTTPStatus.OK, given)


def _json(status: HTTPStatus, content: dict[str, Any]) -> Response:
    return Response(status, dict(_NO_STORE), msgspec.json.encode(content))


def _unauthorised(why: str) -> Fault:
    return Fault(
        HTTPStatus.UNAUTHORIZED, "login", why, headers={"WWW-Authenticate": 'Bearer realm="fhir"'}
    )
