"""A person writes and takes in a rescue bundle by keyboard, and hears what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.kit.at_once import workplace_of
from tests.kit.store import KEY
from tests.kit.terminal import NOW, FakeTerminal, make_window, settle
from tests.kit.ward import make_desk
from tests.unit.services.test_downtime_pack import make
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged
from workstation.kernel.words import language, use
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.ui.screens.sync_centre.safety import SafetyPanel
from workstation.ui.shell.pack_offer import PackOffer
from workstation.ui.shell.rescue import Rescue, commands
from workstation.ui.shell.window import Window
from workstation.ui.toolkit.printing import a4_printer
from workstation.ui.toolkit.widgets.locked_file_form import LockedFileForm

PHRASE = "mưa rơi trên mái tôn"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = language()
    use("en")
    yield
    use(before)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path / "here", beds=2)
    (tmp_path / "stick").mkdir()
    yield desk
    desk.store.close()


@pytest.fixture
def panel(qtbot: QtBot, desk: Desk, tmp_path: Path) -> SafetyPanel:
    made = SafetyPanel(workplace_of(desk, tmp_path))
    qtbot.addWidget(made)
    made.show()
    return made


@contextmanager
def damaged(qtbot: QtBot, folder: Path, terminal: FakeTerminal) -> Iterator[Window]:
    """The window as a damaged record leaves it; its threads end with the block."""
    window = make_window(folder, terminal, language="en")
    qtbot.addWidget(window)
    window.show_damage(Damaged("damaged-page", pages=(17,)))
    try:
        yield window
    finally:
        window.close()
        window._tasks.shutdown()


def type_in(qtbot: QtBot, form: LockedFileForm, path: str, *phrases: str) -> None:
    form.path.clear()
    qtbot.keyClicks(form.path, path)
    for entry, phrase in zip((form.phrase, form.again), phrases, strict=False):
        entry.setText(phrase)
    qtbot.keyClick(form.phrase, Qt.Key.Key_Return)


def test_a_bundle_goes_out_and_comes_in_by_keys(
    qtbot: QtBot, panel: SafetyPanel, tmp_path: Path
) -> None:
    type_in(qtbot, panel.export, str(tmp_path / "stick"), PHRASE, PHRASE)
    (file,) = (tmp_path / "stick").iterdir()
    assert "unsent records 7, drafts 0" in panel.export.result()
    assert str(file) in panel.export.result()
    assert panel.export.phrase.text() == panel.export.again.text() == ""
    panel.choices.button(1).click()
    assert panel.import_.isVisible()
    type_in(qtbot, panel.import_, str(file), PHRASE)
    assert "Taken in: records 0" in panel.import_.result()
    assert "Here already: 7" in panel.import_.result()


def test_a_backup_is_told_by_its_size(qtbot: QtBot, panel: SafetyPanel, tmp_path: Path) -> None:
    panel.choices.button(2).click()
    type_in(qtbot, panel.backup, str(tmp_path / "stick"), PHRASE, PHRASE)
    assert "Copied and checked" in panel.backup.result()
    assert "MB" in panel.backup.result()


def test_refusals_stand_beside_their_fields(
    qtbot: QtBot, panel: SafetyPanel, tmp_path: Path
) -> None:
    form = panel.export
    type_in(qtbot, form, str(tmp_path / "stick"), PHRASE, "another one")
    assert "entries differ" in form.problem("again")
    type_in(qtbot, form, str(tmp_path / "stick"), "short", "short")
    assert "12" in form.problem("passphrase")
    assert form.problem("again") == ""
    type_in(qtbot, form, str(tmp_path / "unplugged" / "x"), PHRASE, PHRASE)
    assert "no such folder" in form.problem("file")
    assert form.path.property("state") == "invalid"
    qtbot.keyClicks(form.path, "y")
    assert form.problem("file") == ""
    assert list((tmp_path / "stick").iterdir()) == []


def test_damage_of_the_record_itself_stands_beneath(qtbot: QtBot, panel: SafetyPanel) -> None:
    panel.export.show_failure(Damaged("disk-full"))
    assert "disk is full" in panel.export.result()
    assert all(panel.export.problem(name) == "" for name in ("file", "passphrase", "again"))


def test_progress_is_told_in_words(panel: SafetyPanel) -> None:
    panel.export.show_progress(1, 2)
    shown = {each.text() for each in panel.export.findChildren(QLabel) if each.isVisible()}
    assert "Writing, reading back and checking…" in shown


def test_a_damaged_record_gives_what_it_has(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    safe = Safe(tmp_path / "here", KEY, ManualClock(NOW))
    with damaged(qtbot, tmp_path / "settings", FakeTerminal(kept=safe)) as window:
        (rescue,) = window.findChildren(Rescue)
        rescue.offer.click()
        type_in(qtbot, rescue.form, str(tmp_path / "stick"), PHRASE, PHRASE)
        settle(until=rescue.form.result)
        assert "unsent records 7" in rescue.form.result()
        assert len(list((tmp_path / "stick").iterdir())) == 1


def test_a_damaged_record_leaves_the_downtime_pack_to_print(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    safe = Safe(tmp_path / "here", KEY, ManualClock(NOW))
    with damaged(qtbot, tmp_path / "settings", FakeTerminal(kept=safe)) as window:
        (offer,) = window.findChildren(PackOffer)
        offer.offer.click()
        settle(until=offer.result.text)
        assert offer.result.text() == "There is no downtime pack on this terminal."
        kept = make(desk)
        offer.offer.click()
        settle(until=lambda: "The pack was made" in offer.result.text())
        printer, file = a4_printer(), tmp_path / "out.pdf"
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setResolution(60)
        printer.setOutputFileName(str(file))
        offer.print_on(printer)
        settle(until=lambda: f"{len(kept.sheets)} pages sent" in offer.result.text())
        assert file.stat().st_size > 10_000


def test_the_page_names_the_commands_in_their_order(qtbot: QtBot, tmp_path: Path) -> None:
    with damaged(qtbot, tmp_path, FakeTerminal()) as window:
        lines = [each.text() for each in window.findChildren(QLabel)]
        typed = [line for line in lines if line.startswith("workstation store")]
        assert typed == [
            "workstation store check", "workstation store rescue FILE", "workstation store rebuild",
        ]  # fmt: skip
        assert window.findChildren(Rescue) == []
        assert "Write a rescue bundle" not in [b.text() for b in window.findChildren(QPushButton)]


def test_a_newer_record_is_not_to_be_rebuilt(qtbot: QtBot) -> None:
    made = commands(Damaged("newer-store"), Safe(Path("/ward"), KEY, ManualClock(NOW)))
    assert made is not None
    qtbot.addWidget(made)
    typed = [each.text() for each in made.findChildren(QLabel)]
    assert 'workstation store check --folder "/ward"' in typed
    assert not any("rebuild" in line for line in typed)
    assert commands(Damaged("bad-settings"), None) is None
