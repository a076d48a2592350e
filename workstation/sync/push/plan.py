"""Decides what may be sent next: parents before children, in batches a server can take.

A create may go when everything it refers to is on the server; what refers to a change that is
parked or in conflict is held; what refers to each other in a circle goes as one transaction. Only
one step is decided at a time: after its answers the rest is planned anew, so that one record that
stumbles never takes the others with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from workstation.store.keys import Key
from workstation.store.queue import Waiting

MAX_ENTRIES: Final = 100
MAX_BYTES: Final = 1_000_000
_REFERENCE: Final = re.compile(r'"reference"\s*:\s*"([A-Z][A-Za-z]+)/([A-Za-z0-9.\-]{1,64})[/"]')
"""Cannot match inside a string value: there, the quotes around the name are escaped."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next.

    Attributes:
        batches: Independent changes, to be sent batch by batch.
        circle: Changes that refer to each other, to be sent as one transaction.
        held: Changes that must wait, each with the ``Type/id`` it waits for.
    """

    batches: list[list[Waiting]] = field(default_factory=list)
    circle: list[Waiting] = field(default_factory=list)
    held: list[tuple[Key, str]] = field(default_factory=list)


def referred(body: str) -> set[Key]:
    """The resources that a body refers to, found without reading it as JSON."""
    return {(match[1], match[2]) for match in _REFERENCE.finditer(body)}


def next_step(
    rows: Sequence[Waiting],
    unborn: Mapping[Key, str],
    *,
    max_entries: int = MAX_ENTRIES,
    max_bytes: int = MAX_BYTES,
) -> Step:
    """Decide what to send now.

    Args:
        rows: What is ready, oldest first.
        unborn: What the rows refer to and the server does not have, with the state of its create.
        max_entries: Changes in one batch.
        max_bytes: Bytes of bodies in one batch.
    """
    parents = {
        row.key: (referred(row.body) & unborn.keys()) - {row.key} if unborn else set()
        for row in rows
    }
    held = [
        (row.key, _blocking(parents[row.key], unborn))
        for row in rows
        if _blocking(parents[row.key], unborn)
    ]
    stuck = {key for key, _ in held}
    free = [row for row in rows if not parents[row.key]]
    if free:
        return Step(batches=_batches(free, max_entries, max_bytes), held=held)
    rest = [row for row in rows if row.key not in stuck]
    return Step(circle=_circle(rest, parents), held=held)


def _blocking(parents: Iterable[Key], unborn: Mapping[Key, str]) -> str:
    for key in sorted(parents):
        if unborn[key] != "ready":
            return "/".join(key)
    return ""


def _batches(rows: Sequence[Waiting], max_entries: int, max_bytes: int) -> list[list[Waiting]]:
    batches: list[list[Waiting]] = []
    current: list[Waiting] = []
    size = 0
    for row in rows:
        if current and (len(current) >= max_entries or size + len(row.body) > max_bytes):
            batches.append(current)
            current, size = [], 0
        current.append(row)
        size += len(row.body)
    return [*batches, current] if current else batches


def _circle(rows: Sequence[Waiting], parents: Mapping[Key, set[Key]]) -> list[Waiting]:
    """A circle that refers to nothing outside itself; empty if there is none."""
    here = {row.key for row in rows}
    for row in rows:
        reached = _reached(row.key, parents)
        if reached <= here and all(row.key in _reached(key, parents) for key in reached):
            return [each for each in rows if each.key in reached | {row.key}]
    return []


def _reached(start: Key, parents: Mapping[Key, set[Key]]) -> set[Key]:
    found: set[Key] = set()
    edge = [start]
    while edge:
        for parent in parents.get(edge.pop(), ()):
            if parent not in found:
                found.add(parent)
                edge.append(parent)
    return found
