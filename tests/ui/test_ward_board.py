"""The ward board by its keys, on a real store."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication

from tests.kit.ward import advance, discharge, make_desk, patient, patient_id, places, save, stay
from tests.kit.ward_window import staff
from tests.kit.workplace import BrokenStore, shown_words, until
from workstation.clinical.vital_signs import VitalSigns
from workstation.kernel import words
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Damaged
from workstation.services import vital_signs, ward_board
from workstation.ui.screens.ward_board import model
from workstation.ui.screens.ward_board.order import arrange
from workstation.ui.screens.ward_board.screen import WardBoardScreen
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.pack_renewal import PackRenewal
from workstation.ui.toolkit.widgets.badge import Chip

ENTER = Qt.Key.Key_Return


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=6, taken=4)
    for number, breaths, hours in ((1, 16, 1), (2, 26, 9), (3, 22, 2)):
        vitals = VitalSigns(
            at=made.now() - timedelta(hours=hours), respiratory_rate=Decimal(breaths)
        )
        vital_signs.record(made, patient_id(number), vitals)
    yield made
    made.store.close()


@pytest.fixture
def screen(qtbot, workplace):
    made = WardBoardScreen(workplace)
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    made.activate()
    until(made.model.rowCount)
    return made


def beds(screen):
    return [bed.name for bed in screen.model.beds()]


def row_of(screen, bed):
    return beds(screen).index(bed)


def test_model_behaves(screen, qtmodeltester):
    qtmodeltester.check(screen.model)


def test_the_sickest_stand_first_and_the_unmeasured_before_the_well(screen):
    assert beds(screen) == ["02", "04", "03", "01", "05", "06"]


def test_the_order_is_chosen_by_action(screen):
    assert screen.perform("sort_bed")
    assert beds(screen) == ["01", "02", "03", "04", "05", "06"]
    assert screen.perform("sort_due")
    assert beds(screen) == ["02", "04", "01", "03", "05", "06"]
    assert not screen.perform("print")


def test_enter_opens_the_chart_and_arrows_walk(qtbot, screen, workplace):
    qtbot.keyClick(screen.list, ENTER)
    qtbot.keyClick(screen.list, Qt.Key.Key_Down)
    qtbot.keyClick(screen.list, ENTER)
    assert [chart for chart, _ in workplace.navigator.charts] == [patient_id(2), patient_id(4)]
    assert screen.patient() == patient_id(4)


def test_an_empty_bed_opens_nothing(qtbot, screen, workplace):
    screen.list.setCurrentIndex(screen.model.index(5, 0))
    qtbot.keyClick(screen.list, ENTER)
    assert workplace.navigator.charts == []
    assert screen.patient() is None


def test_typing_on_the_beds_finds_without_diacritics(qtbot, screen, workplace):
    qtbot.keyClick(screen.list, "d")
    assert screen.head.search.text() == "d"
    qtbot.keyClicks(screen.head.search, "o tuyet")
    assert beds(screen) == ["04"]
    qtbot.keyClick(screen.head.search, ENTER)
    assert workplace.navigator.charts == [(patient_id(4), "summary")]
    qtbot.keyClick(screen.head.search, Qt.Key.Key_Escape)
    assert len(beds(screen)) == 6


@pytest.mark.parametrize(
    ("typed", "found"), [("02", ["02"]), ("26.000003", ["03"]), ("binh tran", ["02"])]
)
def test_beds_and_numbers_are_found_too(qtbot, screen, typed, found):
    qtbot.keyClicks(screen.head.search, typed)
    assert beds(screen) == found


def test_a_number_alone_is_the_end_of_a_bed_or_a_record_number(desk):
    known = (
        ("301-2", "26.000001"), ("13-012", "26.000002"), ("5", "26.003012"), ("6", "26.301255"),
    )  # fmt: skip
    board = ward_board.board(desk)
    taken = [
        replace(
            bed,
            name=name,
            occupant=replace(bed.occupant, who=replace(bed.occupant.who, record_number=number)),
        )
        for bed, (name, number) in zip(board.beds, known, strict=False)
    ]
    board = replace(board, beds=tuple(taken))

    def found(typed, order="due"):
        return [bed.name for bed in arrange(board, order, typed)]

    assert found("3012") == ["301-2", "13-012", "5", "6"]
    assert found("3012", "bed") == ["301-2", "13-012", "5", "6"]
    assert found("13012") == ["13-012"]
    assert found("003012") == ["5"]
    assert found("9999") == []


def test_arrows_go_from_the_search_to_the_beds(qtbot, screen):
    qtbot.keyClicks(screen.head.search, "viem phoi")
    qtbot.keyClick(screen.head.search, Qt.Key.Key_Down)
    assert screen.list.currentIndex().row() == 0


def test_nobody_found_says_so_and_how_to_go_on(qtbot, screen):
    qtbot.keyClicks(screen.head.search, "zzz")
    assert "Nobody on this ward fits “zzz”." in shown_words(screen)
    qtbot.keyClick(screen.head.search, Qt.Key.Key_Escape)
    assert len(beds(screen)) == 6


def test_the_map_stands_in_the_order_of_beds_and_keeps_the_cursor(qtbot, screen, workplace):
    chosen = screen.patient()
    screen.perform("toggle_view")
    assert screen.map.isVisible()
    assert beds(screen) == ["01", "02", "03", "04", "05", "06"]
    assert screen.patient() == chosen
    qtbot.keyClick(screen.map, Qt.Key.Key_Right)
    qtbot.keyClick(screen.map, ENTER)
    assert workplace.navigator.charts == [(patient_id(3), "summary")]
    screen.perform("toggle_view")
    assert screen.list.isVisible()


def test_the_cursor_stays_on_its_patient_when_the_ward_changes(screen, desk):
    screen.list.setCurrentIndex(screen.model.index(row_of(screen, "03"), 0))
    changes = discharge(desk, 2)
    screen.on_changed(changes)
    until(lambda: beds(screen)[0] == "04")
    assert screen.patient() == patient_id(3)


def test_what_does_not_concern_the_ward_is_not_read_again(screen, desk):
    discharge(desk, 2)
    before = screen.model.beds()
    screen.on_changed(Changes(types=frozenset({"Task"})))
    assert screen.model.beds() is before


def test_the_head_counts_who_is_at_risk_and_due(screen):
    said = shown_words(screen.head)
    assert {"4 of 6 beds", "4 patients with tasks late", "Khoa Nội tổng hợp"} <= said


@pytest.mark.parametrize("scale", [100, 125, 150])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_counts_leave_a_small_monitor_its_board(request, qtbot, workplace, language, scale):
    words.use(language)
    theme.use(QApplication.instance(), "light", scale)
    request.addfinalizer(lambda: theme.use(QApplication.instance(), "light"))
    request.addfinalizer(lambda: words.use("en"))
    screen = WardBoardScreen(workplace)
    qtbot.addWidget(screen)
    screen.resize(1366, 700)
    screen.show()
    screen.activate()
    until(screen.model.rowCount)
    board = ward_board.board(workplace.desk)
    ill = next(bed for bed in board.beds if bed.occupant)
    critical = replace(ill.occupant.tasks[0], kind="critical-result")
    ill = replace(ill, occupant=replace(ill.occupant, tasks=(*ill.occupant.tasks, critical)))
    crowded = replace(board, ward="Khoa Nội tổng hợp", beds=board.beds + (ill,) * 36)
    screen.head.show_board(crowded, 20)

    def chips():
        return [chip for chip in screen.head.findChildren(Chip) if chip.isVisible()]

    until(lambda: len(chips()) >= 4)
    assert screen.head.minimumSizeHint().width() <= 1366 - 2 * theme.px(16)
    for chip in chips():
        assert screen.rect().contains(QRect(chip.mapTo(screen, QPoint()), chip.size()))


def test_a_row_tells_all_in_words(screen):
    row = row_of(screen, "02")
    index = screen.model.index(row, model.NAME)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("Bed 02", "TRẦN Thị Bình", "Female", "57 years", "Viêm phổi", "NEWS2 3",
                 "not complete", "late", "Not asked", "unsent"):  # fmt: skip
        assert part in spoken
    texts = [screen.model.index(row, column).data() for column in range(10)]
    assert texts[:5] == ["02", "TRẦN Thị Bình", "3", "Viêm phổi", "3"]
    assert texts[model.DUE].endswith("8 h 00 min late")


def test_two_in_one_bed_both_show(screen, desk):
    second = stay(5)
    second["location"][0]["location"]["reference"] = "Location/bed-1"
    save(desk.store, patient(5), second)
    screen.perform("refresh")
    until(lambda: beds(screen).count("01") == 2)


def test_a_record_that_cannot_be_read_is_told_on_the_page(qtbot, workplace, desk):
    broken = replace(workplace, desk=replace(desk, store=BrokenStore()))
    made = WardBoardScreen(broken)
    qtbot.addWidget(made)
    made.activate()
    expected = explain(Damaged("damaged-page")).title
    until(lambda: expected in shown_words(made))


def test_a_ward_that_was_never_pulled_says_that_it_is_on_its_way(qtbot, workplace, desk):
    elsewhere = replace(workplace, desk=replace(desk, ward="nowhere"))
    made = WardBoardScreen(elsewhere)
    qtbot.addWidget(made)
    made.activate()
    until(lambda: "The ward's record is still on its way." in shown_words(made))


def test_a_ward_without_beds_says_where_beds_come_from(qtbot, workplace, desk):
    ward = places(0)[0] | {"id": "new-ward"}
    save(desk.store, ward)
    made = WardBoardScreen(replace(workplace, desk=replace(desk, ward="new-ward")))
    qtbot.addWidget(made)
    made.activate()
    until(lambda: "This ward has no beds yet." in shown_words(made))


def test_enter_on_an_empty_bed_asks_who_comes(qtbot, screen, workplace):
    screen.list.setCurrentIndex(screen.model.index(row_of(screen, "05"), 0))
    qtbot.keyClick(screen.list, ENTER)
    assert workplace.navigator.screens == [("stays", {"bed": "bed-5", "bed_name": "05"})]


def nurses_at(screen):
    return {
        bed.name: [n.name for n in bed.occupant.nurses]
        for bed in screen.model.beds()
        if bed.occupant
    }


def test_patients_are_ticked_and_assigned_by_keys_with_a_way_back(qtbot, screen, workplace, desk):
    save(desk.store, *staff())
    screen.perform("sort_bed")
    qtbot.keyClick(screen.list, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(2):
        qtbot.keyClick(screen.list, Qt.Key.Key_Space)
    assert screen.model.ticked == {"stay-1", "stay-2"}
    screen.perform("assign")
    until(screen.assigning.isVisible)
    assert screen.assigning.nurse.currentText() == "Lê Thị Mai"
    qtbot.keyClick(screen.assigning.nurse, ENTER)
    until(lambda: workplace.navigator.toasts)
    assert workplace.navigator.toasts == ["2 assigned to Lê Thị Mai"]
    screen.perform("refresh")
    until(lambda: nurses_at(screen)["01"])
    assert nurses_at(screen) == {"01": ["Lê Thị Mai"], "02": ["Lê Thị Mai"], "03": [], "04": []}
    assert not screen.model.ticked
    screen.perform("my_patients")
    assert beds(screen) == ["01", "02"]
    workplace.navigator.undo()
    screen.perform("refresh")
    until(lambda: not nurses_at(screen)["01"])
    assert len(beds(screen)) == 6


def test_escape_closes_the_assignment_and_assigns_nobody(qtbot, screen, desk):
    save(desk.store, *staff())
    screen.perform("assign")
    until(screen.assigning.isVisible)
    qtbot.keyClick(screen.assigning.nurse, Qt.Key.Key_Escape)
    assert not screen.assigning.isVisible()
    screen.perform("refresh")
    assert not any(nurses_at(screen).values())


def test_who_has_no_patients_sees_all_and_is_told(screen, workplace):
    screen.perform("my_patients")
    assert len(beds(screen)) == 6
    assert workplace.navigator.toasts == ["Nobody is assigned to you now: all are shown."]


def test_while_the_first_sync_brings_the_ward_the_cursor_is_on_the_sickest(
    qtbot, workplace, tmp_path
):
    desk = make_desk(tmp_path / "new", beds=3, taken=1)
    packs = PackRenewal(desk, workplace.tasks, workplace.settings)
    made = WardBoardScreen(replace(workplace, desk=desk, packs=packs))
    qtbot.addWidget(made)
    made.show()
    made.activate()
    until(lambda: made.patient() == patient_id(1))
    for number, breaths in ((2, 16), (3, 26)):
        save(desk.store, patient(number), stay(number))
        measured(desk, number, breaths)
    packs.data_as_of = desk.now()  # told before the last of it is read
    made.on_changed(Changes(ward=True))
    until(lambda: made.model.bed(0).occupant.who.patient == patient_id(3))
    assert made.patient() == patient_id(3)
    advance(desk, minutes=1)
    made.on_changed(measured(desk, 1, 30))
    until(lambda: made.model.bed(0).occupant.who.patient == patient_id(1))
    assert made.patient() == patient_id(3)
    desk.store.close()


def measured(desk, number, breaths):
    values = VitalSigns(
        at=desk.now(), respiratory_rate=Decimal(breaths), heart_rate=Decimal(5 * breaths)
    )
    return vital_signs.record(desk, patient_id(number), values)
