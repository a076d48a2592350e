"""Admissions: who comes, who goes, and the form for what is done to one of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.kernel.changes import Changes
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import EncounterId, PatientId
from workstation.kernel.words import tr
from workstation.services import admissions, stay_drafts
from workstation.services.admissions import Admissions, Ground
from workstation.ui.screens.stays.coming import ComingList
from workstation.ui.screens.stays.deeds import DEEDS
from workstation.ui.screens.stays.form import StayForm
from workstation.ui.screens.stays.line_deeds import ADMIT, CHART, EXPECT, EXPECT_NEW, NEW
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.patient_facts import facts
from workstation.ui.toolkit.screen import Screen
from workstation.ui.toolkit.widgets.banner import PatientBanner
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.text import button, label
from workstation.ui.toolkit.workplace import Workplace

_KEYS: dict[int, str] = {Qt.Key.Key_N: NEW, Qt.Key.Key_P: EXPECT_NEW}
_OF_KNOWN = {NEW: ADMIT, EXPECT_NEW: EXPECT}
"""What a form about a newcomer becomes once it is somebody known."""


def _for_newcomers(open_form: Callable[[str, None], None]) -> tuple[QPushButton, QPushButton]:
    plan = button(tr("Planned admission"), partial(open_form, EXPECT_NEW, None),
                  symbol="clock", hint="P")  # fmt: skip
    new = button(tr("New patient"), partial(open_form, NEW, None),
                 kind="primary", symbol="add", hint="N")  # fmt: skip
    return plan, new


class StaysScreen(Screen):
    """`arrive(deed=…, patient=…)` opens a form at once; `arrive(bed=…)` asks who comes to a bed."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(workplace, parent)
        self._wanted: tuple[str, PatientId | None] | None = None
        self._bed = self._bed_name = ""
        self._for_bed = False
        self._about: PatientId | None = None
        self.form: StayForm | None = None
        self.list = ComingList(workplace)
        self.list.chosen.connect(self._on_chosen)
        self.list.told.connect(self._on_told)
        self.banner = PatientBanner()
        self.banner.hide()
        self._as_of = label("", "caption", "muted")
        self._hint = label("", "strong", "accent")
        self._hint.hide()
        self._beside = QHBoxLayout()
        self._lay_out()
        self.setFocusProxy(self.list)

    def title(self) -> str:
        """What this screen is called."""
        return tr("Admissions")

    def patient(self) -> PatientId | None:
        """Whom the form is about, else who stands on the line with the cursor."""
        if self.form is not None:
            return self._about
        line = self.list.line()
        return line.patient if line is not None else None

    def arrive(self, **arguments: object) -> None:
        """Take what is to be done, on whom, and into which bed."""
        deed, patient = arguments.get("deed"), arguments.get("patient")
        self._bed = str(arguments.get("bed") or "")
        self._bed_name = str(arguments.get("bed_name") or "")
        self._for_bed = bool(self._bed)
        self._wanted = None
        if isinstance(deed, str) and deed in DEEDS:
            self._wanted = (deed, PatientId(patient) if isinstance(patient, str) else None)

    def activate(self) -> None:
        """Read again; a form that was asked for opens, one that is open keeps the keys."""
        self.list.read()
        if self._wanted is not None:
            (deed, patient), self._wanted = self._wanted, None
            self.open_form(deed, patient)
        elif self.form is not None:
            self.form.begin()
        else:
            self.list.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again when anything of a stay or a person has changed."""
        if changes.ward or {"Encounter", "Patient"} & changes.types:
            self.list.read()

    def can_leave(self) -> bool:
        """Always: what is typed is kept as a draft."""
        if self.form is not None:
            self.form.keep()
        return True

    def offers(self) -> frozenset[str]:
        """Reading again, and saving what is typed."""
        return frozenset({"refresh", "save"} if self.form is not None else {"refresh"})

    def perform(self, action_id: str) -> bool:
        """Do one of `offers`."""
        if action_id == "refresh":
            self.list.read()
        elif action_id == "save" and self.form is not None:
            self.form.save()
        return action_id in self.offers()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N and P are for somebody new, also while nobody is on the list."""
        if event.key() in _KEYS and not event.modifiers() and self.form is None:
            self.open_form(_KEYS[event.key()], None)
        else:
            super().keyPressEvent(event)

    def open_form(
        self, deed: str, patient: PatientId | None, stay: EncounterId | None = None
    ) -> None:  # fmt: skip
        """Open a form, once what it stands on is read; what is typed in another is kept."""
        if self.form is not None:
            self.form.keep()
        desk = self.workplace.desk
        self.workplace.tasks.query(
            lambda: (admissions.ground(desk, patient, stay), stay_drafts.kept(desk, deed, patient)),
            done=lambda found: self._on_ground(deed, patient, *found),
            failed=self._on_failed,
            owner=self,
        )

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.title(), "title"))
        head.addSpacing(theme.px(14))
        head.addWidget(self._hint)
        head.addStretch(1)
        head.addWidget(self._as_of)
        head.addSpacing(theme.px(10))
        for each in _for_newcomers(self.open_form):
            head.addWidget(each)
        self._beside.setSpacing(theme.px(12))
        self._beside.addWidget(self.list, 1)
        inside = QVBoxLayout()
        inside.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(12))
        inside.setSpacing(theme.px(10))
        inside.addLayout(head)
        inside.addLayout(self._beside, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.banner)
        box.addLayout(inside, 1)

    @Slot(object)
    def _on_told(self, found: Admissions) -> None:
        waiting = any(line.kind in ("expected", "incoming") for line in found.lines)
        if self._for_bed:
            self._for_bed = False
            if not waiting:
                self.open_form(NEW, None)
            else:
                self._hint.setText(
                    tr(
                        "For bed {bed}: choose who comes and press Enter, or N for a new patient",
                        bed=self._bed_name,
                    )
                )
                self._hint.show()
        self._as_of.setText(tr("Read at {time}", time=time_text(found.as_of)))
        if self.form is None and self.isVisible() and not self.list.view.hasFocus():
            self.list.setFocus()

    @Slot(str)
    def _on_chosen(self, deed: str) -> None:
        line = self.list.line()
        if deed in _OF_KNOWN:
            self.open_form(deed, None)
        elif line is not None and deed == CHART:
            self.workplace.navigator.open_chart(line.patient)
        elif line is not None:
            self.open_form(deed, line.patient, line.encounter)

    def _on_ground(
        self, deed: str, patient: PatientId | None, ground: Ground, typed: dict[str, str]
    ) -> None:
        typed = _typed_since(self.form, deed, patient) or typed
        self._drop_form()
        self._about, self.form = patient, StayForm(self.workplace, deed, patient, ground)
        self.form.fill({**typed, "bed": self._bed or typed.get("bed", "")})
        self.form.closed.connect(self._on_closed)
        self.form.known.connect(self._on_known)
        self._beside.addWidget(self.form)
        self.form.show()
        self.list.stand_beside(patient)
        self.banner.setVisible(ground.banner is not None)
        if ground.banner is not None:
            self.banner.show_patient(facts(ground.banner))
        self.form.keep_in_order()
        self.form.begin()

    def _drop_form(self) -> None:
        if self.form is not None:
            self._beside.removeWidget(self.form)
            self.form.put_away()
            self.form.deleteLater()
        self.form, self._about = None, None
        self.banner.hide()

    @Slot()
    def _on_closed(self) -> None:
        self._drop_form()
        self._bed = ""
        self._hint.hide()
        self.list.stand_alone()

    @Slot(str, object)
    def _on_known(self, patient: str, typed: dict[str, str]) -> None:
        """The newcomer is known: go on about this person with what was typed about the stay."""
        desk, known = self.workplace.desk, PatientId(patient)
        new = self.form.deed_id if self.form is not None else NEW
        deed = _OF_KNOWN[new]
        about_stay = {each.name: typed[each.name] for each in DEEDS[deed].fields}
        self._drop_form()
        self.workplace.tasks.command(
            lambda: stay_drafts.hand_on(desk, new, deed, known, about_stay),
            failed=self._on_failed,
        )
        self.open_form(deed, known)

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        self.workplace.navigator.toast(explain(error).line)


def _typed_since(
    form: StayForm | None, deed: str, patient: PatientId | None
) -> dict[str, str] | None:
    """Keep what was typed while the next form was read; what it says if that is the same form."""
    if form is None:
        return None
    form.keep()
    return form.typed() if form.about == (deed, patient) else None
