"""Founding a terminal: its keys, its record, its first person; and finishing what was cut off.

A set-up may be killed at any moment. A mark, written first and taken away last, tells the next
log-in that the founding must be finished. Nothing is ever made anew over a record that was
finished, whatever the mark says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.kernel import sidecar
from workstation.kernel.clock import Clock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId, PersonId
from workstation.security import lost_keys
from workstation.security.lost_keys import MARK

if TYPE_CHECKING:
    from workstation.security.keys import Cost, KeyRing
    from workstation.security.people import Person
    from workstation.store import Store


def found_terminal(
    folder: Path,
    people: Sequence[tuple[Person, str]],
    clock: Clock,
    *,
    cost: Cost | None = None,
) -> Store:
    """Make the keys and the empty record of a new terminal.

    Args:
        folder: Where they are to be.
        people: Who may unlock it, each with a PIN.
        clock: Where times come from.
        cost: Of one guess of a PIN; the default is for real use.

    Returns:
        The open store.

    Raises:
        Refused: ``weak-pin``; ``store-exists``: what is there is never replaced.
        Damaged: ``keys-missing``: a record is there without its keys; nothing was changed.
        ValueError: Nobody could open it.
    """
    from workstation.security.keys import KeyRing

    if not people:
        raise ValueError("a terminal needs at least one person")
    ring, key = KeyRing.found(folder, clock)
    for person, pin in people:
        ring.add(key, person, pin, cost=cost)
    return _record(folder, key, clock)


def set_up(
    folder: Path, person: Person, pin: str, clock: Clock, *, cost: Cost | None = None
) -> Store:
    """Found a terminal for its first person, whom the record is to know.

    Args:
        folder: Where it is to be.
        person: Who sets it up.
        pin: Theirs.
        clock: Where times come from.
        cost: Of one guess of the PIN; the default is for real use.

    Raises:
        Refused: As `found_terminal`.
        Damaged: As `found_terminal`.
    """
    lost_keys.refuse_to_begin(folder)
    mark = folder / MARK
    folder.mkdir(parents=True, exist_ok=True)
    sidecar.write(mark, json.dumps({"person": person.id}).encode())
    store = found_terminal(folder, ((person, pin),), clock, cost=cost)
    _introduced(store, person)
    mark.unlink()
    return store


def opened(folder: Path, ring: KeyRing, key: bytes, clock: Clock) -> Store:
    """Open the record of a terminal; do first what is left of a set-up that was cut off.

    Args:
        folder: Of the terminal.
        ring: Its people.
        key: Raw data key, as somebody has just unlocked it.
        clock: Where times come from.

    Raises:
        Damaged: The record cannot be read.
    """
    from workstation.store import Store, files

    mark = folder / MARK
    if not mark.exists():
        return Store.open(folder, key, clock=clock)
    first = PersonId(json.loads(mark.read_bytes())["person"])
    if files.unfinished(folder, key):
        store = _record(folder, key, clock)
    else:
        store = Store.open(folder, key, clock=clock)
        files.write_fingerprint(folder, key)
    for person in ring.people():
        if person.id == first:
            _introduced(store, person)
    mark.unlink()
    return store


def _record(folder: Path, key: bytes, clock: Clock) -> Store:
    from workstation.store import Store

    return Store.create(folder, key, device=DeviceId(uuid7()), clock=clock)


def _introduced(store: Store, person: Person) -> None:
    from workstation import staff

    with store.read() as view:
        known = view.get("Practitioner", person.id) is not None
    if not known:
        staff.introduce(store, person, person)
