"""Pictures of the help: over the ward, over a chart's tab, a search, nothing found."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene, settle
from tests.kit.terminal import fresh_folder
from tests.scenes.palette import inside
from workstation.services import patient_search
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.actions import BY_ID


def ward() -> QWidget:
    return inside(fresh_folder())


def medication() -> QWidget:
    made = inside(fresh_folder())
    assert made.bench is not None
    assert made._desk is not None
    made.bench.area.open_chart(patient_search.at_hand(made._desk).ward[1].patient, "medication")
    return made


def asking(text: str = "") -> Callable[[QWidget], None]:
    def show(made: QWidget) -> None:
        assert isinstance(made, Window)
        assert made.bench is not None
        made.do(BY_ID["help"])
        made.bench.help._typed.setText(text)
        settle()

    return show


SCENES = (
    Scene("help-ward", ward, settle=asking(), scales=(150,)),
    Scene("help-medication", medication, settle=asking()),
    Scene("help-search", ward, settle=asking("dich")),
    Scene("help-nothing", ward, settle=asking("xyzxyz")),
)
