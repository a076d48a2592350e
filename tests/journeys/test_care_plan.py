"""Nursing problems through an outage: opened, done, evaluated by keys; two nurses lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from hospital.wire import Request
from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import patient_id
from tests.kit.ward_window import (
    CTRL,
    DOCTOR,
    NURSE,
    SHIFT,
    WardWindow,
    two_terminals,
    until,
)
from workstation.clinical.care_plan import Evaluation, Outcome
from workstation.fhir import care_deed, care_plan
from workstation.fhir.json import parse
from workstation.services import care_plans
from workstation.ui.screens.chart.care_plan_page import PlanPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

pytestmark = pytest.mark.journey

PATIENT = patient_id(1)
ALT = Qt.KeyboardModifier.AltModifier
ENTER = Qt.Key.Key_Return


def at_hospital(hospital: HospitalProcess, kind: str):
    """What the server has of the patient, of one type."""
    answer = hospital.handle(
        Request("GET", f"/fhir/{kind}", f"patient=Patient/{PATIENT}&_count=200", {}, b"")
    )
    assert answer.status == 200, answer.body
    return [entry["resource"] for entry in parse(answer.body).get("entry", [])]


def rows(at: WardWindow):
    return care_plans.read(at.desk, PATIENT).rows


def facts(at: WardWindow):
    return [fact.record for row in rows(at) for fact in row.facts if fact.record.valid]


def problems_of(at: WardWindow) -> PlanPage:
    """The problems of the first patient, in front, with the keys in their list."""
    at.screen(WardBoardScreen)
    at.press(ENTER)
    chart = at.screen(ChartScreen)
    at.press(Qt.Key.Key_0, ALT)
    at.settle()
    at.press(Qt.Key.Key_P)
    page = chart.findChild(PlanPage)
    until(page.lists.view.hasFocus, "the list of problems")
    return page


def open_problem(at: WardWindow, number: str) -> None:
    """Ctrl+B, its number, Ctrl+S."""
    count = len(rows(at))
    at.press(Qt.Key.Key_B, CTRL)
    at.keys(number)
    at.press(Qt.Key.Key_S, CTRL)
    until(lambda: len(rows(at)) == count + 1, "the problem")
    at.settle()


def evaluate(at: WardWindow, key: str, words: str) -> None:
    """Enter, a digit, words, Enter, Enter."""
    count = len(facts(at))
    at.press(ENTER)
    at.keys(key)
    at.press(ENTER)
    at.compose(words)
    at.press(ENTER)
    at.press(ENTER)
    until(lambda: len(facts(at)) == count + 1, "the evaluation")
    at.settle()


def test_a_night_with_pain_while_the_net_is_gone(qtbot, tmp_path: Path, hospital: HospitalProcess):
    at = WardWindow(tmp_path / "a", hospital.base)
    try:
        at.log_in(NURSE)
        at.online()
        hospital.stop()
        page = problems_of(at)
        open_problem(at, "1")
        until(lambda: [each.reference for each in page.lists.rows.rows], "the problem in sight")
        at.keys("1")
        until(lambda: len(facts(at)) == 1, "what was done")
        at.settle()
        evaluate(at, "1", "Còn đau khi ho")
        until(lambda: len(page.lists.facts.rows) == 2, "both in sight")
        shown = [page.lists.facts.index(row, 1).data() for row in range(2)]
        assert any("Đạt một phần mục tiêu · Còn đau khi ho" in each for each in shown)

        hospital.start()
        at.online()
        (plan,) = map(care_plan.read, at_hospital(hospital, "CarePlan"))
        assert (plan.plan.code, plan.plan.words, plan.open) == ("pain", "Đau", True)
        (deed,) = filter(None, map(care_deed.read, at_hospital(hospital, "Procedure")))
        (went,) = filter(None, map(care_deed.read, at_hospital(hospital, "Observation")))
        assert deed.what.care.code == "pain.assess"
        assert (went.what.outcome, went.plan) == (Outcome.PARTLY, plan.reference)
        assert not any(row.unsent for row in rows(at))
    finally:
        at.close()


def test_two_terminals_lose_neither_evaluation_and_tell_of_one_problem_opened_twice(
    qtbot, tmp_path: Path, hospital: HospitalProcess
):
    with two_terminals(tmp_path, hospital) as (a, b):
        a.log_in(NURSE)
        a.online()
        problems_of(a)
        open_problem(a, "1")
        a.online()
        b.log_in(DOCTOR)
        b.press(Qt.Key.Key_L, CTRL | SHIFT)
        b.online()
        page = problems_of(b)
        until(lambda: page.lists.rows.rows, "the problem on the other terminal")
        assert page.lists.rows.index(0, 1).data() == "Pain"

        hospital.kill()
        evaluate(a, "1", "Đỡ hơn")
        evaluate(b, "0", "worse at night")
        open_problem(a, "3")
        open_problem(b, "3")

        hospital.start()
        for at in (a, b, a, b):
            at.online()
        for at in (a, b):
            said = {each.what.remark for each in facts(at) if isinstance(each.what, Evaluation)}
            assert said == {"Đỡ hơn", "worse at night"}
            assert len([row for row in rows(at) if row.record.plan.code == "fall-risk"]) == 2
            status = at.terminal.status()
            assert (status.conflicts, status.collisions, status.parked) == (0, 1, 0)

        while page.lists.current().row.record.plan.code != "fall-risk":
            b.press(Qt.Key.Key_Down)
        b.press(Qt.Key.Key_Delete)
        b.keys("2")
        b.press(ENTER)
        b.keys("opened twice")
        b.press(ENTER)
        b.press(ENTER)
        until(lambda: [row.record.status for row in rows(b)].count("revoked") == 1, "one revoked")
        for at in (b, a, b):
            at.online()
        for at in (a, b):
            assert at.terminal.status().collisions == 0
            assert len(rows(at)) == 3
