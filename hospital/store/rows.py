"""Inserts many rows at once, in the quickest way that a database has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]


def insert_rows(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        statement, shape = _insertion(connection.dialect, table)
        connection.exec_driver_sql(statement, [shape(row) for row in rows])


def _copy(connection: Connection, table: Table, rows: list[Row]) -> None:
    """PostgreSQL's COPY: half the time of the same rows by INSERT.

    It goes past SQLAlchemy, so that its errors are put in SQLAlchemy's words here.
    """
    raw: Any = connection.connection.driver_connection
    dialect = connection.dialect
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    try:
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, raw, None)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            f"COPY {table.name}",
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error


@cache
def _insertion(dialect: Dialect, table: Table) -> tuple[str, Callable[[Row], Any]]:
    """The INSERT of a table in the words of a driver, and the shape it wants a row in.

    Compiled once: many rows pass here, and each costs more by the usual way.
    """
    names = [column.name for column in table.columns]
    statement = str(insert(table).compile(dialect=dialect))
    if dialect.positional:
        return statement, tuple
    return statement, lambda row: dict(zip(names, row, strict=True))
