"""How soon the same test is ordered again for a reason."""

from __future__ import annotations

from datetime import timedelta

from workstation.clinical.knowledge import DEFAULT_INTERVAL, Knowledge


def repeat_interval(code: str, knowledge: Knowledge) -> timedelta:
    """The time within which a second order of a test is taken for an oversight.

    Args:
        code: LOINC.
        knowledge: Names the interval of each test.
    """
    known = knowledge.test(code)
    return timedelta(hours=float(known.hours)) if known else DEFAULT_INTERVAL


def same_test(one: str, two: str, knowledge: Knowledge) -> bool:
    """Whether two codes measure the same thing, such as creatinine in mg/dL and in µmol/L."""
    known = knowledge.test(one)
    return one == two or (known is not None and two in known.codes)
