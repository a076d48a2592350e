"""Where a drill is played: server, terminals, what is told and what is counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from workstation.drill import work
from workstation.drill.crew import Crew
from workstation.drill.remote import TerminalFailed
from workstation.drill.report import Report, Step
from workstation.drill.server_side import ServerSide
from workstation.kernel.errors import Refused


class Stage:
    """Keeps the parts of one drill together, and the report while it grows.

    Args:
        server: To be taken away and given back.
        report: What is known at the end.
        out: Where pictures go.
        say: Gets each step as it is done, in words.
    """

    def __init__(
        self, server: ServerSide, report: Report, out: Path, say: Callable[[str], object]
    ) -> None:
        self.server = server
        self.report = report
        self.out = out
        self._say = say
        self._crew: Crew | None = None

    @property
    def crew(self) -> Crew:
        """The terminals, once they are there.

        Raises:
            Refused: ``not-started``.
        """
        if self._crew is None:
            raise Refused("not-started")
        return self._crew

    def enter(self, crew: Crew) -> None:
        """The terminals are there."""
        self._crew = crew

    def stop(self) -> None:
        """End every process."""
        if self._crew is not None:
            self._crew.stop()
        self.server.stop()

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """One step: what is put in the list is told and kept in the report."""
        told: list[str] = []
        started = time.monotonic()
        yield told
        taken = time.monotonic() - started
        text = " ".join(told)
        self.report.steps.append(Step(title, text, taken))
        self._say(f"[{taken:5.1f} s] {title}: {text}")

    def do(self, task: work.Task) -> None:
        """Let somebody do something, and count it.

        Raises:
            Refused: ``act-failed``.
        """
        terminal = self.crew.terminals[task.terminal % len(self.crew)]
        try:
            terminal.ask("act", name=task.act, arguments=dict(task.arguments))
        except TerminalFailed as failure:
            raise Refused("act-failed", act=task.act, reason=failure.code) from failure
        self.report.written[task.act] = self.report.written.get(task.act, 0) + 1

    def reconcile(self) -> dict[str, int]:
        """Sync all terminals until nothing is new, and count what was sent and joined."""
        done = self.crew.reconcile()
        self.report.sent += done["sent"]
        self.report.merged += done["merged"]
        return done

    def picture(self, number: int, screen: str, name: str, caption: str, **arguments: str) -> None:
        """Take a picture of a screen at a terminal."""
        file = self.out / f"{name}.png"
        terminal = self.crew.terminals[number]
        taken = terminal.ask("picture", screen=screen, file=str(file), arguments=arguments)
        self.report.pictures.append((taken, caption))
