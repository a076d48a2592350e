"""The amounts of a day one by one, and the infusions that run: what the sums are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.fluid_balance_sheet import FluidSheet, Line, Running
from workstation.ui.screens.chart.fluid_balance_words import fluid_name, rate_text, volume_text
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import moment_text, time_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label


class FluidLines(RowsView):
    """Every amount of the day, the newest first.

    Signals:
        strike_wanted: Delete on an amount. arg 0: its `Line`.
        day_wanted: PageUp or PageDown. arg 0: -1 or 1.
    """

    strike_wanted = Signal(object)
    day_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._lines: RowsModel[Line] = RowsModel(_columns())
        super().__init__(self._lines, parent)
        self.wrap_rows(26)
        self._lines.setParent(self)
        self.verticalHeader().setDefaultSectionSize(theme.px(26))
        self.setAccessibleName(tr("Amounts of this day"))

    def show_sheet(self, sheet: FluidSheet) -> None:
        """Show a day."""
        current = self.line()
        self._lines.replace(sheet.lines)
        ids = [line.entry.id for line in sheet.lines]
        if ids:
            self.selectRow(
                ids.index(current.entry.id) if current and current.entry.id in ids else 0
            )

    def line(self) -> Line | None:
        """The amount that the cursor stands on."""
        found = self.currentIndex().data(ROW_ROLE)
        return found if isinstance(found, Line) else None

    def show_line(self, line: Line) -> None:
        """Put the cursor on an amount."""
        self.selectRow(self._lines.rows.index(line))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to strike an amount out, a page is a day."""
        days = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        key, line = Qt.Key(event.key()), self.line()
        if key in days:
            self.day_wanted.emit(days[key])
        elif key == Qt.Key.Key_Delete and line is not None:
            self.strike_wanted.emit(line)
        else:
            super().keyPressEvent(event)


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column(tr("Time"), lambda line: time_text(line.entry.fluid.at), 78, hint=_hint, tone=_tone),
        Column(
            tr("Kind of fluid"), lambda line: fluid_name(line.entry.fluid), hint=_hint, tone=_tone
        ),
        Column(tr("Amount"), _amount, 112, right=True, role="strong", hint=_hint, tone=_tone),
        Column(tr("Who"), lambda line: line.entry.by, 140, hint=_hint, tone=_tone),
        Column(tr("State"), _state, 160, hint=_hint, tone=_tone),
    )


def _amount(line: Line) -> str:
    said = volume_text(line.entry.fluid)
    return said if line.entry.valid else f"({said})"


def _state(line: Line) -> str:
    said = "" if line.entry.status == "final" else status_text(line.entry.status)
    unsent = tr("On this terminal only") if line.unsent else ""
    return " · ".join(filter(None, (said, unsent)))


def _tone(line: Line) -> str:
    return "text" if line.entry.valid else "muted"


def _hint(line: Line) -> str:
    entry = line.entry
    said = f"{moment_text(entry.fluid.at)} {fluid_name(entry.fluid)} {volume_text(entry.fluid)}"
    reason = tr("Reason: {reason}", reason=entry.reason) if entry.reason else ""
    return "\n".join(filter(None, (said, entry.by, _state(line), reason)))


class RunningInfusions(QScrollArea):
    """A line for each infusion of the day: when its bag is empty, how fast, how much."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(tr("Infusions of this day"))

    def show_sheet(self, sheet: FluidSheet) -> None:
        """Show a day."""
        inside = QWidget()
        inside.setProperty("ground", "canvas")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(2))
        for running in sheet.infusions:
            box.addWidget(_infusion(running, sheet))
        box.addStretch(1)
        self.setWidget(inside)
        self.setVisible(bool(sheet.infusions))


def _infusion(running: Running, sheet: FluidSheet) -> QLabel:
    ran = tr("{volume} mL on this day", volume=number_text(running.ran_ml))
    empty = running.empty_at if sheet.current else None
    late = empty is not None and empty <= sheet.now
    bag = ""
    if empty is not None:
        when = time_text(empty)
        since = tr("bag should be empty since {time}", time=when)
        bag = f"▲ {since}" if late else tr("bag empty at about {time}", time=when)
    parts = (running.record.drug, bag, rate_text(running), ran)
    return label(" · ".join(filter(None, parts)), "body", "warn" if late else "", wrap=True)
