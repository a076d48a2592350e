"""How soon the same test is ordered again for a reason, by LOINC code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

DEFAULT: Final = timedelta(hours=4)
"""Tests of the acutely ill are repeated several times a day; sooner than this is an oversight."""

INTERVALS: Final[Mapping[str, timedelta]] = {
    "4548-4": timedelta(days=60),
    "2093-3": timedelta(days=30),
    "24331-1": timedelta(days=30),
    "3016-3": timedelta(days=30),
    "883-9": timedelta(days=365),
    "10331-7": timedelta(days=365),
    "1988-5": timedelta(hours=12),
    "24323-8": timedelta(hours=12),
    "24325-3": timedelta(hours=24),
    "1742-6": timedelta(hours=24),
    "1920-8": timedelta(hours=24),
}
"""HbA1c, cholesterol, lipids, TSH, blood groups, CRP, metabolic panel, liver values.

After the validity times drafted for the mutual recognition of results (biochemistry from 24 h to
60 days); a hospital's own list comes before these.
"""


def repeat_interval(code: str) -> timedelta:
    """The time within which a second order of a test is taken for an oversight."""
    return INTERVALS.get(code, DEFAULT)
