"""The real server as a process of its own, on a free port of 127.0.0.1; it can be killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from hospital.wire import Request, Response

_START_SECONDS = 120.0
_STOP_SECONDS = 10.0


class RunningServer:
    """Any FHIR server that runs somewhere, asked as ``Hospital.handle`` is.

    Args:
        base: Its FHIR base.
    """

    def __init__(self, base: str) -> None:
        self._address = urllib.parse.urlsplit(base)

    def handle(self, request: Request) -> Response:
        """Send one request over the socket; ``/fhir`` stands for the base."""
        host, port = self._address.hostname or "", self._address.port
        connection = http.client.HTTPConnection(host, port, timeout=30)
        path = urllib.parse.quote(request.path, safe="/$:@-._~")
        if path == "/fhir" or path.startswith("/fhir/"):
            path = self._address.path.rstrip("/") + path.removeprefix("/fhir")
        target = f"{path}?{request.query}" if request.query else path
        with contextlib.closing(connection):
            connection.request(request.method, target, request.body, dict(request.headers))
            answer = connection.getresponse()
            names = {name.title(): value for name, value in answer.getheaders()}
            renamed = {"ETag" if name == "Etag" else name: value for name, value in names.items()}
            return Response(answer.status, renamed, answer.read())


class HospitalProcess:
    """``python -m hospital serve`` on an empty record.

    Args:
        folder: Where the database is kept from one start to the next.
        more: Further arguments.
        demo: Whether it has the demo's freedom; else it asks everybody who they are.
        database: Its URL; an SQLite file in the folder if not given.
    """

    def __init__(self, folder: Path, *more: str, demo: bool = True, database: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = database or f"sqlite:///{folder / 'hospital.db'}"
        self._log = folder / "hospital.log"
        self._more = ("--demo", "--empty", *more) if demo else more
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self.base = ""

    def __enter__(self) -> HospitalProcess:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Start it, on the port that it had before; gives its FHIR base."""
        command = [sys.executable, "-m", "hospital", "serve", "--database", self.database]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self._port), *self._more],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )
        self.base = self._listening(self._process)
        self._port = urllib.parse.urlsplit(self.base).port or 0
        return self.base

    def stop(self) -> None:
        """Let it finish."""
        if self._process:
            self._process.terminate()
            self._gone(self._process)

    def kill(self) -> None:
        """Kill -9: no farewell, nothing flushed."""
        if self._process:
            self._process.kill()
            self._gone(self._process)

    def handle(self, request: Request) -> Response:
        """Send one request over the socket, as ``Hospital.handle`` takes it."""
        return RunningServer(self.base).handle(request)

    def log(self) -> str:
        """What it wrote to its standard error."""
        return self._log.read_text("utf-8")

    def _listening(self, process: subprocess.Popen[str]) -> str:
        timer = threading.Timer(_START_SECONDS, process.kill)
        timer.start()
        try:
            for line in process.stdout or ():
                if line.startswith("listening "):
                    return line.split(" ", 1)[1].strip()
        finally:
            timer.cancel()
        self._gone(process)
        raise AssertionError(f"the hospital did not start: {self.log()}")

    def _gone(self, process: subprocess.Popen[str]) -> None:
        self._process = None
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@contextlib.contextmanager
def running(folder: Path, *more: str) -> Iterator[HospitalProcess]:
    """A server process that ends with the block."""
    process = HospitalProcess(folder, *more)
    process.start()
    try:
        yield process
    finally:
        process.stop()
