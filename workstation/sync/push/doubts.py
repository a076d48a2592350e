"""Finds out what became of changes whose answer is missing or surprising, before anything else.

The server is read outside of any transaction; what is found is then written, each record for
itself: it was ours, or it is merged, or a person has to decide, or it is sent anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from workstation.kernel.clock import Clock
from workstation.store import Store, mirror, parking, queue
from workstation.store.keys import Key
from workstation.store.mirror import Pulled
from workstation.store.queue import Waiting
from workstation.store.record import Unit
from workstation.sync import incoming
from workstation.sync.look_up import STUMBLES, LookUp
from workstation.sync.push.acceptance import Acceptance
from workstation.sync.push.answers import GIVE_UP_AFTER, later
from workstation.sync.push.settled import Settled, touched
from workstation.sync.reconcile import Meeting, is_ours, meet, meet_after
from workstation.sync.server import Server
from workstation.sync.wire import outcome_text


class Doubts:
    """Looks up changes of one store on one server.

    Args:
        store: This terminal's.
        server: The other side.
        look_up: Reads single records.
        acceptance: Remembers the ids that the server chose.
        clock: This terminal's.
    """

    def __init__(
        self, store: Store, server: Server, look_up: LookUp, acceptance: Acceptance, clock: Clock
    ) -> None:
        self._store = store
        self._names = server.names
        self._look_up = look_up
        self._acceptance = acceptance
        self._clock = clock

    def settle(self, rows: Sequence[Waiting]) -> Settled:
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

    def learn_versions(self, rows: Sequence[Waiting]) -> tuple[Settled, list[Waiting]]:
        """Lay updates that name no version on what the server has now.

        Returns:
            What was done, and those that may go as they are: what a person has brought back from
            a deletion that the server still knows nothing newer of.
        """
        settled, free = Settled(), []
        found = self._look_up.now([row.reference for row in rows])
        for row in rows:
            theirs = found[row.reference][1]
            if theirs is None and self._was_deleted(row):
                free.append(row)
            else:
                settled += self.meet(row, theirs)
        return settled, free

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

    def thaw(self, keys: Sequence[Key]) -> None:
        """The server certainly did not apply these: they may be sent anew."""
        with self._store.write() as unit:
            queue.thaw(unit, keys)

    def _one_doubt(self, row: Waiting, status: int, theirs: Pulled | None) -> Settled:
        if theirs is None and row.operation == "create":
            if status == HTTPStatus.GONE and self._look_up.own_version(row) is not None:
                return self.meet(row, None)  # it arrived, and somebody has deleted it since
            self.thaw([row.key])
            return Settled()
        if theirs is not None and theirs.version and theirs.version == row.base_version:
            self.thaw([row.key])
            return Settled(met=(row.key,))
        return self.meet(row, theirs)

    def _one_nameless(self, row: Waiting) -> Settled:
        found = self._look_up.created(row)
        if found is None:
            self.thaw([row.key])
            return Settled()
        there, theirs = found
        with self._store.write() as unit:
            self._acceptance.learn(unit, {row.reference: there})
        return self.meet(row, theirs)

    def meet(self, row: Waiting, theirs: Pulled | None) -> Settled:
        """Bring a change together with what the server has now; None when it has nothing."""
        now = self._clock.now()
        theirs = theirs or incoming.gone(row.type, row.id)
        if theirs.fault:
            return self._unreadable_there(row, theirs)
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
            changes = unit.changes | touched([row])
        return Settled(
            sent=int(came in (Meeting.OURS, Meeting.SAME)),
            merged=int(came is Meeting.MERGED),
            conflicts=int(came is Meeting.CONFLICT),
            met=(row.key,) if came is Meeting.MERGED else (),
            changes=changes,
        )

    def _unreadable_there(self, row: Waiting, theirs: Pulled) -> Settled:
        """Park a change whose newer version on the server nobody here can read."""
        now = self._clock.now()
        with self._store.write() as unit:
            if not queue.waiting(unit, [row.key]):
                return Settled()
            if theirs.odd == STUMBLES:
                return self._stumbled_over(unit, row, theirs)
            mirror.apply(unit, [theirs])
            parking.park(
                unit, row.key, now, status=HTTPStatus.CONFLICT, code="unreadable-there", outcome=""
            )
            return Settled(parked=1, changes=unit.changes | touched([row]))

    def _stumbled_over(self, unit: Unit, row: Waiting, theirs: Pulled) -> Settled:
        """Ask again later, and after some tries let a person hear of it."""
        now, status = self._clock.now(), HTTPStatus.INTERNAL_SERVER_ERROR
        if row.attempts < GIVE_UP_AFTER:
            parking.postpone(unit, row.key, later(now, row.attempts), status, tries=1)
            return Settled(changes=touched([row]))
        words = outcome_text(theirs.body)
        parking.park(unit, row.key, now, status=status, code="refused-by-server", outcome=words)
        return Settled(parked=1, changes=touched([row]))

    def _has_no_name_yet(self, row: Waiting) -> bool:
        return self._names.there(row.reference) == row.reference and self._look_up.by_key(row)

    def _was_deleted(self, row: Waiting) -> bool:
        with self._store.read() as view:
            copy = view.server_copy(row.type, row.id)
        return copy is not None and copy.deleted
