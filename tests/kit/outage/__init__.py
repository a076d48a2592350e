"""Terminals of one or two wards and their hospital, with everything that goes wrong between them.

What anybody saves carries a token that occurs nowhere else, so that in the end every saved value
can be looked for: in the hospital's record, in its history, in a conflict.
"""

from tests.kit.outage.edits import EDITS
from tests.kit.outage.line import Killed, Line
from tests.kit.outage.outage import ACCIDENTS, Outage
from tests.kit.outage.people import UNWELCOME
from tests.kit.outage.places import PATIENTS, WARD, WARDS, ward_resources
from tests.kit.outage.terminal import Terminal, parked
from tests.kit.outage.world import Saved

__all__ = [
    "ACCIDENTS",
    "EDITS",
    "PATIENTS",
    "UNWELCOME",
    "WARD",
    "WARDS",
    "Killed",
    "Line",
    "Outage",
    "Saved",
    "Terminal",
    "parked",
    "ward_resources",
]
