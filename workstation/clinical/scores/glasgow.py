"""Glasgow coma scale, structured, with answers that could not be tested.

Sources: Teasdale G, Jennett B. Assessment of coma and impaired consciousness. Lancet 1974;2:81-84;
Teasdale G, Maas A, Lecky F et al. The Glasgow Coma Scale at 40 years. Lancet Neurol 2014;13:844-854
(criteria E4 V5 M6, "NT" without a total where a part cannot be tested). Bands 13-15, 9-12, 3-8:
Teasdale 2014. Small children: verbal answers of the paediatric version, Reilly PL, Simpson DA,
Sprod R, Thomas L. Assessing the conscious level in infants and young children. Childs Nerv Syst
1988;4:30-33, as used under 5 years.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workstation.clinical.scores.scale import AssessmentScale, Item, Meaning, Option, counted

CHILD_UNTIL_MONTHS: Final = 60
_NOT_TESTABLE: Final = Option("N", None, "Not testable")

_EYES: Final = Item(
    "eye",
    "Eyes open",
    (*counted("No response", "To pressure", "To sound", "Spontaneous", first=1), _NOT_TESTABLE),
    "E",
)
_SPEECH: Final = Item(
    "verbal",
    "Verbal response",
    (*counted("No response", "Sounds", "Words", "Confused", "Orientated", first=1), _NOT_TESTABLE),
    "V",
)
_CHILD_SPEECH: Final = Item(
    "verbal",
    "Verbal response",
    (
        *counted(
            "No response",
            "Moans to pain",
            "Cries to pain",
            "Irritable, cries",
            "Alert, babbles, words as usual",
            first=1,
        ),
        _NOT_TESTABLE,
    ),
    "V",
)
_MOVEMENT: Final = Item(
    "motor",
    "Motor response",
    (
        *counted(
            "No response",
            "Extension",
            "Abnormal flexion",
            "Normal flexion",
            "Localising",
            "Obeys commands",
            first=1,
        ),
        _NOT_TESTABLE,
    ),
    "M",
)
_MEANINGS: Final = (
    (8, Meaning("Severe: coma", 3, timedelta(hours=1))),
    (12, Meaning("Moderately reduced", 2, timedelta(hours=2))),
    (14, Meaning("Mildly reduced", 1, timedelta(hours=4))),
    (15, Meaning("Fully conscious", 0)),
)
"""Intervals are this program's: hourly while in coma; the RCP and NICE ask for more after head
injury, which is ordered then."""

GLASGOW: Final = AssessmentScale(
    "glasgow", "Glasgow coma scale", (_EYES, _SPEECH, _MOVEMENT), _MEANINGS, unit="/15"
)
GLASGOW_CHILD: Final = AssessmentScale(
    "glasgow-child",
    "Glasgow coma scale, under 5 years",
    (_EYES, _CHILD_SPEECH, _MOVEMENT),
    _MEANINGS,
    unit="/15",
)
