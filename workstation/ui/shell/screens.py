"""Which screens there are: one line for each; they are imported when first opened."""

from __future__ import annotations

import importlib

from PySide6.QtWidgets import QWidget

from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.workplace import Workplace

SCREENS: dict[str, str] = {
    "ward_board": "workstation.ui.screens.ward_board.screen:WardBoardScreen",
    "patient_search": "workstation.ui.screens.patient_search.screen:PatientSearchScreen",
    "chart": "workstation.ui.screens.chart.screen:ChartScreen",
    "vital_signs_round": "workstation.ui.screens.vital_signs_round.screen:VitalSignsRoundScreen",
    "handover": "workstation.ui.screens.handover.screen:HandoverScreen",
    "ward_news": "workstation.ui.screens.ward_news.screen:WardNewsScreen",
    "ward_tasks": "workstation.ui.screens.ward_tasks.screen:WardTasksScreen",
    "results_inbox": "workstation.ui.screens.results_inbox.screen:ResultsInboxScreen",
    "stays": "workstation.ui.screens.stays.screen:StaysScreen",
    "orders_to_acknowledge": (
        "workstation.ui.screens.orders_to_acknowledge.screen:OrdersToAcknowledgeScreen"
    ),
    "medication_round": "workstation.ui.screens.medication_round.screen:MedicationRoundScreen",
    "sync_centre": "workstation.ui.screens.sync_centre.screen:SyncCentreScreen",
    "collisions": "workstation.ui.screens.collisions.screen:CollisionsScreen",
    "conflict": "workstation.ui.screens.conflict.screen:ConflictScreen",
    "documents": "workstation.ui.screens.documents.screen:DocumentsScreen",
    "downtime_pack": "workstation.ui.screens.downtime_pack.screen:DowntimePackScreen",
    "terminal": "workstation.ui.shell.terminal_screen:TerminalScreen",
    "settings": "workstation.ui.shell.settings_screen:SettingsScreen",
}
"""Screen id to ``module:class``."""

_HOMES = ("ward_board", "settings")


def home() -> str:
    """Where a person starts: the first of these that there is."""
    return next(each for each in _HOMES if each in SCREENS)


def make(screen_id: str, workplace: Workplace, parent: QWidget) -> Screen:
    """Build a screen.

    Raises:
        KeyError: There is no such screen.
    """
    module, _, name = SCREENS[screen_id].partition(":")
    made = getattr(importlib.import_module(module), name)(workplace, parent)
    if not isinstance(made, Screen):
        raise TypeError(screen_id)
    return made
