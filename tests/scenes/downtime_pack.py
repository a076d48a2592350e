"""Pictures of the downtime pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.store import KEY
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from tests.scenes.ward import _folder, _open
from tests.scenes.ward_tasks import assigned_ward
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.ui.screens.downtime_pack.screen import DowntimePackScreen
from workstation.ui.toolkit.messages import explain


def _screen(desk: Desk) -> DowntimePackScreen:
    safe = Safe(_folder(), KEY, desk.clock)
    place = _open().enter_context(workplace_at(replace(desk, safe=safe), _folder()))
    made = DowntimePackScreen(place)
    made.resize(1366, 768)
    made.packs.data_as_of = desk.now() - timedelta(hours=3)
    made.show()
    made.activate()
    return made


def _ready() -> DowntimePackScreen:
    made = _screen(assigned_ward())
    until(lambda: made.packs.pack and made.packs.progress is None)
    until(lambda: made.pages.shown == made.pages.current() >= 0)
    return made


def _turned(made: DowntimePackScreen, row: int) -> DowntimePackScreen:
    made.pages.list.setCurrentRow(row)
    until(lambda: made.pages.shown == made.pages.current() >= 0)
    return made


def fresh() -> QWidget:
    """A pack of the whole ward that was just made."""
    return _turned(_ready(), 3)


def old() -> QWidget:
    """The pack of one patient, hours later, without the forms."""
    made = _ready()
    clock = made.workplace.clock
    assert isinstance(clock, ManualClock)
    clock.advance(timedelta(hours=5))
    made.choices.boxes["forms"].setChecked(False)
    made.choices.who.setCurrentIndex(3)
    made.say_age()
    until(lambda: made.pages.shown == made.pages.current() >= 0)
    return made


def making() -> QWidget:
    """None is there yet; the first is being made."""
    desk = assigned_ward()
    made = _screen(desk)
    until(lambda: made.packs.progress and made.packs.progress[0] > 3)
    made.packs.cancel()
    made.packs.progress = (20, 64)
    made._show()
    return made


def error() -> QWidget:
    """The record cannot be read, and no pack is kept."""
    made = _screen(replace(assigned_ward(), store=BrokenStore()))
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))
    return made


SCENES = (
    Scene("downtime-pack", fresh, scales=(150,)),
    Scene("downtime-pack-old", old),
    Scene("downtime-pack-making", making),
    Scene("downtime-pack-error", error),
)
