"""The history of one record: each version with who, when, why, and whether the hospital has it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import history
from workstation.services.history import History, Version
from workstation.ui.screens.chart.page import Page
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.record_words import kind_text
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.text import button, card, label


class HistoryPage(Page):
    """Versions of the record that `open_record` names, newest first."""

    def build(self) -> QWidget:
        """Make an empty page; `show_read` fills it."""
        self._record = ("", "")
        self._back = "summary"
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        return self._scroll

    def open_record(self, type: str, id: str, *, back: str) -> None:
        """Be about a record.

        Args:
            type: FHIR type.
            id: Its id.
            back: The tab to go back to.
        """
        self._record, self._back = (type, id), back
        self._stale = True

    def read(self, patient: PatientId) -> History:
        """Ask for the versions."""
        del patient
        return history.record_history(self.workplace.desk, *self._record)

    def show_read(self, found: object) -> None:
        """Show one card a version."""
        assert isinstance(found, History)  # noqa: S101 - what `read` returns
        inside = QWidget()
        box = QVBoxLayout(inside)
        gap = theme.px(14)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(10))
        head = QHBoxLayout()
        back = button(tr("Back"), self.close_record, symbol="back", hint="Esc")
        back.setShortcut(Qt.Key.Key_Escape)
        head.addWidget(back)
        words = tr("History: {title}", title=_title(found))
        head.addWidget(label(words, "heading"), 1)
        box.addLayout(head)
        for place, version in enumerate(found.versions):
            box.addWidget(_card(version, newest=place == 0))
        box.addWidget(
            label(
                tr("Versions that other terminals wrote in between are kept on the server."),
                "caption",
            )
        )
        box.addStretch(1)
        self._scroll.setWidget(inside)
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_record(self) -> None:
        """Go back to where the person came from."""
        self.links.open_tab(self._back)


def _title(found: History) -> str:
    """Its kind; a note's own title says nothing more, and is in the language of who wrote it."""
    kind = kind_text(found.kind)
    return kind if found.kind.endswith("-note") else f"{kind} – {found.title}"


def _card(version: Version, *, newest: bool) -> QWidget:
    head = QWidget()
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(10))
    when = moment_text(version.at) if version.at else tr("Unknown")
    row.addWidget(label(when, "strong"))
    row.addWidget(label(version.by or tr("Unknown"), "body"))
    row.addWidget(label(_operation(version), "caption"))
    row.addStretch(1)
    if newest:
        row.addWidget(Chip(tr("Newest"), "accent", "check"))
    row.addWidget(_where(version))
    contents: list[QWidget] = [head, label(version.content or "–", "body", wrap=True)]
    if version.reason:
        contents.append(label(tr("Reason: {reason}", reason=version.reason), "body", wrap=True))
    return card(*contents, margin=12, spacing=6)


def _operation(version: Version) -> str:
    words = {
        "create": tr("Written"),
        "update": tr("Changed"),
        "delete": tr("Deleted"),
        "read": tr("From the hospital"),
    }
    status = status_text(version.status)
    return " · ".join(filter(None, (words[version.operation], status)))


def _where(version: Version) -> Chip:
    if version.where == "unsent":
        return Chip(tr("On this terminal only"), "warn", "unsent")
    if version.where == "refused":
        return Chip(tr("Refused by the server"), "danger", "parked")
    number = tr("version {number}", number=version.number) if version.number else ""
    words = " · ".join(filter(None, (tr("Received by the hospital"), number)))
    return Chip(words, "ok", "check")
