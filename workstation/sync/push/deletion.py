"""Deletes on the server only what is still as it was when somebody decided to delete it.

Servers ignore ``If-Match`` on a DELETE, so the version is read right before; what a colleague has
changed meanwhile becomes a conflict instead. What never reached the server needs no request.
"""

from __future__ import annotations

from http import HTTPStatus

from workstation.kernel.clock import Clock
from workstation.store import Store, parking, queue
from workstation.store.queue import Answer, Waiting
from workstation.sync.client import weak_tag
from workstation.sync.push.answers import Verdict, later, verdict
from workstation.sync.push.settled import Settled
from workstation.sync.push.settling import Settling
from workstation.sync.server import Server
from workstation.sync.wire import Request, Response, outcome_text, raise_for

_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Deletion:
    """Sends deletes, one by one.

    Args:
        store: This terminal's.
        server: The other side.
        settling: Writes answers.
        clock: This terminal's.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        settling: Settling,
        clock: Clock,
    ) -> None:
        self._store = store
        self._client = server.client
        self._names = server.names
        self._settling = settling
        self._clock = clock

    def send(self, row: Waiting) -> Settled:
        """Delete one record, or open a conflict when it has changed.

        Raises:
            Unavailable: The server went away, throttles, or wants a sign-in.
        """
        if row.base_version is None:
            with self._store.write() as unit:
                queue.settle_unsent(unit, row, self._clock.now(), HTTPStatus.NO_CONTENT)
            return Settled(sent=1)
        if not self._settling.doubts.unchanged_there([row]):
            return Settled()
        with self._store.write() as unit:
            queue.freeze(unit, [(row, row.body)], self._clock.now())
        request = Request(
            "DELETE",
            self._names.there(row.reference),
            headers={"If-Match": weak_tag(row.base_version)},
        )
        answer = self._client.send(request)
        if answer.status not in _GONE and not answer.success:
            return self._not_done(row, answer)
        done = Answer(row.type, row.id, None, None, None, answer.status, deleted=True)
        with self._store.write() as unit:
            queue.acknowledge(unit, [done], self._clock.now())
        return Settled(sent=1)

    def _not_done(self, row: Waiting, answer: Response) -> Settled:
        said = verdict(answer.status, row.operation, row.attempts)
        ends = (Verdict.SIGN_IN, Verdict.BUSY, Verdict.DOUBT)
        if said in ends or (said is Verdict.FORBIDDEN and not self._client.lets_read):
            raise_for(answer)
        now, status = self._clock.now(), answer.status
        with self._store.write() as unit:
            if said is Verdict.LATER:
                parking.postpone(unit, row.key, later(now, row.attempts), status)
                return Settled()
            words = outcome_text(answer.body)
            parking.park(unit, row.key, now, status=status, code="refused-by-server", outcome=words)
        return Settled(parked=1)
