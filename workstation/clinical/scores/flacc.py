"""FLACC: pain of children who cannot say how strong it is, by what is seen.

Source: Merkel SI, Voepel-Lewis T, Shayevitz JR, Malviya S. The FLACC: a behavioral scale for
scoring postoperative pain in young children. Pediatr Nurs 1997;23:293-297: five items of 0 to 2,
for 2 months to 7 years; 0 relaxed, 1-3 mild, 4-6 moderate, 7-10 severe. Who can say a number
is asked for it: numeric rating 0 to 10 among the vital signs.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workstation.clinical.scores.scale import AssessmentScale, Item, Meaning, counted

FROM_MONTHS: Final = 2
UNTIL_MONTHS: Final = 84

FLACC: Final = AssessmentScale(
    "flacc",
    "FLACC (pain of small children)",
    (
        Item("face", "Face", counted(
            "No particular expression, smile", "Occasional grimace or frown, withdrawn",
            "Frequent frown, clenched jaw, quivering chin")),
        Item("legs", "Legs", counted(
            "Normal position, relaxed", "Uneasy, restless, tense", "Kicking, legs drawn up")),
        Item("activity", "Body", counted(
            "Lies quietly, moves easily", "Squirms, shifts, tense", "Arched, rigid or jerking")),
        Item("cry", "Cry", counted(
            "No cry", "Moans or whimpers", "Cries steadily, screams, sobs")),
        Item("consolability", "Consolability", counted(
            "Content, relaxed", "Reassured by touch or talk", "Difficult to console")),
    ),
    (
        (0, Meaning("Relaxed", 0)),
        (3, Meaning("Mild discomfort", 1, timedelta(hours=6))),
        (6, Meaning("Moderate pain", 2, timedelta(hours=1))),
        (10, Meaning("Severe pain", 3, timedelta(minutes=30))),
    ),
    unit="/10",
)  # fmt: skip
