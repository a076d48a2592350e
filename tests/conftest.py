"""What holds for every test: Hypothesis prints what repeats a failure, and has no deadline.

With ``CI`` set the examples are the same each time; elsewhere each run looks at others.
"""

import os

from hypothesis import settings

settings.register_profile(
    "ward", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("ward")
