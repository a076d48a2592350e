"""People, devices and the tokens given to them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import delete, insert, or_, select, update

from hospital.store.database import Database
from hospital.store.tables import access, attempt, device, person, spent
from workstation.kernel.errors import Refused

FORGOTTEN_AFTER_MS: Final = 24 * 3600 * 1000
"""A failed log-in counts no longer."""
_NUL: Final = "\0"
"""Not every database can hold it, or look for it."""


class Bearer(NamedTuple):
    """Whom a token was given to, and for what."""

    subject: str
    scope: str


class Device(NamedTuple):
    """A registered client of SMART Backend Services.

    Attributes:
        id: Its client id.
        name: For people.
        jwks: Its public keys as a JSON Web Key Set.
        scope: What it may ask for.
    """

    id: str
    name: str
    jwks: str
    scope: str


class Person(NamedTuple):
    """Someone who may log in.

    Attributes:
        login: The name typed.
        practitioner: Id of the Practitioner.
        name: For people.
        role: ``doctor``, ``nurse`` …
        password: Argon2id hash.
    """

    login: str
    practitioner: str
    name: str
    role: str
    password: str


class Attempts(NamedTuple):
    """Failed log-ins in a row, and until when more are refused (ms since 1970)."""

    failures: int
    blocked_until: int


class Accounts:
    """The tables of people, devices and tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_device(self, new: Device) -> None:
        """Register a device, or give a known one new keys and scope."""
        with self._database.accounts() as connection:
            connection.execute(delete(device).where(device.c.id == new.id))
            connection.execute(insert(device).values(**new._asdict(), active=True))

    def remove_device(self, id_: str) -> None:
        """Bar a device, and end its tokens.

        Raises:
            Refused: ``no-such-device``.
        """
        barred = update(device).where(device.c.id == id_).values(active=False)
        with self._database.accounts() as connection:
            if not connection.execute(barred).rowcount:
                raise Refused("no-such-device", id=id_)
            connection.execute(delete(access).where(access.c.subject == f"Device/{id_}"))

    def device(self, id_: str) -> Device | None:
        """A registered device that is not barred."""
        if _NUL in id_:
            return None
        asked = select(device.c.id, device.c.name, device.c.jwks, device.c.scope)
        with self._database.look() as connection:
            row = connection.execute(asked.where(device.c.id == id_, device.c.active)).first()
        return Device(*row) if row else None

    def add_person(self, new: Person) -> None:
        """Add a person, or replace what is known of the log-in."""
        with self._database.accounts() as connection:
            connection.execute(delete(person).where(person.c.login == new.login))
            connection.execute(insert(person).values(**new._asdict(), active=True))

    def person(self, login: str) -> Person | None:
        """Someone who may log in."""
        asked = select(
            person.c.login, person.c.practitioner, person.c.name, person.c.role, person.c.password
        )
        with self._database.look() as connection:
            row = connection.execute(asked.where(person.c.login == login, person.c.active)).first()
        return Person(*row) if row else None

    def give(self, subject: str, scope: str, seconds: int) -> str:
        """Make an access token that lasts so many seconds; only its digest is kept."""
        token = secrets.token_urlsafe(32)
        now = self._database.now()
        row = {
            "digest": _digest(token),
            "subject": subject,
            "scope": scope,
            "expires": now + seconds * 1000,
        }
        with self._database.accounts() as connection:
            connection.execute(delete(access).where(access.c.expires < now))
            connection.execute(insert(access).values(**row))
        return token

    def bearer(self, token: str) -> Bearer | None:
        """Whom a token that has not expired was given to."""
        asked = select(access.c.subject, access.c.scope).where(
            access.c.digest == _digest(token), access.c.expires >= self._database.now()
        )
        with self._database.look() as connection:
            row = connection.execute(asked).first()
        return Bearer(*row) if row else None

    def spend(self, jti: str, expires: int) -> bool:
        """Note that an assertion was used.

        Args:
            jti: Its id, with the client's before it.
            expires: When it ends, in ms since 1970.

        Returns:
            Whether it was its first use.
        """
        jti = jti.replace(_NUL, "␀")
        with self._database.accounts() as connection:
            connection.execute(delete(spent).where(spent.c.expires < self._database.now()))
            if connection.execute(select(spent.c.jti).where(spent.c.jti == jti)).first():
                return False
            connection.execute(insert(spent).values(jti=jti, expires=expires))
            return True

    def attempt(self, login: str, failed: Callable[[Attempts], Attempts]) -> Attempts:
        """Note a log-in as failed before it is looked at, so that none of many at once is free.

        Args:
            login: The name typed.
            failed: What follows from one more failure; the same when it is not let in at all.

        Returns:
            The failed log-ins in a row before this one.
        """
        asked = select(attempt.c.failures, attempt.c.blocked_until)
        with self._database.accounts() as connection:
            row = connection.execute(asked.where(attempt.c.login == login)).first()
            before = Attempts(*row) if row else Attempts(0, 0)
            after = failed(before)
            if after != before:
                old = attempt.c.blocked_until < self._database.now() - FORGOTTEN_AFTER_MS
                connection.execute(delete(attempt).where(or_(attempt.c.login == login, old)))
                connection.execute(insert(attempt).values(login=login, **after._asdict()))
        return before

    def forgive(self, login: str) -> None:
        """Forget the failed log-ins in a row, as after one that succeeded."""
        with self._database.accounts() as connection:
            connection.execute(delete(attempt).where(attempt.c.login == login))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
