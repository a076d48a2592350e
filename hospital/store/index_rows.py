"""Writes the index rows by which resources are found, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, insert

from hospital.search.index import IndexRows, Row
from hospital.store.tables import link, moment, token, word

INDEXES: Final = (token, link, moment, word)
"""What can be made anew from the resources."""


def write_index(connection: Connection, index: Iterable[tuple[int, IndexRows]]) -> None:
    """Add the index rows of resources that have none.

    Args:
        connection: Inside a write transaction.
        index: Key and index rows of each resource.
    """
    every = list(index)
    tokens = [
        (label, code, key, system) for key, new in every for label, code, system in new.tokens
    ]
    insert_rows(connection, token, tokens)
    insert_rows(connection, link, [(*row, key) for key, new in every for row in new.references])
    insert_rows(connection, moment, [(*row, key) for key, new in every for row in new.dates])
    insert_rows(connection, word, [(*row, key) for key, new in every for row in new.strings])


def insert_rows(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows whose values stand in the order of the table's columns."""
    if rows:
        statement, shape = _insertion(connection.dialect, table)
        connection.exec_driver_sql(statement, [shape(row) for row in rows])


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
