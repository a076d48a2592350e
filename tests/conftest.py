"""What holds for every test: Hypothesis prints what repeats a failure, and has no deadline.

With ``CI`` set the examples are the same each time; elsewhere each run looks at others. Each test
begins in Vietnamese, whatever language the one before it spoke.
"""

import os

import pytest
from hypothesis import settings

from workstation.kernel import words

settings.register_profile(
    "ward", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ward")


@pytest.fixture(autouse=True)
def _vietnamese_first():
    words.use("vi")
