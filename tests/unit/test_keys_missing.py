"""A record whose `people.json` is lost is never set up anew: the file may come back."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.kit.people import CHEAP, NURSE
from workstation import founding
from workstation.enrol_commands import EnrolCommand
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Damaged, Refused, WorkstationError
from workstation.kernel.settings import Settings
from workstation.security.lost_keys import MARK
from workstation.store_commands import StoreCommands
from workstation.terminal import WardTerminal
from workstation.ui.shell.terminal import SetUp

PIN = "471829"
CHOICE = SetUp("https://another.invalid/fhir", "other", "Another", "An", "nurse", "358214")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    founding.set_up(tmp_path, NURSE, PIN, SystemClock(), cost=CHEAP).close()
    return tmp_path


def terminal(folder: Path) -> WardTerminal:
    return WardTerminal(folder, Settings(folder / "settings"), SystemClock())


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def set_up_in_the_window(folder: Path) -> None:
    terminal(folder).set_up(CHOICE)


def look_at_the_log_in(folder: Path) -> None:
    terminal(folder).front()


def enrol(folder: Path) -> None:
    command = EnrolCommand(folder, lambda _line: None, ask=lambda _question: "358214")
    command.run(
        argparse.Namespace(
            person="An", role="nurse", server="", client="", ward="", out=folder / "key"
        )
    )


def check(folder: Path) -> None:
    StoreCommands(folder, "", lambda _line: None, ask=lambda _question: PIN).check()


WAYS = (set_up_in_the_window, look_at_the_log_in, enrol, check)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("marked", [False, True])
def test_nothing_is_changed_and_the_old_keys_still_open(folder, way, marked) -> None:
    """Also where the mark of a set-up came back after the set-up was done."""
    if marked:
        (folder / MARK).write_text(f'{{"person": "{NURSE.id}"}}', "utf-8")
    Settings(folder / "settings")
    keys = folder / "people.json"
    kept = keys.read_bytes()
    keys.unlink()
    before = content(folder)
    with pytest.raises(Damaged, match="keys-missing"):
        way(folder)
    assert content(folder) == before
    keys.write_bytes(kept)
    again = terminal(folder)
    desk = again.unlock(NURSE.id, PIN)
    with desk.store.read() as view:
        assert view.get("Practitioner", NURSE.id) is not None
    again.close()


def test_a_second_set_up_leaves_no_mark(folder) -> None:
    before = content(folder)
    with pytest.raises(Refused, match="store-exists"):
        founding.set_up(folder, NURSE, PIN, SystemClock(), cost=CHEAP)
    assert content(folder) == before


def test_a_set_up_cut_off_before_its_keys_were_written_begins_again(tmp_path: Path) -> None:
    founding.set_up(tmp_path, NURSE, PIN, SystemClock(), cost=CHEAP).close()
    for file in tmp_path.iterdir():
        if file.name != "device.secret":
            file.unlink()
    secret = (tmp_path / "device.secret").read_bytes()
    with pytest.raises(WorkstationError, match="keys-missing"):
        terminal(tmp_path).front()
    (tmp_path / MARK).write_text('{"person": "nobody"}', "utf-8")
    assert terminal(tmp_path).front().people == ()
    founding.set_up(tmp_path, NURSE, PIN, SystemClock(), cost=CHEAP).close()
    assert (tmp_path / "device.secret").read_bytes() == secret
    terminal(tmp_path).unlock(NURSE.id, PIN).store.close()
