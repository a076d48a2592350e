"""The shell by keys alone: log in, lock, palette, language, theme, faults."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from tests.kit.terminal import NOW, PIN, SYNCED, FakeTerminal, make_window, settle
from workstation.kernel import words
from workstation.kernel.errors import Damaged, Unavailable
from workstation.kernel.ids import PatientId
from workstation.ui.shell.connection_strip import count_marks
from workstation.ui.shell.idle_lock import REST_MS
from workstation.ui.shell.log_in import LogInPage
from workstation.ui.shell.overlay import Overlay
from workstation.ui.shell.set_up import SetUpPage
from workstation.ui.shell.window import Window
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import BY_ID
from workstation.ui.toolkit.tasks import TaskRunner
from workstation.ui.toolkit.widgets.banner import PatientBanner


@pytest.fixture
def terminal() -> FakeTerminal:
    return FakeTerminal()


@pytest.fixture
def window(qtbot, tmp_path: Path, terminal: FakeTerminal):
    made = make_window(tmp_path, terminal)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    settle(until=lambda: made.findChild(LogInPage).picked() is not None)
    yield made
    settle()
    made._tasks.shutdown()
    if terminal.store is not None:
        terminal.store.close()


def type_pin(window: Window, pin: str = PIN) -> None:
    QTest.keyClicks(window.focusWidget(), pin)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)


def enter(window: Window) -> None:
    type_pin(window)
    settle(until=lambda: window.bench is not None)


def key(window: Window, *args) -> None:
    QTest.keyClick(window.focusWidget() or window, *args)
    settle()


def test_a_person_logs_in_by_keys_alone(window: Window) -> None:
    page = window.findChild(LogInPage)
    assert page.picked().name == "Nguyễn Thị Hồng Nhung"
    enter(window)
    assert window.bench.bar.findChild(QLineEdit) is None
    assert "Ward Workstation" in window.windowTitle()


def test_another_person_is_picked_by_arrows(window: Window) -> None:
    page = window.findChild(LogInPage)
    page._tiles[0].setFocus()
    key(window, Qt.Key.Key_Right)
    key(window, Qt.Key.Key_Space)
    assert page.picked().name == "Trần Đức Anh"
    enter(window)
    assert window._desk.person.name == "Trần Đức Anh"


def test_the_arrows_pick_while_the_pin_has_the_keys(window: Window) -> None:
    page = window.findChild(LogInPage)
    key(window, Qt.Key.Key_Down)
    assert page.picked().name == "Trần Đức Anh"
    key(window, Qt.Key.Key_Up)
    key(window, Qt.Key.Key_Up)
    assert page.picked().name == "Hoàng Ngọc Ánh Nguyệt"
    enter(window)


def test_a_wrong_pin_is_told_and_held_back(window: Window) -> None:
    type_pin(window, "000111")
    page = window.findChild(LogInPage)
    settle(until=lambda: page._note.text() != "")
    assert "PIN" in page._note.text()
    assert window.bench is None
    assert page._pin.text() == ""
    assert not page._enter.isEnabled()
    page._on_tick()
    page._on_tick()
    assert page._enter.isEnabled()
    enter(window)


def test_ctrl_l_locks_and_the_same_person_finds_their_work_as_it_was(window: Window) -> None:
    enter(window)
    key(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    bench, screen = window.bench, window.bench.area.current()
    key(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.bench is None
    page = window.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    enter(window)
    assert window.bench is bench
    assert window.bench.area.current() is screen


def test_a_lock_closes_the_panel_that_was_open(window: Window) -> None:
    enter(window)
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    key(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = window.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    enter(window)
    assert window.bench.palette_panel.isHidden()


def test_another_person_never_sees_the_work_of_who_locked(window: Window) -> None:
    enter(window)
    bench = window.bench
    window.lock()
    page = window.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    page._tiles[1].click()
    enter(window)
    assert window.bench is not bench


def test_the_window_locks_itself_when_nobody_touches_it(window: Window) -> None:
    enter(window)
    timer = window._idle.timer
    assert timer.isActive()
    assert timer.interval() == 5 * 60_000 + REST_MS
    timer.start(1)
    settle(until=lambda: window.bench is None)
    assert not timer.isActive()


def test_a_key_puts_the_lock_off_again_and_again(window: Window) -> None:
    enter(window)
    timer, rest = window._idle.timer, window._idle._rest
    begun = [timer.timerId()]
    for _ in range(3):
        rest.start(1)
        settle(until=lambda: not rest.isActive())
        QTest.keyClick(window, Qt.Key.Key_Shift)
        begun.append(timer.timerId())
        QTest.keyClick(window, Qt.Key.Key_Shift)
        assert timer.timerId() == begun[-1], "the rest is long enough for every key in it"
        assert rest.isActive()
    assert len(set(begun)) == len(begun)


def test_no_shortcut_reaches_the_record_while_locked(window: Window) -> None:
    for action in ("palette", "settings", "sync_now", "help", "back"):
        window.do(BY_ID[action])
    assert window.bench is None
    assert window._terminal.asked == []


def test_the_palette_finds_a_command_without_diacritics(window: Window) -> None:
    enter(window)
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    panel = window.bench.palette_panel
    assert panel.isVisible()
    QTest.keyClicks(window.focusWidget(), "khoa may")
    assert [each.spec.id for each in panel.rows() if each.spec] == ["lock"]
    settle(until=lambda: panel._reading is None)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    settle()
    assert window.bench is None


def test_escape_puts_the_palette_away_and_gives_the_keys_back(window: Window) -> None:
    enter(window)
    before = window.focusWidget()
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    key(window, Qt.Key.Key_Escape)
    assert not window.bench.palette_panel.isVisible()
    assert window.focusWidget() is before


def test_vietnamese_comes_in_through_the_input_method(window: Window) -> None:
    enter(window)
    key(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    event = QInputMethodEvent()
    event.setCommitString("cài đặt")
    QApplication.sendEvent(window.focusWidget(), event)
    assert [each.spec.id for each in window.bench.palette_panel.rows()] == ["settings"]


def test_the_language_changes_at_run_time_and_is_remembered(window: Window, tmp_path: Path) -> None:
    enter(window)
    window.do(BY_ID["settings"])
    assert window.windowTitle().startswith("Cài đặt")
    window.do(BY_ID["language"])
    settle()
    assert words.language() == "en"
    assert window.windowTitle().startswith("Settings")
    assert (tmp_path / "person-p1.json").exists()
    window.do(BY_ID["language"])


def test_another_language_leaves_the_chart_at_its_tab(
    window: Window, terminal: FakeTerminal
) -> None:
    enter(window)
    assert terminal.store is not None
    with terminal.store.write() as unit:
        unit.create({"resourceType": "Patient", "id": "p1"})
    window.bench.area.open_chart(PatientId("p1"))
    window.do(BY_ID["chart_notes"])
    window.do(BY_ID["language"])
    settle()
    assert words.language() == "en"
    assert window.bench.area.current().place() == {"tab": "notes"}
    window.bench.area.open_screen("settings")
    window.bench.area.back()
    assert window.bench.area.current().place() == {"tab": "notes"}
    window.do(BY_ID["language"])
    settle()


def test_the_theme_changes_at_run_time(window: Window) -> None:
    enter(window)
    window.do(BY_ID["theme"])
    settle()
    assert theme.name() == "dark"
    window.do(BY_ID["theme"])
    assert theme.name() == "light"


def test_going_offline_is_told_once_in_a_thin_banner(window: Window) -> None:
    enter(window)
    assert window.bench.strip_words()[0] == "Đã đồng bộ"
    gone = replace(SYNCED, link="offline", since=NOW, unsent=3)
    window.show_status(gone)
    assert "Mất kết nối" in window.bench.news()
    assert any("3 mục chưa gửi" in words for words in window.bench.strip_words())
    window.bench._news.hide()
    window.show_status(gone)
    assert window.bench.news() == ""


def test_the_strip_says_when_a_server_that_is_away_is_tried_again(window: Window) -> None:
    enter(window)
    away = replace(SYNCED, link="offline", since=NOW)
    soon = NOW + timedelta(minutes=4, seconds=5)
    window.show_status(replace(away, next_try=soon))
    assert f"thử lại lúc {soon.astimezone():%H:%M:%S}" in window.bench.strip_words()[0]
    window.show_status(replace(away, next_try=NOW - timedelta(seconds=1)))
    assert "thử lại" not in window.bench.strip_words()[0]


@pytest.mark.parametrize(
    ("minutes", "tone"), [(9, "muted"), (10, "warn"), (30, "danger"), (-180, "danger")]
)
def test_old_data_is_marked(minutes: int, tone: str) -> None:
    from workstation.ui.shell.connection_strip import age_mark

    status = replace(SYNCED, data_as_of=NOW - timedelta(minutes=minutes))
    assert age_mark(status, NOW, timedelta(minutes=10), timedelta(minutes=30)).tone == tone


def test_a_damaged_record_fills_the_page(window: Window, terminal: FakeTerminal) -> None:
    terminal.failure = Damaged("wrong-key")
    type_pin(window)
    settle(until=lambda: window.findChild(LogInPage) is None)
    assert window.bench is None


def test_a_crash_shows_a_number_and_work_goes_on(window: Window) -> None:
    enter(window)
    window.show_crash("1234-ABCD")
    assert window.bench is None
    window._after_crash()
    settle(until=lambda: window.findChild(LogInPage).picked() is not None)


def test_a_new_terminal_asks_for_server_and_first_person(qtbot, tmp_path: Path) -> None:
    terminal = FakeTerminal(people=())
    made = make_window(tmp_path, terminal)
    qtbot.addWidget(made)
    made.show()
    settle(until=lambda: made.findChild(SetUpPage).isVisible())
    page = made.findChild(SetUpPage)
    page._server.setText("http://127.0.0.1:1/fhir")
    terminal.failure = Unavailable("not-fhir")
    page._on_test()
    settle(until=lambda: page._server_note.text() != "")
    assert "FHIR" in page._server_note.text()
    terminal.failure = None
    page._on_test()
    settle(until=lambda: page._ward.count() == 1)
    page._on_finish()
    assert page._name_note.text()
    page._name.setText("  Vũ   Thị Lan ")
    page._pin.setText(PIN)
    page._again.setText("other")
    page._on_finish()
    assert page._pin_note.text()
    page._again.setText(PIN)
    page._on_finish()
    settle(until=lambda: made.bench is not None)
    assert terminal.asked[-1].name == "Vũ Thị Lan"
    assert terminal.asked[-1].ward == "w1"
    made._tasks.shutdown()


def test_emitting_true_leaks_no_reference(qtbot) -> None:
    """Some versions of PySide6 drop one reference to True at every emit, and then abort."""
    from PySide6.QtCore import QObject, Signal

    class Bell(QObject):
        rung = Signal(bool)

    bell = Bell()
    heard: list[bool] = []
    bell.rung.connect(heard.append)
    before = sys.getrefcount(True)
    for _ in range(1000):
        bell.rung.emit(True)
    heard.clear()
    assert abs(sys.getrefcount(True) - before) < 50


def test_an_answer_never_arrives_inside_the_call_that_asked(qtbot) -> None:
    tasks = TaskRunner()
    got: list[int] = []
    tasks.query(lambda: 7, done=got.append)
    assert got == []
    settle(until=lambda: got == [7])
    tasks.shutdown()


def test_whoever_is_logged_in_stays_named_when_the_bar_gets_narrow(window: Window) -> None:
    enter(window)
    bar, name = window.bench.bar, window._desk.person.name
    for width in (1366, 900, 620):
        bar.resize(width, bar.height())
        settle()
        shown = [each for each in bar.findChildren(QLabel) if each.text() == name]
        assert shown
        assert not shown[0].isHidden()
        buttons = bar.findChildren(QPushButton)
        assert not any(each.isHidden() for each in buttons)
        assert all(each.text() or each.accessibleName() in each.toolTip() for each in buttons)


def test_a_toast_lies_above_the_strip(window: Window) -> None:
    enter(window)
    window.bench.toast.say("Saved on this terminal.")
    strip = window.bench._strip
    assert window.bench.toast.geometry().bottom() < strip.geometry().top()


def test_help_tells_about_the_screen_in_front_and_turns_its_page_by_keys(window: Window) -> None:
    enter(window)
    window.resize(1000, 420)
    window.do(BY_ID["settings"])
    settle()
    key(window, Qt.Key.Key_F1)
    panel = window.bench.help
    assert panel.page().startswith("Máy này")
    bar = panel._reader.verticalScrollBar()
    assert bar.maximum() > 0
    key(window, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    key(window, Qt.Key.Key_PageUp)
    assert bar.value() == 0
    key(window, Qt.Key.Key_Escape)
    assert panel.isHidden()


def test_help_finds_keys_and_pages_in_both_languages_and_opens_a_page(window: Window) -> None:
    enter(window)
    window.do(BY_ID["ward_board"])
    key(window, Qt.Key.Key_F1)
    panel = window.bench.help
    assert panel.rows()[0].words == "Đi qua các giường"
    assert "Ctrl+Enter" in {row.keys for row in panel.rows()}
    QTest.keyClicks(window.focusWidget(), "can bang dich")
    settle()
    assert [row.page for row in panel.rows()][:1] == ["fluid_balance"]
    key(window, Qt.Key.Key_Return)
    assert panel.page().startswith("Dịch vào – ra")
    QTest.keyClicks(window.focusWidget(), "xyz")
    settle()
    assert panel.rows() == ()
    key(window, Qt.Key.Key_Escape)
    window.do(BY_ID["language"])
    settle()
    window.do(BY_ID["ward_board"])
    window.do(BY_ID["help"])
    assert window.bench.help.page().startswith("Ward board")
    window.do(BY_ID["language"])
    settle()


def test_two_panels_never_lie_on_each_other_and_the_keys_come_back(window: Window) -> None:
    enter(window)
    window.do(BY_ID["ward_board"])
    settle()
    before = window.focusWidget()
    ctrl = Qt.KeyboardModifier.ControlModifier
    for panel in (window.bench.help, window.bench.palette_panel):
        key(window, Qt.Key.Key_F1)
        key(window, Qt.Key.Key_F1)
        if panel is window.bench.palette_panel:
            key(window, Qt.Key.Key_K, ctrl)
            assert window.bench.help.isHidden()
        assert panel.isVisible()
        key(window, Qt.Key.Key_Escape)
        assert window.focusWidget() is before


def test_undo_in_a_field_takes_back_letters_and_no_deed(window: Window) -> None:
    enter(window)
    window.do(BY_ID["patient_search"])
    settle()
    undone: list[str] = []
    window.bench.undoing.say("Saved on this terminal.", lambda: undone.append("deed"))
    QTest.keyClicks(window.focusWidget(), "an")
    key(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget().text() == ""
    assert undone == []


def test_undo_says_what_it_would_do_once_the_words_have_gone(window: Window) -> None:
    enter(window)
    window.do(BY_ID["ward_board"])
    settle()
    undone: list[str] = []
    bench = window.bench
    for name in ("one", "two"):
        bench.undoing.say(name, lambda name=name: undone.append(name))
    bench.undoing.say("three", lambda: undone.append("three"), lasting=False)
    bench.toast.hide()
    window.do(BY_ID["undo"])
    assert "two" in bench.toast.words()
    assert undone == []
    window.do(BY_ID["undo"])
    settle(until=lambda: bench.toast.words().startswith("Đã hoàn tác"))
    window.do(BY_ID["undo"])
    window.do(BY_ID["undo"])
    assert undone == ["two", "one"]
    settle(until=lambda: bench.toast.words().startswith("Đã hoàn tác"))
    window.do(BY_ID["undo"])
    assert bench.toast.words() == "Không có gì để hoàn tác."


def test_after_a_lock_nothing_can_be_undone(window: Window) -> None:
    enter(window)
    undone: list[str] = []
    window.bench.undoing.say("one", lambda: undone.append("one"))
    window.lock()
    page = window.findChild(LogInPage)
    settle(until=lambda: page.picked() is not None)
    enter(window)
    window.do(BY_ID["undo"])
    window.do(BY_ID["undo"])
    assert undone == []


def test_a_link_of_the_guide_leads_to_its_page(window: Window) -> None:
    enter(window)
    window.do(BY_ID["ward_board"])
    window.do(BY_ID["help"])
    panel = window.bench.help
    panel._reader.anchorClicked.emit(QUrl("results.md"))
    assert panel.page().startswith("Kết quả")


def test_the_strip_counts_one_as_one(window: Window) -> None:
    words.use("en")
    assert window.bench is None
    one = replace(SYNCED, conflicts=1, collisions=1)
    assert [each.words for each in count_marks(one)] == ["1 conflict", "1 alert"]
    two = replace(SYNCED, conflicts=2, collisions=2)
    assert [each.words for each in count_marks(two)] == ["2 conflicts", "2 alerts"]


def test_a_key_that_ones_role_may_not_use_says_so(window: Window) -> None:
    words.use("vi")
    enter(window)
    key(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    said = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    assert "Vai trò của bạn không được làm việc này" in said


def test_the_help_takes_the_room_it_needs_when_the_window_has_another_height(
    window: Window,
) -> None:
    enter(window)
    panel = window.bench.help
    for height in (640, 768, 640):
        window.resize(1366, height)
        settle()
        key(window, Qt.Key.Key_F1)
        room = panel.parentWidget().height() - panel.y()
        assert panel.minimumSizeHint().height() <= panel.height() < room
        panel.put_away()


def test_a_panel_begins_below_the_banner_however_high_it_is(qtbot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(1366, 738)
    banner = PatientBanner(over)
    banner.setGeometry(0, 52, 1366, 180)
    panel = Overlay(over, 600, 560)
    over.show()
    panel.open_at(panel)
    assert panel.y() > banner.geometry().bottom()
    assert panel.geometry().bottom() < over.height()
