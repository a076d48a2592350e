from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.store import START, make_store
from workstation.kernel.errors import Refused
from workstation.store import Store, numbers
from workstation.store.numbers import Block


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def test_numbers_run_from_block_to_block_and_end(store: Store) -> None:
    with store.write() as unit:
        numbers.add(unit, Block("b1", "record", "BA", 5, 6), START)
        numbers.add(unit, Block("b2", "record", "BA", 100, 100), START)
        numbers.add(unit, Block("b3", "other", "X", 1, 9), START)
        assert numbers.left(unit, "record") == 3
        taken = [numbers.take(unit, "record") for _ in range(3)]
        assert taken == ["BA00000005", "BA00000006", "BA00000100"]
        assert numbers.left(unit, "record") == 0
        with pytest.raises(Refused, match="no-numbers-left"):
            numbers.take(unit, "record")


@pytest.mark.parametrize(("first", "last"), [(1, 5), (6, 6), (4, 20), (7, 3)])
def test_a_block_that_overlaps_another_is_refused(store: Store, first: int, last: int) -> None:
    with store.write() as unit:
        numbers.add(unit, Block("b1", "record", "BA", 5, 10), START)
        with pytest.raises(Refused, match="overlapping-block"):
            numbers.add(unit, Block("b2", "record", "BA", first, last), START)
