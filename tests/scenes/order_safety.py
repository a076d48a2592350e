"""Pictures of the panel beside an order: alerts, answers, and what could not be checked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tests.gallery import Scene, wait_for
from tests.kit import order_alerts as alerts
from tests.kit.people import DOCTOR, AtHand
from tests.kit.ward import make_desk
from tests.kit.workplace import RememberingNavigator
from workstation.clinical.order_safety import Checked
from workstation.kernel.errors import Damaged
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.widgets.order_alerts import OrderAlerts
from workstation.ui.toolkit.workplace import Workplace

_WIDTH = 400


@cache
def _desk() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="order-safety-scene-"))
    return make_desk(folder, person=DOCTOR), folder


def _panel() -> OrderAlerts:
    desk, folder = _desk()
    place = Workplace(
        desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock,
        colleagues=AtHand(),
    )  # fmt: skip
    made = OrderAlerts(place)
    made.setFixedWidth(theme.px(_WIDTH))
    return made


def _beside(*panels: OrderAlerts) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    for panel in panels:
        row.addWidget(panel)
    row.addStretch(1)
    return page


def _shown(*found: Callable[[], Checked]) -> QWidget:
    panels = []
    for make in found:
        panel = _panel()
        panel.show_checked(make())
        panels.append(panel)
    return _beside(*panels)


def _filled() -> QWidget:
    return _shown(alerts.allergic, alerts.interacting, alerts.repeated)


def _quiet() -> QWidget:
    empty, broken = _panel(), _panel()
    broken.show_error(Damaged("damaged-page"))
    page = _shown(alerts.harmless, alerts.accepted_before)
    page.layout().insertWidget(0, empty)
    page.layout().insertWidget(1, broken)
    empty.setFixedWidth(theme.px(240))
    broken.setFixedWidth(theme.px(260))
    return page


def _answered() -> QWidget:
    allergic, asked, unknown = _panel(), _panel(), _panel()
    allergic.show_checked(alerts.allergic())
    asked.show_checked(alerts.interacting())
    unknown.show_checked(alerts.unknown())
    reasons = {each.key: "Theo ý kiến chuyên khoa" for each in alerts.allergic().alerts}
    allergic.restore(reasons)
    page = _beside(allergic, asked, unknown)
    page.show()
    second = allergic._second
    wait_for(lambda: second._who.count() > 0)
    second._pin.setText("246813")
    second._prove()
    wait_for(lambda: second.person is not None)
    asked.focus_missing()
    for each in asked._cards:
        each._show.click()
    return page


def _wide() -> QWidget:
    panel = _panel()
    panel.setFixedWidth(theme.px(760))
    panel.show_checked(
        Checked(
            (*alerts.allergic().alerts, *alerts.interacting().alerts, *alerts.repeated().alerts)
        )
    )
    panel.focus_missing()
    return _beside(panel)


SCENES = (
    Scene("order-alerts-panel", _filled, scales=(150,)),
    Scene("order-alerts-quiet", _quiet),
    Scene("order-alerts-wide", _wide),
    Scene("order-alerts-answered", _answered),
)
