"""Which schema a store has; making a new one, and bringing an older one up to date.

A new store is made from the tables directly, since that is fast; a test proves that the steps in
``migrations`` lead to exactly the same schema.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from workstation.kernel.errors import Damaged
from workstation.store import index, index_tables
from workstation.store.tables import TRIGGERS, metadata

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")
"""All revisions in ``migrations/versions``, oldest first."""
HEAD: Final = REVISIONS[-1]
MIGRATIONS: Final = Path(__file__).parent / "migrations"

_UNSENT: Final = (
    "SELECT 'pending', type, id, last_seq, body FROM pending"
    " UNION ALL SELECT 'change', type, id, seq, body FROM change WHERE answered_at IS NULL"
    " UNION ALL SELECT 'draft', kind, id, 0, body FROM draft ORDER BY 1, 2, 3, 4"
)


def build(connection: Connection) -> None:
    """Make all tables of the newest schema in an empty file."""
    metadata.create_all(connection)
    for statement in (index_tables.WORDS, *TRIGGERS):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
        " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))


def revision(connection: Connection) -> str:
    """The revision of a store.

    Raises:
        Damaged: ``newer-store`` for one that this program does not know, ``not-a-store`` for
            a readable file that was never one.
    """
    try:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR":
            raise Damaged("not-a-store") from error
        raise
    if found not in REVISIONS:
        raise Damaged("newer-store", revision=found)
    return str(found)


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Run the steps up to `target`, in the caller's transaction, and rebuild the index.

    Args:
        connection: Of a writing transaction; of an empty file the first step makes all tables.
        target: One of `REVISIONS`.

    Raises:
        Damaged: ``upgrade-lost-changes``: a step touched what is unsent; roll back.
    """
    from alembic import command
    from alembic.config import Config

    exists = connection.dialect.has_table(connection, "pending")
    before = connection.exec_driver_sql(_UNSENT).all() if exists else []
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    if connection.exec_driver_sql(_UNSENT).all() != before:
        raise Damaged("upgrade-lost-changes")
    if exists and target == HEAD:
        index.rebuild(connection, lambda _done, _total: None)
