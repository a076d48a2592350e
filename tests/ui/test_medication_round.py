"""The medication round by scanner and by keys: what fits is given, what does not is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.kit import drugs
from tests.kit.drugs import mg
from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import asked, until, workplace_at
from workstation.clinical.dosage import Timing
from workstation.fhir import dose as doses
from workstation.kernel import words
from workstation.ui.screens.medication_round.screen import MedicationRoundScreen
from workstation.ui.screens.medication_round.wording import allergy_text, drug_words

Key = Qt.Key
TWICE = Timing(times_a_day=2)


@pytest.fixture
def place(tmp_path: Path):
    """Two people with a drug each that is due at 08:00; it is 08:00."""
    words.use("en")
    desk = make_desk(tmp_path / "store")
    for number, drug in ((1, "Amlodipin 5 mg"), (2, "Enalapril 10 mg")):
        drugs.order(
            desk, drug, mg("5"), "uống", TWICE,
            patient=patient_id(number), code=drug.split()[0].lower(),
        )  # fmt: skip
    drugs.order(
        desk, "Morphin 10 mg/mL", mg("5"), "tiêm", TWICE, patient=patient_id(2),
        code="8936001234567",
    )  # fmt: skip
    advance(desk, hours=1)
    with workplace_at(desk, tmp_path) as found:
        yield found
    desk.store.close()
    words.use("vi")


@pytest.fixture
def screen(qtbot, place):
    made = MedicationRoundScreen(place)
    qtbot.addWidget(made)
    place.tasks.changed.connect(lambda changes, _who: made.on_changed(changes))
    made.resize(1366, 700)
    made.show()
    made.activate()
    asked(place)
    return made


def scan(screen, code: str) -> None:
    QTest.keyClicks(screen.focusWidget() or screen.scan, code)
    QTest.keyClick(screen.scan, Key.Key_Return)
    asked(screen.workplace)


def enter(screen) -> None:
    """Enter by hand, later than any scanner's second one."""
    until(lambda: not screen.scan.burst.isActive())
    QTest.keyClick(screen.scan, Key.Key_Return)
    asked(screen.workplace)


def given(place) -> list[doses.Dose]:
    with place.desk.store.read() as view:
        return [doses.read(each.resource()) for each in view.find("MedicationAdministration")]


def test_scan_scan_enter(screen, place):
    scan(screen, "26000001")
    scan(screen, "amlodipin")
    assert "Enter gives Amlodipin 5 mg, 5\N{NO-BREAK SPACE}mg to" in screen.said.text()
    enter(screen)
    (dose,) = given(place)
    assert (dose.patient, dose.drug, dose.scanned) == (
        patient_id(1), "Amlodipin 5 mg", "patient-and-drug",
    )  # fmt: skip
    assert screen.scans.person is None
    assert len(screen.model.rows) == 2


def test_a_second_enter_of_the_scanner_gives_nothing(screen, place):
    scan(screen, "26000001")
    QTest.keyClicks(screen.scan, "amlodipin")
    QTest.keyClick(screen.scan, Key.Key_Return)
    QTest.keyClick(screen.scan, Key.Key_Return)
    asked(place)
    assert given(place) == []


@pytest.mark.parametrize(
    ("codes", "words_"),
    [
        (("26000001", "enalapril"), "Wrong drug"),
        (("enalapril", "26000001"), "Wrong patient"),
        (("26000001", "8936009999999"), "Wrong drug"),
        (("999999999",), "no wristband and no due drug"),
        (("26000003",), "Nothing is due for"),
    ],
)
def test_what_does_not_fit_is_refused_and_enter_gives_nothing(screen, place, codes, words_):
    for code in codes:
        scan(screen, code)
    assert words_ in screen.said.text()
    assert screen.said.property("tone") == "danger"
    enter(screen)
    assert given(place) == []
    assert not any(code in str(screen.said.text()) for code in codes)


def test_a_drug_without_a_wristband_is_nobodys(screen, place):
    scan(screen, "99999999")
    scan(screen, "amlodipin")
    enter(screen)
    assert given(place) == []
    assert "Scan a wristband" in screen.said.text()
    scan(screen, "26000001")
    enter(screen)
    (dose,) = given(place)
    assert (dose.patient, dose.scanned) == (patient_id(1), "patient-and-drug")


def test_enter_that_bounces_gives_one_drug(screen, place):
    drugs.order(
        place.desk, "Furosemid 40 mg", mg("40"), "uống", TWICE, patient=patient_id(1), code="f"
    )
    screen.activate()
    asked(place)
    scan(screen, "26000001")
    scan(screen, "amlodipin")
    enter(screen)
    assert "Furosemid" in screen.said.text()
    QTest.keyClick(screen.scan, Key.Key_Return)
    asked(place)
    assert [dose.drug for dose in given(place)] == ["Amlodipin 5 mg"]


def hold(widget, key) -> None:
    """A key that is held: one more of the presses that it makes by itself."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
    QApplication.sendEvent(widget, event)


def test_enter_that_something_lies_on_gives_one_drug(screen, place):
    more = {"patient": patient_id(2), "code": "furosemid"}
    drugs.order(place.desk, "Furosemid 40 mg", mg("40"), "uống", TWICE, **more)
    screen.activate()
    asked(place)
    scan(screen, "26000002")
    enter(screen)
    assert len(given(place)) == 1
    assert screen.chosen() is not None
    until(lambda: not screen.scan.burst.isActive())
    hold(screen.scan, Key.Key_Return)
    asked(place)
    assert len(given(place)) == 1
    screen.list.setFocus()
    hold(screen.list, Key.Key_W)
    assert screen.form.isHidden()
    enter(screen)
    assert len(given(place)) == 2


def test_without_a_scanner_a_line_is_chosen_by_arrows(screen, place):
    enter(screen)
    assert given(place) == [], "nothing is chosen at first"
    QTest.keyClick(screen.scan, Key.Key_Down)
    enter(screen)
    (dose,) = given(place)
    assert (dose.patient, dose.scanned) == (patient_id(1), "")


def test_after_a_dose_the_walk_goes_on_where_it_was(screen, place):
    for _ in range(2):
        QTest.keyClick(screen.scan, Key.Key_Down)
    assert screen.chosen().due.drug == "Enalapril 10 mg"
    enter(screen)
    assert screen.chosen() is None, "the next Enter gives nothing by itself"
    QTest.keyClick(screen.scan, Key.Key_Down)
    assert screen.chosen().due.drug == "Morphin 10 mg/mL"


def test_allergies_and_the_second_person_are_told_before_the_deed(screen, place):
    QTest.keyClick(screen.scan, Key.Key_Down)
    assert "Allergies: Not asked" in screen.said.text()
    (morphine,) = (row for row in screen.model.rows if row.due.drug.startswith("Morphin"))
    assert "two people check" in drug_words(morphine)
    known = replace(morphine.who, allergy_state="known", allergies=("Penicillin",))
    assert allergy_text(known) == "Allergies: ▲ Penicillin"
    assert allergy_text(replace(known, allergy_state="none-known", allergies=())) == (
        "Allergies: None known"
    )


def test_the_word_afterwards_says_whose_drug_it_was(screen, place):
    scan(screen, "26000001")
    scan(screen, "amlodipin")
    enter(screen)
    assert "Given: Amlodipin 5 mg · 01 NGUYỄN Văn An" in place.navigator.toasts[-1]


def test_a_scan_that_began_in_the_list_goes_on_in_the_field(screen, place):
    QTest.keyClick(screen.scan, Key.Key_Down)
    QTest.keyClick(screen.scan, Key.Key_Right)
    QTest.keyClicks(screen.list, "2")
    assert screen.scan.text() == "2"
    scan(screen, "6000002")
    assert screen.scans.person == patient_id(2)


def test_letters_act_in_the_list(screen, place):
    QTest.keyClick(screen.scan, Key.Key_Down)
    QTest.keyClick(screen.scan, Key.Key_Right)
    QTest.keyClick(screen.list, Key.Key_W)
    until(screen.form.isVisible)
    QTest.keyClicks(screen.focusWidget(), "1")
    QTest.keyClick(screen.focusWidget(), Key.Key_Return)
    asked(place)
    assert [dose.reason for dose in given(place)] == ["Nothing by mouth"]


@pytest.mark.parametrize("code", ["p26000002", "WRP-1", "u"])
def test_a_code_that_begins_with_such_a_letter_opens_no_form(screen, place, code):
    QTest.keyClick(screen.scan, Key.Key_Down)
    QTest.keyClick(screen.scan, Key.Key_Right)
    QTest.keyClicks(screen.list, code[:2])
    QTest.keyClicks(screen.focusWidget(), code[2:])
    if len(code) > 1:
        assert screen.scan.text() == code
    else:
        QTest.keyClick(screen.list, Key.Key_Down)
        assert screen.form.deed.verb == "unavailable", "a hand goes on at once"
        assert screen.form.deed.patient == patient_id(1), "the line that it was pressed on"


def test_a_high_risk_drug_names_person_and_asks_for_a_second(screen, place):
    scan(screen, "26000002")
    scan(screen, "0108936001234567172712311")
    assert "Morphin" in screen.said.text()
    enter(screen)
    assert screen.form.isVisible(), screen.said.text()
    assert "TRẦN Thị Bình" in screen.form._who.text()
    assert given(place) == []
