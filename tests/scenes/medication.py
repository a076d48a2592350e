"""Pictures of the medication record and of the medication round."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit import drugs
from tests.kit.people import AtHand
from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import RememberingNavigator, asked
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.medication_round.screen import MedicationRoundScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

_SIZE = (1366, 700)


@cache
def _filled() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="medication-scene-"))
    desk = make_desk(folder)
    away = desk.now().astimezone().utcoffset() or timedelta()
    advance(desk, seconds=-away.total_seconds() % 86_400)  # seven in the morning, wherever it is
    drugs.fill(desk)
    drugs.weekly(desk, patient_id(3))
    return desk, folder


def _workplace() -> Workplace:
    desk, folder = _filled()
    return Workplace(
        desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock,
        colleagues=AtHand(),
    )  # fmt: skip


def _chart(patient: PatientId, then: Callable[[ChartScreen], None] | None = None) -> QWidget:
    workplace = _workplace()
    screen = ChartScreen(workplace)
    screen.arrive(patient=patient, tab="medication")
    screen.resize(*_SIZE)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    if then is not None:
        then(screen)
        asked(screen.workplace)
    return screen


def _key(screen: ChartScreen, key: Qt.Key) -> None:
    grid = screen._pages["medication"]._grid  # type: ignore[attr-defined]
    QTest.keyClick(grid, key)
    asked(screen.workplace)


def _ask(drug: str, key: Qt.Key) -> Callable[[ChartScreen], None]:
    def then(screen: ChartScreen) -> None:
        model = screen._pages["medication"]._model  # type: ignore[attr-defined]
        wanted = next(n for n, line in enumerate(model.lines) if line.drug.startswith(drug))
        grid = screen._pages["medication"]._grid  # type: ignore[attr-defined]
        for _ in model.lines:
            here = grid.currentIndex().row()
            if here != wanted:
                QTest.keyClick(grid, Qt.Key.Key_Down if here < wanted else Qt.Key.Key_Up)
        _key(screen, key)

    return then


def _round(then: Callable[[MedicationRoundScreen], None] | None = None) -> QWidget:
    workplace = _workplace()
    screen = MedicationRoundScreen(workplace)
    screen.resize(*_SIZE)
    screen.show()
    screen.activate()
    asked(screen.workplace)
    if then is not None:
        then(screen)
        asked(screen.workplace)
    return screen


def _scan(*codes: str) -> Callable[[MedicationRoundScreen], None]:
    def then(screen: MedicationRoundScreen) -> None:
        for code in codes:
            QTest.keyClicks(screen.scan, code)
            QTest.keyClick(screen.scan, Qt.Key.Key_Return)

    return then


SCENES = (
    Scene("medication-round", _round, _SIZE, scales=(150,)),
    Scene("medication-round-scanned", partial(_round, _scan("26000001", "insulin")), _SIZE),
    Scene("medication-round-wrong", partial(_round, _scan("26000001", "warfarin")), _SIZE),
    Scene("medication-record", partial(_chart, patient_id(1)), _SIZE, scales=(150,)),
    Scene(
        "medication-beside-plan",
        partial(_chart, patient_id(3), _ask("Alendronat", Qt.Key.Key_Return)),
        _SIZE,
        scales=(150,),
    ),
    Scene(
        "medication-second-person",
        partial(_chart, patient_id(1), _ask("Insulin", Qt.Key.Key_Return)),
        _SIZE,
        scales=(150,),
    ),
    Scene(
        "medication-withhold", partial(_chart, patient_id(1), _ask("Sulfa", Qt.Key.Key_W)), _SIZE
    ),
    Scene("medication-empty", partial(_chart, patient_id(2)), _SIZE),
)
