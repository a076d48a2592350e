"""Morse fall scale.

Source: Morse JM, Morse RM, Tylko SJ. Development of a scale to identify the fall-prone patient.
Can J Aging 1989;8:366-377: six items, 0 to 125 points. Bands: Morse JM. Preventing Patient Falls,
2nd ed. New York: Springer, 2009 (0-24 low, 25-44 moderate, 45 and more high); the hospital may
calibrate them. It asks for an assessment on admission, daily, and after any change.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workstation.clinical.scores.scale import AssessmentScale, Item, Meaning, Option


def _weighted(*answers: tuple[int, str]) -> tuple[Option, ...]:
    """Answers counted from 0, each with its weight."""
    return tuple(Option(str(n), points, words) for n, (points, words) in enumerate(answers))


MORSE: Final = AssessmentScale(
    "morse",
    "Morse scale (falls)",
    (
        Item("history", "Fallen within 3 months", _weighted((0, "No"), (25, "Yes"))),
        Item("secondary", "More than one diagnosis", _weighted((0, "No"), (15, "Yes"))),
        Item("aid", "Walking aid", _weighted(
            (0, "None, bed rest, wheelchair, nurse"), (15, "Crutches, cane, walker"),
            (30, "Holds on to furniture"))),
        Item("infusion", "Infusion or venous lock", _weighted((0, "No"), (20, "Yes"))),
        Item("gait", "Gait", _weighted(
            (0, "Normal, bed rest, wheelchair"), (10, "Weak"), (20, "Impaired"))),
        Item("mental", "Mental status", _weighted(
            (0, "Knows own limits"), (15, "Overestimates, forgets limits"))),
    ),
    (
        (24, Meaning("Low risk of falling", 0, timedelta(hours=72))),
        (44, Meaning("Moderate risk of falling", 2, timedelta(hours=24))),
        (125, Meaning("High risk of falling", 3, timedelta(hours=12))),
    ),
    on_admission=True,
    unit="/125",
)  # fmt: skip
