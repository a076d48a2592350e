"""What holds for every test: Hypothesis prints what repeats a failure, and has no deadline.

With ``CI`` set the examples are the same each time; elsewhere each run looks at others. Each test
begins in Vietnamese, whatever language the one before it spoke.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.kit.postgres import PostgresServer, running
from workstation.kernel import words

settings.register_profile(
    "ward", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ward")


@pytest.fixture(autouse=True)
def _vietnamese_first():
    words.use("vi")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for the whole session; every test makes a database of its own in it."""
    with running() as server:
        yield server
