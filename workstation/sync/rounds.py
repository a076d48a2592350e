"""One round of sync under way: what is done in which order, and what it did so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import WorkstationError
from workstation.store import Store
from workstation.sync import collisions
from workstation.sync.number_blocks import NumberKind, replenish
from workstation.sync.pull.pulling import Pull
from workstation.sync.pull.scope import Scope
from workstation.sync.push.sender import Push
from workstation.sync.server import Server
from workstation.sync.status import RoundReport


class Round:
    """One round under way, and what it did so far."""

    def __init__(
        self, store: Store, scope: Scope, clock: Clock, progress: Callable[[int, int], object]
    ) -> None:
        self._store = store
        self._scope = scope
        self._clock = clock
        self._progress = progress
        self._pushes: list[Push] = []
        self._pull: Pull | None = None
        self._alerts = Changes()

    def run(self, server: Server, numbers: Sequence[NumberKind] = ()) -> None:
        """Check the server, send, pull, send what the pull has merged, lease numbers."""
        self._pull = Pull(self._store, server, self._scope, self._clock)
        self._pull.check_server()
        self._push(server)
        tally = self._pull.run()
        found = self.look_around(server)
        if tally.merged or tally.conflicts or found:
            self._push(server)
        for kind in numbers:
            replenish(self._store, server, kind, self._clock)

    def look_around(self, server: Server | None) -> bool:
        """Look for collisions of meaning in what came and what was saved here.

        Args:
            server: Knows the names that all terminals share; None if it was not reached.

        Returns:
            Whether alerts were written.
        """
        pulled = self._pull.tally.changes if self._pull else Changes()
        names = server.names.there if server else str
        found = collisions.examine(self._store, pulled, names)
        self._alerts = found.changes
        return bool(found.changes)

    @property
    def changes(self) -> Changes:
        """What it changed in the store."""
        found = self._alerts | (self._pull.tally.changes if self._pull else Changes())
        for push in self._pushes:
            found |= push.report.changes
        return found

    def report(self, error: WorkstationError | None) -> RoundReport:
        """What it did."""
        report = RoundReport(outcome="complete" if error is None else error.code)
        if self._pull is not None:
            tally = self._pull.tally
            report = replace(
                report, pulled=tally.pulled, merged=tally.merged, conflicts=tally.conflicts
            )
        for push in self._pushes:
            report = replace(
                report,
                sent=report.sent + push.report.sent,
                merged=report.merged + push.report.merged,
                conflicts=report.conflicts + push.report.conflicts,
                parked=report.parked + push.report.parked,
            )
        return report

    def _push(self, server: Server) -> None:
        push = Push(self._store, server, self._clock, self._progress)
        self._pushes.append(push)
        push.run()
