"""``workstation store …``: care for the record of a terminal from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused
from workstation.kernel.words import tr
from workstation.security import wiping

if TYPE_CHECKING:
    from workstation.security.keys import KeyRing
    from workstation.security.people import Person
    from workstation.store.copies import Lock

_FAILED = 1
_Say = Callable[[str], object]


class StoreCommands:
    """The commands, for one folder and whoever unlocks it.

    Args:
        folder: Of the terminal.
        person: Name or id of who unlocks it; the first person when empty.
        say: Gets each line.
        ask: Asks for a secret; nothing of it is shown.
    """

    def __init__(
        self, folder: Path, person: str, say: _Say, ask: Callable[[str], str] | None = None
    ) -> None:
        self._folder = folder
        self._person = person
        self._say = say
        self._ask = ask or _secret
        self._clock = SystemClock()

    def check(self) -> int:
        """Read every page; 1 when something is wrong."""
        from workstation.store import maintenance

        health = maintenance.check(self._folder, self._unlock())
        if health.sound:
            self._say(tr("The record is whole."))
        if health.problem:
            self._say(tr("The record cannot be used: {code}.", code=health.problem))
        if health.pages:
            pages = ", ".join(map(str, health.pages))
            self._say(tr("Damaged pages: {pages}.", pages=pages))
        if health.audit_broken_at is not None:
            self._say(tr("The audit does not fit from row {row} on.", row=health.audit_broken_at))
        if health.unsent is not None:
            self._say(tr("Only on this terminal: {count} records.", count=health.unsent.resources))
        return 0 if health.sound else _FAILED

    def reindex(self) -> int:
        """Make search, board and timeline anew from the record."""
        from workstation.store import Store, maintenance

        store = Store.open(self._folder, self._unlock(), clock=self._clock)
        try:
            count = maintenance.reindex(store, self._progress)
        finally:
            store.close()
        self._say(tr("{count} records indexed.", count=count))
        return 0

    def backup(self, target: Path) -> int:
        """Copy the record to an encrypted file, while it is in use."""
        from workstation.store import Store, maintenance

        key = self._unlock()
        lock = self._new_lock()
        store = Store.open(self._folder, key, clock=self._clock)
        try:
            size = maintenance.backup(store, key, target, lock)
        finally:
            store.close()
        self._say(tr("Copied and checked: {size} bytes.", size=size))
        self._say(tr("File: {file}", file=target.absolute()))
        return 0

    def restore(self, source: Path, bundle: Path | None) -> int:
        """Put a backup in the place of the record; what was unsent is kept."""
        from workstation.store import maintenance

        done = maintenance.restore(
            self._folder,
            self._unlock(),
            source,
            self._lock_of(source),
            clock=self._clock,
            bundle=bundle,
        )
        self._say(tr("Restored."))
        if done.aside is not None:
            self._say(tr("The record before was put aside: {folder}", folder=done.aside))
        if done.imported is not None:
            self._say(tr("{count} unsent records were kept.", count=len(done.imported.taken)))
        return 0

    def rescue(self, target: Path) -> int:
        """Write everything that only this terminal has to an encrypted file."""
        from workstation.store import maintenance

        key = self._unlock()
        unsent = maintenance.export_bundle(self._folder, key, target, self._new_lock())
        self._say(tr("{count} records are in the bundle.", count=unsent.resources))
        self._say(tr("File: {file}", file=target.absolute()))
        return 0

    def take_in(self, source: Path) -> int:
        """Take in a rescue bundle."""
        from workstation.store import Store, maintenance

        store = Store.open(self._folder, self._unlock(), clock=self._clock)
        try:
            done = maintenance.import_bundle(store, source, self._lock_of(source))
        finally:
            store.close()
        self._say(tr("{count} records were taken in.", count=len(done.taken)))
        self._say(tr("{count} were here already.", count=len(done.known)))
        for reference in done.left:
            self._say(tr("Stays in the bundle: {reference}", reference=reference))
        return 0

    def rebuild(self) -> int:
        """Read a damaged record out into a new one; the old one is put aside."""
        from workstation.store import maintenance

        done = maintenance.rebuild(
            self._folder, self._unlock(), self._clock.now(), lambda *_steps: None
        )
        self._say(tr("{count} rows were read out.", count=sum(done.rows.values())))
        for table in done.incomplete:
            self._say(tr("Not complete: {table}", table=table))
        self._say(tr("The record before was put aside: {folder}", folder=done.aside))
        return 0

    def wipe(self, *, lose_unsent: bool = False) -> int:
        """Take everything off this machine: the keys first, then record, packs, logs, settings.

        Without the keys what cannot be deleted, or is read from the disk later, stays shut.

        Args:
            lose_unsent: Whether what only this terminal has may be lost.

        Raises:
            Refused: ``wipe-unsent`` (``count``), ``wipe-uncounted``, ``wipe-in-use``,
                ``wipe-not-meant``; nothing was touched.
        """
        from workstation.store import maintenance
        from workstation.sync.lease import Lease

        key = self._unlock()
        unsent = maintenance.check(self._folder, key).unsent
        if unsent is None and not lose_unsent:
            raise Refused("wipe-uncounted")
        if unsent is not None and unsent.resources and not lose_unsent:
            raise Refused("wipe-unsent", count=unsent.resources)
        word = tr("WIPE")
        asked = tr("All patient data goes off this machine. Type {word}: ", word=word)
        if self._ask(asked).strip() != word:
            raise Refused("wipe-not-meant")
        lease = Lease(self._folder)
        if not lease.take():
            raise Refused("wipe-in-use")
        lease.give_back()
        left = wiping.wipe(self._folder)
        for name in left:
            self._say(tr("Could not be deleted: {name}", name=name))
        self._say(tr("This terminal is wiped. Withdraw its device at the hospital too."))
        return _FAILED if left else 0

    def _unlock(self) -> bytes:
        from workstation.security.keys import KeyRing

        ring = KeyRing.load(self._folder, self._clock)
        person = self._who(ring)
        return ring.unlock(person.id, self._ask(tr("PIN of {name}: ", name=person.name)))

    def _who(self, ring: KeyRing) -> Person:
        wanted = self._person.casefold()
        for person in ring.people():
            if wanted in ("", person.name.casefold(), person.id.casefold()):
                return person
        raise Refused("unknown-person", field="person")

    def _new_lock(self) -> Lock:
        from workstation.security import recovery
        from workstation.store.copies import Lock

        salt = recovery.new_salt()
        phrase = self._ask(tr("Recovery passphrase: "))
        if self._ask(tr("The same once more: ")) != phrase:
            raise Refused("passphrases-differ", field="passphrase")
        return Lock(recovery.recovery_key(phrase, salt), salt)

    def _lock_of(self, source: Path) -> Lock:
        from workstation.security import recovery
        from workstation.store.copies import Lock, salt_of

        salt = salt_of(source)
        return Lock(recovery.recovery_key(self._ask(tr("Recovery passphrase: ")), salt), salt)

    def _progress(self, done: int, total: int) -> None:
        self._say(tr("{done} of {total}", done=done, total=total))


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``store`` and its commands to the command line."""
    store = commands.add_parser("store", help="check, back up, rescue, rebuild the record")
    kinds = store.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--folder", type=Path, help="where the record of this terminal is")
    shared.add_argument("--person", default="", help="who unlocks it; PIN is asked for")
    for name, words, file in (
        ("check", "read every page and say what is wrong", ""),
        ("reindex", "make search, board and timeline anew", ""),
        ("backup", "copy the record to an encrypted file", "target"),
        ("restore", "put a backup in its place; what is unsent is kept", "source"),
        ("rescue", "write what is unsent to an encrypted file", "target"),
        ("import", "take in such a file", "source"),
        ("rebuild", "read out a damaged record into a new one", ""),
        ("wipe", "take all data off this machine for good", ""),
    ):
        command = kinds.add_parser(name, help=words, parents=[shared])
        command.set_defaults(do=_do, kind=name)
        if file:
            command.add_argument(file, type=Path)
        if name == "wipe":
            lost = "also what only this terminal has"
            command.add_argument("--lose-unsent", action="store_true", help=lost)
        if name == "restore":
            command.add_argument("--bundle", type=Path, help="new file for what is unsent now")


def _do(options: argparse.Namespace) -> int:
    folder = options.folder or platformdirs.user_data_path("ward-workstation", appauthor=False)
    do = StoreCommands(folder, options.person, print)
    deeds: dict[str, Callable[[], int]] = {
        "check": do.check,
        "reindex": do.reindex,
        "rebuild": do.rebuild,
        "backup": lambda: do.backup(options.target),
        "rescue": lambda: do.rescue(options.target),
        "restore": lambda: do.restore(options.source, options.bundle),
        "wipe": lambda: do.wipe(lose_unsent=options.lose_unsent),
        "import": lambda: do.take_in(options.source),
    }
    return deeds[options.kind]()


def _secret(question: str) -> str:
    """Ask at the keyboard unseen, or read a line where there is none."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().rstrip("\n")
