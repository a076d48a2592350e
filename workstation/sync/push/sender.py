"""Sends what is pending until nothing more can go, one safe step after the other.

    doubts   what was sent and never answered is looked up first, and never blindly repeated
    plan     parents before children, independent ones together (`plan.next_step`)
    freeze   the exact text is committed before the first byte leaves
    send     as one batch; refused as a whole or stumbled over, it is halved down to single requests
             (independent batches follow each other without a pause: `stream`)
    settle   each answer for itself (`answers.verdict`): accepted, merged, parked, postponed

When the network or the sign-in fails the push ends there with what it has done so far; everything
unanswered stays in the queue, in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Rejected, Unavailable
from workstation.store import Store, parking, queue
from workstation.store.keys import Key
from workstation.store.queue import Waiting
from workstation.sync.client import Entry
from workstation.sync.look_up import LookUp
from workstation.sync.push import plan
from workstation.sync.push.outgoing import Outgoing, prepare_circle
from workstation.sync.push.readying import Readying
from workstation.sync.push.settled import Settled
from workstation.sync.push.settling import Settling
from workstation.sync.push.single import send_single
from workstation.sync.push.stream import Stream
from workstation.sync.server import Server

WINDOW: Final = 1000
_POSTPONED: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PushReport:
    """What one push did.

    Attributes:
        sent: Changes that the server has now.
        merged: Changes laid on a newer version on the way.
        conflicts: Conflicts opened.
        parked: Changes that the server refused.
        changes: For the screens.
    """

    sent: int = 0
    merged: int = 0
    conflicts: int = 0
    parked: int = 0
    changes: Changes = field(default_factory=Changes)


class Push:
    """One push to one server.

    Args:
        store: This terminal's.
        server: The other side.
        clock: This terminal's.
        progress: Told how many were settled, and of how many, after each step.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        clock: Clock,
        progress: Callable[[int, int], object] = lambda _done, _of: None,
    ) -> None:
        self._store = store
        self._client = server.client
        self._capabilities = server.capabilities
        self._names = server.names
        self._clock = clock
        self._progress = progress
        self._look_up = LookUp(server)
        self._settling = Settling(store, server, self._look_up, clock)
        self._readying = Readying(store, server, self._settling, clock, self._take)
        self.report = PushReport()
        self._meetings: dict[Key, int] = {}
        self._total = 0

    def run(self) -> PushReport:
        """Send until nothing more can go.

        Returns:
            What was done; also in `report` when an error ends the push.

        Raises:
            Unavailable: The server went away or wants a sign-in; nothing is lost.
        """
        with self._store.read() as view:
            self._total = queue.counts(view).unsent
        window = WINDOW
        while True:
            with self._store.read() as view:
                rows = queue.ready(view, self._clock.now(), window)
                wanted = set().union(*(plan.referred(row.body) for row in rows))
                unborn = queue.unborn(view, wanted)
            if not rows:
                return self.report
            if not self._step(rows, unborn):
                if len(rows) < window:
                    return self.report
                window *= 4

    def _step(self, rows: Sequence[Waiting], unborn: dict[Key, str]) -> bool:
        """One step; whether anything moved."""
        doubtful = [row for row in rows if row.in_doubt]
        if doubtful:
            self._take(self._settling.doubts.settle(doubtful))
            return True
        step = plan.next_step(rows, unborn, max_entries=self._client.most_entries)
        if step.held:
            with self._store.write() as unit:
                parking.hold(unit, step.held, self._clock.now())
        self._send_all(step.batches)
        if step.circle:
            self._send_circle(step.circle)
        return bool(step.batches or step.circle or step.held)

    def _send_all(self, batches: Sequence[Sequence[Waiting]]) -> None:
        # Where the server chooses ids, an answer may rename what the next batch refers to.
        if len(batches) > 1 and self._capabilities.batch and self._capabilities.client_ids:
            Stream(self._client, self).send(batches)
            return
        for rows in batches:
            if prepared := self.frozen(rows):
                self._send_prepared(prepared)

    def frozen(self, rows: Sequence[Waiting]) -> list[Outgoing]:
        """As `Readying.frozen`."""
        return self._readying.frozen(rows)

    def settle(self, prepared: Sequence[Outgoing], answers: Sequence[Entry]) -> None:
        """Write what the server answered to one batch.

        Raises:
            Unavailable: As `Settling.answers`.
        """
        self._take(self._settling.answers(prepared, answers))

    def failed(self, prepared: Sequence[Outgoing], error: Rejected | Unavailable) -> None:
        """Send by halves what did not go as one batch.

        Raises:
            Unavailable: The server went away or wants a sign-in.
        """
        if isinstance(error, Rejected):
            self._halve(prepared)
        elif _stumbled(error) or (_forbidden(error) and self._client.lets_read):
            self._halve(self._still_unsent(prepared))
        else:
            raise error

    def thaw(self, prepared: Sequence[Outgoing]) -> None:
        """As `Readying.thaw`."""
        self._readying.thaw(prepared)

    def _send_circle(self, rows: Sequence[Waiting]) -> None:
        prepared = prepare_circle(rows, self._capabilities, self._names)
        self._readying.freeze(prepared)
        try:
            answers = self._client.batch([out.entry for out in prepared], "transaction")
        except Rejected as error:
            self._take(self._settling.refused_whole(prepared, error))
        except Unavailable as error:
            if _forbidden(error) and self._client.lets_read:
                self._take(self._settling.refused_whole(prepared, _refusal(error)))
            elif error.code == "server-error":
                self._take(self._settling.stumbled(prepared, HTTPStatus.INTERNAL_SERVER_ERROR))
            else:
                raise
        else:
            self._take(self._settling.answers(prepared, answers))

    def _send_prepared(self, prepared: Sequence[Outgoing]) -> None:
        if len(prepared) == 1 or not self._capabilities.batch:
            for out in prepared:
                self.settle([out], [send_single(self._client, out.entry)])
            return
        try:
            answers = self._client.batch([out.entry for out in prepared])
        except (Rejected, Unavailable) as error:
            self.failed(prepared, error)
        else:
            self.settle(prepared, answers)

    def _halve(self, prepared: Sequence[Outgoing]) -> None:
        middle = (len(prepared) + 1) // 2
        for half in (prepared[:middle], prepared[middle:]):
            if half:
                self._readying.freeze(half)
                self._send_prepared(half)

    def _still_unsent(self, prepared: Sequence[Outgoing]) -> list[Outgoing]:
        """After an answer that says nothing: look up what arrived, return the rest.

        What was edited meanwhile is another text by now, and goes with the next step.
        """
        keys = [out.row.key for out in prepared]
        with self._store.read() as view:
            frozen = queue.waiting(view, keys)
        self._take(self._settling.doubts.settle(list(frozen.values())))
        with self._store.read() as view:
            left = queue.waiting(view, keys)
        return [
            replace(out, row=row)
            for out in prepared
            if (row := left.get(out.row.key)) is not None
            and (row.base_version, row.last_seq) == (out.row.base_version, out.row.last_seq)
        ]

    def _take(self, settled: Settled) -> None:
        """Add to the report; what keeps meeting newer versions has to wait a moment."""
        old = self.report
        self.report = PushReport(
            old.sent + settled.sent,
            old.merged + settled.merged,
            old.conflicts + settled.conflicts,
            old.parked + settled.parked,
            old.changes | settled.changes,
        )
        self._progress(self.report.sent, self._total)
        again = []
        for key in settled.met:
            self._meetings[key] = self._meetings.get(key, 0) + 1
            if self._meetings[key] >= _MEETINGS:
                again.append(key)
        if again:
            with self._store.write() as unit:
                for key in again:
                    parking.postpone(unit, key, self._clock.now() + _POSTPONED, HTTPStatus.CONFLICT)


_MEETINGS: Final = 3


def _forbidden(error: Unavailable) -> bool:
    return error.data.get("status") == HTTPStatus.FORBIDDEN


def _refusal(error: Unavailable) -> Rejected:
    return Rejected("refused-by-server", status=error.data["status"], outcome="")


def _stumbled(error: Unavailable) -> bool:
    """Whether a smaller batch may go where this one did not."""
    return error.code == "server-error" or error.data.get("reason") == "answers-missing"
