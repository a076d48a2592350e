"""What holds for every test: Hypothesis prints what repeats a failure, and has no deadline.

With ``CI`` set the examples are the same each time; elsewhere each run looks at others. Each test
begins in Vietnamese, whatever language the one before it spoke, and garbage waits for its end.
"""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.kit.postgres import PostgresServer, running
from workstation.kernel import words

_EACH = gc.get_threshold()
_UI, _JOURNEYS = (Path(__file__).parent / name for name in ("ui", "journeys"))

settings.register_profile(
    "ward", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ward")


@pytest.fixture(autouse=True)
def _vietnamese_first():
    words.use("vi")


@pytest.fixture(autouse=True)
def _garbage_waits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect garbage between tests, and where there are windows only then.

    Qt holds a lock while it ends an object, and PySide makes Python objects meanwhile. If that
    starts a collection which ends another object of Qt, the thread waits for itself for ever. The
    program is safe: its `Collector` switches collection off and works from the event loop alone.
    """
    windows = request.path.is_relative_to(_UI) or request.path.is_relative_to(_JOURNEYS)
    gc.set_threshold(0 if windows else _EACH[0], *_EACH[1:])
    yield
    gc.collect(1)


@pytest.fixture(autouse=True, scope="module")
def _no_garbage_from_one_file_to_the_next() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for the whole session; every test makes a database of its own in it."""
    with running() as server:
        yield server
