"""What is to be on paper: which sheet, in which language, of which time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from workstation.kernel.words import LANGUAGES, language, tr
from workstation.services import documents
from workstation.services.documents import Kind, Request
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label

_SPANS_DAYS: Final = (None, 1, 3, 7)
_USUAL_SPAN: Final[Mapping[Kind, int]] = {"fluid-balance": 1}
"""Place of the span that a paper starts with; of a sheet a day, today's is what is wanted."""


class PaperChoices(QWidget):
    """Three drop-down lists.

    Signals:
        changed: Something else is wanted; ask `request`.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._language, self._span = QComboBox(), QComboBox(), QComboBox()
        names: dict[Kind, str] = {
            "vital-signs": tr("Vital signs sheet"),
            "progress": tr("Progress sheet (36/BV2)"),
            "consultation": tr("Minutes of a consultation (27/BV2)"),
            "care": tr("Care sheet (37, 38/BV2)"),
            "medication": tr("Medication record"),
            "fluid-balance": tr("Fluid balance sheet"),
            "results": tr("Cumulative results"),
        }
        for kind in documents.KINDS:
            self._kind.addItem(names[kind], kind)
        for tongue, name in zip(LANGUAGES, ("Tiếng Việt", "English"), strict=True):
            self._language.addItem(name, tongue)
        spans = (tr("Whole stay"), tr("Today"), tr("3 days"), tr("7 days"))
        for name, days in zip(spans, _SPANS_DAYS, strict=True):
            self._span.addItem(name, days)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        for words, choice in (
            (tr("Paper"), self._kind),
            (tr("Language"), self._language),
            (tr("Time"), self._span),
        ):
            caption = label(words, "caption")
            caption.setBuddy(choice)
            choice.setAccessibleName(words)
            choice.currentIndexChanged.connect(self.changed)
            row.addWidget(caption)
            row.addWidget(choice)
        self.setFocusProxy(self._kind)

    @property
    def kind(self) -> Kind:
        """The paper wanted."""
        kind: Kind = self._kind.currentData()
        return kind

    def begin(self, kind: object) -> None:
        """Want a paper in the language spoken now; emits nothing."""
        self.blockSignals(True)
        self._kind.setCurrentIndex(max(self._kind.findData(kind), 0))
        self._language.setCurrentIndex(LANGUAGES.index(language()))
        self._span.setCurrentIndex(_USUAL_SPAN.get(self.kind, 0))
        self.blockSignals(False)

    def request(self, today: date) -> Request:
        """What is wanted, as of a day."""
        days: int | None = self._span.currentData()
        since = None if days is None else today - timedelta(days=days - 1)
        return Request(self.kind, self._language.currentData(), since)

    def focus(self) -> None:
        """Put the focus on the first list."""
        self._kind.setFocus(Qt.FocusReason.OtherFocusReason)
