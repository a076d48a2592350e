"""The head of the screen: how old the pack is, how far the next one is, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services import downtime_pack
from workstation.services.downtime_pack import Kept
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.pack_renewal import PackRenewal
from workstation.ui.toolkit.widgets.moment import age_text, moment_text
from workstation.ui.toolkit.widgets.text import button, label, set_property

Doing = Callable[[str], object]
"""Does an action by its id."""


class PackHead(QWidget):
    """Title, age, progress and buttons; below them what to bear in mind."""

    def __init__(
        self, packs: PackRenewal, title: str, do: Doing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._packs = packs
        self.age, self.advice = label("", "strong"), label("", "body", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.px(140))
        self._making = label("", "caption", "muted")
        self._stop = button(tr("Stop making it"), packs.cancel, kind="quiet")
        renew = button(tr("Make it anew"), lambda: do("refresh"), symbol="sync", hint="F5")
        self._out = (
            button(tr("Save as PDF"), lambda: do("save"), symbol="save", hint="Ctrl+S"),
            button(tr("Print"), lambda: do("print"), kind="primary", symbol="print", hint="Ctrl+P"),
        )
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(label(title, "title"))
        row.addWidget(self.age)
        row.addStretch(1)
        for widget in (self._making, self.bar, self._stop, renew, *self._out):
            row.addWidget(widget)
        self.advice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        box.addLayout(row)
        box.addWidget(self.advice)

    def show_at(self, now: datetime) -> None:
        """Say what holds now."""
        self._say_making()
        pack = self._packs.pack
        for made in self._out:
            made.setEnabled(pack is not None)
        self.advice.setVisible(pack is not None)
        if pack is None:
            self.age.setText("")
            return
        age = now - pack.made_at
        old = age >= downtime_pack.OLD
        words = tr("made {time} ({age})", time=moment_text(pack.made_at), age=age_text(age))
        set_property(self.age, "tone", "danger" if old else "ok")
        self.age.setText(f"▲ {words}" if old else f"✓ {words}")
        self.advice.setText(_advice(pack, now - (pack.data_as_of or now), old=old))

    def _say_making(self) -> None:
        progress, error = self._packs.progress, self._packs.error
        for widget in (self.bar, self._stop):
            widget.setVisible(progress is not None)
        self._making.setText(tr("A new one is being made") if progress is not None else "")
        if progress is not None:
            self.bar.setRange(0, progress[1])
            self.bar.setValue(progress[0])
        elif error is not None and self._packs.pack is not None:
            self._making.setText(f"▲ {explain(error).line}")


def _advice(pack: Kept, behind: timedelta, *, old: bool) -> str:
    """What to bear in mind of this pack."""
    said = []
    if old:
        said.append(tr("Older than 2 hours: check drugs and allergies before giving anything."))
    if pack.data_as_of is None:
        said.append(tr("This terminal has never had the hospital's data complete."))
    elif behind > downtime_pack.OLD:
        as_of = moment_text(pack.data_as_of)
        said.append(tr("What other terminals charted after {time} may be missing.", time=as_of))
    said.append(tr("Kept encrypted on this terminal. It prints without a server, after a log-in."))
    return " ".join(said)
