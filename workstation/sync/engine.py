"""The sync loop: one round after the other, and an honest word on where things stand.

A round: take the lease, know the server, make sure it is still the same, send, pull, look for
collisions of meaning, send what the pull has merged. A round that fails for a reason that passes
is tried again after a backoff; one that a person must mend stops the loop until that person asks
for it again.

The loop has its own thread and never holds a transaction while it waits for the network.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.crash_reports import where
from workstation.kernel.errors import Damaged, Unavailable, WorkstationError
from workstation.store import Author, Store, parking, queue, sync_state, unreadable
from workstation.store.sync_state import LogEntry
from workstation.sync import restoration
from workstation.sync.acquaintance import meet_server
from workstation.sync.backoff import Backoff
from workstation.sync.client import FhirClient
from workstation.sync.lease import Lease
from workstation.sync.number_blocks import RECORD_NUMBERS, NumberKind
from workstation.sync.pull.pulling import data_as_of
from workstation.sync.pull.scope import Scope
from workstation.sync.restoration import Forgotten
from workstation.sync.rounds import Round
from workstation.sync.server import Server
from workstation.sync.standing import Standing
from workstation.sync.status import RoundReport, SyncStatus
from workstation.sync.transport import Transport

EVERY_S: Final = 10.0
"""Seconds between rounds while all is well."""
SIGN_IN_AGAIN_S: Final = 60.0
"""Seconds until a terminal that was not let in knocks again: the hospital may have enrolled it."""

_BUG: Final = "a bug ended a round of sync: %s\n%s"
_log = logging.getLogger(__name__)


class SyncEngine:
    """Keeps one store and one server together.

    Args:
        store: This terminal's.
        transport: To the server.
        scope: What to keep a copy of.
        clock: This terminal's.
        every_s: Seconds between rounds while all is well.
        numbers: Kinds of numbers that are leased in advance.
        on_status: Told each new status, on the engine's thread.
        on_changes: Told what a round changed in the store, on the engine's thread.

    Attributes:
        not_kept: What the server does not keep, as codes, also while it is away; None before it
            was met.
    """

    def __init__(
        self,
        store: Store,
        transport: Transport,
        scope: Scope,
        clock: Clock,
        *,
        every_s: float = EVERY_S,
        numbers: Sequence[NumberKind] = (RECORD_NUMBERS,),
        on_status: Callable[[SyncStatus], object] = lambda _status: None,
        on_changes: Callable[[Changes], object] = lambda _changes: None,
    ) -> None:
        self._store = store
        self._scope = scope
        self._clock = clock
        self._every_s = every_s
        self._numbers = tuple(numbers)
        self._on_status = on_status
        self._on_changes = on_changes
        self._standing = Standing(clock)
        self._client = FhirClient(transport, clock, self._standing.saw_skew)
        self._lease = Lease(store.folder)
        self._backoff = Backoff()
        self._server: Server | None = None
        self.not_kept: tuple[str, ...] | None = None
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._at_work = threading.Lock()

    def start(self) -> None:
        """Begin to sync in a thread of its own; a second call does nothing."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._loop, name="sync", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the loop after the request under way; what is unsent stays in the queue."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._client.halt()
            self._thread.join()
            self._thread = None
            self._client.resume()
        self._lease.give_back()

    def sync_now(self) -> None:
        """Start a round at once: a person asked, the network changed, or something was saved."""
        self._backoff.succeeded()
        self._hurry.set()
        self._wake.set()

    def status(self) -> SyncStatus:
        """Where sync stands, counted anew from the queue (P7); not for the window's thread."""
        with self._store.read() as view:
            counts = queue.counts(view)
            collisions = queue.open_collisions(view)
            odd = unreadable.count(view)
        return SyncStatus(
            link=self._standing.link,
            since=self._standing.since,
            data_as_of=data_as_of(self._store, self._scope),
            unsent=counts.unsent,
            parked=counts.parked,
            conflicts=counts.conflicts,
            collisions=collisions,
            sending=self._standing.sending,
            skew_seconds=self._standing.skew.total_seconds(),
            problem=self._standing.problem,
            unsafe=self.not_kept or (),
            unreadable=odd,
            next_try=self._standing.next_try,
        )

    def run_once(self) -> RoundReport:
        """One whole round, on the calling thread.

        Returns:
            What it did; its outcome is the code of the error that ended it, if one did.
        """
        with self._at_work:
            if not self._lease.take():
                return RoundReport(outcome="another-syncs")
            started = self._clock.now()
            if self._hurry.is_set():
                self._hurry.clear()
                with self._store.write() as unit:
                    parking.hurry(unit)
            work = Round(self._store, self._scope, self._clock, self._progress)
            error: WorkstationError | None = None
            try:
                self._server = self._server or meet_server(self._store, self._client, self._clock)
                self.not_kept = self._server.capabilities.not_kept
                work.run(self._server, self._numbers)
            except WorkstationError as caught:
                error = caught
                if isinstance(error, Unavailable):
                    work.look_around(self._server)
            self._standing.sending = None
            report = work.report(error)
            before = self._standing.link
            self._note(error)
            told = Changes(queue=before != self._standing.link)
            self._finish(started, report, work.changes | told)
            return report

    def forgotten(self) -> Forgotten:
        """What a restored server does not have any more, for a person to look at.

        Raises:
            Unavailable: The server cannot be asked.
        """
        with self._at_work:
            return restoration.compare(self._store, self._client)

    def send_again(self, forgotten: Forgotten, author: Author) -> int:
        """Send a restored server what it forgot, because `author` decided so; sync goes on.

        Returns:
            How many resources will be sent.
        """
        with self._at_work:
            count = restoration.send_again(
                self._store, self._client, forgotten, self._clock, author
            )
            self._server = None
        self._wake.set()
        return count

    def _finish(self, started: datetime, report: RoundReport, changes: Changes) -> None:
        with self._store.write() as unit:
            sync_state.write_log(unit, _log_entry(started, self._clock.now(), report))
        if changes:
            self._on_changes(changes)
        self._on_status(self.status())

    def _note(self, error: WorkstationError | None) -> None:
        if self._standing.note(error):
            self._server = None
        elif error is None:
            self._backoff.succeeded()

    def _progress(self, done: int, of: int) -> None:
        self._standing.sending = (done, of)
        self._on_status(self.status())

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            pause = self._guarded_round()
            if self._standing.link == "stopped":
                self._wake.wait()
            else:
                asked = min(pause, self._standing.retry_after or 0.0)
                self._stopping.wait(asked)  # nobody hurries a server that asked for a rest
                self._wake.wait(pause - asked)

    def _guarded_round(self) -> float:
        try:
            pause = self._pause(self.run_once())
            if self._standing.tries_again_in(pause):
                self._on_status(self.status())
        except WorkstationError as error:
            self._note(error)
        except Exception as bug:  # noqa: BLE001 - the edge of the sync thread: a bug stops sync, not the ward
            _log.error(_BUG, type(bug).__name__, where(bug.__traceback__))
            self._note(Damaged("bug"))
        else:
            return pause
        return self._pause(RoundReport(outcome=self._standing.problem or "bug"))

    def _pause(self, report: RoundReport) -> float:
        if report.complete or report.outcome == "another-syncs":
            return self._every_s
        if self._standing.link == "sign-in":
            return SIGN_IN_AGAIN_S
        if report.moved:
            self._backoff.succeeded()  # a bad line, and yet it goes on: no reason to wait longer
        return self._backoff.failed(self._standing.retry_after)


def _log_entry(started: datetime, ended: datetime, report: RoundReport) -> LogEntry:
    return LogEntry(
        started,
        ended,
        report.outcome,
        report.pulled,
        report.sent,
        report.merged,
        report.conflicts,
        report.parked,
        report.detail,
    )
