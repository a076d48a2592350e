"""Pictures of nursing problems: all, a new one, refused, how it goes, only suggested, none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene, wait_for
from tests.kit.ward import make_desk, patient_id
from tests.kit.workplace import RememberingNavigator
from workstation.clinical.care_plan import Care, Deed, Evaluation, Goal, Outcome, Plan, State
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel.settings import Settings
from workstation.services import care_plan_deeds, care_plans, vital_signs
from workstation.services.desk import Desk
from workstation.ui.screens.chart.care_plan_page import PlanPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

FULL, NEW, HINTED = patient_id(1), patient_id(2), patient_id(3)


@cache
def _desk() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="care-plan-scene-"))
    desk = make_desk(folder / "store", beds=3)
    pain = _open(desk, "pain", 20, "vết mổ bụng ngày thứ hai")
    ulcer = _open(desk, "pressure-risk", 15, "Braden 14, nằm tại giường")
    _open(desk, "anxiety", 3)
    own = Plan(
        "Nấc cụt kéo dài sau mổ", desk.now() - timedelta(hours=9),
        goals=(Goal("Hết nấc, ngủ được"),), care=(Care("Cho uống từng ngụm nước lạnh"),),
    )  # fmt: skip
    care_plan_deeds.open_problem(desk, FULL, own, own="own")
    solved = _open(desk, "fever", 30)
    wrong = _open(desk, "sleep", 26)
    hours = ((pain, 9, "5/10"), (pain, 5, "4/10"), (pain, 1, "3/10, ngủ được"), (ulcer, 6, ""),
             (ulcer, 3, "Vùng cùng cụt đỏ nhẹ, ấn mất màu"))  # fmt: skip
    for reference, ago, remark in hours:
        _done(desk, reference, 0, ago, remark)
    _done(desk, pain, 3, 5, "Paracetamol 1 g truyền")
    _evaluate(desk, pain, Outcome.NOT, 10, "Đau 7/10 khi ho")
    _evaluate(desk, pain, Outcome.PARTLY, 2, "Đau 4/10 khi ho, 2/10 khi nghỉ")
    _evaluate(desk, solved, Outcome.ACHIEVED, 8, "37,2 °C hai lần liền", close=True)
    care_plan_deeds.end(desk, wrong, State.REVOKED, desk.now(), reason="Mở hai lần")
    signs = VitalSigns(at=desk.now(), pain=Decimal(6), temperature=Decimal("38.7"))
    for patient in (FULL, HINTED):
        vital_signs.record(desk, patient, signs)
    return desk, folder


def _open(desk: Desk, code: str, hours: int, because: str = "") -> str:
    known = desk.knowledge.nursing_by_id[code]
    plan = Plan(
        known.words.vi, desk.now() - timedelta(hours=hours), code, because,
        tuple(Goal(goal.words.vi, goal.id) for goal in known.goals),
        tuple(Care(care.words.vi, care.id, care.every_hours) for care in known.interventions),
        known.within_hours,
    )  # fmt: skip
    care_plan_deeds.open_problem(desk, FULL, plan, own=f"plan-{code}")
    return f"CarePlan/plan-{code}"


def _done(desk: Desk, reference: str, place: int, hours: int, remark: str) -> None:
    row = _row(desk, reference)
    deed = Deed(row.care[place].care, desk.now() - timedelta(hours=hours), remark)
    care_plan_deeds.done(desk, reference, deed)


def _evaluate(
    desk: Desk, reference: str, outcome: Outcome, hours: int, words: str, *, close: bool = False
) -> None:
    found = Evaluation(outcome, desk.now() - timedelta(hours=hours), words)
    own = f"{reference.partition('/')[2]}-{hours}"
    care_plan_deeds.evaluate(desk, reference, found, own=own, close=close)


def _row(desk: Desk, reference: str) -> care_plans.PlanRow:
    rows = care_plans.read(desk, FULL).rows
    return next(row for row in rows if row.record.reference == reference)


def _tab(patient: str) -> tuple[ChartScreen, PlanPage]:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    made = ChartScreen(place)
    made.arrive(patient=patient, tab="care", record="CarePlan/plan-pain")
    made.activate()
    page = made.findChild(PlanPage)
    assert page is not None
    wait_for(lambda: page._found is not None)
    return made, page


def _adding() -> QWidget:
    made, page = _tab(FULL)
    page.add()
    assert page._form is not None
    page._form.fields.put({"problem": "fall-risk"})
    return made


def _own_words() -> QWidget:
    made, page = _tab(NEW)
    page.add()
    assert page._form is not None
    page._form.fields._entries["problem"].setText("Đau đầu dữ dội sau gây tê tủy sống")
    page._form.save()
    wait_for(lambda: page._form is not None and bool(page._form.note.text()))
    return made


def _evaluating() -> QWidget:
    made, page = _tab(FULL)
    page._on_opened(page.lists.current())
    return made


def _scene(name: str, make: Callable[[], QWidget]) -> Scene:
    return Scene(f"care-plan-{name}", make, scales=(150,))


SCENES = (
    _scene("full", lambda: _tab(FULL)[0]),
    _scene("adding", _adding),
    _scene("refused", _own_words),
    _scene("evaluating", _evaluating),
    _scene("hinted", lambda: _tab(HINTED)[0]),
    _scene("nobody", lambda: _tab(NEW)[0]),
)
