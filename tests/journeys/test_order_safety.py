"""A doctor orders by keys what may kill: is warned, answers, and a second person confirms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NO,
    NURSE,
    PIN,
    WardWindow,
    small_ward,
    store_at,
    two_terminals,
    until,
)
from workstation.fhir import order_override
from workstation.fhir.json import Resource
from workstation.kernel import words
from workstation.services import order_list
from workstation.sync.status import SyncStatus
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.order_alerts import OrderAlerts

pytestmark = pytest.mark.journey

PATIENT = patient_id(1)
ALT = Qt.KeyboardModifier.AltModifier


def penicillin() -> Resource:
    """A reaction that nearly killed."""
    return {
        "resourceType": "AllergyIntolerance",
        "id": "allergy-1",
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                    "code": "active",
                }
            ]
        },
        "criticality": "high",
        "code": {"text": "Penicillin"},
        "patient": {"reference": f"Patient/{PATIENT}"},
        "reaction": [{"manifestation": [{"text": "Sốc phản vệ"}]}],
    }


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with running(tmp_path) as process:
        store_at(process, [*small_ward(), penicillin()])
        yield process


@pytest.fixture(params=("vi", "en"))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    words.use("vi")


class Keys:
    """Counts the keys that a person presses."""

    def __init__(self, at: WardWindow) -> None:
        self.at, self.pressed = at, 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
        self.pressed += 1
        self.at.press(key, modifier)

    def type(self, text: str) -> None:
        self.pressed += len(text)
        self.at.keys(text)


def begin_order(at: WardWindow, drug: str) -> OrderAlerts:
    """Open the first bed's chart from the board, and write a drug of the list."""
    at.press(Qt.Key.Key_1, CTRL)
    at.screen(WardBoardScreen)
    at.press(Qt.Key.Key_Return)
    at.settle()
    at.press(Qt.Key.Key_O, CTRL)
    at.settle()
    at.keys(drug)
    at.press(Qt.Key.Key_Return)
    panel = at.window.findChild(OrderAlerts)
    assert panel is not None
    return panel


def ordered(at: WardWindow) -> list[str]:
    return [line.order.item.drug for line in order_list.book(at.desk, PATIENT).lines]


def test_a_drug_that_nearly_killed_takes_two_people(
    qtbot: QtBot, hospital: HospitalProcess, tmp_path: Path, language: str
) -> None:
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(DOCTOR)
        a.online()
        b.log_in(NURSE)
        b.online()
        hospital.stop()
        a.sync(lambda status: status.link == "offline", "offline")
        words.use(language)

        panel = begin_order(a, "amoxicilin 500")
        said = "Dị ứng Penicillin" if language == "vi" else "Allergy to Penicillin"
        until(lambda: said in a.words(), "the warning")
        assert "Sốc phản vệ" in a.words()

        keys = Keys(a)
        keys.press(Qt.Key.Key_Return, CTRL)
        assert ordered(a) == [], "signed without an answer"
        keys.press(Qt.Key.Key_Down)
        keys.press(Qt.Key.Key_Return, CTRL)
        assert ordered(a) == [], "signed by one person"
        keys.type(PIN)
        keys.press(Qt.Key.Key_Return)
        until(lambda: panel.missing() is None, "the second person")
        keys.press(Qt.Key.Key_Return, CTRL)
        until(lambda: ordered(a), "the order")
        print(f"answer to a second-person alert: {keys.pressed} keys, PIN of {len(PIN)} among them")
        assert keys.pressed <= len(PIN) + 5

        hospital.start()

        def gone(status: SyncStatus) -> bool:
            return status.link == "online" and not status.unsent

        a.sync(gone, "everything sent")
        b.online()
        assert ordered(b) == ordered(a)
        with b.desk.store.read() as view:
            issues = [each.resource() for each in view.find("DetectedIssue", patient=PATIENT)]
        [kept] = [order_override.read(each) for each in issues]
        assert kept is not None, "what was answered for is told as a collision once more"
        assert (kept.by, kept.second) == (DOCTOR, NURSE)
        assert kept.reason
        b.press(Qt.Key.Key_1, CTRL)
        b.press(Qt.Key.Key_Return)
        b.press(Qt.Key.Key_8, ALT)
        until(lambda: f"({DOCTOR}, {NURSE})" in b.words(), "the alert beside the order")


def test_ordinary_orders_are_signed_without_a_question(
    qtbot: QtBot, hospital: HospitalProcess, tmp_path: Path
) -> None:
    with two_terminals(tmp_path, hospital) as (a, _):
        a.log_in(DOCTOR)
        a.online()
        asked = 0
        for drug in ("paracetamol", "omeprazol", "furosemid", "amlodipin", "enoxaparin"):
            panel = begin_order(a, drug)
            until(lambda: panel.findChildren(Chip), f"the check of {drug}")  # noqa: B023
            asked += panel.missing() is not None
            before = len(ordered(a))
            a.press(Qt.Key.Key_Return, CTRL)
            until(lambda: len(ordered(a)) > before, drug)  # noqa: B023
        assert asked == 0
        assert len(ordered(a)) == 5
