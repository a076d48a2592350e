"""The terminals of a drill, asked one by one or all at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workstation.drill.remote import RemoteTerminal, TerminalFailed
from workstation.fhir.practitioner import Staff
from workstation.kernel import words
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.sync.directory import Ward

_QUIET = ("complete", "another-syncs")
_MOST_ROUNDS = 40


class Crew:
    """Several terminals on one ward.

    Args:
        folder: Each terminal keeps its store in a folder below.
        base: The server's base address.
        ward: The ward.
        staff: Who works there; everybody can sit down at every terminal.
        size: How many terminals.
    """

    def __init__(
        self, folder: Path, *, base: str, ward: Ward, staff: Sequence[Staff], size: int
    ) -> None:
        self._ward = ward
        self._base = base
        pin = "".join(secrets.choice("0123456789") for _ in range(8)) + "x7"
        self._people = [
            {"id": each.id, "name": each.name.plain, "role": each.role, "pin": pin}
            for each in staff
            if each.role != "other"
        ]
        if not self._people:
            raise Refused("no-staff")
        names = [chr(ord("A") + number) for number in range(size)]
        self.terminals = [RemoteTerminal(name, folder / f"terminal-{name}") for name in names]
        self._devices = {name: uuid7() for name in names}

    def __len__(self) -> int:
        """How many terminals."""
        return len(self.terminals)

    def open(self, terminal: RemoteTerminal) -> str:
        """Start a terminal's process and open its store."""
        terminal.start()
        done: str = terminal.ask(
            "open",
            folder=str(terminal.folder),
            base=self._base,
            ward={"id": self._ward.id, "name": self._ward.name},
            language=words.language(),
            device=self._devices[terminal.name],
            people=self._people,
        )
        return done

    def sit(self, number: int, role: str) -> str:
        """Let somebody of a role, another one at each terminal, take the chair.

        Returns:
            The person's name.
        """
        fitting = [each for each in self._people if each["role"] == role] or self._people
        person = fitting[number % len(fitting)]
        self.terminals[number].ask("sit", person=person["id"])
        return str(person["name"])

    def all(self, do: str, **arguments: Any) -> list[Any]:
        """Ask all at the same time, and wait for all answers.

        Raises:
            TerminalFailed: The first failure, after every answer was taken.
        """
        for terminal in self.terminals:
            terminal.send(do, **arguments)
        answers: list[Any] = []
        failures: list[TerminalFailed] = []
        for terminal in self.terminals:
            try:
                answers.append(terminal.receive())
            except TerminalFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]
        return answers

    def reconcile(self) -> dict[str, int]:
        """Sync all together until no terminal sends or receives anything new.

        Returns:
            What was sent, pulled and merged altogether.

        Raises:
            Refused: ``never-quiet`` when they do not come to rest, with the last outcomes.
        """
        done = {"sent": 0, "pulled": 0, "merged": 0, "conflicts": 0}
        for _ in range(_MOST_ROUNDS):
            reports = self.all("sync")
            for name in done:
                done[name] += sum(each[name] for each in reports)
            outcomes = {each["outcome"] for each in reports}
            idle = not any(each["sent"] or each["pulled"] for each in reports)
            if idle and outcomes <= set(_QUIET):
                return done
        raise Refused("never-quiet", outcomes=sorted(outcomes))

    def stop(self) -> None:
        """End every process."""
        for terminal in self.terminals:
            terminal.stop()
