"""``workstation enrol``: make a terminal known to the hospital without opening its window."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import platformdirs

from workstation.kernel import settings as table
from workstation.kernel.clock import Clock, SystemClock
from workstation.kernel.errors import Refused
from workstation.kernel.settings import Settings
from workstation.kernel.words import tr
from workstation.terminal import WardTerminal
from workstation.ui.shell.terminal import Enrolment, SetUp

if TYPE_CHECKING:
    from workstation.security.people import Role

_WAITING = 3
"""Exit code: done here, and the hospital has to act now."""
ROLES = ("nurse", "doctor", "head-nurse", "reception", "administrator")


class EnrolCommand:
    """Enrols the terminal of one folder.

    Args:
        folder: Of the terminal.
        say: Gets each line.
        ask: Asks for a secret; nothing of it is shown.
        clock: Where times come from.
    """

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], object],
        ask: Callable[[str], str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._say = say
        self._ask = ask or _secret
        self._settings = Settings(folder / "settings")
        self._terminal = WardTerminal(folder, self._settings, clock or SystemClock())

    def run(self, options: argparse.Namespace) -> int:
        """Open or found the terminal, write its public key, look whether the server lets it in.

        Returns:
            0 when this terminal belongs to a ward of the hospital; 3 when somebody has to act.
        """
        try:
            self._open(options)
            if options.server:
                self._settings.put(table.SERVER, options.server)
            if options.client:
                self._settings.put(table.CLIENT, options.client)
            command = self._terminal.write_key_set(options.out)
            found = self._terminal.enrolment()
            self._say(tr("Public key: {file}", file=options.out))
            self._say(tr("Client id: {client}", client=found.client))
            self._say(tr("Fingerprint of the key: {thumbprint}", thumbprint=found.thumbprint))
            return self._tell(found, command, options.ward)
        finally:
            self._terminal.close()

    def _open(self, options: argparse.Namespace) -> None:
        people = self._terminal.front().people
        if people:
            person = next(
                (each for each in people if options.person in ("", each.name, each.id)), None
            )
            if person is None:
                raise Refused("unknown-person", field="person")
            self._terminal.unlock(person.id, self._ask(tr("PIN of {name}: ", name=person.name)))
            return
        if not options.person:
            raise Refused("required", field="person")
        pin = self._ask(tr("New PIN of {name}: ", name=options.person))
        if self._ask(tr("The same once more: ")) != pin:
            raise Refused("pins-differ", field="pin")
        role = cast("Role", options.role)
        self._terminal.set_up(SetUp(options.server or "", "", "", options.person, role, pin))

    def _tell(self, found: Enrolment, command: str, ward: str) -> int:
        if found.admission == "no-server":
            self._say(tr("No server is set: give --server."))
        elif found.admission == "unreachable":
            self._say(tr("The server cannot be reached now [{code}].", code=found.problem))
        elif found.admission == "waiting":
            self._say(tr("The server does not know this terminal yet. On the server, IT runs:"))
            self._say(f"  {command}")
            self._say(
                tr("In the program's folder, with that file in it and the server's --database.")
            )
            self._say(tr("Then run this command once more, or open the window."))
        else:
            return self._join(found, ward)
        return _WAITING

    def _join(self, found: Enrolment, ward: str) -> int:
        self._say(tr("The server lets this terminal in."))
        chosen = next((each for each in found.wards if ward in (each.id, each.name)), None)
        if chosen is not None:
            self._terminal.join(found.server, chosen)
            self._say(tr("Ward: {name}", name=chosen.name))
            return 0
        if found.ward and not ward:
            return 0
        if ward:
            self._say(tr("The server has no ward {ward}.", ward=ward))
        self._say(tr("Choose a ward with --ward:"))
        for each in found.wards:
            self._say(f"  {each.id}  {each.name}")
        return _WAITING


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``enrol`` to the command line."""
    enrol = commands.add_parser("enrol", help="make this terminal known to the hospital")
    enrol.add_argument("--folder", type=Path, help="where the record of this terminal is")
    enrol.add_argument("--server", default="", metavar="URL", help="the hospital's FHIR server")
    enrol.add_argument(
        "--out", type=Path, default=Path("device.jwks.json"), help="gets the public key"
    )
    enrol.add_argument("--person", default="", help="who unlocks; on a new terminal, the first")
    enrol.add_argument("--role", default="administrator", choices=ROLES, help="of the first person")
    enrol.add_argument("--client", default="", help="client id, if the hospital gives one")
    enrol.add_argument("--ward", default="", help="id or name of the ward, once let in")
    enrol.set_defaults(do=_do)


def _do(options: argparse.Namespace) -> int:
    folder = options.folder or platformdirs.user_data_path("ward-workstation", appauthor=False)
    return EnrolCommand(folder, print).run(options)


def _secret(question: str) -> str:
    """Ask at the keyboard unseen, or read a line where there is none."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().rstrip("\n")
