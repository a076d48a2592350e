"""Keeps the line busy: while one batch is on its way, the answers to the one before are written.

What is in the air at once is one batch. The next one is frozen before it is known that the one in
the air has landed; should that one fail, the next is thawed, since it certainly was not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from workstation.kernel.errors import Rejected, Unavailable, WorkstationError
from workstation.store.queue import Waiting
from workstation.sync.client import BatchFlight, Entry, FhirClient
from workstation.sync.push.outgoing import Outgoing


class Steps(Protocol):
    """What is done with each batch before and after its flight."""

    def frozen(self, rows: Sequence[Waiting]) -> list[Outgoing]:
        """Make changes ready and freeze them; those that must not go are left out."""
        ...

    def settle(self, prepared: Sequence[Outgoing], answers: Sequence[Entry]) -> None:
        """Write what the server answered."""
        ...

    def failed(self, prepared: Sequence[Outgoing], error: Rejected | Unavailable) -> None:
        """Send by halves what did not go as a whole; raise what ends the push."""
        ...

    def thaw(self, prepared: Sequence[Outgoing]) -> None:
        """Take back what was frozen and never sent."""
        ...


class Stream:
    """Sends batches that do not depend on each other.

    Args:
        client: Speaks to a server that takes batches.
        steps: What is done before and after each flight.
    """

    def __init__(self, client: FhirClient, steps: Steps) -> None:
        self._client = client
        self._steps = steps
        self._air: tuple[list[Outgoing], BatchFlight] | None = None

    def send(self, batches: Iterable[Sequence[Waiting]]) -> None:
        """Send all of them and write every answer.

        Raises:
            Unavailable: The server went away or wants a sign-in; what is unanswered is in doubt.
        """
        for rows in batches:
            self._next(self._steps.frozen(rows))
        self._next([])

    def _next(self, ready: list[Outgoing]) -> None:
        landed = self._landed(ready)
        try:
            if ready:
                self._begin(ready)
        finally:
            if landed is not None:
                self._settle(*landed)

    def _begin(self, ready: list[Outgoing]) -> None:
        try:
            flight = self._client.begin_batch([out.entry for out in ready])
        except Unavailable:
            self._steps.thaw(ready)
            raise
        self._air = ready, flight

    def _settle(self, prepared: Sequence[Outgoing], answers: Sequence[Entry]) -> None:
        try:
            self._steps.settle(prepared, answers)
        except WorkstationError:
            self._finish()
            raise

    def _landed(self, ready: Sequence[Outgoing]) -> tuple[list[Outgoing], list[Entry]] | None:
        """What was in the air, with its answers."""
        if self._air is None:
            return None
        (prepared, flight), self._air = self._air, None
        try:
            return prepared, flight.answers()
        except (Rejected, Unavailable) as error:
            try:
                self._steps.failed(prepared, error)
            except WorkstationError:
                self._steps.thaw(ready)
                raise
        return None

    def _finish(self) -> None:
        """The push ends here, but what is in the air will be answered."""
        if self._air is not None:
            (prepared, flight), self._air = self._air, None
            self._steps.settle(prepared, flight.answers())
