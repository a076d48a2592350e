"""Writes the index rows by which resources are found, many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from hospital.search.index import IndexRows
from hospital.store.rows import insert_rows
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
