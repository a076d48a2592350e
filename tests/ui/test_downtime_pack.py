"""The downtime pack by its keys: made, chosen from, printed, saved, made anew, stopped."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from tests.kit.ward import advance, make_desk, patient_id
from tests.kit.workplace import BrokenStore, shown_words, until, workplace_at
from tests.unit.documents.test_downtime_pack import pages
from workstation.kernel import words
from workstation.kernel.errors import Damaged
from workstation.services import downtime_pack as packs
from workstation.store import audit
from workstation.ui.screens.downtime_pack.screen import DowntimePackScreen
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.printing import a4_printer

SPACE, DOWN, TAB = Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Tab


@pytest.fixture
def desk(tmp_path):
    made = make_desk(tmp_path / "store", beds=3)
    yield made
    made.store.close()


@pytest.fixture
def open_screen(qtbot, desk, tmp_path):
    words.use("en")
    with workplace_at(desk, tmp_path) as place:

        def opened(at=desk):
            made = DowntimePackScreen(replace(place, desk=at))
            qtbot.addWidget(made)
            made.resize(1366, 768)
            made.show()
            made.activate()
            return made

        yield opened


@pytest.fixture
def screen(open_screen):
    made = open_screen()
    until(lambda: made.packs.pack and made.packs.progress is None)
    until(lambda: made.pages.shown == made.pages.current() >= 0)
    return made


def listed(screen):
    return [screen.pages.list.item(row).text() for row in range(screen.pages.list.count())]


def test_the_first_look_makes_a_pack_and_says_its_age(screen, desk):
    assert "just now" in screen.head.age.text()
    assert screen.head.age.text().startswith("✓")
    assert packs.kept(desk.safe) == screen.packs.pack
    assert len(listed(screen)) == len(screen.packs.pack.sheets)


def test_an_old_pack_says_so_in_words(screen, desk):
    advance(desk, hours=3)
    screen.say_age()
    assert screen.head.age.text().startswith("▲")
    assert "3 h ago" in screen.head.age.text()
    assert "check drugs and allergies" in screen.head.advice.text()


def test_data_older_than_the_pack_is_said(screen, desk):
    assert "never had the hospital's data" in screen.head.advice.text()
    screen.packs.data_as_of = desk.now() - timedelta(hours=6)
    screen.perform("refresh")
    until(lambda: screen.packs.pack.data_as_of is not None)
    assert "may be missing" in screen.head.advice.text()


def test_keys_choose_parts_and_a_patient(screen, qtbot):
    assert screen.choices.boxes["census"].hasFocus()
    for _ in range(3):
        qtbot.keyClick(screen.focusWidget(), TAB)
    qtbot.keyClick(screen.focusWidget(), SPACE)
    assert not screen.choices.boxes["forms"].isChecked()
    assert not [line for line in listed(screen) if "Blank form" in line]
    for _ in range(2):
        qtbot.keyClick(screen.focusWidget(), TAB)
    assert screen.choices.who.hasFocus()
    qtbot.keyClick(screen.focusWidget(), DOWN)
    qtbot.keyClick(screen.focusWidget(), DOWN)
    assert screen.choices.patients() == {patient_id(2)}
    assert len(listed(screen)) == 2
    until(lambda: screen.pages.shown == screen.pages.current())
    assert screen.count.text() == f"2 of {len(screen.packs.pack.sheets)} pages"


def test_what_is_chosen_is_printed_beside_the_window_and_stands_in_the_audit(
    screen, tmp_path, desk
):
    for part in ("census", "forms", "labels"):
        screen.choices.boxes[part].setChecked(False)
    file, printer = tmp_path / "out.pdf", a4_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setResolution(60)
    printer.setOutputFileName(str(file))
    screen.output.print_on(printer, screen.wanted())
    until(lambda: "6 pages sent to the printer" in screen.workplace.navigator.toasts)
    assert len(pages(file.read_bytes())) == 6
    until(lambda: noted(desk, "print"))


def test_a_file_is_saved_and_a_place_that_refuses_it_is_said(screen, tmp_path, desk):
    pack = screen.packs.pack
    screen.output.save(tmp_path / "pack.pdf", screen.wanted())
    until(lambda: noted(desk, "save"))
    assert (tmp_path / "pack.pdf").read_bytes() == pack.pdf
    screen.output.save(tmp_path / "nowhere" / "pack.pdf", screen.wanted())
    until(lambda: len(screen.workplace.navigator.toasts) == 2)
    expected = explain(Damaged("file-not-written")).line
    assert screen.workplace.navigator.toasts[1] == expected


def test_nothing_chosen_is_said(screen):
    for box in screen.choices.boxes.values():
        box.setChecked(False)
    assert not listed(screen)
    screen.output.print_on(a4_printer(), screen.wanted())
    until(lambda: len(screen.workplace.navigator.toasts) == 2)
    assert "Tick at least one part." in screen.workplace.navigator.toasts[1]


def test_a_young_pack_is_kept_and_an_old_one_is_made_anew(screen, desk):
    first = screen.packs.pack
    screen.packs.look()
    assert screen.packs.progress is None
    advance(desk, minutes=31)
    screen.packs.look()
    until(lambda: screen.packs.pack is not first)
    assert screen.packs.pack.made_at == desk.now()


def test_making_one_can_be_stopped_and_the_one_before_stays(screen, desk):
    first = screen.packs.pack
    advance(desk, hours=1)
    screen.perform("refresh")
    assert screen.packs.progress is not None
    assert screen.head.bar.isVisible()
    screen.packs.cancel()
    done = []
    screen.workplace.tasks.query(lambda: None, done=done.append)
    until(lambda: done)
    screen.workplace.tasks.slow(lambda _progress: None, done=done.append)
    until(lambda: len(done) == 2)
    assert screen.packs.pack is first
    assert packs.kept(desk.safe) == first
    assert not screen.head.bar.isVisible()


def test_a_record_that_cannot_be_read_leaves_the_pack_that_is_kept(open_screen, screen, desk):
    made_at = screen.packs.pack.made_at
    advance(desk, hours=1)
    again = open_screen(replace(desk, store=BrokenStore()))
    until(lambda: again.packs.error is not None and again.pages.shown >= 0)
    assert again.packs.pack.made_at == made_at
    assert explain(Damaged("damaged-page")).line in " ".join(shown_words(again))
    assert {"print", "save"} <= again.offers()


def test_without_any_pack_an_error_says_what_is_wrong(open_screen, desk):
    made = open_screen(replace(desk, store=BrokenStore()))
    until(lambda: explain(Damaged("damaged-page")).title in shown_words(made))
    assert made.offers() == {"refresh"}
    made.activate()
    focus = made.window().focusWidget()
    assert focus is None or focus.isVisible(), "no choice that is not in sight has the keys"


def noted(desk, way):
    with desk.store.read() as view:
        return any(e.action.startswith(f"{way}-downtime-pack") for e in audit.entries(view))
