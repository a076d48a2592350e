"""One terminal of a drill: a process with its own store and sync, asked over its pipes.

Each line on standard input is a question (``{"do": …, "with": {…}}``), each line on standard
output its answer. The process may be killed at any time; what it answered must still be there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from workstation.drill import acts
from workstation.fhir import json
from workstation.kernel.changes import Changes
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused, Unavailable, WorkstationError
from workstation.kernel.ids import DeviceId, PersonId, WardId
from workstation.security.keys import Cost, KeyRing
from workstation.security.people import Person
from workstation.services import conflicts, ward_board
from workstation.services.desk import Desk
from workstation.store import Store, journal
from workstation.sync.engine import SyncEngine
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request, Response, Transport

_QUICK = Cost(passes=1, memory_kib=8_192, lanes=1)
"""Unlocking is no part of what a drill proves; the ring and the wrapping are the real ones."""


class Cable:
    """A transport whose network cable can be pulled out."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.plugged = True

    @property
    def base(self) -> str:
        """The server's base address."""
        return self._inner.base

    def send(self, request: Request) -> Response:
        """Carry one request, if the cable is in."""
        if not self.plugged:
            raise Unavailable("offline")
        return self._inner.send(request)


class Terminal:
    """What the process does when it is asked."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._answers: dict[str, Callable[..., Any]] = {
            "open": self.open,
            "sit": self.sit,
            "sync": self.sync,
            "plug": self.plug,
            "act": self.act,
            "ward": self.ward,
            "conflicts": self.conflicts,
            "collisions": self.collisions,
            "status": self.status,
            "saves": self.saves,
            "shown": self.shown,
            "known_as": self.known_as,
        }

    def answer(self, question: Mapping[str, Any]) -> Any:
        """Do what a question asks.

        Raises:
            Refused: ``unknown-question``; and whatever doing it raises.
        """
        do = self._answers.get(question["do"])
        if do is None:
            raise Refused("unknown-question", do=question["do"])
        return do(**question["with"])

    def open(
        self, *, folder: str, base: str, ward: str, device: str, people: list[dict[str, str]]
    ) -> str:
        """Open the store of this terminal, or make it when it is not there yet.

        Args:
            folder: Where the store is.
            base: The server's base address.
            ward: Id of the ward.
            device: Id of this terminal.
            people: Who may unlock it: ``id``, ``name``, ``role`` and ``pin``.

        Returns:
            ``created`` or ``opened``.
        """
        place = Path(folder)
        self._people = {
            each["id"]: Person(PersonId(each["id"]), each["name"], _role(each["role"]))
            for each in people
        }
        self._ward = WardId(ward)
        opener = people[0]
        if (place / "people.json").exists():
            key = KeyRing.load(place, self._clock).unlock(PersonId(opener["id"]), opener["pin"])
            self._store = Store.open(place, key, clock=self._clock)
            done = "opened"
        else:
            ring, key = KeyRing.found(place, self._clock)
            for each in people:
                ring.add(key, self._people[each["id"]], each["pin"], cost=_QUICK)
            self._store = Store.create(place, key, device=DeviceId(device), clock=self._clock)
            done = "created"
        self._cable = Cable(HttpTransport(base))
        self._engine = SyncEngine(self._store, self._cable, self._ward, clock=self._clock)
        self.sit(person=opener["id"])
        return done

    def sit(self, *, person: str) -> None:
        """Let another person take the chair."""
        self._desk = Desk(self._store, self._clock, self._people[person], self._ward)

    def plug(self, *, plugged: bool) -> None:
        """Put the network cable in, or pull it out."""
        self._cable.plugged = plugged
