"""The page on the server at hand: which promises it cannot keep, what the terminal does then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_WIDTH: Final = 900


@dataclass(frozen=True, slots=True)
class Lack:
    """One promise that a server does not keep: what it does, and what the terminal does then."""

    what: str
    instead: str


class ServerPage(Pages):
    """A list of lacks, or a quiet word that there are none."""

    def __init__(self, workplace: Workplace) -> None:
        """Know nothing yet.

        Args:
            workplace: Its restorer knows the server; without one there is no server.
        """
        self._lacks = QVBoxLayout()
        self._lacks.setSpacing(theme.px(4))
        inside = QWidget()
        inside.setMaximumWidth(theme.px(_WIDTH))
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(theme.px(4), theme.px(16), theme.px(16), theme.px(16))
        intro = tr(
            "For hospital IT; you need do nothing. What this server does not guarantee, and how"
            " this terminal makes up for it:"
        )
        outer.addWidget(label(intro, "body", "muted", wrap=True))
        outer.addSpacing(theme.px(12))
        outer.addLayout(self._lacks)
        outer.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        super().__init__(scroll)
        self._workplace = workplace

    def show_server(self) -> None:
        """Say what is known of the server now."""
        restorer = self._workplace.restorer
        codes = restorer.not_kept() if restorer is not None else None
        if codes is None:
            self.show_empty(
                tr("The server was not asked yet."),
                tr("After the first sync it stands here what it cannot do."),
            )
            return
        if not codes:
            self.show_empty(
                tr("This server meets every requirement."),
                tr("Nothing has to be done another way."),
            )
            return
        self._replace([lack_of(code) for code in codes])
        self.show_content()

    def _replace(self, lacks: Sequence[Lack]) -> None:
        while (item := self._lacks.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for lack in lacks:
            self._lacks.addWidget(label(lack.what, "strong", wrap=True))
            self._lacks.addWidget(label(lack.instead, "body", wrap=True))
            gap = QWidget()
            gap.setFixedHeight(theme.px(12))
            self._lacks.addWidget(gap)


def lack_of(code: str) -> Lack:
    """The words for one code of `Capabilities.not_kept`; the code itself where there are none."""
    known = {
        "stale-update-accepted": Lack(
            tr("It overwrites a newer version without asking"),
            tr("Every change of an existing record waits until a person confirms it."),
        ),
        "client-ids-refused": Lack(
            tr("It gives records ids of its own"),
            tr("Each record is known by both ids; what refers to it is sent after it."),
        ),
        "if-none-match-ignored": Lack(
            tr("It overwrites a record that was made twice"),
            tr("Before a shared record is made, it is looked for."),
        ),
        "if-none-exist-ignored": Lack(
            tr("It stores a record twice that was sent twice"),
            tr("An answer that was lost is looked up before anything is sent again."),
        ),
        "no-batch": Lack(
            tr("It takes only one request at a time"),
            tr("Records are sent one by one; sync takes longer."),
        ),
        "transaction-not-atomic": Lack(
            tr("It may keep only a part of what belongs together"),
            tr("What is referred to goes first, so that a part is never wrong."),
        ),
        "no-type-history": Lack(
            tr("It does not tell what was deleted"),
            tr("Deletions are found by comparing with the server every 10 minutes."),
        ),
        "decimals-rewritten": Lack(
            tr("It rewrites numbers, such as 1.10 to 1.1"),
            tr("Numbers count as equal by value; what was typed is kept here."),
        ),
    }
    return known.get(code, Lack(code, ""))
