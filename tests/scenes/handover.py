"""Pictures of the handover."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.people import DOCTOR
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from tests.scenes.ward import _folder, _open
from tests.scenes.ward_tasks import assigned_ward
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import WardId
from workstation.security.people import Person
from workstation.services import assignment, handover
from workstation.services.desk import Desk
from workstation.ui.screens.handover.screen import HandoverScreen
from workstation.ui.screens.ward_news.screen import WardNewsScreen
from workstation.ui.toolkit.messages import explain

_NIGHT = Person("night", "Nguyễn Thị Lan", "nurse")


def _screen(desk: Desk) -> HandoverScreen:
    place = _open().enter_context(workplace_at(desk, _folder()))
    made = HandoverScreen(place)
    made.resize(1366, 768)
    made.show()
    made.activate()
    return made


def _shift(desk: Desk) -> assignment.Shift:
    return assignment.shifts_to_assign(desk.now(), 12, "07:00")[0]


def _prepared() -> HandoverScreen:
    made = _screen(assigned_ward())
    until(lambda: made.model.rows and made.side.sheet.texts["situation"].toPlainText())
    return made


def preparing() -> QWidget:
    """Written from the chart, one section changed."""
    made = _prepared()
    field = made.side.sheet.texts["recommendation"]
    field.appendPlainText("Báo bác sĩ nếu SpO₂ dưới 92 %. Vợ xin gặp bác sĩ sáng mai.")
    made.side.sheet.flush()
    until(lambda: made.model.rows[0].state == "draft")
    return made


def giving() -> QWidget:
    """The next person is asked for the PIN."""
    made = _prepared()
    made.perform("sign")
    until(made.deeds.take_over.isVisible)
    return made


def waiting() -> QWidget:
    """What the day left waiting, as the night sees it, with a question asked."""
    desk = assigned_ward()
    patients = [each.who.patient for each in handover.read(desk, _shift(desk)).patients[:9]]
    handover.give(desk, patients, _shift(desk), "vi")
    night = replace(desk, person=_NIGHT)
    asked = handover.read(night, _shift(desk)).patients[1]
    assert asked.last is not None
    handover.ask_back(night, asked.last.id, "Kali sáng nay bao nhiêu?")
    handover.accept(desk, [handover.read(night, _shift(desk)).patients[2].last], by=DOCTOR)  # type: ignore[union-attr]
    made = _screen(night)
    until(lambda: made.model.rows and made.side.sheet.texts["situation"].toPlainText())
    return made


def empty() -> QWidget:
    """Nobody on the ward."""
    made = _screen(replace(assigned_ward(), ward=WardId("nowhere")))
    until(lambda: len(shown_words(made)) > 4)
    return made


def error() -> QWidget:
    """The record cannot be read."""
    made = _screen(replace(assigned_ward(), store=BrokenStore()))
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))
    return made


def ward_news() -> QWidget:
    """What became known since the shift began."""
    desk = assigned_ward()
    made = WardNewsScreen(
        _open().enter_context(workplace_at(replace(desk, person=_NIGHT), _folder()))
    )
    made.resize(1366, 768)
    made.show()
    made.activate()
    until(lambda: made.model.rows)
    return made


SCENES = (
    Scene("ward-news", ward_news, scales=(150,)),
    Scene("handover", preparing, scales=(150,)),
    Scene("handover-giving", giving, scales=(150,)),
    Scene("handover-waiting", waiting),
    Scene("handover-empty", empty),
    Scene("handover-error", error),
)
