"""What of the pack is wanted: which parts, and of whom."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from workstation.kernel.words import tr
from workstation.services.downtime_pack import Kept, Part, Sheet
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label

_WIDE: Final = 250


class PackChoices(QWidget):
    """Parts to tick and a list of the patients.

    Signals:
        changed: Something else is wanted; ask `parts` and `patients`.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[Part, QCheckBox] = {
            "census": QCheckBox(tr("Census with cover")),
            "medication": QCheckBox(tr("Medication records")),
            "summary": QCheckBox(tr("Handover summaries")),
            "forms": QCheckBox(tr("Blank forms")),
            "labels": QCheckBox(tr("Labels")),
        }
        self.who = QComboBox()
        self.who.setAccessibleName(tr("Patient"))
        self.setFixedWidth(theme.px(_WIDE))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(6))
        box.addWidget(label(tr("Parts"), "strong"))
        for each in self.boxes.values():
            each.setChecked(True)
            each.toggled.connect(self.changed)
            box.addWidget(each)
        box.addSpacing(theme.px(6))
        caption = label(tr("Patient"), "strong")
        caption.setBuddy(self.who)
        box.addWidget(caption)
        box.addWidget(self.who)
        self.who.currentIndexChanged.connect(self._on_who_changed)
        self.setFocusProxy(self.boxes["census"])

    def show_pack(self, pack: Kept) -> None:
        """Offer the patients of a pack; who was chosen stays chosen. Emits nothing."""
        before = self.who.currentData()
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItem(tr("All patients ({count})", count=len(pack.people)), "")
        for each in pack.people:
            self.who.addItem(f"{each.bed or '–'}  {each.name}", each.patient)
        self.who.setCurrentIndex(max(self.who.findData(before), 0))
        self.who.blockSignals(False)
        self._on_who_changed()

    def wants(self, sheet: Sheet) -> bool:
        """Whether a page is wanted."""
        patients = self.patients()
        of_whom = not patients or not sheet.patient or sheet.patient in patients
        return of_whom and sheet.part in self.parts()

    def parts(self) -> frozenset[Part]:
        """The parts wanted; what is about the whole ward is not wanted of one patient."""
        found = {part for part, box in self.boxes.items() if box.isChecked() and box.isEnabled()}
        if "census" in found:
            found.add("cover")
        return frozenset(found)

    def patients(self) -> frozenset[str]:
        """Ids of those who are wanted; empty for everybody."""
        chosen: str = self.who.currentData() or ""
        return frozenset({chosen}) if chosen else frozenset()

    @Slot()
    def _on_who_changed(self) -> None:
        for part in ("census", "labels"):
            self.boxes[part].setEnabled(not self.who.currentData())
        self.changed.emit()

    def focus(self) -> None:
        """Put the keys on the first box."""
        self.boxes["census"].setFocus(Qt.FocusReason.OtherFocusReason)
