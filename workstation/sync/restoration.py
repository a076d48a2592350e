"""After the server was restored or emptied: what it forgot is offered to it again, by a person.

The engine stops when it recognises such a server (`pull.guard`, `acquaintance`). Nothing is sent
or removed then. A person looks at `compare` and decides: `send_again` puts everything that the
server forgot, or has in an older version, back into the queue; what it has newer is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from workstation.kernel.clock import Clock
from workstation.store import Author, Store, mirror, queue, sync_state
from workstation.store.mirror import Known, Pulled
from workstation.store.record import Unit
from workstation.store.sync_state import Remembered
from workstation.sync import incoming
from workstation.sync.capabilities import Capabilities, claims
from workstation.sync.client import FhirClient
from workstation.sync.look_up import LookUp
from workstation.sync.probe import probe
from workstation.sync.pull.cursor import instant
from workstation.sync.pull.guard import Sentinel
from workstation.sync.reconcile import meet
from workstation.sync.server import Server
from workstation.sync.status import Loss
from workstation.sync.translation import Translation


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a restored server does not have any more.

    Attributes:
        missing: ``Type/id`` that it does not know.
        older: ``Type/id`` that it has in an older version.
        newer: What it has newer than the copy here.
        apart: What others have written on it since, beside what it forgot.
        epoch: Of the server as it is now.
    """

    missing: tuple[str, ...]
    older: tuple[Pulled, ...]
    newer: tuple[Pulled, ...]
    epoch: str
    apart: tuple[Pulled, ...] = ()

    @property
    def loss(self) -> Loss:
        """The same as a person is told of it."""
        older = tuple(f"{each.type}/{each.id}" for each in (*self.older, *self.apart))
        return Loss(self.missing, older, len(self.newer))


def compare(store: Store, client: FhirClient) -> Forgotten:
    """Find out what the server forgot. Nothing is changed on either side.

    Raises:
        Unavailable: The server cannot be asked.
    """
    claimed = claims(client)
    server = _server(store, client)
    with store.read() as view:
        known = mirror.everything(view)
    now = LookUp(server).now([each.reference for each in known])
    missing: list[str] = []
    older: list[Pulled] = []
    newer: list[Pulled] = []
    apart: list[Pulled] = []
    for each in known:
        status, theirs = now[each.reference]
        if theirs is None:
            if status == HTTPStatus.NOT_FOUND:
                missing.append(each.reference)
            else:
                newer.append(incoming.gone(each.type, each.id))
        elif not theirs.fault and _sentinel(each, status, theirs).went_back:
            (apart if _is_later(each, theirs) else older).append(theirs)
        elif theirs.fault or theirs.version != each.version:
            newer.append(theirs)
    return Forgotten(tuple(missing), tuple(older), tuple(newer), claimed.epoch, tuple(apart))


def send_again(
    store: Store, client: FhirClient, forgotten: Forgotten, clock: Clock, author: Author
) -> int:
    """Put what the server forgot back into the queue, and accept its database as it is now.

    Args:
        store: This terminal's.
        client: Speaks to the server.
        forgotten: What a person has looked at.
        clock: This terminal's.
        author: The person who decided it.

    Returns:
        How many resources will be sent.
    """
    base = client.transport.base
    with store.write(author) as unit:
        for reference in forgotten.missing:
            _create_again(unit, base, reference, clock.now())
        for theirs in forgotten.older:
            _update_again(unit, theirs)
        for theirs in forgotten.apart:
            _bring_together(unit, theirs, clock.now())
        for theirs in forgotten.newer:
            for met, row in mirror.apply(unit, [theirs]).meeting:
                meet(unit, met, row, clock.now())
        sync_state.remember(unit, base, Remembered(forgotten.epoch, ""), clock.now())
        sync_state.forget_cursors(unit)
    return forgotten.loss.count


def _create_again(unit: Unit, base: str, reference: str, now: datetime) -> None:
    type_, _, id_ = reference.partition("/")
    row = _intend(unit, type_, id_)
    if row.operation == "delete":
        queue.settle_unsent(unit, row, now, HTTPStatus.NOT_FOUND)
        mirror.drop(unit, row.key)
        return
    queue.rebase(unit, row, version=None, base_body=None, body=row.body, operation="create")
    sync_state.unmap(unit, base, reference)
    mirror.drop(unit, (type_, id_))
    queue.reindex(unit, [row.key])


def _update_again(unit: Unit, theirs: Pulled) -> None:
    row = _intend(unit, theirs.type, theirs.id)
    mirror.apply(unit, [theirs])
    queue.rebase(
        unit,
        row,
        version=theirs.version,
        base_body=theirs.body,
        body=row.body,
        operation="delete" if row.operation == "delete" else "update",
    )


def _bring_together(unit: Unit, theirs: Pulled, now: datetime) -> None:
    """Merge two histories that have no known start in common: where they differ, people decide."""
    row = _intend(unit, theirs.type, theirs.id)
    mirror.apply(unit, [theirs])
    queue.rebase(
        unit,
        row,
        version=theirs.version,
        base_body=None,
        body=row.body,
        operation="delete" if row.operation == "delete" else "update",
    )
    meet(unit, theirs, queue.waiting(unit, [row.key])[row.key], now)


def _intend(unit: Unit, type_: str, id_: str) -> queue.Waiting:
    """The pending row of a resource, made from the copy here when there is none."""
    row = queue.waiting(unit, [(type_, id_)]).get((type_, id_))
    if row is None:
        seen = unit.get(type_, id_)
        if seen is None:
            message = f"no copy of a {type_} that was compared"
            raise ValueError(message)
        unit.update(seen.resource(), seen=seen)
        row = queue.waiting(unit, [(type_, id_)])[type_, id_]
    return row


def _sentinel(each: Known, status: int, theirs: Pulled) -> Sentinel:
    return Sentinel(each.version, each.last_updated, status, theirs.version, theirs.last_updated)


def _is_later(each: Known, theirs: Pulled) -> bool:
    """Whether the server's version was written after the one that is known here."""
    before, now = instant(each.last_updated), instant(theirs.last_updated)
    return before is not None and now is not None and now > before


def _server(store: Store, client: FhirClient) -> Server:
    with store.read() as view:
        known = sync_state.remembered(view, client.transport.base)
        pairs = sync_state.id_map(view, client.transport.base)
    found = known.probe if known is not None else ""
    capabilities = Capabilities.decoded(found) if found else probe(client, claims(client))
    return Server(client, capabilities, Translation(pairs))
