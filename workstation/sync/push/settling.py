"""Turns the server's answers into rows: accepted, merged, parked, postponed, released.

Everything that one batch was answered is written in one transaction. What needs another look at
the server (409, 412, 404, 410, no answer) is read first, outside of any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from workstation.kernel.changes import Changes
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Rejected, Unavailable
from workstation.kernel.ids import is_name_uuid
from workstation.store import Store, mirror, parking, queue
from workstation.store.keys import Key
from workstation.store.mirror import Pulled
from workstation.store.queue import Answer, Waiting
from workstation.sync import incoming
from workstation.sync.client import Entry, status_in
from workstation.sync.look_up import LookUp
from workstation.sync.push.acceptance import Acceptance
from workstation.sync.push.answers import Verdict, verdict
from workstation.sync.push.outgoing import Outgoing
from workstation.sync.reconcile import Meeting, is_ours, meet, meet_after
from workstation.sync.server import Server
from workstation.sync.wire import outcome_text


@dataclass(frozen=True, slots=True)
class Settled:
    """What some answers did.

    Attributes:
        sent: Changes that the server has now.
        merged: Changes laid on a newer version.
        conflicts: Conflicts opened.
        parked: Changes that the server refused.
        met: Changes that met a newer version and are to be sent again.
        changes: For the screens.
    """

    sent: int = 0
    merged: int = 0
    conflicts: int = 0
    parked: int = 0
    met: tuple[Key, ...] = ()
    changes: Changes = field(default_factory=Changes)

    def __add__(self, other: Settled) -> Settled:
        """Both together."""
        return Settled(
            self.sent + other.sent,
            self.merged + other.merged,
            self.conflicts + other.conflicts,
            self.parked + other.parked,
            self.met + other.met,
            self.changes | other.changes,
        )


class Settling:
    """Writes answers into one store.

    Args:
        store: This terminal's.
        server: The other side.
        look_up: Reads single records.
        clock: This terminal's.
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
        self._look_up = look_up
        self._names = server.names
        self._clock = clock
        self._acceptance = Acceptance(server, look_up)

    def answers(self, prepared: Sequence[Outgoing], entries: Sequence[Entry]) -> Settled:
        """Settle the answers to one batch, transaction or single request.

        What the server did not get to stays in doubt; the next step looks it up and sends it.

        Raises:
            Unavailable: ``sign-in``, after everything else was settled; ``throttled`` when the
                server did not get to any of it.
        """
        sorted_out: dict[Verdict, list[tuple[Outgoing, Entry, int]]] = {}
        for out, entry in zip(prepared, entries, strict=True):
            status = status_in(entry.response.status)
            said = _said(out, status)
            sorted_out.setdefault(said, []).append((out, entry, status))
        accepted = sorted_out.get(Verdict.ACCEPTED, [])
        settled = self._write(
            [self._acceptance.read(out, entry, status) for out, entry, status in accepted],
            sorted_out.get(Verdict.PARK, []),
            sorted_out.get(Verdict.LATER, []),
        )
        again = [
            out.row
            for said in (Verdict.CHANGED, Verdict.MISSING, Verdict.DOUBT)
            for out, _, _ in sorted_out.get(said, [])
        ]
        if again:
            settled += self.doubts([self._frozen(row) for row in again])
        if Verdict.SIGN_IN in sorted_out:
            self._thaw([out.row.key for out, _, _ in sorted_out[Verdict.SIGN_IN]])
            raise Unavailable("sign-in", status=sorted_out[Verdict.SIGN_IN][0][2])
        if len(sorted_out.get(Verdict.BUSY, ())) == len(prepared):
            raise Unavailable("throttled", retry_after=None)
        return settled

    def refused_whole(self, prepared: Sequence[Outgoing], error: Rejected) -> Settled:
        """Park changes that only go together and were refused together."""
        status = int(str(error.data["status"]))
        if status in (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED):
            return self.doubts([self._frozen(out.row) for out in prepared])
        with self._store.write() as unit:
            for out in prepared:
                parking.park(
                    unit,
                    out.row.key,
                    self._clock.now(),
                    status=status,
                    code="refused-by-server",
                    outcome=str(error.data["outcome"]),
                )
        return Settled(parked=len(prepared), changes=_of(prepared))

    def doubts(self, rows: Sequence[Waiting]) -> Settled:
        """Find out what became of changes whose answer is missing or surprising."""
        settled = Settled()
        known = [row for row in rows if not self._has_no_name_yet(row)]
        found = self._look_up.now([row.reference for row in known])
        for row in known:
            status, theirs = found[row.reference]
            settled += self._one_doubt(row, status, theirs)
        for row in rows:
            if row not in known:
                settled += self._one_nameless(row)
        return settled

    def unchanged_there(self, rows: Sequence[Waiting]) -> list[Waiting]:
        """Those updates whose base is still the server's version, read right now."""
        if not rows:
            return []
        found = self._look_up.now([row.reference for row in rows if row.operation != "create"])
        same = []
        for row in rows:
            theirs = found.get(row.reference, (0, None))[1]
            if row.operation == "create" or (theirs and theirs.version == row.base_version):
                same.append(row)
            else:
                self.meet(row, theirs)
        return same

    def _one_doubt(self, row: Waiting, status: int, theirs: Pulled | None) -> Settled:
        if theirs is None and row.operation == "create":
            self._thaw([row.key])
            return Settled()
        if theirs is not None and theirs.version and theirs.version == row.base_version:
            self._thaw([row.key])
            return Settled(met=(row.key,))
        del status
        return self.meet(row, theirs)

    def _one_nameless(self, row: Waiting) -> Settled:
        found = self._look_up.created(row)
        if found is None:
            self._thaw([row.key])
            return Settled()
        there, theirs = found
        with self._store.write() as unit:
            self._acceptance.learn(unit, {row.reference: there})
        return self.meet(row, theirs)

    def meet(self, row: Waiting, theirs: Pulled | None) -> Settled:
        """Bring a change together with what the server has now; None when it has nothing."""
        now = self._clock.now()
        theirs = theirs or incoming.gone(row.type, row.id)
        own = None
        if row.in_doubt and not is_ours(row, theirs):
            own = self._look_up.own_version(row)
        with self._store.write() as unit:
            current = queue.waiting(unit, [row.key]).get(row.key)
            if current is None:
                return Settled()
            if own is not None:
                came = meet_after(unit, own, theirs, current, now)
            else:
                mirror.apply(unit, [theirs])
                came = meet(unit, theirs, current, now)
            if came is Meeting.CONFLICT:
                parking.release(unit, [row.key])
            changes = unit.changes | _touched([row])
        return Settled(
            sent=int(came in (Meeting.OURS, Meeting.SAME)),
            merged=int(came is Meeting.MERGED),
            conflicts=int(came is Meeting.CONFLICT),
            met=(row.key,) if came is Meeting.MERGED else (),
            changes=changes,
        )

    def _write(
        self,
        accepted: Sequence[tuple[Answer, str]],
        refused: Sequence[tuple[Outgoing, Entry, int]],
        stumbled: Sequence[tuple[Outgoing, Entry, int]],
    ) -> Settled:
        now = self._clock.now()
        with self._store.write() as unit:
            self._acceptance.learn(
                unit, {f"{a.type}/{a.id}": there for a, there in accepted if there}
            )
            queue.acknowledge(unit, [answer for answer, _ in accepted], now)
            for out, entry, status in refused:
                words = outcome_text(bytes(entry.response.outcome) or bytes(entry.resource))
                parking.park(
                    unit,
                    out.row.key,
                    now,
                    status=status,
                    code="refused-by-server",
                    outcome=words,
                )
            for out, _, status in stumbled:
                until = now + timedelta(seconds=2.0 ** min(out.row.attempts + 1, 8))
                parking.postpone(unit, out.row.key, until, status)
        touched = [out.row for out, _, _ in (*refused, *stumbled)]
        return Settled(
            sent=len(accepted),
            parked=len(refused),
            changes=_touched(touched)
            | Changes(references=frozenset(f"{a.type}/{a.id}" for a, _ in accepted), queue=True),
        )

    def _has_no_name_yet(self, row: Waiting) -> bool:
        return self._names.there(row.reference) == row.reference and self._look_up.by_key(row)

    def _frozen(self, row: Waiting) -> Waiting:
        with self._store.read() as view:
            return queue.waiting(view, [row.key]).get(row.key, row)

    def _thaw(self, keys: Sequence[Key]) -> None:
        with self._store.write() as unit:
            queue.thaw(unit, keys)


def _said(out: Outgoing, status: int) -> Verdict:
    """What an answer means; a record found instead of made may be another terminal's."""
    found = out.entry.method == "POST" and status == HTTPStatus.OK
    if found and is_name_uuid(out.row.id):
        return Verdict.DOUBT
    return verdict(status, out.row.operation, out.row.attempts)


def _touched(rows: Sequence[Waiting]) -> Changes:
    return Changes(
        types=frozenset(row.type for row in rows),
        references=frozenset(row.reference for row in rows),
        patients=frozenset(row.patient for row in rows if row.patient),
        queue=True,
    )


def _of(prepared: Sequence[Outgoing]) -> Changes:
    return _touched([out.row for out in prepared])
