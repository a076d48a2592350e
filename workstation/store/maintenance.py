"""What the command line and the administration screen do with a store: plain functions.

Long ones tell a ``progress(done, total)`` how far they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workstation.kernel.clock import Clock
from workstation.kernel.errors import Damaged, Refused
from workstation.store import audit, copies, files, index, rescue, salvage
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME
from workstation.store.record import Store
from workstation.store.rescue import Imported, Unsent

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of a store found.

    Attributes:
        pages: Numbers of damaged pages (4096 bytes each, the first is 1).
        unsent: What only this terminal has; None when it cannot be counted.
        audit_broken_at: First row of the audit chain that does not fit; None when it is whole.
        problem: Code of the error, when the store cannot be used.
    """

    pages: tuple[int, ...]
    unsent: Unsent | None
    audit_broken_at: int | None
    problem: str | None

    @property
    def sound(self) -> bool:
        """Whether all is well."""
        return not self.pages and self.problem is None and self.audit_broken_at is None


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        aside: Where the files of the store before are; None when there was none.
        bundle: Where its unsent changes are; None when it had none.
        imported: What of them waits in the restored store now.
    """

    aside: Path | None
    bundle: Path | None
    imported: Imported | None


def reindex(store: Store, progress: Progress) -> int:
    """Rebuild the index tables from the record, in one transaction.

    Returns:
        How many resources were indexed.
    """
    with store.write() as unit:
        return index.rebuild(unit.connection, progress)


def backup(store: Store, key: bytes, target: Path, lock: Lock) -> int:
    """Copy a store to an encrypted file, while it is in use, and check the copy.

    Args:
        store: The open store.
        key: Its raw data key.
        target: The new file.
        lock: Opens it, on any machine.

    Returns:
        Bytes written.

    Raises:
        Refused: ``file-exists``.
        Damaged: The store cannot be read, or the copy not be written; then there is none.
    """
    copies.export(store.folder / FILE_NAME, key, target, lock)
    with store.write() as unit:
        audit.write(unit, store.clock.now(), store.device, "backup")
    return target.stat().st_size


def restore(
    folder: Path,
    key: bytes,
    source: Path,
    lock: Lock,
    *,
    clock: Clock,
    bundle: Path | None = None,
) -> Restored:
    """Put a backup in the place of the store in a folder, which nobody has open.

    The files before are put aside, never deleted; what was unsent in them goes into a rescue
    bundle and is taken in again. Leased numbers are given up: some may have been used since.

    Args:
        folder: Of the store; it may be empty.
        key: Raw data key that the restored store is to have.
        source: The backup.
        lock: Opens the backup, and the bundle.
        clock: For the times noted.
        bundle: New file for what is unsent in the store before.

    Raises:
        Refused: ``unsent-changes`` (``unsent``, ``drafts``): there are some and no `bundle`.
        Unavailable: ``store-busy``: somebody has it open.
        Damaged: The backup cannot be read, or the store before: salvage that one first;
            ``not-a-store``, ``newer-store``: the backup is none, or of a newer program. The
            store before stays where it is.
    """
    copies.verify(source, lock)
    waiting = _unsent_before(folder, key)
    if waiting and bundle is None:
        raise Refused("unsent-changes", unsent=waiting.resources, drafts=waiting.drafts)
    kept = bundle if waiting else None
    fresh = _fresh(folder, key, source, lock, kept)
    aside = copies.put_aside(folder, clock.now(), "replaced") if waiting is not None else None
    fresh.rename(folder / FILE_NAME)
    files.write_fingerprint(folder, key)
    return Restored(aside, kept, _settle(folder, key, clock, kept, lock))


def _fresh(folder: Path, key: bytes, source: Path, lock: Lock, bundle: Path | None) -> Path:
    """The backup as a store beside the one in use, whose unsent changes are in the bundle then."""
    fresh = folder / "restored.db"
    copies.import_(source, lock, fresh, key)
    with copies.removed_on_failure(fresh):
        files.check_store(fresh, key)
        if bundle is not None:
            rescue.export(folder / FILE_NAME, key, bundle, lock)
    return fresh


def _unsent_before(folder: Path, key: bytes) -> Unsent | None:
    if not (folder / FILE_NAME).exists():
        return None
    with copies.opened_alone(folder / FILE_NAME, key) as raw:
        empty = not raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return Unsent(0, 0, 0) if empty else rescue.unsent_in(raw)


def _settle(
    folder: Path, key: bytes, clock: Clock, bundle: Path | None, lock: Lock
) -> Imported | None:
    store = Store.open(folder, key, clock=clock)
    try:
        with store.write() as unit:
            unit.connection.exec_driver_sql("UPDATE number_block SET next = last + 1")
            audit.write(unit, clock.now(), store.device, "restore")
            return rescue.import_(unit, bundle, lock) if bundle else None
    finally:
        store.close()


def check(folder: Path, key: bytes) -> Health:
    """Read every page of a store and say what is wrong; nothing is changed.

    Args:
        folder: Of the store; it may be in use.
        key: Raw data key.
    """
    database = folder / FILE_NAME
    try:
        copies.verify(database, key)
        copies.refuse_empty(database, key)
        with copies.opened(database, key) as raw:
            broken = audit.broken_in(raw)
        return Health((), rescue.unsent(database, key), broken, None)
    except Damaged as damage:
        return Health(_pages(database, key, damage), None, None, damage.code)


def _pages(database: Path, key: bytes, damage: Damaged) -> tuple[int, ...]:
    return copies.pages(database, key) if damage.code == "damaged-page" else ()


def export_bundle(folder: Path, key: bytes, target: Path, lock: Lock) -> Unsent:
    """Write everything that only this terminal has to an encrypted file; see `rescue.export`."""
    return rescue.export(folder / FILE_NAME, key, target, lock)


def import_bundle(store: Store, source: Path, lock: Lock) -> Imported:
    """Take in a rescue bundle, also one that was taken in before; see `rescue.import_`."""
    with store.write() as unit:
        imported = rescue.import_(unit, source, lock)
        audit.write(unit, store.clock.now(), store.device, "import-rescue-bundle")
        return imported


def rebuild(folder: Path, key: bytes, at: datetime, progress: salvage.Progress) -> salvage.Salvaged:
    """Read a damaged store out into a new one and put the old one aside; see `salvage.salvage`."""
    return salvage.salvage(folder, key, at, progress)
