"""Settings: language, theme, size, and what belongs to this terminal; each takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.kernel import settings as table
from workstation.kernel.errors import Refused
from workstation.kernel.settings import Setting
from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.number_entry import NumberEntry
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.text import button, card, label
from workstation.ui.toolkit.workplace import Workplace


def choices_of(setting: Setting[Any]) -> tuple[tuple[Any, str], ...]:
    """The choices of a setting with their words."""
    words: dict[str, dict[Any, str]] = {
        "language": {"vi": "Tiếng Việt", "en": "English"},
        "theme": {"light": tr("Light"), "dark": tr("Dark")},
        "scale": {size: f"{size} %" for size in table.SCALE.choices},
    }
    return tuple(words[setting.name].items())


class SettingsScreen(Screen):
    """What a person likes, and what this terminal does."""

    applied: Callable[[], None] | None = None
    """Dresses the window anew; the window sets it."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._first: QWidget | None = None
        page = QWidget()
        page.setProperty("ground", "canvas")
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
        column.setSpacing(theme.px(14))
        column.addWidget(label(tr("Settings"), "title"))
        column.addWidget(
            self._group(
                tr("For you"),
                (
                    (tr("Language"), table.LANGUAGE),
                    (tr("Colours"), table.THEME),
                    (tr("Size of text and controls"), table.SCALE),
                ),
            )
        )
        column.addWidget(
            self._group(
                tr("For this terminal"),
                (
                    (tr("Lock after minutes without a key"), table.IDLE_LOCK),
                    (tr("Seconds between two looks at the server"), table.SYNC_SECONDS),
                    (tr("Minutes until the downtime pack is made anew"), table.PACK_MINUTES),
                ),
            )
        )
        column.addWidget(self._facts())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def title(self) -> str:
        """Its name."""
        return tr("Settings")

    def activate(self) -> None:
        """Put the keys on the first setting."""
        if self._first is not None:
            self._first.setFocus()

    def _group(self, title: str, rows: tuple[tuple[str, Setting[Any]], ...]) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(20))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnMinimumWidth(0, theme.px(280))
        grid.setColumnStretch(2, 1)
        for row, (name, setting) in enumerate(rows):
            words = label(name)
            entry = self._choice(setting) if setting.choices else self._number(setting, name)
            words.setBuddy(entry.focusProxy() or entry)
            grid.addWidget(words, row, 0)
            grid.addWidget(entry, row, 1)
            self._first = self._first or entry
        made = card(label(title, "heading"), inside)
        made.setMaximumWidth(theme.px(860))
        return made

    def _choice(self, setting: Setting[Any]) -> QComboBox:
        box = QComboBox()
        box.setMinimumWidth(theme.px(200))
        box.setAccessibleName(tr(setting.help))
        now = self.workplace.settings.get(setting)
        for value, words in choices_of(setting):
            box.addItem(words, value)
            if value == now:
                box.setCurrentIndex(box.count() - 1)
        box.activated.connect(lambda _index: self._keep(setting, box.currentData()))
        return box

    def _number(self, setting: Setting[Any], name: str) -> QWidget:
        entry = NumberEntry(name)
        entry.setFixedWidth(theme.px(90))
        entry.set_value(self.workplace.settings.get(setting))
        note = FieldNote()
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(entry)
        line.addWidget(
            label(tr("{least} to {most}", least=setting.least, most=setting.most), "caption")
        )
        line.addWidget(note, 1)
        row.setFocusProxy(entry)

        def keep() -> None:
            problem = entry.problem()
            value = entry.value() if problem is None else None
            if value is None or setting.problem(int(value)):
                entry.mark("invalid")
                note.say(problem or _range(setting))
                return
            note.say(None)
            self._keep(setting, int(value))

        entry.editingFinished.connect(keep)
        return row

    def _facts(self) -> QWidget:
        settings = self.workplace.settings
        server = settings.get(table.SERVER) or tr("None")
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(20))
        grid.setColumnMinimumWidth(0, theme.px(280))
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(((tr("Server"), server),)):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(label(value, "strong"), row, 1)
        more = button(
            tr("Enrolment and people"), lambda: self.workplace.navigator.open_screen("terminal"),
            symbol="server",
        )  # fmt: skip
        grid.addWidget(more, 0, 2)
        made = card(label(tr("Connection"), "heading"), inside)
        made.setMaximumWidth(theme.px(860))
        return made

    def _keep(self, setting: Setting[Any], value: Any) -> None:
        if value == self.workplace.settings.get(setting):
            return
        self.workplace.settings.put(setting, value)
        if setting in (table.LANGUAGE, table.THEME, table.SCALE, table.IDLE_LOCK) and self.applied:
            self.applied()


def _range(setting: Setting[Any]) -> Refused:
    return Refused("out-of-range", least=setting.least, most=setting.most)
