"""Stands before the record: tells who asks, and gives out tokens."""

from __future__ import annotations

from http import HTTPStatus

from hospital.auth.scopes import ANONYMOUS_IN_DEMO, Principal
from hospital.outcome import Fault
from hospital.store.accounts import Accounts
from hospital.store.database import Database
from hospital.wire import Request

_NOBODY = Principal("nobody", "")


class Gate:
    """Who may ask what.

    Args:
        database: Where people, devices and tokens are kept.
        demo: Whether requests without a token are allowed everything.
    """

    def __init__(self, database: Database, *, demo: bool) -> None:
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


def _unauthorised(why: str) -> Fault:
    return Fault(
        HTTPStatus.UNAUTHORIZED, "login", why, headers={"WWW-Authenticate": 'Bearer realm="fhir"'}
    )
