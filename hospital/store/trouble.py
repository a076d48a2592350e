"""Tells the failures of a database that waiting or a person mends from our own faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from workstation.kernel.errors import Unavailable

AWAY: Final = "database-away"
BUSY: Final = "database-busy"
FULL: Final = "database-full"
READ_ONLY: Final = "database-read-only"

_SQLSTATES: Final = {
    "08": AWAY,  # connection exception
    "25006": READ_ONLY,
    "25P03": BUSY,  # idle in transaction for too long
    "40": BUSY,  # deadlock, serialization
    "53": BUSY,  # too many connections, out of memory
    "53100": FULL,
    "55P03": BUSY,  # lock not available
    "57": AWAY,  # shut down, starting, cancelled
    "58": AWAY,  # input or output on the database's machine
}
"""PostgreSQL's codes and classes of codes
(https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
_SQLITE: Final = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_IOERR": AWAY,
    "SQLITE_CANTOPEN": AWAY,
}
"""SQLite's codes (https://www.sqlite.org/rescode.html)."""


@contextmanager
def telling() -> Iterator[None]:
    """Around everything that is asked of a database.

    Raises:
        Unavailable: ``database-away``, ``-busy``, ``-full`` or ``-read-only``, with ``detail``,
            the database's own code. What was written before it in the same unit of work is gone;
            when the connection was lost while committing, nobody knows.
    """
    try:
        yield
    except NoConnection as error:
        raise Unavailable(BUSY, detail="pool") from error
    except DBAPIError as error:
        code, detail = _kind(error)
        if not code:
            raise
        raise Unavailable(code, detail=detail) from error


def _kind(error: DBAPIError) -> tuple[str, str]:
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", None)
    if name:
        return _SQLITE.get("_".join(name.split("_")[:2]), ""), name
    if state:
        known = _SQLSTATES.get(state) or _SQLSTATES.get(state[:2], "")
        return known or (AWAY if error.connection_invalidated else ""), state
    lost = error.connection_invalidated or isinstance(error, OperationalError)
    return (AWAY if lost else ""), type(error.orig).__name__
