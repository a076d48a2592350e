"""The server of a drill: our own process, or somebody else's; taken away and given back."""

from __future__ import annotations

from pathlib import Path

from workstation.drill.crew import Crew
from workstation.drill.hospital_process import HospitalProcess
from workstation.drill.remote import RemoteTerminal
from workstation.kernel.clock import SystemClock
from workstation.sync.client import FhirClient
from workstation.sync.transport import HttpTransport


class ServerSide:
    """Our server is killed; from somebody else's the terminals are unplugged.

    Args:
        address: Of somebody else's test server; None starts the reference server.
        folder: Where the reference server keeps its database.
        seed: Of the reference server's demo ward.
    """

    def __init__(self, address: str | None, folder: Path, *, seed: int) -> None:
        self._process = None if address else HospitalProcess(folder, seed=seed)
        self.base = address or ""

    def open(self) -> FhirClient:
        """See that it runs, and speak to it."""
        if self._process is not None:
            self.base = self._process.start()
        return self.client()

    def client(self) -> FhirClient:
        """Speaks to the server, whatever the terminals can do."""
        return FhirClient(HttpTransport(self.base), SystemClock())

    def cut(self, crew: Crew) -> None:
        """Take the server away from all terminals."""
        if self._process is not None:
            self._process.kill()
        else:
            crew.all("plug", plugged=False)

    def keep_away(self, terminal: RemoteTerminal) -> None:
        """A terminal that was started during the outage has no server either."""
        if self._process is None:
            terminal.ask("plug", plugged=False)

    def mend(self, crew: Crew) -> None:
        """Give the server back."""
        if self._process is not None:
            self._process.start()
        else:
            crew.all("plug", plugged=True)

    def stop(self) -> None:
        """End our own server."""
        if self._process is not None:
            self._process.stop()
