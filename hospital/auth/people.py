"""People log in with a password: Argon2id, and patience with those who guess."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hospital.outcome import Fault
from hospital.store.accounts import Accounts, Attempts, Person

ROLES: Final = {
    "nurse": "user/*.cruds",
    "head-nurse": "user/*.cruds",
    "doctor": "user/*.cruds",
    "reception": "user/Patient.cruds user/Appointment.cruds user/Coverage.cruds "
    "user/Encounter.crus user/Location.rs user/Practitioner.rs",
    "reader": "user/*.rs",
}
"""The scope of each role."""

TOKEN_SECONDS: Final = 900
FREE_FAILURES: Final = 5
"""Failures in a row before one has to wait."""
LONGEST_WAIT_SECONDS: Final = 900
_LONGEST_PASSWORD: Final = 1024

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NO_ONES: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
    "p6DMC0jW9jXgGJQ1hVfFkBVqxAX2X6Z5T8c3rZ0Q1pE"
)
"""Checked for an unknown name, so that it takes as long as for a known one."""


def hashed(password: str) -> str:
    """The Argon2id hash of a password (OWASP: 19 MiB, 2 rounds)."""
    return _hasher.hash(password)


def log_in(accounts: Accounts, login: str, password: str, now: int) -> dict[str, Any]:
    """Check a password and give a token.

    Args:
        accounts: Who is known.
        login: The name typed.
        password: The password typed.
        now: In ms since 1970.

    Raises:
        Fault: 401 when they do not belong together; 429 after too many failures in a row.
    """
    before = accounts.attempt(login, lambda before: _after_failure(before, now))
    if before.blocked_until > now:
        wait = (before.blocked_until - now) // 1000 + 1
        headers = {"Retry-After": str(wait)}
        raise Fault(HTTPStatus.TOO_MANY_REQUESTS, "throttled", "wait", headers=headers)
    person = accounts.person(login)
    if not _right(person, password) or person is None:
        raise Fault(HTTPStatus.UNAUTHORIZED, "login", "name and password do not belong together")
    accounts.forgive(login)
    subject, scope = f"Practitioner/{person.practitioner}", ROLES[person.role]
    return {
        "access_token": accounts.give(subject, scope, TOKEN_SECONDS),
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": scope,
        "practitioner": subject,
        "name": person.name,
        "role": person.role,
    }


def _right(person: Person | None, password: str) -> bool:
    try:
        return _hasher.verify(person.password if person else _NO_ONES, password[:_LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _after_failure(before: Attempts, now: int) -> Attempts:
    """Each failure beyond the free ones doubles the wait; who is not let in fails no more."""
    if before.blocked_until > now:
        return before
    failures = before.failures + 1
    beyond = failures - FREE_FAILURES
    wait = min(2 ** min(beyond, 20), LONGEST_WAIT_SECONDS) if beyond >= 0 else 0
    return Attempts(failures, now + wait * 1000)
