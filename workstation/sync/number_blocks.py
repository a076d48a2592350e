"""Leases blocks of numbers from the server: a counter that is moved with ``If-Match``.

The counter is a ``Basic`` resource. Who moves it from n to n + size owns the numbers between; who
loses the race is told by the 412 and tries again. On a server that does not guard updates no
numbers are leased at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from workstation.fhir import systems
from workstation.fhir.json import Resource, dump_bytes, parse
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Unavailable
from workstation.kernel.identity import uuid7
from workstation.store import Store, numbers
from workstation.store.numbers import Block
from workstation.sync.client import weak_tag
from workstation.sync.server import Server
from workstation.sync.wire import Request, raise_for, resource_of

_NEXT: Final = f"{systems.BASE}/StructureDefinition/next-number"
_TRIES: Final = 5
_RACE: Final = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)


@dataclass(frozen=True, slots=True)
class NumberKind:
    """One sort of numbers.

    Attributes:
        kind: Such as ``record``.
        prefix: Put before each number.
        size: How many are leased at once.
        reserve: A new block is leased when fewer are left.
    """

    kind: str
    prefix: str = ""
    size: int = 50
    reserve: int = 20


RECORD_NUMBERS: Final = NumberKind("record")


def replenish(store: Store, server: Server, kind: NumberKind, clock: Clock) -> bool:
    """Lease a block if few numbers are left.

    Args:
        store: Keeps the block.
        server: Leases it.
        kind: Which numbers.
        clock: This terminal's.

    Returns:
        Whether a block was leased.

    Raises:
        Unavailable: The server went away; ``throttled`` when others are always faster.
    """
    if not server.capabilities.guards_updates:
        return False
    with store.read() as view:
        if numbers.left(view, kind.kind) >= kind.reserve:
            return False
    for _ in range(_TRIES):
        counter = _counter(server, kind)
        first = _next(counter)
        if _moved(server, counter, first + kind.size):
            with store.write() as unit:
                block = Block(uuid7(), kind.kind, kind.prefix, first, first + kind.size - 1)
                numbers.add(unit, block, clock.now())
            return True
    raise Unavailable("throttled", kind=kind.kind)


def _counter(server: Server, kind: NumberKind) -> Resource:
    """The counter as it is on the server; made when there is none."""
    key = f"identifier={systems.NUMBER_BLOCK}|{kind.kind}"
    page = server.client.bundle(f"Basic?{key}")
    found = sorted(
        (entry for entry in page.entry if entry.search.mode == "match" and entry.resource),
        key=lambda entry: entry.header().id,
    )
    if found:
        return parse(bytes(found[0].resource))
    made = dump_bytes(_new_counter(kind))
    answer = server.client.send(Request("POST", "Basic", made, {"If-None-Exist": key}))
    raise_for(answer)
    return resource_of(answer, "Basic")


def _new_counter(kind: NumberKind) -> Resource:
    return {
        "resourceType": "Basic",
        "extension": [{"url": _NEXT, "valueInteger": 1}],
        "identifier": [{"system": systems.NUMBER_BLOCK, "value": kind.kind}],
        "code": {"coding": [{"system": systems.NUMBER_BLOCK, "code": kind.kind}]},
    }


def _next(counter: Resource) -> int:
    return int(next(e["valueInteger"] for e in counter["extension"] if e["url"] == _NEXT))


def _moved(server: Server, counter: Resource, to: int) -> bool:
    """Whether this terminal moved the counter; False when another one was faster."""
    extensions: list[dict[str, Any]] = [
        {**each, "valueInteger": to} if each["url"] == _NEXT else each
        for each in counter["extension"]
    ]
    answer = server.client.send(
        Request(
            "PUT",
            f"Basic/{counter['id']}",
            dump_bytes({**counter, "extension": extensions}),
            {"If-Match": weak_tag(str(counter["meta"]["versionId"]))},
        )
    )
    if answer.status in _RACE:
        return False
    raise_for(answer)
    return True
