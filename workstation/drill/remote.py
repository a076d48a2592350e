"""A terminal in a process of its own, asked one thing at a time over its pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workstation.fhir import json
from workstation.kernel.errors import Unavailable, WorkstationError


class TerminalFailed(WorkstationError):
    """What a terminal answered when it could not do what it was asked."""

    family = "terminal"


class RemoteTerminal:
    """The parent's end of one terminal process.

    Args:
        name: What the report calls this terminal.
        folder: Its store and its log.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; its store is opened by the first ``open``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "terminal.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workstation.drill.terminal"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have the terminal do one thing and return its answer.

        Raises:
            TerminalFailed: It answered with an error; ``code`` is the error's.
            Unavailable: ``terminal-died`` when the process is gone.
        """
        self.send(do, **arguments)
        return self.receive()

    def send(self, do: str, **arguments: Any) -> None:
        """Ask without waiting, so that several terminals work at once; `receive` the answer."""
        process = self._alive()
        if process.stdin is None:
            raise Unavailable("terminal-died", terminal=self.name)
        process.stdin.write(json.dump_bytes({"do": do, "with": arguments}) + b"\n")
        process.stdin.flush()

    def receive(self) -> Any:
        """Wait for the answer to the oldest question."""
        process = self._alive()
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            raise Unavailable("terminal-died", terminal=self.name, exit_code=process.wait())
        answer = json.parse(line)
        if "error" in answer:
            raise TerminalFailed(answer["error"], terminal=self.name, detail=answer.get("detail"))
        return answer["answer"]

    def kill(self) -> None:
        """Take the process away as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._close()

    def stop(self) -> None:
        """Let the process end by itself."""
        if self._process is not None and self._process.poll() is None and self._process.stdin:
            self._process.stdin.close()
            self._close()

    def _close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.wait(30)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _alive(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise Unavailable("terminal-died", terminal=self.name)
        return self._process
