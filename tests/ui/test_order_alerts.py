"""The panel beside an order, with real keys: alerts, reasons, the second person, drafts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.kit import order_alerts as alerts
from tests.kit.people import DOCTOR, NURSE, PIN
from tests.kit.ward import make_desk
from tests.kit.workplace import shown_words, until, workplace_at
from workstation.clinical.order_safety import Checked, Severity
from workstation.kernel import words
from workstation.kernel.errors import Damaged, Refused
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.widgets.badge import Chip
from workstation.ui.toolkit.widgets.order_alerts import OrderAlerts


@pytest.fixture
def panel(qapp, tmp_path):
    words.use("en")
    desk = make_desk(tmp_path / "store", person=DOCTOR)
    with workplace_at(desk, tmp_path) as place:
        made = OrderAlerts(place)
        made.resize(420, 700)
        made.show()
        made.activateWindow()
        until(lambda: made._second._who.count() == 1)
        yield made
        made.close()
    desk.store.close()
    words.use("vi")


def press(key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def type_(text):
    QTest.keyClicks(QApplication.focusWidget(), text)


def chips(panel):
    return [chip.text() for chip in panel.findChildren(Chip) if chip.isVisible()]


def test_nothing_to_say(panel):
    panel.show_checked(alerts.harmless())
    assert chips(panel) == ["No alert"]
    assert panel.missing() is None
    assert not panel.focus_missing()


def test_an_unknown_drug_is_not_called_safe(panel):
    panel.show_checked(alerts.unknown())
    assert chips(panel) == ["This drug is not known here"]
    assert any("nobody has asked yet" in each for each in shown_words(panel))


def test_what_could_not_be_checked_for_a_fault_is_loud(panel):
    panel.show_error(Damaged("damaged-page"))
    assert chips(panel) == ["Not checked"]


def test_a_reason_by_keys_alone(panel):
    panel.show_checked(alerts.interacting())
    changes = []
    panel.changed.connect(lambda: changes.append(panel.missing()))
    assert panel.missing().code == "reason-missing"
    assert panel.focus_missing()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    type_("Only one dose")
    assert panel.missing() is None
    assert changes
    reasons = {answer.alert.kind.value: answer.reason for answer in panel.answers()}
    assert reasons == {
        "interaction": "Benefit outweighs the risk; watched closely",
        "renal": "Only one dose",
    }


def test_the_source_on_demand(panel):
    panel.show_checked(alerts.interacting())
    panel.focus_missing()
    press(Qt.Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), QPushButton)
    assert not any("FDA" in each for each in shown_words(panel))
    press(Qt.Key.Key_Space)
    assert any("FDA" in each and "version" in each for each in shown_words(panel))


def test_a_second_person_confirms_by_pin(panel):
    panel.show_checked(alerts.allergic())
    while (missing := panel.missing()).code == "reason-missing":
        panel.focus_missing()
        press(Qt.Key.Key_Down)
    assert missing.code == "second-person-missing"
    assert panel.focus_missing()
    type_("000000")
    press(Qt.Key.Key_Return)
    until(lambda: any("not right" in each for each in shown_words(panel)))
    assert panel.missing() is not None
    type_(PIN)
    press(Qt.Key.Key_Return)
    until(lambda: panel.missing() is None)
    assert f"Confirmed by {NURSE.name}" in chips(panel)
    assert {answer.second for answer in panel.answers()} == {NURSE}
    assert all(answer.alert.severity is Severity.SECOND_PERSON for answer in panel.answers())


def test_what_was_confirmed_does_not_cover_what_comes_after(panel):
    panel.show_checked(alerts.allergic())
    panel._second.person = NURSE
    panel.show_checked(alerts.allergic())
    assert panel._second.person == NURSE
    panel.show_checked(alerts.harmless())
    panel.show_checked(alerts.allergic())
    assert panel._second.person is None


def test_typed_reasons_survive_another_check_and_a_draft(panel):
    panel.show_checked(alerts.interacting())
    panel.focus_missing()
    type_("Pain")
    panel.show_checked(alerts.harmless())
    panel.show_checked(alerts.interacting())
    assert [answer.reason for answer in panel.answers()] == ["Pain"]
    draft = panel.typed()
    panel.show_nothing()
    panel.restore(draft)
    panel.show_checked(alerts.interacting())
    assert [answer.reason for answer in panel.answers()] == ["Pain"]


def test_another_check_takes_the_keys_from_nobody_who_answers(panel):
    panel.show_checked(alerts.interacting())
    panel.focus_missing()
    said = explain(Refused("reason-missing", field="reason")).line
    type_("Pa")
    panel.show_checked(alerts.interacting())
    type_("in")
    assert [answer.reason for answer in panel.answers()] == ["Pain"]
    panel.focus_missing()
    panel.show_checked(alerts.interacting())
    assert any(said in each for each in shown_words(panel))
    type_("Once")
    assert [answer.reason for answer in panel.answers()] == ["Pain", "Once"]


def test_what_was_accepted_before_asks_nothing(panel):
    panel.show_checked(alerts.accepted_before())
    assert panel.missing() is None
    assert any(each.startswith("You accepted this") for each in shown_words(panel))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", {"Dùng cùng Warfarin 2 mg", "Tăng nguy cơ chảy máu", "→ Chọn thuốc khác"}),
        ("en", {"Together with Warfarin 2 mg", "Raises the risk of bleeding"}),
    ],
)
def test_in_both_languages(panel, language, said):
    words.use(language)
    panel.show_checked(alerts.interacting())
    assert said <= shown_words(panel)


def test_a_test_of_another_facility_is_named(panel):
    panel.show_checked(alerts.repeated())
    [line] = [each for each in shown_words(panel) if "Sông Bé" in each]
    assert line.startswith("8,1 %")


def test_of_several_orders_each_alert_names_its_own(panel):
    panel.show_checked(alerts.interacting())
    assert "Together with Warfarin 2 mg" in shown_words(panel)
    both = (*alerts.interacting().alerts, *alerts.repeated().alerts)
    panel.show_checked(Checked(both))
    assert "Diclofenac 75 mg – Together with Warfarin 2 mg" in shown_words(panel)
    assert "HbA1c: done already" in shown_words(panel)
    ranks = [card.alert.severity.rank for card in panel._cards]
    assert ranks == sorted(ranks, reverse=True)
