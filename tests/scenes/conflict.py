"""Pictures of the conflict screen."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from tests.gallery import Scene
from tests.kit.at_once import workplace_of
from tests.kit.contradictions import contradict, hear
from tests.kit.people import DOCTOR, NURSE
from tests.kit.ward import make_desk
from workstation.security.people import Person
from workstation.services.conflicts import decide
from workstation.store import Author
from workstation.ui.screens.conflict.screen import ConflictScreen

ORDER: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "order-1",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/patient-1"},
    "medicationCodeableConcept": {"text": "Morphin hydroclorid"},
    "dosageInstruction": [{"text": "5 mg, tiêm dưới da, mỗi 4 giờ"}],
}
OTHER = {
    **ORDER,
    "dosageInstruction": [{"text": "10 mg, tiêm dưới da, mỗi 4 giờ khi đau từ 7/10 trở lên"}],
    "note": [{"text": "Người bệnh đau 8/10 lúc 02:15, đã báo bác sĩ trực"}],
}
THEIRS = {
    **ORDER,
    "status": "stopped",
    "statusReason": {"text": "Ngủ gà, nhịp thở 9 lần/phút"},
    "requester": {"display": "Bs. Trần Thu Hoa"},
    "reasonCode": [{"text": "Đau sau mổ"}],
    "meta": {"lastUpdated": "2026-11-20T06:41:00+00:00", "versionId": "2"},
}
STAY_THEIRS = {"extension": [{"url": "x", "valueCode": "1"}]}


def screen(person: Person) -> tuple[ConflictScreen, str]:
    """The screen on a ward with one conflict."""
    folder = Path(tempfile.mkdtemp(prefix="scene-"))
    desk = make_desk(folder, person=person)
    hear(desk.store, {**_allergy()})
    author = Author("Practitioner/nurse-1", NURSE.name, desk.store.device)
    id_ = contradict(desk.store, ORDER, OTHER, THEIRS, author)
    return ConflictScreen(workplace_of(desk, folder)), id_


def _allergy() -> dict[str, Any]:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "allergy-1",
        "patient": {"reference": "Patient/patient-1"},
        "code": {"text": "Penicillin"},
    }


def to_decide() -> QWidget:
    made, id_ = screen(DOCTOR)
    made.arrive(conflict=id_)
    made.activate()
    return made


def chosen() -> QWidget:
    made, id_ = screen(DOCTOR)
    made.arrive(conflict=id_)
    made.activate()
    made.comparison.choose(0, "theirs")
    made.signing.say_reason("Đã khám lại, ngừng thuốc là đúng")
    return made


def not_mine() -> QWidget:
    made, id_ = screen(NURSE)
    made.arrive(conflict=id_)
    made.activate()
    return made


def decided() -> QWidget:
    made, id_ = screen(DOCTOR)
    decide(made.workplace.desk, id_, ["theirs", "mine"], "Ngủ gà, đã hội chẩn với bác sĩ trực")
    made.arrive(conflict=id_)
    made.activate()
    return made


def gone() -> QWidget:
    made, _ = screen(DOCTOR)
    made.arrive(conflict="nothing")
    made.activate()
    return made


SCENES = (
    Scene("conflict", to_decide, scales=(150,)),
    Scene("conflict-chosen", chosen),
    Scene("conflict-not-permitted", not_mine),
    Scene("conflict-decided", decided),
    Scene("conflict-gone", gone),
)
