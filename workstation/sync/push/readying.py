"""Makes changes ready for the wire: what must not go as it is, is settled; the rest is frozen.

The exact text of a change and the names of its authors are committed before its first byte leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from workstation.kernel.clock import Clock
from workstation.store import Store, parking, queue
from workstation.store.queue import Waiting
from workstation.sync.look_up import LookUp
from workstation.sync.push import authorship
from workstation.sync.push.deletion import Deletion
from workstation.sync.push.outgoing import Outgoing, prepare
from workstation.sync.push.settled import Settled
from workstation.sync.push.settling import Settling
from workstation.sync.push.shared_ids import made_elsewhere
from workstation.sync.server import Server

_UNSAFE: Final = "unsafe-update"


class Readying:
    """Makes the changes of one store ready for one server.

    Args:
        store: This terminal's.
        server: The other side.
        settling: Settles what need not or must not go.
        clock: This terminal's.
        take: Told at once what was settled.
    """

    def __init__(
        self,
        store: Store,
        server: Server,
        settling: Settling,
        clock: Clock,
        take: Callable[[Settled], None],
    ) -> None:
        self._store = store
        self._capabilities = server.capabilities
        self._names = server.names
        self._clock = clock
        self._take = take
        self._look_up = LookUp(server)
        self._doubts = settling.doubts
        self._deletion = Deletion(store, server, settling, clock)

    def frozen(self, rows: Sequence[Waiting]) -> list[Outgoing]:
        """Make changes ready and freeze them; deletions, and what must not go, are left out."""
        deletes = [row for row in rows if row.operation == "delete"]
        updates = [row for row in rows if row.operation != "delete"]
        for row in deletes:
            self._take(self._deletion.send(row))
        if not self._capabilities.guards_updates:
            updates = self._asked_first(updates)
        else:
            updates = self._guarded(updates)
        if not self._capabilities.honours_none_match:
            updates, met = made_elsewhere(updates, self._look_up, self._doubts)
            self._take(met)
        if not updates:
            return []
        prepared = [prepare(row, self._capabilities, self._names) for row in updates]
        self.freeze(prepared)
        return prepared

    def freeze(self, prepared: Sequence[Outgoing]) -> None:
        """Commit the exact text of what is about to leave, and who wrote it."""
        now = self._clock.now()
        with self._store.write() as unit:
            authorship.record(unit, [out.row for out in prepared], now)
            queue.freeze(unit, [(out.row, out.text) for out in prepared], now)

    def thaw(self, prepared: Sequence[Outgoing]) -> None:
        """Take back what was frozen and never left."""
        self._doubts.thaw([out.row.key for out in prepared])

    def _asked_first(self, rows: Sequence[Waiting]) -> list[Waiting]:
        """On a server that does not guard updates, only what a person has confirmed goes."""
        asked = [row for row in rows if row.operation == "update" and row.last_answer != _UNSAFE]
        if asked:
            with self._store.write() as unit:
                for row in asked:
                    parking.park(
                        unit, row.key, self._clock.now(), status=0, code=_UNSAFE, outcome=_UNSAFE
                    )
            self._take(Settled(parked=len(asked)))
        safe = [row for row in rows if row not in asked]
        return self._doubts.unchanged_there(safe)

    def _guarded(self, rows: Sequence[Waiting]) -> list[Waiting]:
        """What names the version it stands on; the others learn it first, from the server."""
        blind = [row for row in rows if row.operation == "update" and not row.base_version]
        settled, free = self._doubts.learn_versions(blind)
        self._take(settled)
        return [row for row in rows if row not in blind or row in free]
