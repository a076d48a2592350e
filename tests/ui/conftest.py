"""What holds for every test of the window."""

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.kit.ward import make_desk
from tests.kit.workplace import workplace_at
from workstation.kernel import words
from workstation.services.desk import Desk
from workstation.ui.toolkit.workplace import Workplace


@pytest.fixture(autouse=True)
def _threads_end_with_their_test() -> Iterator[None]:
    """A test that leaves the threads of a window running disturbs whichever comes after it.

    While they run, Python collects no garbage by itself: that shows a runner even before its first
    job. Whoever switches collection on and off itself hides this, but not the threads.
    """
    before, threads = gc.isenabled(), _of_runners()
    yield
    left_running = (before and not gc.isenabled()) or _of_runners() - threads
    gc.enable()
    assert not left_running, "a TaskRunner is still there: end it with `shutdown`"


def _of_runners() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name.startswith(("store_", "slow_"))}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A nurse at a ward of two; tests of more name a desk of their own."""
    made = make_desk(tmp_path / "store", beds=2)
    yield made
    made.store.close()


@pytest.fixture
def workplace(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    """The desk with its threads, in English."""
    words.use("en")
    with workplace_at(desk, tmp_path) as made:
        yield made


@pytest.fixture
def place(workplace: Workplace) -> Workplace:
    """The same, for tests of a chart."""
    return workplace
