"""Turns the server's answers into rows: accepted, merged, parked, postponed, released.

Everything that one batch was answered is written in one transaction. What needs another look at
the server (409, 412, 404, 410, no answer) is read first, outside of any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Rejected, Unavailable
from workstation.store import Store, parking, queue
from workstation.store.queue import Answer
from workstation.store.record import Unit
from workstation.sync.client import Entry, EntryResponse, status_in
from workstation.sync.look_up import LookUp
from workstation.sync.push.acceptance import Acceptance
from workstation.sync.push.answers import GIVE_UP_AFTER, Verdict, later, verdict
from workstation.sync.push.doubts import Doubts
from workstation.sync.push.outgoing import Outgoing
from workstation.sync.push.settled import Settled, touched
from workstation.sync.server import Server
from workstation.sync.wire import outcome_text

_Answered = tuple[Outgoing, Entry, int]
"""A change, its answer, and the status of that."""
_Refused = tuple[Outgoing, int, str]
"""A change, the status of its answer, and the server's words."""


class Settling:
    """Writes answers into one store.

    Args:
        store: This terminal's.
        server: The other side.
        look_up: Reads single records.
        clock: This terminal's.

    Attributes:
        doubts: What looks up changes whose answer is missing or surprising.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        look_up: LookUp,
        clock: Clock,
    ) -> None:
        self._store = store
        self._client = server.client
        self._clock = clock
        self._acceptance = Acceptance(server, look_up)
        self.doubts = Doubts(store, server, look_up, self._acceptance, clock)

    def answers(self, prepared: Sequence[Outgoing], entries: Sequence[Entry]) -> Settled:
        """Settle the answers to one batch, transaction or single request.

        What the server did not get to stays in doubt; the next step looks it up and sends it.

        Raises:
            Unavailable: ``sign-in``, after everything else was settled; ``throttled`` when the
                server did not get to any of it.
        """
        sorted_out: dict[Verdict, list[_Answered]] = {}
        for out, entry in zip(prepared, entries, strict=True):
            status = status_in(entry.response.status)
            said = _said(out, status)
            sorted_out.setdefault(said, []).append((out, entry, status))
        forbidden = sorted_out.pop(Verdict.FORBIDDEN, [])
        if forbidden:
            alone = self._refuses_alone(len(forbidden), len(prepared))
            sorted_out.setdefault(Verdict.PARK if alone else Verdict.SIGN_IN, []).extend(forbidden)
        accepted, undone = self._read(sorted_out.get(Verdict.ACCEPTED, []))
        sorted_out.setdefault(Verdict.DOUBT, []).extend(undone)
        settled = self._write(
            accepted,
            sorted_out.get(Verdict.PARK, []),
            sorted_out.get(Verdict.LATER, []),
        )
        again = [
            each
            for said in (Verdict.CHANGED, Verdict.MISSING, Verdict.DOUBT)
            for each in sorted_out.get(said, [])
        ]
        if again:
            settled += self._looked_up(
                [(out, status, _words(entry)) for out, entry, status in again]
            )
        if Verdict.SIGN_IN in sorted_out:
            self.doubts.thaw([out.row.key for out, _, _ in sorted_out[Verdict.SIGN_IN]])
            raise Unavailable("sign-in", status=sorted_out[Verdict.SIGN_IN][0][2])
        if len(sorted_out.get(Verdict.BUSY, ())) == len(prepared):
            raise Unavailable("throttled", retry_after=None)
        return settled

    def _read(
        self, accepted: Sequence[_Answered]
    ) -> tuple[list[tuple[Answer, str]], list[_Answered]]:
        """What accepting answers say, and those of them after which nothing has changed there."""
        read = [(each, self._acceptance.read(*each)) for each in accepted]
        undone = [each for each, found in read if found is None]
        return [found for _, found in read if found is not None], undone

    def _refuses_alone(self, forbidden: int, of: int) -> bool:
        """Whether some are forbidden for what they are; where all of several are, we sign in."""
        return self._client.lets_read and (forbidden < of or of == 1)

    def stumbled(self, prepared: Sequence[Outgoing], status: int) -> Settled:
        """Postpone changes that only go together and over which the server stumbled together."""
        entry = Entry(response=EntryResponse(status=str(status)))
        return self.answers(prepared, [entry] * len(prepared))

    def refused_whole(self, prepared: Sequence[Outgoing], error: Rejected) -> Settled:
        """Park changes that only go together and were refused together."""
        status, words = int(str(error.data["status"])), str(error.data["outcome"])
        refused = [(out, status, words) for out in prepared]
        if status in (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED):
            return self._looked_up(refused)
        return self._parked(refused)

    def _looked_up(self, refused: Sequence[_Refused]) -> Settled:
        """Find out what surprising answers mean.

        A create that is told of a newer version while the server does not have it at all meets
        something else, such as another record's number; an update may be accepted and not done.
        Either is tried a few times and then parked.
        """
        keys = [out.row.key for out, _, _ in refused]
        with self._store.read() as view:
            frozen = queue.waiting(view, keys)
        settled = self.doubts.settle([frozen.get(out.row.key, out.row) for out, _, _ in refused])
        with self._store.read() as view:
            left = queue.waiting(view, keys)
        again = [
            each
            for each in refused
            if (row := left.get(each[0].row.key)) is not None
            and (row.operation == "create" or each[1] == HTTPStatus.OK)
            and not row.in_doubt
        ]
        tired = [each for each in again if left[each[0].row.key].attempts >= GIVE_UP_AFTER]
        settled += Settled(met=tuple(each[0].row.key for each in again if each not in tired))
        return settled + self._parked(tired)

    def _parked(self, refused: Sequence[_Refused]) -> Settled:
        if not refused:
            return Settled()
        with self._store.write() as unit:
            parked = self._park(unit, refused)
        return Settled(parked=parked, changes=touched([out.row for out, _, _ in refused]))

    def _park(self, unit: Unit, refused: Sequence[_Refused]) -> int:
        """Park what was refused, and how many: what was edited meanwhile was not asked for yet."""
        now, code = self._clock.now(), "refused-by-server"
        sent = {out.row.key: out.row.last_seq for out, _, _ in refused}
        current = queue.waiting(unit, sent)
        edited = {key for key, row in current.items() if row.last_seq != sent[key]}
        queue.thaw(unit, edited)
        wrong = [each for each in refused if each[0].row.key not in edited]
        for out, status, words in wrong:
            parking.park(unit, out.row.key, now, status=status, code=code, outcome=words)
        return len(wrong)

    def _write(
        self,
        accepted: Sequence[tuple[Answer, str]],
        refused: Sequence[_Answered],
        stumbled: Sequence[_Answered],
    ) -> Settled:
        now = self._clock.now()
        with self._store.write() as unit:
            self._acceptance.learn(
                unit, {f"{a.type}/{a.id}": there for a, there in accepted if there}
            )
            queue.acknowledge(unit, [answer for answer, _ in accepted], now)
            parked = self._park(
                unit, [(out, status, _words(entry)) for out, entry, status in refused]
            )
            for out, _, status in stumbled:
                parking.postpone(unit, out.row.key, later(now, out.row.attempts), status)
        rows = [out.row for out, _, _ in (*refused, *stumbled)]
        return Settled(
            sent=len(accepted),
            parked=parked,
            changes=touched(rows)
            | Changes(references=frozenset(f"{a.type}/{a.id}" for a, _ in accepted), queue=True),
        )


def _said(out: Outgoing, status: int) -> Verdict:
    """What an answer means; what was found instead of made is read before it is believed.

    It may be another terminal's, or say something else, and some servers do not say where it is.
    """
    if out.entry.method == "POST" and status == HTTPStatus.OK:
        return Verdict.DOUBT
    return verdict(status, out.row.operation, out.row.attempts)


def _words(entry: Entry) -> str:
    """The server's own words about one refused change."""
    return outcome_text(bytes(entry.response.outcome) or bytes(entry.resource))
