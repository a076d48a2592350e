"""Which schema a store has, and making a new one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from workstation.kernel.errors import Damaged
from workstation.store import index_tables
from workstation.store.tables import TRIGGERS, metadata

HEAD: Final = "0001"
"""The newest revision in ``migrations/versions``; a test compares them."""


def build(connection: Connection) -> None:
    """Make all tables of the newest schema in an empty file."""
    metadata.create_all(connection)
    for statement in (index_tables.WORDS, *TRIGGERS):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT NOT NULL)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))


def check(connection: Connection) -> None:
    """Refuse what this program does not know.

    Raises:
        Damaged: ``newer-store``.
    """
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision != HEAD:
        raise Damaged("newer-store", revision=revision)
