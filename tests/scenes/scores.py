"""Pictures of the assessments: of an adult, being typed, corrected, of a child, of nobody yet."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gallery import Scene, wait_for
from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import RememberingNavigator
from workstation.clinical import early_warning
from workstation.clinical.assessment import SCALES
from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.services import assessments, escalation, vital_signs
from workstation.services.desk import Desk
from workstation.services.escalation import Situation
from workstation.ui.screens.chart.entry_form import EntryForm
from workstation.ui.screens.chart.scores_form import ScoresForm
from workstation.ui.screens.chart.scores_page import ScoresPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.toolkit.call_prompt import CallPrompt
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

ADULT, CHILD, NEW = patient_id(1), patient_id(2), patient_id(3)
_CHARTED = (
    (72, "braden", "333333"),
    (60, "morse", "010110"),
    (48, "braden", "332223"),
    (30, "glasgow", "4N6"),
    (26, "glasgow", "346"),
    (24, "braden", "222222"),
    (20, "morse", "112110"),
    (6, "glasgow", "335"),
)
_WORSE = ((9, 112, 30, 97, 0), (5, 128, 38, 95, 0), (2, 146, 46, 93, 2), (0.5, 158, 62, 90, 5))
"""Hours ago, pulse, breaths, saturation, oxygen."""


@cache
def _desk() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="scores-scene-"))
    desk = make_desk(folder / "store", beds=3)
    with desk.store.write() as unit:
        seen = unit.get("Patient", CHILD)
        assert seen is not None
        unit.update({**seen.resource(), "birthDate": "2023-02-01"}, seen=seen)
    for hours, scale, keys in _CHARTED:
        _chart(desk, ADULT, scale, keys, hours)
    _chart(desk, CHILD, "flacc", "21112", 2)
    _chart(desk, CHILD, "glasgow-child", "445", 1)
    last = assessments.read(desk, ADULT).scales[0].rows[0].record
    answers = {**last.assessment.answers, "motor": "6"}
    assessments.amend(desk, last.id, answers, reason="Làm theo lệnh khi nói to hơn")
    advance(desk, minutes=5)
    return desk, folder


def _chart(desk: Desk, patient: PatientId, scale: str, keys: str, hours: float) -> None:
    items = [item.id for item in SCALES[scale].items]
    answers = dict(zip(items, keys, strict=True))
    at = desk.now() - timedelta(hours=hours)
    assessments.record(desk, patient, SCALES[scale], answers, at)


def _tab(patient: PatientId) -> tuple[ChartScreen, ScoresPage]:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    made = ChartScreen(place)
    made.arrive(patient=patient, tab="scores")
    made.activate()
    page = made.findChild(ScoresPage)
    assert page is not None
    wait_for(lambda: page.offers() and page._found is not None)
    return made, page


def _shown(patient: PatientId) -> QWidget:
    return _tab(patient)[0]


def _typed(patient: PatientId, keys: str, scale: int) -> QWidget:
    made, page = _tab(patient)
    page._scale_view.selectRow(scale)
    page.add()
    form = page.findChild(ScoresForm)
    assert form is not None
    for line, key in zip(form._lines.lines(), keys, strict=False):
        QTest.keyClicks(line.entry, key)
    return made


def _corrected() -> QWidget:
    made, page = _tab(ADULT)
    page._on_row(page._rows.rows[0])
    form = page.findChild(ScoresForm)
    assert form is not None
    form.save()
    wait_for(lambda: bool(form._note.text()))
    return made


def _child_measured() -> QWidget:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    if not escalation.situation(desk, CHILD).score.at:
        for hours, pulse, breaths, spo2, oxygen in _WORSE:
            vitals = VitalSigns(
                at=desk.now() - timedelta(hours=hours),
                heart_rate=Decimal(pulse),
                respiratory_rate=Decimal(breaths),
                spo2=Decimal(spo2),
                oxygen_flow=Decimal(oxygen),
                systolic=Decimal(98),
                diastolic=Decimal(58),
                temperature=Decimal("38.4"),
                capillary_refill=Decimal(2),
                respiratory_effort=Decimal(1),
                glucose=Decimal("11.4"),
            )
            vital_signs.record(desk, CHILD, vitals)
    made = ChartScreen(place)
    made.arrive(patient=CHILD, tab="vitals")
    made.activate()
    wait_for(lambda: made.findChild(CallPrompt) is not None)
    prompt = made.findChild(CallPrompt)
    assert prompt is not None
    wait_for(lambda: not prompt.isHidden())
    made.perform("add_vital_signs")
    form = made.findChild(EntryForm)
    assert form is not None
    form._entries[(Sign.TEMPERATURE,)].setText("101.3")
    return made


def _round() -> QWidget:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    made = VitalSignsRoundScreen(place)
    made.activate()
    wait_for(lambda: made.model.rowCount() > 0)
    made.prompt.show_situation(_asking(desk), "02 TRẦN Thị Bình")
    return made


def _asking(desk: Desk) -> Situation:
    score = early_warning.of_set(
        early_warning.Facts(),
        VitalSigns(at=desk.now(), heart_rate=Decimal(135), systolic=Decimal(95), spo2=Decimal(91)),
    )
    return Situation(CHILD, score, wanted=True, calls=())


def _scene(name: str, make: Callable[[], QWidget]) -> Scene:
    return Scene(f"scores-{name}", make, scales=(150,))


SCENES = (
    _scene("adult", partial(_shown, ADULT)),
    _scene("typed", partial(_typed, ADULT, "3322", 1)),
    _scene("wrong-key", partial(_typed, ADULT, "9", 0)),
    _scene("corrected", _corrected),
    _scene("child", partial(_typed, CHILD, "211", 1)),
    _scene("new", partial(_shown, NEW)),
    _scene("child-measured", _child_measured),
    _scene("round-call", _round),
)
