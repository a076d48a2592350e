"""Copies that leave this machine: the rescue bundle, the backup, and taking a bundle in.

All of them open with a recovery passphrase and nothing else. No name of a file tells of a patient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from workstation.fhir.differences import RECORDS, UNKNOWN_RECORD
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Damaged, Refused
from workstation.security import recovery
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.store import copies, maintenance
from workstation.store.copies import Lock

Kind = Literal["rescue", "backup"]
Tell = Callable[[int, int], object]
"""Told steps done, and of how many."""

STEPS: Final = 2
"""Making the key from the passphrase; writing, or reading, and checking."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written and read back.

    Attributes:
        file: Where it is.
        size: In bytes.
        records: Unsent records in a rescue bundle; 0 for a backup.
        drafts: Drafts in a rescue bundle; 0 for a backup.
    """

    file: Path
    size: int
    records: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a bundle.

    Attributes:
        taken: Records that wait to be sent here now.
        known: Records that were here already.
        left: Kind of each record that stays in the bundle, since somebody else's change of it
            waits here; the keys of their words.
        drafts: Drafts taken.
        changes: For the screens.
    """

    taken: int
    known: int
    left: tuple[str, ...]
    drafts: int
    changes: Changes


def file_name(kind: Kind, now: datetime) -> str:
    """A name for a new file that tells what it is and when, and nothing of a patient."""
    return f"ward-{kind}-{now.astimezone():%Y-%m-%d-%H%M%S}.{kind}"


def rescue(safe: Safe, target: str, passphrase: str, tell: Tell) -> Written:
    """Write everything that only this terminal has to an encrypted file.

    Args:
        safe: Of this terminal; the record may be in use, or damaged as far as it can be read.
        target: Full path of the new file, or of a folder, in which it gets a name.
        passphrase: To open it with.
        tell: Told how far it is.

    Raises:
        Refused: ``required``, ``path-not-whole``, ``no-such-folder``, ``file-exists`` with field
            ``file``; ``weak-passphrase``.
        Damaged: The record cannot be read or the file not be written; then there is none.
    """
    file = _new_file(target, "rescue", safe.clock.now())
    lock = _new_lock(passphrase, tell)
    unsent = maintenance.export_bundle(safe.folder, safe.key, file, lock)
    tell(STEPS, STEPS)
    return Written(file, file.stat().st_size, unsent.resources, unsent.drafts)


def rescue_at(desk: Desk, target: str, passphrase: str, tell: Tell) -> Written:
    """The same by a person who is logged in, who then stands in the audit."""
    written = rescue(_safe(desk), target, passphrase, tell)
    _audit(desk, "export-rescue-bundle")
    return written


def back_up(desk: Desk, target: str, passphrase: str, tell: Tell) -> Written:
    """Copy the whole record to an encrypted file, while it is in use; raises as `rescue`."""
    safe = _safe(desk)
    file = _new_file(target, "backup", desk.clock.now())
    lock = _new_lock(passphrase, tell)
    size = maintenance.backup(desk.store, safe.key, file, lock)
    tell(STEPS, STEPS)
    return Written(file, size)


def take_in(desk: Desk, source: str, passphrase: str, tell: Tell) -> TakenIn:
    """Take in a rescue bundle, of this terminal or of another.

    Args:
        desk: Who takes it in.
        source: Full path of the bundle; it is not touched.
        passphrase: That it was written with.
        tell: Told how far it is.

    Raises:
        Refused: ``required``, ``path-not-whole``, ``no-such-file``, ``not-a-bundle``,
            ``newer-bundle``, ``bundle-damaged`` with field ``file``; ``weak-passphrase``,
            ``wrong-passphrase`` with field ``passphrase``.
        Damaged: The record here cannot be written; nothing was taken.
    """
    file = _path(source)
    if not file.is_file():
        raise Refused("no-such-file", field="file")
    lock = _lock_of(file, passphrase, tell)
    try:
        done = maintenance.import_bundle(desk.store, file, lock)
    except Damaged as damage:
        if damage.code not in ("not-a-bundle", "newer-bundle"):
            raise
        raise Refused(damage.code, field="file") from damage
    tell(STEPS, STEPS)
    left = tuple(RECORDS.get(each.partition("/")[0], UNKNOWN_RECORD) for each in done.left)
    return TakenIn(len(done.taken), len(done.known), left, done.drafts, done.changes)


def _safe(desk: Desk) -> Safe:
    if desk.safe is None:
        raise Refused("key-not-known")
    return desk.safe


def _new_file(target: str, kind: Kind, now: datetime) -> Path:
    file = _path(target)
    if file.is_dir():
        file = file / file_name(kind, now)
    if not file.parent.is_dir():
        # It is not made: a stick that is not plugged in would become a folder on this disk.
        raise Refused("no-such-folder", field="file")
    if file.exists():
        raise Refused("file-exists", field="file")
    return file


def _path(text: str) -> Path:
    if not text.strip():
        raise Refused("required", field="file")
    file = Path(text.strip()).expanduser()
    if not file.is_absolute():
        raise Refused("path-not-whole", field="file")
    return file


def _new_lock(passphrase: str, tell: Tell) -> Lock:
    tell(0, STEPS)
    salt = recovery.new_salt()
    lock = Lock(recovery.recovery_key(passphrase, salt), salt)
    tell(1, STEPS)
    return lock


def _lock_of(file: Path, passphrase: str, tell: Tell) -> Lock:
    tell(0, STEPS)
    try:
        salt = copies.salt_of(file)
    except Damaged as damage:
        code = "bundle-damaged" if damage.code == "disk-error" else "not-a-bundle"
        raise Refused(code, field="file") from damage
    lock = Lock(recovery.recovery_key(passphrase, salt), salt)
    tell(1, STEPS)
    try:
        copies.verify(file, lock)
    except Damaged as damage:
        if damage.code == "wrong-passphrase":
            raise Refused("wrong-passphrase", field="passphrase") from damage
        raise Refused("bundle-damaged", field="file") from damage
    return lock


def _audit(desk: Desk, action: str) -> None:
    with desk.store.write() as unit:
        desk.audit(unit, action, f"Device/{desk.store.device}")
