"""F02: storage is purged, wiped, migrated or re-created while changes are unsent.

Every path that takes rows or files away meets a dirty store here. It refuses, or what was unsent
is in a bundle that can be taken in again, or lies untouched aside.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.people import CHEAP, NURSE, NoKeystore
from tests.kit.records import admit, sign
from tests.kit.store import KEY, START, author, make_store, reopen
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import WorkstationError
from workstation.kernel.ids import PatientId
from workstation.security.keys import KeyRing
from workstation.store import Store, maintenance, purge
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME

pytestmark = pytest.mark.fault

LOCK = Lock(b"k" * 32, b"s" * 16)


def dirty(folder: Path) -> None:
    """Five unsent saves by two people; a backup of a time before them lies beside."""
    store = make_store(folder)
    maintenance.backup(store, KEY, folder / "old-backup.db", LOCK)
    person, stay = admit("p1", "Nguyễn", "Thị Đào", bed=None, ward=None)
    with store.write(author(1)) as unit:
        unit.create(person)
        unit.create(stay)
    with store.write(author(2)) as unit:
        for number in range(3):
            unit.create(sign(f"o{number}", "p1", "8867-4", "80", START))
    with store.write() as unit:
        unit.connection.exec_driver_sql("INSERT INTO scope_member VALUES ('p1', 'ward-1', 0, 1)")
    store.close()


def unsent(store: Store) -> dict[str, str]:
    with store.read() as view:
        run = view.connection.exec_driver_sql
        rows = run("SELECT type || '/' || id, body FROM pending").all()
        authors = set(run("SELECT author FROM change").scalars())
        assert authors >= {"Practitioner/nurse-1", "Practitioner/nurse-2"}
    return {row[0]: row[1] for row in rows}


def purge_patient(folder: Path) -> None:
    store = reopen(folder)
    try:
        with store.write() as unit:
            for patient in purge.expired(unit, START):
                purge.purge(unit, PatientId(patient))
    finally:
        store.close()


def erase_by_sql(folder: Path) -> None:
    store = reopen(folder)
    try:
        with pytest.raises(Exception, match="unsent"), store.write() as unit:
            unit.connection.exec_driver_sql("DELETE FROM change")
    finally:
        store.close()


def restore(folder: Path) -> None:
    maintenance.restore(folder, KEY, folder / "old-backup.db", LOCK, clock=ManualClock(START))


def restore_with_bundle(folder: Path) -> None:
    maintenance.restore(
        folder,
        KEY,
        folder / "old-backup.db",
        LOCK,
        clock=ManualClock(START),
        bundle=folder / "rescue.db",
    )


def create_anew(folder: Path) -> None:
    make_store(folder)


def enrol_anew(folder: Path) -> None:
    ring, key = KeyRing.found(folder, ManualClock(START), keystore=NoKeystore())
    ring.add(key, NURSE, "135790", cost=CHEAP)
    make_store(folder, key=key)


def rebuild_needlessly(folder: Path) -> None:
    maintenance.rebuild(folder, KEY, START, lambda *_: None)


def reindex(folder: Path) -> None:
    store = reopen(folder)
    maintenance.reindex(store, lambda *_: None)
    store.close()


def refusal_of(path: Callable[[Path], None], folder: Path) -> str | None:
    try:
        path(folder)
    except WorkstationError as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    "path",
    [
        purge_patient,
        erase_by_sql,
        restore,
        restore_with_bundle,
        create_anew,
        enrol_anew,
        rebuild_needlessly,
        reindex,
    ],
)
def test_what_was_unsent_is_still_there(tmp_path: Path, path: Callable[[Path], None]) -> None:
    dirty(tmp_path)
    store = reopen(tmp_path)
    before = unsent(store)
    store.close()
    assert len(before) == 5
    assert refusal_of(path, tmp_path) in {
        None,
        "unsent-changes",
        "store-exists",
        "keys-missing",
    }
    store = reopen(tmp_path)
    assert unsent(store) == before
    store.close()


def test_a_store_that_cannot_be_opened_is_not_created_over(tmp_path: Path) -> None:
    dirty(tmp_path)
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    for path in (create_anew, restore, restore_with_bundle, rebuild_needlessly):
        with pytest.raises(WorkstationError):
            path(tmp_path)
        assert file.read_bytes() == content
