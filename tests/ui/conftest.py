"""What holds for every test of the window."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _threads_end_with_their_test() -> Iterator[None]:
    """A test that leaves the threads of a window running disturbs whichever comes after it.

    While they run, Python collects no garbage by itself: that is how it shows.
    """
    before = gc.isenabled()
    yield
    left_running = before and not gc.isenabled()
    gc.enable()
    assert not left_running, "a TaskRunner is still there: end it with `shutdown`"
