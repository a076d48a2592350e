"""Every command of the program in one tuple; menus, palette, shortcuts and help come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workstation.kernel.words import tr

Scope = Literal["window", "screen"]


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One command.

    Attributes:
        id: Stable name; a screen id for actions that open a screen.
        words: English words, key of the translation.
        shortcut: Qt's portable text, or empty when the palette alone offers it.
        icon: A file in ``resources/icons``.
        right: The right that a person needs, or empty.
        needs_patient: Whether the current screen must show a patient.
        scope: ``window``: the shell does it; ``screen``: the screen in front does.
        opens: The screen it opens, when that is what it does.
        deed: What is to be done there, with the patient of the screen in front.
    """

    id: str
    words: str
    shortcut: str = ""
    icon: str = ""
    right: str = ""
    needs_patient: bool = False
    scope: Scope = "window"
    opens: str = ""
    deed: str = ""

    def label(self) -> str:
        """Its words in the language spoken now."""
        return tr(self.words)

    def keys(self) -> str:
        """Its shortcut as the keys are labelled."""
        return self.shortcut.replace("Return", "Enter").replace("Left", "←")

    def place(self) -> tuple[str, int, str]:
        """Where it stands in a list of keys: as on the keyboard, 0 after 9, letters last."""
        held, _, key = self.shortcut.rpartition("+")
        return held, (int(key) or 10) if key.isdecimal() else 99, key


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("ward_board", "Ward board", "Ctrl+1", "ward", opens="ward_board"),
    ActionSpec("vital_signs_round", "Vital-signs round", "Ctrl+2", "vitals", right="chart",
               opens="vital_signs_round"),
    ActionSpec("results_inbox", "New results", "Ctrl+8", "results", opens="results_inbox"),
    ActionSpec("stays", "Admissions", "Ctrl+7", "person", right="move-patients", opens="stays"),
    ActionSpec("admit_new", "Register and admit", "", "add", right="move-patients",
               opens="stays", deed="admit_new"),
    ActionSpec("admit_patient", "Admit this patient", "", "person", right="move-patients",
               needs_patient=True, opens="stays", deed="admit"),
    ActionSpec("expect_new", "Register and plan an admission", "", "clock",
               right="move-patients", opens="stays", deed="expect_new"),
    ActionSpec("expect_patient", "Plan an admission", "", "clock", right="move-patients",
               needs_patient=True, opens="stays", deed="expect"),
    ActionSpec("move_patient", "Move to another bed", "", "forward", right="move-patients",
               needs_patient=True, opens="stays", deed="move"),
    ActionSpec("transfer_patient", "Transfer to another ward", "", "forward",
               right="move-patients", needs_patient=True, opens="stays", deed="transfer"),
    ActionSpec("leave_patient", "Leave of absence", "", "clock", right="move-patients",
               needs_patient=True, opens="stays", deed="leave"),
    ActionSpec("return_patient", "Return from leave", "", "back", right="move-patients",
               needs_patient=True, opens="stays", deed="return"),
    ActionSpec("discharge_patient", "Discharge the patient", "", "logout", right="discharge",
               needs_patient=True, opens="stays", deed="discharge"),
    ActionSpec("record_death", "Record a death", "", "close", right="discharge",
               needs_patient=True, opens="stays", deed="death"),
    ActionSpec("take_back_stay", "Take back the last step of the stay", "", "undo",
               right="take-back-stays", needs_patient=True, opens="stays", deed="take_back"),
    ActionSpec("medication_round", "Medication round", "Ctrl+4", "medication",
               right="administer", opens="medication_round"),
    ActionSpec("patient_search", "Find a patient", "Ctrl+F", "search", opens="patient_search"),
    ActionSpec("orders_to_acknowledge", "Orders to acknowledge", "Ctrl+0", "check",
               opens="orders_to_acknowledge"),
    ActionSpec("sync_centre", "Sync centre", "Ctrl+3", "sync", opens="sync_centre"),
    ActionSpec("handover", "Handover", "Ctrl+5", "handover", right="chart", opens="handover"),
    ActionSpec("ward_news", "What changed on the ward", "", "clock", opens="ward_news"),
    ActionSpec("ward_tasks", "Tasks", "Ctrl+6", "task", opens="ward_tasks"),
    ActionSpec("downtime_pack", "Downtime pack", "Ctrl+9", "print", right="chart",
               opens="downtime_pack"),
    ActionSpec("settings", "Settings", "Ctrl+,", "settings", opens="settings"),
    ActionSpec("terminal", "This terminal", "Ctrl+Shift+T", "server", opens="terminal"),
    ActionSpec("palette", "Commands", "Ctrl+K", "keyboard"),
    ActionSpec("help", "Help", "F1", "help"),
    ActionSpec("keyboard_map", "Print the keyboard map", "", "print"),
    ActionSpec("lock", "Lock", "Ctrl+L", "lock"),
    ActionSpec("undo", "Undo the last deed", "Ctrl+Z", "undo"),
    ActionSpec("back", "Back", "Alt+Left", "back"),
    ActionSpec("sync_now", "Sync now", "F9", "sync"),
    ActionSpec("language", "Tiếng Việt / English", "Ctrl+Shift+L", "info"),
    ActionSpec("theme", "Light / dark", "Ctrl+Shift+D", "eye"),
    ActionSpec("refresh", "Read again", "F5", "sync", scope="screen"),
    ActionSpec("save", "Save", "Ctrl+S", "save", scope="screen"),
    ActionSpec("sign", "Sign", "Ctrl+Return", "check", right="chart", scope="screen"),
    ActionSpec("print", "Print", "Ctrl+P", "print", scope="screen"),
    ActionSpec("add_vital_signs", "New vital signs", "Ctrl+D", "vitals", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("add_note", "New note", "Ctrl+N", "note", right="chart", scope="screen",
               needs_patient=True),
    ActionSpec("add_consultation", "New consultation", "Ctrl+Shift+H", "note", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("co_sign", "Sign beside the author", "Ctrl+Shift+G", "check", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("add_assessment", "New assessment", "Ctrl+E", "chart", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("maternity_chart", "Maternity chart on / off", "", "flag", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("record_call", "Write down a call for help", "Ctrl+Shift+E", "warning",
               right="chart", scope="screen"),
    ActionSpec("chart_scores", "Chart: assessments", "Alt+A", "chart", scope="screen",
               needs_patient=True),
    ActionSpec("chart_summary", "Chart: summary", "Alt+1", "chart", scope="screen",
               needs_patient=True),
    ActionSpec("chart_vitals", "Chart: vital signs", "Alt+2", "vitals", scope="screen",
               needs_patient=True),
    ActionSpec("chart_notes", "Chart: notes", "Alt+3", "note", scope="screen",
               needs_patient=True),
    ActionSpec("chart_timeline", "Chart: timeline", "Alt+4", "timeline", scope="screen",
               needs_patient=True),
    ActionSpec("chart_documents", "Chart: forms and documents", "Alt+5", "print", scope="screen",
               needs_patient=True),
    ActionSpec("chart_results", "Chart: results", "Alt+6", "results", scope="screen",
               needs_patient=True),
    ActionSpec("chart_medication", "Chart: medication", "Alt+7", "medication", scope="screen",
               needs_patient=True),
    ActionSpec("give_drug", "Give…", "Ctrl+G", "medication", right="administer", scope="screen",
               needs_patient=True),
    ActionSpec("chart_fluids", "Chart: fluids", "Alt+9", "fluids", scope="screen",
               needs_patient=True),
    ActionSpec("add_fluid", "New fluids", "Ctrl+I", "fluids", right="chart", scope="screen",
               needs_patient=True),
    ActionSpec("fluid_goal", "Fluid goal for 24 h", "", "flag", right="order", scope="screen",
               needs_patient=True),
    ActionSpec("insert_values", "Insert the newest values", "Ctrl+Shift+V", "vitals",
               right="chart", scope="screen", needs_patient=True),
    ActionSpec("snippets", "Text snippets", "Ctrl+Shift+S", "list", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("chart_care", "Chart: care", "Alt+0", "care", scope="screen",
               needs_patient=True),
    ActionSpec("chart_plan", "Chart: nursing care plan", "", "care", scope="screen",
               needs_patient=True),
    ActionSpec("add_care", "New line or wound", "Ctrl+B", "care", right="chart", scope="screen",
               needs_patient=True),
    ActionSpec("add_problem", "New nursing problem", "Ctrl+Shift+B", "care", right="chart",
               scope="screen", needs_patient=True),
    ActionSpec("chart_orders", "Chart: orders", "Alt+8", "list", scope="screen",
               needs_patient=True),
    ActionSpec("add_order", "New order", "Ctrl+O", "medication", right="order", scope="screen",
               needs_patient=True),
    ActionSpec("order_again", "Order again for today", "", "sync", right="order", scope="screen",
               needs_patient=True),
    ActionSpec("order_set", "Order set…", "", "list", right="order", scope="screen",
               needs_patient=True),
    ActionSpec("history", "History of this record", "Ctrl+H", "clock", scope="screen",
               needs_patient=True),
    ActionSpec("acknowledge_result", "Acknowledge a critical result", "", "check", right="chart",
               scope="screen"),
    ActionSpec("sort_risk", "Sort by risk", "Ctrl+Alt+R", "list", scope="screen"),
    ActionSpec("sort_bed", "Sort by bed", "Ctrl+Alt+B", "list", scope="screen"),
    ActionSpec("sort_due", "Sort by what is due", "Ctrl+Alt+D", "list", scope="screen"),
    ActionSpec("add_task", "New task", "Ctrl+Shift+N", "task", right="chart", scope="screen"),
    ActionSpec("my_patients", "My patients / all", "Ctrl+Alt+M", "person", scope="screen"),
    ActionSpec("assign", "Assign to a nurse", "Ctrl+Alt+A", "person", right="assign",
               scope="screen"),
    ActionSpec("toggle_view", "Bed map / list", "Ctrl+M", "grid", scope="screen"),
)  # fmt: skip
BY_ID: dict[str, ActionSpec] = {action.id: action for action in ACTIONS}
