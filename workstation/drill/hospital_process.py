"""The reference hospital server as a process of its own, to be stopped and started for real."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from workstation.kernel.errors import Unavailable

_START_SECONDS = 120.0
_STOP_SECONDS = 10.0


class HospitalProcess:
    """A demo hospital on 127.0.0.1 that keeps its database and port over a stop.

    Args:
        folder: Where the database and the server's log are.
        seed: The ward and its people follow from it.
        empty: Whether there is no ward and nobody in it.
    """

    def __init__(self, folder: Path, *, seed: int, empty: bool = False) -> None:
        self._folder = folder
        self._seed = seed
        self._empty = empty
        self._process: subprocess.Popen[str] | None = None
        self._port = 0
        self.base = ""

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server, on the port it had before.

        Returns:
            The base address of its FHIR interface.

        Raises:
            Unavailable: ``hospital-did-not-start``, with the last line it said.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "hospital.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                self._command(),
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.DEVNULL,
                text=True,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        self.base = self._wait_until_listening(self._process)
        self._port = int(self.base.rsplit(":", 1)[1].split("/")[0])
        return self.base

    def kill(self) -> None:
        """Take the server away as a power cut does: no farewell."""
        self._end(politely=False)

    def stop(self) -> None:
        """Let the server finish, then see that it is gone."""
        self._end(politely=True)

    def _command(self) -> list[str]:
        database = (self._folder / "hospital.db").resolve()
        return [
            *[sys.executable, "-m", "hospital", "serve", "--demo", "--seed", str(self._seed)],
            *["--database", f"sqlite:///{database}", "--port", str(self._port)],
            *(["--empty"] if self._empty else []),
        ]

    def _wait_until_listening(self, process: subprocess.Popen[str]) -> str:
        timer = threading.Timer(_START_SECONDS, process.kill)
        timer.start()
        last = ""
        try:
            for line in process.stdout or ():
                last = line.strip()
                if last.startswith("listening "):
                    threading.Thread(target=_drain, args=(process,), daemon=True).start()
                    return last.split(" ", 1)[1]
        finally:
            timer.cancel()
        raise Unavailable("hospital-did-not-start", said=last, exit_code=process.wait())

    def _end(self, *, politely: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if politely:
            process.terminate()
        else:
            process.kill()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _drain(process: subprocess.Popen[str]) -> None:
    """Read what it says on, so that it never waits for a reader."""
    if process.stdout:
        with process.stdout:
            for _line in process.stdout:
                pass
