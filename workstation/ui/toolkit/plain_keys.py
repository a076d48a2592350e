"""Keys without Ctrl or Alt that a screen knows: one table, for the help and the keyboard map.

What the program does by a chord stands in `actions`. A plain key works while the list of its
screen has the keys, never while one types; it belongs to that screen alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workstation.kernel.words import tr
from workstation.ui.toolkit.actions import ACTIONS, BY_ID, ActionSpec


@dataclass(frozen=True, slots=True)
class PlainKey:
    """One key, or a few that belong together.

    Attributes:
        where: Id of a screen, or ``chart/<tab>`` for a tab of the chart.
        keys: As they are labelled on the keyboard.
        words: English words, key of the translation.
    """

    where: str
    keys: str
    words: str

    def label(self) -> str:
        """Its words in the language spoken now."""
        return tr(self.words)

    def name(self) -> str:
        """The keys as one says them in the language spoken now."""
        return tr("key|Space") if self.keys == "Space" else self.keys


PLAIN_KEYS: Final[tuple[PlainKey, ...]] = (
    PlainKey("ward_board", "↑ ↓", "Walk through the beds"),
    PlainKey("ward_board", "Enter", "Open the chart"),
    PlainKey("ward_board", "Space", "Tick a patient for assigning"),
    PlainKey("ward_board", "M", "On the map: pick up and move to another bed"),
    PlainKey("ward_board", "A", "On the map: admit to an empty bed"),
    PlainKey("ward_tasks", "Enter", "Open where it is done"),
    PlainKey("ward_tasks", "Space", "Done"),
    PlainKey("ward_tasks", "N", "New task"),
    PlainKey("ward_tasks", "X", "Not needed any more"),
    PlainKey("results_inbox", "A", "Take note of the result"),
    PlainKey("results_inbox", "Enter", "Open the results of the patient"),
    PlainKey("orders_to_acknowledge", "A", "Acknowledge this order"),
    PlainKey("orders_to_acknowledge", "P", "Acknowledge all of this patient"),
    PlainKey("stays", "Enter", "The first choice of the line"),
    PlainKey("stays", "N", "Register somebody new"),
    PlainKey("stays", "P", "Register and plan an admission"),
    PlainKey("stays", "C", "Open the chart"),
    PlainKey("stays", "R", "The second choice of the line"),
    PlainKey("stays", "E", "The third choice of the line"),
    PlainKey("vital_signs_round", "Enter", "Next value"),
    PlainKey("vital_signs_round", "↓", "Next patient"),
    PlainKey("vital_signs_round", "Esc", "Back to what stood there"),
    PlainKey("medication_round", "Enter", "Give"),
    PlainKey("medication_round", "W", "Withhold"),
    PlainKey("medication_round", "R", "Refused by the patient"),
    PlainKey("medication_round", "P", "Give a part"),
    PlainKey("medication_round", "U", "Not in stock"),
    PlainKey("chart/medication", "Enter", "Give"),
    PlainKey("chart/medication", "T", "Chart a dose given earlier"),
    PlainKey("chart/medication", "P", "Give a part"),
    PlainKey("chart/medication", "W", "Withhold"),
    PlainKey("chart/medication", "R", "Refused by the patient"),
    PlainKey("chart/medication", "U", "Not in stock"),
    PlainKey("chart/medication", "I", "Infusion"),
    PlainKey("chart/medication", "E", "Did it help?"),
    PlainKey("chart/medication", "C", "Correct"),
    PlainKey("chart/medication", "X", "Entered in error"),
    PlainKey("chart/medication", "H", "History of this record"),
    PlainKey("chart/care", "L", "Lines and wounds"),
    PlainKey("chart/care", "P", "Nursing problems"),
    PlainKey("chart/care", "1–9", "The intervention is done now"),
    PlainKey("chart/care", "Enter", "What is seen, how it goes"),
    PlainKey("chart/fluids", "G", "Fluid goal for 24 h"),
    PlainKey("chart/results", "A", "Acknowledge a critical result"),
    PlainKey("chart/results", "R", "Reports"),
    PlainKey("chart/results", "T", "Back to the table"),
    PlainKey("chart/results", "G", "Graph of the trend"),
    PlainKey("chart/results", "P", "Next panel"),
)

GUIDE: Final[dict[str, str]] = {
    "ward_board": "ward_board", "vital_signs_round": "vital_signs_round",
    "patient_search": "patient_search", "handover": "handover", "ward_tasks": "ward_tasks",
    "results_inbox": "results", "stays": "stays", "orders_to_acknowledge": "orders",
    "medication_round": "medication", "sync_centre": "offline", "collisions": "offline",
    "conflict": "offline", "documents": "printing", "terminal": "this_terminal",
    "settings": "this_terminal", "ward_news": "ward_tasks", "downtime_pack": "downtime_pack",
    "chart": "chart", "chart/notes": "notes",
    "chart/results": "results", "chart/medication": "medication", "chart/orders": "orders",
    "chart/fluids": "fluid_balance", "chart/scores": "scores",
    "chart/care": "care",
}  # fmt: skip
"""The page of the guide that tells about a screen or a tab."""


def of_place(screen: str, tab: str = "") -> tuple[PlainKey, ...]:
    """The plain keys of a screen, or of a tab of the chart."""
    where = f"{screen}/{tab}" if tab else screen
    return tuple(key for key in PLAIN_KEYS if key.where == where)


def guide_of(screen: str, tab: str = "") -> str:
    """The page of the guide about a screen, or a tab; the one about the keys if there is none."""
    return GUIDE.get(f"{screen}/{tab}") or GUIDE.get(screen) or "keyboard"


def every_key() -> list[tuple[str, list[tuple[str, str]]]]:
    """All keys for the map, in groups: everywhere, on screens that know them, each screen's own."""
    chords = sorted((each for each in ACTIONS if each.shortcut), key=ActionSpec.place)
    wide = [(each.keys(), each.label()) for each in chords if each.scope == "window"]
    here = [(each.keys(), each.label()) for each in chords if each.scope == "screen"]
    places = dict.fromkeys(key.where for key in PLAIN_KEYS)
    own = [
        (
            BY_ID[where.replace("/", "_")].label(),
            [(key.name(), key.label()) for key in PLAIN_KEYS if key.where == where],
        )
        for where in places
    ]
    return [(tr("Everywhere"), wide), (tr("On the screen in front"), here), *own]
