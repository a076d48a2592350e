"""A small ward for the tests of services."""

import pytest

from tests.kit.ward import make_desk


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path)
    yield made
    made.store.close()
