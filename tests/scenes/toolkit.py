"""Pictures of the toolkit's own pieces on one page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tests.gallery import Scene
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.badge import Chip, ScoreBadge
from workstation.ui.toolkit.widgets.banner import BannerFacts, PatientBanner
from workstation.ui.toolkit.widgets.moment import MomentEntry
from workstation.ui.toolkit.widgets.number_entry import NumberEntry
from workstation.ui.toolkit.widgets.states import FieldNote
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, card, label
from workstation.ui.toolkit.widgets.toast import Toast

KNOWN = BannerFacts(
    family="Nguyễn", given="Thị Tường Vi", sex="female", born=date(1951, 3, 7), age="75 tuổi",
    record_number="NT-2611-00412", identity_tail="7731", bed="P201-04", allergy_state="known",
    allergies=("Penicillin", "Tôm biển"), flags=("fall", "isolation", "no-cpr", "spo2-scale-2"),
)  # fmt: skip
NONE = BannerFacts(family="Trần", given="Văn Đỗ", sex="male", born=date(1988, 12, 30),
                   age="37 tuổi", record_number="NT-2611-00377", allergy_state="none-known",
                   bed="P201-05")  # fmt: skip
DIED = BannerFacts(family="Lê", given="Hữu Phước", died=datetime(2026, 11, 20, 3, 5, tzinfo=UTC))


def pieces() -> QWidget:
    """Everything once."""
    page = QWidget()
    box = QVBoxLayout(page)
    for facts in (KNOWN, NONE, DIED):
        banner = PatientBanner()
        banner.show_patient(facts)
        box.addWidget(banner)
    middle = QHBoxLayout()
    middle.addWidget(_controls())
    middle.addWidget(_marks())
    middle.addWidget(_table(), 1)
    box.addLayout(middle, 1)
    Toast(page).say(tr("Saved on this terminal."), lambda: None)
    return page


def _controls() -> QWidget:
    wrong = NumberEntry("°C", decimals=1)
    wrong.setText("3 8.5")
    note = FieldNote()
    note.say(Refused("not-a-number"))
    doubtful = NumberEntry("°C", decimals=1)
    doubtful.setText("41,9")
    doubtful.mark("doubtful")
    choice = QComboBox()
    choice.addItems(["Inter", "DejaVu Sans"])
    tick = QCheckBox("SpO₂ 88–92 %")
    tick.setChecked(True)
    off = button(tr("Sync now"), lambda: None, symbol="sync")
    off.setEnabled(False)
    return card(
        label(tr("Save"), "heading"), QLineEdit("0123456789 Nguyễn Ái Quốc ≥ 38,5 °C"),
        wrong, note,
        doubtful, MomentEntry("t", datetime(2026, 11, 23, 7, 5, tzinfo=UTC)), choice, tick,
        button(tr("Save"), lambda: None, kind="primary", symbol="save"),
        button(tr("Undo"), lambda: None, symbol="undo"), off,
        button(tr("Try again"), lambda: None, kind="quiet"),
    )  # fmt: skip


def _marks() -> QWidget:
    badges = []
    for score, risk, complete in ((0, 0, True), (4, 1, True), (6, 2, False), (11, 3, True)):
        badge = ScoreBadge()
        badge.show_score(score, risk, complete=complete)
        badges.append(badge)
    return card(
        *badges,
        Chip(tr("Synced"), "ok", "online"), Chip(tr("Settings"), "", "settings"),
        Chip(tr("Fall risk"), "warn", "fall"), Chip(tr("Not asked"), "danger", "error"),
        Chip(tr("Lock"), "accent", "lock"),
        label("Display 12,5", "display"), label("Title", "title"), label("Value 38,5", "value"),
        label("caption", "caption"),
    )  # fmt: skip


def _table() -> QWidget:
    model: RowsModel[tuple[str, str]] = RowsModel(
        (
            Column(tr("Bed"), lambda row: row[0], 80, role="strong"),
            Column(tr("Patient"), lambda row: row[1]),
        )
    )
    model.replace([(f"P20{n}", f"Phạm Thị Ánh Nguyệt {n}") for n in range(12)])
    view = RowsView(model)
    view.selectRow(2)
    return view


LONG = replace(
    KNOWN, family="Công Tằng Tôn Nữ", given="Thị Phương Hoài Thương Nguyệt Ánh",
    allergies=("Penicillin", "Cephalosporin", "Thuốc cản quang có i-ốt", "Tôm, cua, cá biển"),
)  # fmt: skip


def banners() -> QWidget:
    """The banner with long text and much of it."""
    page = QWidget()
    box = QVBoxLayout(page)
    for facts in (LONG, NONE, DIED):
        banner = PatientBanner()
        banner.show_patient(facts)
        box.addWidget(banner)
    box.addStretch(1)
    return page


SCENES = (
    Scene("toolkit-banner", banners, scales=(150, 200)),
    Scene("toolkit-pieces", pieces, (1366, 800), scales=(150,)),
)
