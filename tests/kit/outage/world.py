"""The hospital, its terminals, and a ledger of everything that anybody saved."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.outage.archive import Archive
from tests.kit.outage.places import BEGIN, WARD, furnished
from tests.kit.outage.terminal import Terminal
from workstation.fhir.json import canonical
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import WardId

Json = dict[str, Any]


@dataclass
class Saved:
    """One value that somebody saved.

    Attributes:
        token: Occurs nowhere else.
        where: ``Type/id element``.
        who: Of which terminal.
        records: How many records were made with it; 0 for an edit.
    """

    token: str
    where: str
    who: str
    records: int = 0


@dataclass
class World:
    """A hospital and its terminals.

    Attributes:
        folder: Of the stores.
        behaviour: Of the hospital's server.
        terminals: How many there are.
        seed: Of every choice that is made here.
        wards: Where they stand, by turns.
        saved: Everything that anybody saved.
        replaced: Tokens that somebody replaced, who had seen them.
        forgotten: Tokens that the server had and lost by a restore, with nobody to bring them back.
    """

    folder: Path
    behaviour: Behaviour
    terminals: int
    seed: int
    wards: tuple[WardId, ...] = (WARD,)
    saved: list[Saved] = field(default_factory=list)
    replaced: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.clock = ManualClock(BEGIN)
        self.hospital = HospitalDouble(Behaviour(), clock=self.clock)
        self.archive = Archive(self.hospital)
        staff = [
            {"resourceType": "Practitioner", "id": f"{role}-{number}"}
            for number in range(1, self.terminals + 1)
            for role in ("doctor", "nurse", "head-nurse")
        ]
        for resource in [*(each for ward in self.wards for each in furnished(ward)), *staff]:
            name = f"{resource['resourceType']}/{resource['id']}"
            answer = self.hospital.ask("PUT", name, resource)
            assert answer.ok, answer.body
        self.hospital.behaviour = self.behaviour
        self.all = [
            Terminal(self.folder, n, self.hospital, self.wards[n % len(self.wards)])
            for n in range(1, self.terminals + 1)
        ]
        for terminal in self.all:
            report = terminal.sync()
            assert report is not None
            assert report.complete, report

    def pass_time(self, seconds: float = 7) -> None:
        for clock in (self.clock, *(terminal.clock for terminal in self.all)):
            clock.advance(timedelta(seconds=seconds))

    def told(self) -> str:
        """Every word that the hospital ever got, conflicts unpacked."""
        return self.archive.text()

    def close(self) -> None:
        for terminal in self.all:
            terminal.close()
        self.hospital.close()

    # The ledger.

    def token(self, terminal: Terminal, where: str, records: int = 0) -> str:
        """A new token for what is about to be saved."""
        token = f"v{len(self.saved):03d}v"
        self.saved.append(Saved(token, where, terminal.name, records))
        return token

    def note_replaced(self, before: Json | None, after: Json | None) -> None:
        """Somebody who saw `before` made `after` of it: what is missing is missing knowingly."""
        gone = canonical(before) if before else ""
        kept = canonical(after) if after else ""
        self.replaced |= {s.token for s in self.saved if s.token in gone and s.token not in kept}
