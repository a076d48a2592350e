"""What every look at the server reads here does not grow with the record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.kit.store import make_store
from workstation.store import Store, View, mirror


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


@contextmanager
def asked(store: Store) -> Iterator[list[tuple[str, object]]]:
    """The statements that the block asks."""
    found: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, *_more) -> None:
        found.append((statement, parameters))

    event.listen(store._engine, "before_cursor_execute", note)
    yield found
    event.remove(store._engine, "before_cursor_execute", note)


def plan(view: View, statement: str, parameters: object) -> str:
    rows = view.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(str(row[3]) for row in rows)


def test_numbers_are_counted_from_the_index(store: Store) -> None:
    with store.read() as view, asked(store) as statements:
        mirror.counts(view, ["p1", "p2"])
    with store.read() as view:
        (found,) = [plan(view, *each) for each in statements]
    assert "resource USING COVERING INDEX resource_patient" in found


def test_what_is_at_stake_is_looked_up_not_searched_for(store: Store) -> None:
    with store.read() as view, asked(store) as statements:
        mirror.at_stake(view, 5)
    with store.read() as view:
        (found,) = [plan(view, *each) for each in statements]
    assert "SEARCH r USING INDEX" in found
    assert not [line for line in found.splitlines() if line.startswith(("SCAN r", "SCAN resource"))]
