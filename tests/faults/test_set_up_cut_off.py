"""A set-up that is killed, or loses its power, at any moment is finished at the next log-in.

And nothing is ever made anew over a record that was finished.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
import sqlcipher3._sqlite3 as sqlcipher_library

from tests.kit.people import CHEAP, NURSE
from tests.kit.recording_disk import images, recording
from workstation import founding
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Damaged, WorkstationError
from workstation.kernel.settings import Settings
from workstation.security.lost_keys import MARK
from workstation.services.desk import Desk
from workstation.store import Store, maintenance
from workstation.store.engine import FILE_NAME
from workstation.store.files import FINGERPRINT
from workstation.terminal import WardTerminal

pytestmark = pytest.mark.fault
PIN = "471829"
SIDECARS = ("people.json", "device.secret")


def set_up(folder: Path) -> None:
    founding.set_up(folder, NURSE, PIN, SystemClock(), cost=CHEAP).close()


def started(folder: Path) -> WardTerminal:
    return WardTerminal(folder, Settings(folder / "settings"), SystemClock())


def log_in(folder: Path) -> tuple[WardTerminal, Desk]:
    terminal = started(folder)
    return terminal, terminal.unlock(NURSE.id, PIN)


def check_works(folder: Path, where: object = "") -> None:
    """Somebody can log in, and the record knows them, once."""
    for _ in range(2):
        terminal, desk = log_in(folder)
        with desk.store.read() as view:
            assert view.get("Practitioner", NURSE.id) is not None, where
            made = view.connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()
        assert made == 1, where
        key = terminal.safe.key if terminal.safe else b""
        terminal.close()
    assert not (folder / MARK).exists()
    assert (folder / FINGERPRINT).exists()
    assert maintenance.check(folder, key).sound, where


def test_power_is_cut_at_each_write_of_the_record(tmp_path: Path) -> None:
    """The keys are safe first: from then on each image is one that a set-up can leave."""
    live = tmp_path / "live"
    live.mkdir()
    with recording(sqlcipher_library.__file__, live) as recorded:
        set_up(live)
    chance = random.Random(20261125)
    moments = chance.sample(range(1, len(recorded.events)), 12)
    for number, image in enumerate(images(recorded, moments, chance)):
        folder = tmp_path / f"cut{number}"
        image.write(folder)
        for name in SIDECARS:
            if (live / name).exists():
                shutil.copy(live / name, folder)
        (folder / MARK).write_text(f'{{"person": "{NURSE.id}"}}', "utf-8")
        check_works(folder, (image.moment, image.how))
        shutil.rmtree(folder)


@pytest.mark.parametrize("left", [("-wal", "-shm", ""), ("-wal", "-shm")])
def test_killed_between_keys_and_record(tmp_path: Path, left: tuple[str, ...]) -> None:
    """Also where the file of the record was claimed and nothing was written yet."""
    set_up(tmp_path)
    for end in left:
        (tmp_path / (FILE_NAME + end)).unlink(missing_ok=True)
    if "" not in left:
        (tmp_path / FILE_NAME).write_bytes(b"")
    (tmp_path / FINGERPRINT).unlink()
    (tmp_path / MARK).write_text(f'{{"person": "{NURSE.id}"}}', "utf-8")
    check_works(tmp_path)


def test_killed_between_record_and_introduction(tmp_path: Path) -> None:
    """What somebody signs must not refer to a person whom nobody knows."""
    founding.found_terminal(tmp_path, ((NURSE, PIN),), SystemClock(), cost=CHEAP).close()
    (tmp_path / MARK).write_text(f'{{"person": "{NURSE.id}"}}', "utf-8")
    check_works(tmp_path)


def test_killed_before_the_keys_the_set_up_is_offered_again(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text('{"person": "nobody"}', "utf-8")
    assert started(tmp_path).front().people == ()
    set_up(tmp_path)
    check_works(tmp_path)


@pytest.mark.parametrize("harm", ["lost", "emptied"])
def test_a_record_that_was_finished_is_never_made_anew(tmp_path: Path, harm: str) -> None:
    """Not even where the mark came back because its removal did not reach the disk."""
    set_up(tmp_path)
    (tmp_path / MARK).write_text(f'{{"person": "{NURSE.id}"}}', "utf-8")
    if harm == "lost":
        (tmp_path / FILE_NAME).unlink()
    else:
        (tmp_path / FILE_NAME).write_bytes(b"")
    for _ in range(2):
        with pytest.raises(Damaged, match="record-missing" if harm == "lost" else "empty-record"):
            log_in(tmp_path)


def test_without_a_mark_nothing_is_made(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FINGERPRINT).unlink()
    with pytest.raises(WorkstationError, match="record-missing"):
        log_in(tmp_path)


def test_a_half_made_record_of_another_key_is_left_alone(tmp_path: Path) -> None:
    set_up(tmp_path)
    (tmp_path / FINGERPRINT).unlink()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(Damaged, match="wrong-key"):
        Store.create(tmp_path, b"x" * 32, device="d", clock=SystemClock())  # type: ignore[arg-type]
    assert (tmp_path / FILE_NAME).read_bytes() == before
