from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.people import CHEAP, DOCTOR, NURSE, MemoryKeystore, NoKeystore
from tests.kit.store import START
from workstation.kernel import file_lock
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged, Refused
from workstation.security.keys import KeyRing
from workstation.security.lost_keys import MARK, RECORD_NAMES
from workstation.store.engine import FILE_NAME
from workstation.store.files import FINGERPRINT


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def found(folder: Path, clock: ManualClock) -> tuple[KeyRing, bytes]:
    ring, key = KeyRing.found(folder, clock, keystore=NoKeystore())
    ring.add(key, NURSE, "135790", cost=CHEAP)
    return ring, key


def test_several_people_unlock_one_key(tmp_path: Path, clock: ManualClock) -> None:
    ring, key = found(tmp_path, clock)
    ring.add(key, DOCTOR, "một mật khẩu dài", cost=CHEAP)
    again = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    assert again.people() == (NURSE, DOCTOR)
    assert again.unlock(NURSE.id, "135790") == key
    assert again.unlock(DOCTOR.id, "một mật khẩu dài") == key


def test_a_removed_person_cannot_unlock(tmp_path: Path, clock: ManualClock) -> None:
    ring, key = found(tmp_path, clock)
    ring.add(key, DOCTOR, "246801", cost=CHEAP)
    ring.remove(NURSE.id)
    again = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    with pytest.raises(Refused, match="unknown-person"):
        again.unlock(NURSE.id, "135790")
    with pytest.raises(Refused, match="last-person"):
        again.remove(DOCTOR.id)


def test_a_changed_pin_replaces_the_old_one(tmp_path: Path, clock: ManualClock) -> None:
    ring, key = found(tmp_path, clock)
    ring.change_pin(NURSE.id, "135790", "097531")
    assert ring.unlock(NURSE.id, "097531") == key
    with pytest.raises(Refused, match="wrong-pin"):
        ring.unlock(NURSE.id, "135790")


def test_wrong_pins_make_one_wait_longer_and_longer(tmp_path: Path, clock: ManualClock) -> None:
    ring, key = found(tmp_path, clock)
    waits = []
    for _ in range(12):
        with pytest.raises(Refused, match="wrong-pin") as caught:
            ring.unlock(NURSE.id, "000001")
        waits.append(caught.value.data["seconds"])
        clock.advance(timedelta(seconds=float(waits[-1])))  # type: ignore[arg-type]
    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert ring.unlock(NURSE.id, "135790") == key
    with pytest.raises(Refused) as caught:
        ring.unlock(NURSE.id, "000001")
    assert caught.value.data["failures"] == 1


def test_the_wait_outlives_the_program_and_a_clock_set_back(
    tmp_path: Path, clock: ManualClock
) -> None:
    ring, _ = found(tmp_path, clock)
    for _ in range(4):
        with pytest.raises(Refused):
            ring.unlock(NURSE.id, "000001")
        clock.advance(timedelta(seconds=2))
    again = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    clock.jump(timedelta(days=-1))
    with pytest.raises(Refused, match="wait") as caught:
        again.unlock(NURSE.id, "135790")
    assert caught.value.data["seconds"] == 4


def test_nobody_gives_themselves_another_role(tmp_path: Path, clock: ManualClock) -> None:
    found(tmp_path, clock)
    file = tmp_path / "people.json"
    content = json.loads(file.read_text("utf-8"))
    content["people"][0]["role"] = "doctor"
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(Refused, match="wrong-pin"):
        KeyRing.load(tmp_path, clock, keystore=NoKeystore()).unlock(NURSE.id, "135790")


@pytest.mark.parametrize("pin", ["12345", "", "111111"])
def test_a_weak_pin_is_refused(tmp_path: Path, clock: ManualClock, pin: str) -> None:
    ring, key = KeyRing.found(tmp_path, clock, keystore=NoKeystore())
    with pytest.raises(Refused, match="weak-pin"):
        ring.add(key, NURSE, pin, cost=CHEAP)


def test_the_secret_goes_into_the_keystore_when_there_is_one(
    tmp_path: Path, clock: ManualClock
) -> None:
    keystore = MemoryKeystore()
    ring, key = KeyRing.found(tmp_path, clock, keystore=keystore)
    ring.add(key, NURSE, "135790", cost=CHEAP)
    assert ring.secret_kept_in == "keystore"
    assert not (tmp_path / "device.secret").exists()
    assert KeyRing.load(tmp_path, clock, keystore=keystore).unlock(NURSE.id, "135790") == key
    with pytest.raises(Damaged, match="device-secret-missing"):
        KeyRing.load(tmp_path, clock, keystore=MemoryKeystore())


def test_without_a_keystore_the_secret_is_a_private_file(
    tmp_path: Path, clock: ManualClock
) -> None:
    ring, _ = found(tmp_path, clock)
    file = tmp_path / "device.secret"
    assert ring.secret_kept_in == "file"
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    with pytest.raises(Damaged, match="device-secret-missing"):
        KeyRing.load(tmp_path, clock, keystore=NoKeystore())


def test_another_machines_secret_does_not_open(tmp_path: Path, clock: ManualClock) -> None:
    found(tmp_path, clock)
    (tmp_path / "device.secret").write_text("A" * 43 + "=", "ascii")
    with pytest.raises(Refused, match="wrong-pin"):
        KeyRing.load(tmp_path, clock, keystore=NoKeystore()).unlock(NURSE.id, "135790")


def test_keys_are_never_replaced(tmp_path: Path, clock: ManualClock) -> None:
    found(tmp_path, clock)
    with pytest.raises(Refused, match="store-exists"):
        KeyRing.found(tmp_path, clock, keystore=NoKeystore())


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"name": 1}', b"\xff\xfe"])
def test_damaged_keys_are_said_to_be_damaged(
    tmp_path: Path, clock: ManualClock, content: bytes
) -> None:
    (tmp_path / "people.json").write_bytes(content)
    with pytest.raises(Damaged, match="damaged-keys"):
        KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    assert (tmp_path / "people.json").read_bytes() == content


def test_no_keys_at_all(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(Damaged, match="no-store"):
        KeyRing.load(tmp_path, clock, keystore=NoKeystore())


def test_a_clock_that_was_ahead_locks_nobody_out_for_a_day(
    tmp_path: Path, clock: ManualClock
) -> None:
    ring, key = found(tmp_path, clock)
    clock.jump(timedelta(days=1))
    for _ in range(3):
        with pytest.raises(Refused, match="wrong-pin"):
            ring.unlock(NURSE.id, "000001")
        clock.advance(timedelta(seconds=1))
    clock.jump(timedelta(days=-1))
    with pytest.raises(Refused, match="wait"):
        ring.unlock(NURSE.id, "135790")
    clock.advance(timedelta(seconds=10))
    assert ring.unlock(NURSE.id, "135790") == key


def test_two_processes_never_bring_back_who_was_taken_off(
    tmp_path: Path, clock: ManualClock
) -> None:
    ring, key = found(tmp_path, clock)
    ring.add(key, DOCTOR, "246801", cost=CHEAP)
    other = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    ring.remove(DOCTOR.id)
    with pytest.raises(Refused, match="unknown-person"):
        other.unlock(DOCTOR.id, "246801")
    with pytest.raises(Refused, match="wrong-pin"):
        other.unlock(NURSE.id, "000001")
    again = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    assert again.people() == (NURSE,)


def test_a_password_is_the_same_however_the_keyboard_composes_it(
    tmp_path: Path, clock: ManualClock
) -> None:
    ring, key = found(tmp_path, clock)
    ring.add(key, DOCTOR, unicodedata.normalize("NFC", "mật khẩu dài"), cost=CHEAP)
    assert ring.unlock(DOCTOR.id, unicodedata.normalize("NFD", "mật khẩu dài")) == key


class InterruptingClock(ManualClock):
    """While somebody reads the time, another process comes in between."""

    def __init__(self) -> None:
        super().__init__(START)
        self.interrupt: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        self.interrupt()
        return super().now()


def test_what_two_processes_change_at_once_is_kept_by_both(tmp_path: Path) -> None:
    """Each has a ring of its own, as processes have; the lock is the operating system's."""
    ring, key = found(tmp_path, ManualClock(START))
    clock = InterruptingClock()
    here = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    there = threading.Thread(target=lambda: ring.add(key, DOCTOR, "246801", cost=CHEAP))

    def interrupt() -> None:
        clock.interrupt = lambda: None
        there.start()
        there.join(0.3)

    clock.interrupt = interrupt
    with pytest.raises(Refused, match="wrong-pin"):
        here.unlock(NURSE.id, "000001")
    there.join()
    again = KeyRing.load(tmp_path, ManualClock(START), keystore=NoKeystore())
    assert again.people() == (NURSE, DOCTOR)
    with pytest.raises(Refused, match="wrong-pin") as caught:
        again.unlock(NURSE.id, "000002")
    assert caught.value.data["failures"] == 2


def test_a_changed_pin_brings_nobody_back(tmp_path: Path, clock: ManualClock) -> None:
    ring, key = found(tmp_path, clock)
    ring.add(key, DOCTOR, "246801", cost=CHEAP)
    other = KeyRing.load(tmp_path, clock, keystore=NoKeystore())
    ring.remove(DOCTOR.id)
    other.change_pin(NURSE.id, "135790", "097531")
    assert KeyRing.load(tmp_path, clock, keystore=NoKeystore()).people() == (NURSE,)


def test_two_who_found_a_terminal_at_once_do_not_mix(tmp_path: Path, clock: ManualClock) -> None:
    first, key = KeyRing.found(tmp_path, clock, keystore=NoKeystore())
    (tmp_path / MARK).write_text("{}", "utf-8")
    second, other = KeyRing.found(tmp_path, clock, keystore=NoKeystore())
    first.add(key, NURSE, "135790", cost=CHEAP)
    with pytest.raises(Refused, match="store-exists"):
        second.add(other, DOCTOR, "246801", cost=CHEAP)


def test_a_lock_waits_for_its_holder(tmp_path: Path) -> None:
    holder = file_lock.take(tmp_path / "a.lock")
    assert holder is not None
    assert file_lock.take(tmp_path / "a.lock") is None
    order: list[str] = []

    def wait() -> None:
        with file_lock.held(tmp_path / "a.lock"):
            order.append("waited")

    other = threading.Thread(target=wait)
    other.start()
    other.join(0.1)
    order.append("let go")
    holder.close()
    other.join()
    assert order == ["let go", "waited"]


@pytest.mark.parametrize("left", ["ward.db", "ward.fingerprint", "device.secret"])
@pytest.mark.parametrize("cut_off", [False, True])
def test_nothing_is_begun_anew_where_a_record_lost_its_keys(
    tmp_path: Path, clock: ManualClock, left: str, cut_off: bool
) -> None:
    """A set-up that was cut off may have left its secret alone, which is used as it is."""
    (tmp_path / left).write_bytes(b"A" * 43 + b"=")
    if cut_off:
        (tmp_path / MARK).write_text("{}", "utf-8")
    before = sorted(tmp_path.iterdir())
    if cut_off and left == "device.secret":
        ring, _ = KeyRing.found(tmp_path, clock, keystore=NoKeystore())
        assert ring.secret_kept_in == "file"
    else:
        with pytest.raises(Damaged, match="keys-missing") as caught:
            KeyRing.found(tmp_path, clock, keystore=NoKeystore())
        assert caught.value.data["file"] == left
        assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / left).read_bytes() == b"A" * 43 + b"="


def test_the_names_of_a_record_are_those_of_the_store() -> None:
    assert RECORD_NAMES == (FILE_NAME, FINGERPRINT)
