"""Pictures of lines and wounds: a full list, being added, looked at, refused, nobody's yet."""

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
from workstation.clinical.body_site import SITES
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.kernel.settings import Settings
from workstation.services import care_sites
from workstation.services.desk import Desk
from workstation.ui.screens.chart.care_page import CarePage
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.workplace import Workplace

FULL, NEW = patient_id(1), patient_id(2)
_THERE = (
    ("surgical-wound", "abdomen-lower", 200, "dài 12 cm, khâu da 9 mũi"),
    ("pressure-ulcer", "sacrum", 190, "độ 2"),
    ("peripheral-cannula", "hand-right", 110, "20G"),
    ("urinary-catheter", "urethra", 60, "Foley 16"),
    ("nasogastric-tube", "nose-left", 40, ""),
    ("peripheral-cannula", "forearm-left", 20, "18G"),
)
_SEEN = {
    1: Look(at=None, length_cm=Decimal("3.5"), width_cm=Decimal("2.0"), depth_cm=Decimal("0.4"),  # type: ignore[arg-type]
            tissue="3", exudate="2", remark="Bờ còn đỏ, rửa nước muối"),
    2: Look(at=None, site_grade="2", remark="Đau khi tiêm"),  # type: ignore[arg-type]
    3: Look(at=None, site_grade="0"),  # type: ignore[arg-type]
    5: Look(at=None, site_grade="0"),  # type: ignore[arg-type]
}  # fmt: skip


@cache
def _desk() -> tuple[Desk, Path]:
    folder = Path(tempfile.mkdtemp(prefix="care-scene-"))
    desk = make_desk(folder / "store", beds=2)
    references = [_put_in(desk, *each) for each in _THERE]
    for place, seen in _SEEN.items():
        at = desk.now() - timedelta(hours=30 if place == 3 else 3)
        earlier = at - timedelta(hours=12)
        for when in (earlier, at):
            look = Look(
                when, seen.site_grade, seen.length_cm, seen.width_cm, seen.depth_cm,
                seen.exudate, seen.tissue, seen.remark,
            )  # fmt: skip
            care_sites.look(desk, FULL, references[place], look)
    old = _put_in(desk, "peripheral-cannula", "hand-left", 120, "22G")
    care_sites.end(desk, old, desk.now() - timedelta(hours=21), reason="Tắc kim, sưng nề")
    return desk, folder


def _put_in(desk: Desk, kind: str, place: str, hours: int, detail: str) -> str:
    site = SITES[place]
    since = desk.now() - timedelta(hours=hours)
    if hours > 48:
        since = max(since, desk.now() - timedelta(days=10))
    changes = care_sites.put_in(desk, FULL, Site(KINDS[kind], site, site.point, since, detail))
    (reference,) = changes.references
    return reference


def _tab(patient: str) -> tuple[ChartScreen, CarePage]:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    made = ChartScreen(place)
    made.arrive(patient=patient, tab="care")
    made.activate()
    page = made.findChild(CarePage)
    assert page is not None
    wait_for(lambda: page._found is not None)
    return made, page


def _full() -> QWidget:
    made, page = _tab(FULL)
    page.view.selectRow(1)
    return made


def _adding() -> QWidget:
    made, page = _tab(FULL)
    page.add()
    assert page._form is not None
    page._form.fields._entries["kind"].setText("1")
    page._form.fields._entries["kind"].settle()
    page._form.fields._entries["place"].setText("khuyu" if made else "")
    return made


def _looking() -> QWidget:
    made, page = _tab(FULL)
    page.view.selectRow(1)
    page._on_opened(page._lists.rows.rows[1])
    assert page._form is not None
    for name, text in (("length_cm", "75"), ("width_cm", "2"), ("tissue", "3")):
        page._form.fields._entries[name].setText(text)
    page._form.save()
    wait_for(lambda: page._form is not None and bool(page._form.note.text()))
    return made


def _scoring() -> QWidget:
    made, page = _tab(FULL)
    page.view.selectRow(2)
    page._on_opened(page._lists.rows.rows[2])
    return made


def _snippets() -> QWidget:
    desk, folder = _desk()
    place = Workplace(desk, TaskRunner(), RememberingNavigator(), Settings(folder), desk.clock)
    made = ChartScreen(place)
    made.arrive(patient=NEW, tab="notes")
    made.activate()
    made.perform("add_note")
    editor = made.findChild(NoteEditor)
    assert editor is not None
    wait_for(lambda: bool(editor.aids._model.rows))
    soap = next(row for row in editor.aids._model.rows if row.key == "soap")
    editor._course.clear()
    editor._course.insert(soap.text)
    return made


def _turn(made: QWidget) -> None:
    assert isinstance(made, ChartScreen)
    made.perform("snippets")


def _scene(name: str, make: Callable[[], QWidget]) -> Scene:
    return Scene(f"care-{name}", make, scales=(150,))


SCENES = (
    _scene("full", _full),
    _scene("adding", _adding),
    _scene("refused", _looking),
    _scene("scoring", _scoring),
    Scene("care-snippets", _snippets, scales=(150,), settle=_turn),
    _scene("nobody", lambda: _tab(NEW)[0]),
)
