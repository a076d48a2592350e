"""The timeline tab: everything in order of time, filtered by kind, read in pages."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayoutItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import timeline
from workstation.services.timeline import Event, Timeline
from workstation.ui.screens.chart.fluid_balance_words import fluid_name, volume_text
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.signature_words import state_words
from workstation.ui.screens.chart.wording import reading_line, status_text
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.person_words import short_moment
from workstation.ui.toolkit.record_words import kind_text
from workstation.ui.toolkit.result_words import unit_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label

_FILTERS = 9


class TimelinePage(Page):
    """Everything that is known of a patient."""

    def build(self) -> QWidget:
        """Make filters, table and the button for more."""
        self._kinds: frozenset[str] = frozenset()
        self._only_new, self._count, self._first = False, timeline.PAGE, True
        self._model: RowsModel[Event] = RowsModel(_columns(), self)
        self._view = RowsView(self._model)
        self._view.opened.connect(self._on_opened)
        self._view.setAccessibleName(tr("Timeline"))
        row = QWidget()
        self._filters = QHBoxLayout(row)
        self._filters.setContentsMargins(0, 0, 0, 0)
        self._filters.setSpacing(theme.px(6))
        self._strip = strip = QScrollArea()
        strip.setWidgetResizable(True)
        strip.setWidget(row)
        strip.setFixedHeight(theme.px(46))
        strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._shown = label("", "caption")
        self._more = button(tr("Show more"), self._on_more, symbol="down")
        foot = QHBoxLayout()
        foot.addWidget(self._shown, 1)
        foot.addWidget(self._more)
        whole = QWidget()
        box = QVBoxLayout(whole)
        gap = theme.px(12)
        box.setContentsMargins(gap, theme.px(8), gap, theme.px(8))
        box.setSpacing(theme.px(8))
        box.addWidget(strip)
        box.addWidget(self._view, 1)
        box.addLayout(foot)
        return whole

    def set_patient(self, patient: PatientId) -> None:
        """Be about another patient, without a filter."""
        if patient != self.subject:
            self._kinds, self._only_new, self._count = frozenset(), False, timeline.PAGE
            self._first = True
        super().set_patient(patient)

    def read(self, patient: PatientId) -> Timeline:
        """Ask for the newest of the kinds wanted."""
        desk, kinds, count = self.workplace.desk, self._kinds, self._count
        if self._first and not kinds and not self._only_new:
            return timeline.newest(desk, patient)
        return timeline.timeline(desk, patient, kinds=kinds, only_new=self._only_new, count=count)

    def show_read(self, found: object) -> None:
        """Show filters and rows; at first the rows alone."""
        assert isinstance(found, Timeline)  # noqa: S101 - what `read` returns
        self._first = False
        self._model.replace(found.events)
        for widget in (self._strip, self._shown, self._more):
            _show_in_place(widget, found.whole)
        if not found.whole:
            self._view.selectRow(0)
            self.read_on()
            return
        self._show_filters(found)
        count = len(found.events)
        self._shown.setText(tr("{count} of {total} shown", count=count, total=found.total))
        self._more.setVisible(count < found.total)
        if not found.kinds:
            self.states.show_empty(tr("Nothing recorded yet"))
        elif not self._view.currentIndex().isValid():
            self._view.selectRow(0)

    def focus_start(self) -> None:
        """The table is walked by arrow keys."""
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def perform(self, action_id: str) -> bool:
        """The history of the record in focus."""
        if action_id not in self.offers():
            return False
        self._on_opened(self._view.currentIndex().data(ROW_ROLE))
        return True

    def offers(self) -> frozenset[str]:
        """The history when there is a row."""
        return frozenset({"history"} if self._view.currentIndex().isValid() else ())

    def _show_filters(self, found: Timeline) -> None:
        """One button a kind, the most frequent first; the chosen ones always among them."""
        while self._filters.count():
            item: QLayoutItem | None = self._filters.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        ranked = sorted(found.kinds, key=lambda kind: (-found.kinds[kind], kind))
        shown = [kind for n, kind in enumerate(ranked) if n < _FILTERS or kind in self._kinds]
        total = sum(found.kinds.values())
        self._add_filter(tr("Everything ({count})", count=total), None)
        self._add_new_filter(found)
        for kind in shown:
            self._add_filter(f"{kind_text(kind)} ({found.kinds[kind]})", kind)
        self._filters.addStretch(1)

    def _add_new_filter(self, found: Timeline) -> None:
        """What is new since the person was last here, with since when."""
        since = short_moment(found.since, self.workplace.clock.now())
        words = tr("New since {time} ({count})", time=since, count=found.new)
        choice = button(words, self._toggle_new, symbol="clock")
        choice.setCheckable(True)
        choice.setChecked(self._only_new)
        self._filters.addWidget(choice)

    def _toggle_new(self) -> None:
        self._only_new = not self._only_new
        self._count = timeline.PAGE
        self.refresh()

    def _add_filter(self, words: str, kind: str | None) -> None:
        everything = not self._kinds and not self._only_new
        chosen = everything if kind is None else kind in self._kinds
        choice: QPushButton = button(words, partial(self._toggle, kind))
        choice.setCheckable(True)
        choice.setChecked(chosen)
        choice.setStyleSheet(f"padding-left:{theme.px(8)}px;padding-right:{theme.px(8)}px")
        self._filters.addWidget(choice)

    def _toggle(self, kind: str | None) -> None:
        self._kinds = frozenset() if kind is None else self._kinds ^ {kind}
        self._only_new = self._only_new and kind is not None
        self._count = timeline.PAGE
        self.refresh()

    def _on_more(self) -> None:
        self._count += timeline.PAGE
        self.refresh()

    @Slot(object)
    def _on_opened(self, event: Event) -> None:
        if event.vitals is not None:
            self.links.open_tab("vitals")
        else:
            self.links.open_history(event.type, event.id)


_OWN_NAMES = ("doctor-note", "nurse-note", "consultation", "signature")
"""Kinds that are called by what they are here, whatever the record calls them."""


def _show_in_place(widget: QWidget, shown: bool) -> None:
    """Hidden, it keeps its place: nothing moves when it comes."""
    kept = widget.sizePolicy()
    kept.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(kept)
    widget.setVisible(shown)


def _columns() -> tuple[Column[Event], ...]:
    return (
        Column(tr("When"), lambda event: moment_text(event.at) if event.at else tr("Unknown"), 150),
        Column(tr("Kind"), lambda event: kind_text(event.kind), 160),
        Column(tr("What"), _what, 190, role="strong"),
        Column(tr("Content"), _content),
        Column(tr("Who"), lambda event: event.author, 150),
        Column(tr("State"), _state, 190, tone=_tone),
    )


def _what(event: Event) -> str:
    if event.vitals is not None or event.kind in _OWN_NAMES:
        return kind_text(event.kind)
    return fluid_name(event.fluid) if event.fluid is not None else event.title


def _content(event: Event) -> str:
    if event.vitals is not None:
        return reading_line(event.vitals)
    if event.fluid is not None:
        return volume_text(event.fluid)
    if event.amount is not None:
        return f"{number_text(event.amount)} {unit_text(event.unit)}".rstrip()
    return event.detail


def _state(event: Event) -> str:
    unsent = tr("On this terminal only") if event.unsent else ""
    signed, news = state_words(event.under), f"● {tr('New')}" if event.new else ""
    words = signed or unsent or status_text(event.status)
    also = tr("Unsent") if signed and event.unsent else ""
    return " · ".join(filter(None, (news, words, also)))


def _tone(event: Event) -> str:
    if event.status == "entered-in-error":
        return "danger"
    if event.new:
        return "accent"
    waits = event.under.state in ("waiting", "outdated")
    return "warn" if event.unsent or waits else "muted"
