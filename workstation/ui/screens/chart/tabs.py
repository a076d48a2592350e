"""Which tabs a chart has: one line for each; a page is imported and built when first looked at."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Final

from workstation.kernel.words import tr
from workstation.ui.screens.chart.page import ChartLinks, Part
from workstation.ui.toolkit.actions import BY_ID
from workstation.ui.toolkit.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab.

    Attributes:
        id: Stable name; the action ``chart_<id>`` brings it to the front.
        words: English words on the tab, key of the translation.
        page: ``module:class`` of its page.
        writes: Ids of the actions that write something new on this page, from anywhere in the
            chart; the menu of what is new lists them in the order of the tabs.
    """

    id: str
    words: str
    page: str
    writes: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        """Id of the action that brings it to the front."""
        return f"chart_{self.id}"

    def label(self) -> str:
        """Its words in the language spoken now."""
        return tr(self.words)

    def keys(self) -> str:
        """The shortcut that brings it to the front."""
        return BY_ID[self.action].keys()

    def make(self, workplace: Workplace, links: ChartLinks) -> Part:
        """Build its page."""
        module, _, name = self.page.partition(":")
        made = getattr(importlib.import_module(module), name)(workplace, links)
        if not isinstance(made, Part):
            raise TypeError(self.page)
        return made


_CHART: Final = "workstation.ui.screens.chart"
TABS: Final[tuple[Tab, ...]] = (
    Tab("summary", "Summary", f"{_CHART}.summary_page:SummaryPage"),
    Tab(
        "vitals",
        "Vital signs",
        f"{_CHART}.vitals_page:VitalsPage",
        ("add_vital_signs", "record_call"),
    ),
    Tab("scores", "Assessments", f"{_CHART}.scores_page:ScoresPage", ("add_assessment",)),
    Tab("notes", "Notes", f"{_CHART}.notes_page:NotesPage", ("add_note", "add_consultation")),
    Tab("timeline", "Timeline", f"{_CHART}.timeline_page:TimelinePage"),
    Tab("results", "Results", f"{_CHART}.results_page:ResultsPage"),
    Tab("medication", "Medication", f"{_CHART}.medication_page:MedicationPage", ("give_drug",)),
    Tab("orders", "Orders", f"{_CHART}.orders_page:OrdersPage", ("add_order",)),
    Tab("fluids", "Fluids", f"{_CHART}.fluid_balance_page:FluidsPage", ("add_fluid",)),
    Tab("care", "Care", f"{_CHART}.care_tab:CareTab", ("add_care", "add_problem")),
)
PARTS: Final = {"chart_plan": "care"}
"""The tab that has what an action brings to the front, for parts of a tab."""
TAB_IDS: Final = tuple(tab.id for tab in TABS)
WRITES: Final = {action: tab.id for tab in TABS for action in tab.writes}
"""The tab on which an action writes something new."""
