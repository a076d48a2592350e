"""The medication tab by keys: walk, give, withhold, correct, infuse, and two who check."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.kit import drugs
from tests.kit.people import DOCTOR, PIN
from tests.kit.typing import compose
from tests.kit.ward import colleague, make_desk, patient_id
from tests.kit.workplace import asked, shown_words, until, workplace_at
from workstation.clinical.medication_record import Outcome, State
from workstation.kernel import words
from workstation.services import medication_record, orders
from workstation.ui.screens.chart.medication_page import MedicationPage
from workstation.ui.screens.chart.screen import ChartScreen

Key = Qt.Key


@pytest.fixture
def place(tmp_path: Path):
    words.use("en")
    desk = make_desk(tmp_path / "store")
    drugs.fill(desk)
    with workplace_at(desk, tmp_path) as found:
        yield found
    desk.store.close()
    words.use("vi")


class Keys:
    """The tab as a person has it."""

    def __init__(self, qtbot, place, patient=drugs.PATIENT) -> None:
        self.place = place
        self.screen = ChartScreen(place)
        qtbot.addWidget(self.screen)
        place.tasks.changed.connect(lambda changes, _who: self.screen.on_changed(changes))
        self.screen.resize(1366, 700)
        self.screen.show()
        self.screen.arrive(patient=patient, tab="medication")
        self.screen.activate()
        self.screen.activateWindow()
        asked(place)
        page = self.screen._stack.front()
        assert isinstance(page, MedicationPage)
        self.page, self.grid, self.form = page, page._grid, page._form

    def press(self, key: Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.screen.focusWidget() or self.grid, key, modifier)
        asked(self.place)

    def type(self, text: str) -> None:
        focus = self.screen.focusWidget()
        assert focus is not None
        compose(focus, text)

    def go(self, drug: str, at: str = "") -> None:
        """Walk to an order, and in it to the place of a time."""
        lines = self.page._model.lines
        wanted = next(n for n, line in enumerate(lines) if line.drug.startswith(drug))
        for _ in lines:
            here = self.grid.currentIndex().row()
            if here != wanted:
                self.press(Key.Key_Down if here < wanted else Key.Key_Up)
        assert self.grid.currentIndex().row() == wanted
        for _ in range(8 if at else 0):
            self.press(Key.Key_Left)
        for _ in range(8 if at else 0):
            cell = self.grid.chosen()[1]
            if cell is not None and f"{cell.place.at.astimezone():%H:%M}" == at:
                return
            self.press(Key.Key_Right)

    def cell(self):
        return self.grid.chosen()[1]

    def state(self):
        cell = self.cell()
        return cell.place.state if cell is not None else None

    def problem(self) -> str:
        return self.page._problem.text()

    def toasts(self) -> list[str]:
        return self.place.navigator.toasts


@pytest.fixture
def keys(qtbot, place):
    return Keys(qtbot, place)


def test_the_cursor_starts_at_what_is_due_and_the_model_is_sound(keys):
    row, cell = keys.grid.chosen()
    assert row.drug.startswith("Insulin")
    assert cell.place.state is State.DUE
    QAbstractItemModelTester(keys.page._model)


def test_one_key_gives_and_one_takes_it_back(keys):
    keys.go("Furosemid", "20:00")
    keys.press(Key.Key_Return)
    assert keys.form.isVisible(), "six hours early wants a reason"
    keys.press(Key.Key_Escape)
    keys.go("Paracetamol")
    before = len(keys.grid.chosen()[0].cells)
    keys.press(Key.Key_Return)
    assert keys.toasts()[-1] == "Given: Paracetamol 500 mg"
    assert len(keys.grid.chosen()[0].cells) == before + 1
    keys.place.navigator.undo()
    asked(keys.place)
    states = [cell.place.state for cell in keys.grid.chosen()[0].cells]
    assert states.count(State.ERROR) == 1


def test_an_early_dose_asks_why_and_a_number_answers(keys):
    keys.go("Sulfa", "20:00")
    keys.press(Key.Key_Return)
    assert "This is earlier than planned" in keys.form._note.text()
    keys.type("4")
    keys.press(Key.Key_Return)
    assert keys.state() is State.GIVEN
    (given,) = keys.cell().doses
    assert (given.timing, given.timing_reason) == ("early", "Doctor agreed")


@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        (Key.Key_W, Outcome.WITHHELD),
        (Key.Key_R, Outcome.REFUSED),
        (Key.Key_U, Outcome.UNAVAILABLE),
    ],
)
def test_what_is_not_given_needs_words(keys, key, outcome):
    keys.go("Sulfa", "08:00")
    keys.press(key)
    keys.press(Key.Key_Return)
    assert "A reason must be given" in keys.form._note.text()
    keys.type("Đang chờ kết quả")
    keys.press(Key.Key_Return)
    assert not keys.form.isVisible()
    assert [dose.outcome for dose in keys.cell().doses] == [outcome]
    assert "Đang chờ kết quả" in keys.page._said.text()


def test_a_part_with_amount_and_reason(keys):
    keys.go("Furosemid", "20:00")
    keys.press(Key.Key_P)
    keys.type("10")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    assert keys.form.isVisible()
    keys.type("1")
    keys.press(Key.Key_Return)
    assert keys.state() is State.PARTIAL
    assert [str(dose.amount.value) for dose in keys.cell().doses] == ["10"]


class TestTwoPeople:
    def test_a_colleague_checks_by_pin(self, keys):
        keys.press(Key.Key_Return)
        said = shown_words(keys.form)
        assert "01 · NGUYỄN Văn An · 07/03/1951 · 75 years · 26.000001" in said
        assert any("second person" in each for each in said)
        keys.press(Key.Key_Return)
        keys.type("999999")
        keys.press(Key.Key_Return)
        assert "PIN or password is not right" in keys.form._note.text()
        keys.type(PIN)
        keys.press(Key.Key_Return)
        assert keys.state() is State.GIVEN
        assert keys.cell().doses[0].witness == "Đỗ Quang Huy"

    def test_a_dose_too_near_to_the_last_is_refused_before_a_colleague_is_asked(self, keys):
        keys.press(Key.Key_Return)
        keys.press(Key.Key_Return)
        keys.type(PIN)
        keys.press(Key.Key_Return)
        keys.press(Key.Key_Right)
        assert keys.state() is State.FUTURE
        keys.press(Key.Key_Return)
        until(lambda: "too near to another dose" in keys.form._warning.text())
        assert "given by Lê Thị Mai" in keys.form._warning.text()
        assert not keys.form._save.isVisible()

    def test_without_a_pin_nothing_is_given(self, keys):
        keys.press(Key.Key_Return)
        keys.press(Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        keys.screen.perform("save")
        asked(keys.place)
        assert "second person must check" in keys.form._note.text()
        assert keys.state() is State.DUE


def test_a_dose_that_has_been_given_is_not_given_again(keys):
    keys.go("Ceftriaxon", "08:00")
    keys.press(Key.Key_Return)
    assert "This dose was just given, by Lê Thị Mai" in keys.problem()
    keys.press(Key.Key_Right)
    assert not keys.page._problem.isVisible()


def test_a_double_dose_in_truth_is_asked_about_twice_and_charted(keys):
    keys.go("Ceftriaxon", "08:00")
    keys.press(Key.Key_T)
    keys.press(Key.Key_Return)
    keys.type("0830")
    keys.press(Key.Key_Return)
    keys.type("Hai người cùng cho")
    keys.press(Key.Key_Return)
    asked = keys.form._warning.text()
    assert "This dose was just given, by Lê Thị Mai" in asked
    assert "It was given besides that one: reason, then Enter again" in asked
    assert "Do not give it again" not in asked
    assert keys.form._warning.isVisible()
    assert len(keys.cell().doses) == 1
    reason = keys.screen.focusWidget()
    assert reason.accessibleName() == "Reason"
    assert reason.text() == "Hai người cùng cho"
    keys.press(Key.Key_Return)
    assert not keys.form.isVisible()
    assert keys.cell().place.twice
    assert [f"{dose.at.astimezone():%H:%M}" for dose in keys.cell().doses].count("08:30") == 1
    assert "Hai người cùng cho" in {dose.timing_reason for dose in keys.cell().doses}


def test_another_time_is_asked_about_anew_and_now_is_refused(keys):
    keys.go("Ceftriaxon", "08:00")
    keys.press(Key.Key_T)
    keys.press(Key.Key_Return)
    keys.type("0830")
    keys.press(Key.Key_Return)
    keys.type("Hai người cùng cho")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    keys.screen.focusWidget().selectAll()
    keys.type("0845")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    assert f"{keys.form.fields.typed().at.astimezone():%H:%M}" == "08:45"
    assert "It was given besides that one" in keys.form._warning.text()
    assert keys.form.isVisible()
    assert len(keys.cell().doses) == 1
    keys.press(Key.Key_Escape)
    keys.press(Key.Key_T)
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    keys.type("1")
    keys.press(Key.Key_Return)
    assert "Do not give it again" in keys.form._warning.text()
    assert len(keys.cell().doses) == 1


def test_a_correction_keeps_the_first_version_in_the_history(keys):
    keys.go("Ceftriaxon", "08:00")
    keys.press(Key.Key_C)
    keys.type("1")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    keys.type("2")
    keys.press(Key.Key_Return)
    (given,) = keys.cell().doses
    assert (str(given.amount.value), given.corrected) == ("1", "Wrong amount charted")
    keys.press(Key.Key_H)
    assert keys.screen._stack.front() is keys.screen._history


def test_an_error_is_struck_out_and_the_slot_is_open_again(keys):
    keys.go("Ceftriaxon", "08:00")
    keys.press(Key.Key_X)
    keys.type("1")
    keys.press(Key.Key_Return)
    row = keys.grid.chosen()[0]
    assert {State.MISSED, State.ERROR} <= {cell.place.state for cell in row.cells}


def test_an_infusion_changes_its_rate_and_ends_by_keys(keys):
    keys.go("Ringer")
    keys.press(Key.Key_I)
    keys.press(Key.Key_1)
    keys.type("80")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    assert keys.grid.chosen()[0].infusion.rate_ml_h == 80
    keys.press(Key.Key_I)
    keys.press(Key.Key_4)
    keys.press(Key.Key_Return)
    assert keys.grid.chosen()[0].infusion is None


def test_an_effect_is_charted(keys):
    keys.go("Paracetamol")
    keys.press(Key.Key_E)
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    assert keys.form.isVisible(), "whether it helped is asked, never taken for granted"
    keys.press(Key.Key_Down)
    keys.press(Key.Key_Return)
    keys.type("Hết sốt")
    keys.press(Key.Key_Return)
    assert not keys.form.isVisible()
    now = keys.place.desk.now()
    sheet = medication_record.sheet(keys.place.desk, drugs.PATIENT, *_day(now))
    effects = [dose.effect_words for row in sheet.rows for cell in row.cells for dose in cell.doses]
    assert "Hết sốt" in effects


def _day(now):
    from datetime import timedelta

    return now - timedelta(days=1), now + timedelta(days=1)


def test_a_dose_given_before_a_stop_is_charted_after_it(keys):
    keys.go("Sulfa", "08:00")
    order = keys.grid.chosen()[0].order
    desk = keys.place.desk
    done: list[object] = []
    keys.place.tasks.command(
        lambda: orders.stop(colleague(desk, DOCTOR), order, reason="Nổi mẩn"), done=done.append
    )
    until(lambda: done)
    asked(keys.place)
    keys.go("Sulfa", "08:00")
    keys.press(Key.Key_Return)
    assert "not in force any more" in keys.problem()
    keys.press(Key.Key_T)
    keys.press(Key.Key_Return)
    keys.type("0815")
    keys.press(Key.Key_Return)
    keys.type("1")
    keys.press(Key.Key_Return)
    assert keys.state() is State.GIVEN
    (given,) = keys.cell().doses
    assert given.timing_reason == "Terminal or power was down"
    assert given.recorded_at == desk.now()


def test_other_hours_by_page_keys(keys):
    before = keys.page._span.text()
    keys.press(Key.Key_PageUp)
    assert keys.page._span.text() != before
    keys.press(Key.Key_Home)
    assert keys.page._span.text() == before


def test_nothing_is_ordered(qtbot, place):
    screen = Keys(qtbot, place, patient_id(2)).screen
    assert "No drugs ordered yet" in shown_words(screen)


def test_a_form_half_typed_never_passes_on_to_another_patient(keys):
    keys.go("Sulfa", "08:00")
    keys.press(Key.Key_W)
    keys.type("Nôn")
    keys.screen.arrive(patient=patient_id(2), tab="medication")
    keys.screen.activate()
    asked(keys.place)
    assert not keys.form.isVisible()
    assert keys.form.deed is None


def test_a_weekly_drug_on_a_wrong_day_is_asked_about_by_two_and_given_with_a_reason(qtbot, place):
    drugs.weekly(place.desk)
    today = place.desk.now()
    keys = Keys(qtbot, place)
    keys.go("Alendronat")
    keys.press(Key.Key_Return)
    warning = keys.form._warning.text()
    assert warning.startswith("▲ Beside the plan")
    assert f"Next planned: {today + timedelta(days=3):%d/%m/%Y}" in warning
    assert "Last given: –" in warning
    keys.type("4")
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    keys.type("0000-wrong")
    keys.press(Key.Key_Return)
    assert "PIN or password is not right" in keys.form._note.text()
    keys.type(PIN)
    keys.press(Key.Key_Return)
    assert keys.toasts()[-1] == "Given: Alendronat 70 mg"
    (given,) = keys.grid.chosen()[0].cells[-1].doses
    assert (given.witness, given.timing_reason) == ("Đỗ Quang Huy", "Doctor agreed")


def test_a_weekly_drug_given_on_a_wrong_day_is_charted_after_it_was_read(qtbot, place):
    """`T`: the past needs no second person, but the question is read first."""
    drugs.weekly(place.desk)
    today = place.desk.now()
    keys = Keys(qtbot, place)
    keys.go("Alendronat")
    keys.press(Key.Key_T)
    keys.press(Key.Key_Return)
    focus = keys.screen.focusWidget()
    focus.selectAll()
    keys.type(f"{today - timedelta(hours=1):%d/%m/%Y %H:%M}")
    keys.press(Key.Key_Return)
    keys.type("1")
    keys.press(Key.Key_Return)
    assert keys.form._warning.text().startswith("▲ Beside the plan")
    assert "witness" not in keys.form.fields.asked
    keys.press(Key.Key_Return)
    assert keys.toasts()[-1] == "Given: Alendronat 70 mg"
