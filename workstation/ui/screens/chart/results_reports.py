"""Reports: the list at the left, one of them to read at the right, as text and as its pages."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr
from workstation.services import reports
from workstation.services.reports import Detail, Listed, PageImage, Section
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.tasks import Task
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.table import ROW_ROLE, Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_DOTS: Final = 96
"""Dots an inch of a page on screen; fewer where the room is narrower than the page."""
_MARGINS: Final = 32


class _List(RowsView):
    """T goes back to the table, as R came from it."""

    back = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """T goes back; all else is the list's."""
        if event.key() == Qt.Key.Key_T and not event.modifiers():
            self.back.emit()
        else:
            super().keyPressEvent(event)


class ReportsView(QWidget):
    """List and reader.

    Signals:
        back: The person wants the table again.
    """

    back = Signal()

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._reading: Task | None = None
        self._drawing: Task | None = None
        self._detail: Detail | None = None
        self._shown, self._waiting = "", False
        self._model: RowsModel[Listed] = RowsModel(_columns(), self)
        self.list = _List(self._model)
        self.list.back.connect(self.back)
        self.list.setAccessibleName(tr("Reports"))
        self.list.opened.connect(self._on_opened)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._scroll: QScrollArea = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(tr("Report"))
        self._scroll.setMinimumWidth(theme.px(420))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(10))
        box.addWidget(self.list, 5)
        box.addWidget(self._scroll, 4)
        self._show_words(tr("No report chosen"))

    def forget(self) -> None:
        """Show nothing of the patient before."""
        if self._model.rows:
            self._model.replace(())
        if self._shown:
            self._shown, self._waiting = "", False
            self._show_words("")
        if self._reading is not None:
            self._reading.cancel()

    def show_reports(self, found: tuple[Listed, ...]) -> None:
        """Show a list; the report in front stays there."""
        self._model.replace(found)
        place = next((n for n, each in enumerate(found) if each.id == self._shown), 0)
        if found:
            self.list.selectRow(place)
            self._read(found[place].id)
        else:
            self._shown, self._waiting = "", False
            self._show_words(tr("No reports yet"))

    def stand_on(self, report: str) -> bool:
        """Choose a report; whether it is in the list."""
        for place, each in enumerate(self._model.rows):
            if each.id == report:
                self.list.selectRow(place)
                return True
        return False

    def current(self) -> Listed | None:
        """The report in front."""
        row = self.list.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, Listed) else None

    @Slot(object)
    def _on_opened(self, _row: Listed) -> None:
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = current.data(ROW_ROLE)
        if isinstance(row, Listed) and row.id != self._shown:
            self._read(row.id)

    def showEvent(self, event: QShowEvent) -> None:
        """A report is read and drawn once somebody looks at it."""
        super().showEvent(event)
        if self._waiting:
            self._read(self._shown)

    def _read(self, id: str) -> None:
        self._shown, self._waiting = id, not self.isVisible()
        if self._waiting:
            if self._detail is not None and self._detail.report.id != id:
                self._show_words(tr("Reading…"))
            return
        if self._reading is not None:
            self._reading.cancel()
        desk = self._workplace.desk
        self._reading = self._workplace.tasks.query(
            lambda: reports.detail(desk, id), done=self._on_detail, failed=self._on_failed
        )

    @Slot(object)
    def _on_detail(self, found: Detail) -> None:
        if found.report.id != self._shown or found == self._detail:
            return
        inside, box = _column()
        for words, role, tone in _lines(found):
            box.addWidget(label(words, role, tone, wrap=True))
        pages = QVBoxLayout()
        box.addLayout(pages)
        box.addStretch(1)
        self._put(inside, found)
        pdf = found.pdf
        if pdf is not None:
            ratio = self.devicePixelRatioF()
            self._drawing = self._workplace.tasks.slow(
                lambda _progress: reports.pages(pdf, _DOTS * ratio),
                done=partial(self._on_pages, pages, ratio),
                failed=partial(self._on_pages_failed, pages),
                owner=self,
            )

    def _put(self, inside: QWidget, detail: Detail | None) -> None:
        """Show something in the reader; pages that are still drawn for what was there are not."""
        if self._drawing is not None:
            self._drawing.cancel()
        self._drawing, self._detail = None, detail
        self._scroll.setWidget(inside)

    def _on_pages_failed(self, box: QVBoxLayout, error: WorkstationError) -> None:
        box.addWidget(label(explain(error).line, "strong", "warn", wrap=True))

    def _on_pages(self, box: QVBoxLayout, ratio: float, pages: tuple[PageImage, ...]) -> None:
        for number, page in enumerate(pages, start=1):
            image = QImage(page.pixels, page.width, page.height, page.stride,
                           QImage.Format.Format_RGB32).copy()  # fmt: skip
            pixmap = QPixmap.fromImage(image)
            room = int((self._scroll.viewport().width() - theme.px(_MARGINS)) * ratio)
            if pixmap.width() > room > 0:
                pixmap = pixmap.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
            pixmap.setDevicePixelRatio(ratio)
            sheet = QLabel()
            sheet.setPixmap(pixmap)
            sheet.setFrameShape(QFrame.Shape.Box)
            sheet.setAccessibleName(tr("Page {number}", number=number))
            box.addWidget(sheet, alignment=Qt.AlignmentFlag.AlignLeft)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self._show_words(explain(error).line)

    def _show_words(self, words: str) -> None:
        inside, box = _column()
        box.addWidget(label(words, "body", "muted", wrap=True))
        box.addStretch(1)
        self._put(inside, None)


def _column() -> tuple[QWidget, QVBoxLayout]:
    inside = QWidget()
    box = QVBoxLayout(inside)
    gap = theme.px(14)
    box.setContentsMargins(gap, gap, gap, gap)
    box.setSpacing(theme.px(8))
    return inside, box


def _lines(found: Detail) -> list[tuple[str, str, str]]:
    """Words, role and tone of what a report says, from the top."""
    report = found.report
    facts = [
        moment_text(report.at) if report.at else "",
        status_text(report.status),
        "" if found.foreign else found.maker,
    ]
    lines = [
        (report.title, "heading", ""),
        (" · ".join(filter(None, facts)), "body", "muted"),
        (tr("Made elsewhere: {facility}", facility=found.foreign) if found.foreign else "",
         "strong", "warn"),
        (_amended(found), "strong", "warn"),
        (tr("Conclusion") if report.conclusion else "", "caption", "muted"),
        (report.conclusion, "strong", ""),
        (tr("Findings") if report.text else "", "caption", "muted"),
        (report.text, "body", ""),
        (_attached(found), "caption", "muted"),
        (_unreadable(found), "strong", "warn"),
    ]  # fmt: skip
    return [line for line in lines if line[0]]


def _amended(found: Detail) -> str:
    if found.report.amended:
        return tr("Corrected: {words}", words=found.report.amended)
    changed = found.report.status in ("amended", "corrected", "appended")
    return tr("Corrected, see the history") if changed else ""


def _attached(found: Detail) -> str:
    if not found.others:
        return ""
    return tr("Attached, not shown here: {kinds}", kinds=", ".join(found.others))


def _unreadable(found: Detail) -> str:
    if not found.unreadable:
        return ""
    kinds = ", ".join(found.unreadable)
    return tr("Attached, but cannot be read: {kinds}. Ask who made the report.", kinds=kinds)


def section_text(section: Section) -> str:
    """What kind of report it is."""
    return {
        "laboratory": tr("Laboratory"),
        "imaging": tr("Imaging"),
        "function": tr("Functional test"),
    }[section]


def _columns() -> tuple[Column[Listed], ...]:
    return (
        Column("", lambda each: "●" if each.new else "", 28, tone=lambda _: "accent",
               hint=lambda each: tr("New since you last looked") if each.new else ""),
        Column(tr("Taken"), lambda each: moment_text(each.at) if each.at else tr("Unknown"), 155),
        Column(tr("Report"), lambda each: each.title, role="strong"),
        Column(tr("Kind"), lambda each: section_text(each.section), 155),
        Column(tr("State"), lambda each: status_text(each.status), 110),
    )  # fmt: skip
