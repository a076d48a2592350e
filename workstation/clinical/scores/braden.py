"""Braden scale for the risk of pressure sores.

Source: Bergstrom N, Braden BJ, Laguzza A, Holman V. The Braden Scale for predicting pressure sore
risk. Nurs Res 1987;36:205-210: six items, 6 to 23 points, the fewer the worse. Bands: Ayello EA,
Braden B. How and why to do pressure ulcer risk assessment. Adv Skin Wound Care 2002;15:125-131
(to 9 very high, 10-12 high, 13-14 moderate, 15-18 at risk), which also asks for an assessment on
admission and in acute care at least every 24 hours, sooner for who is at high risk.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from workstation.clinical.scores.scale import AssessmentScale, Item, Meaning, counted

BRADEN: Final = AssessmentScale(
    "braden",
    "Braden scale (pressure sores)",
    (
        Item("sensory", "Sensory perception", counted(
            "Completely limited", "Very limited", "Slightly limited", "No impairment", first=1)),
        Item("moisture", "Moisture", counted(
            "Constantly moist", "Very moist", "Occasionally moist", "Rarely moist", first=1)),
        Item("activity", "Activity", counted(
            "Bedfast", "Chairfast", "Walks occasionally", "Walks frequently", first=1)),
        Item("mobility", "Mobility", counted(
            "Completely immobile", "Very limited", "Slightly limited", "No limitation", first=1)),
        Item("nutrition", "Nutrition", counted(
            "Very poor", "Probably inadequate", "Adequate", "Excellent", first=1)),
        Item("friction", "Friction and shear", counted(
            "Problem", "Potential problem", "No apparent problem", first=1)),
    ),
    (
        (9, Meaning("Very high risk", 3, timedelta(hours=12))),
        (12, Meaning("High risk", 3, timedelta(hours=12))),
        (14, Meaning("Moderate risk", 2, timedelta(hours=24))),
        (18, Meaning("At risk", 1, timedelta(hours=24))),
        (23, Meaning("No risk", 0, timedelta(hours=72))),
    ),
    on_admission=True,
    unit="/23",
)  # fmt: skip
