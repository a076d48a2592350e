"""Who comes through the door during a drill: somebody invented, whom the server has never seen."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from workstation.fhir import systems
from workstation.sync.client import FhirClient

_FAMILIES: Final = ("Phan", "Lương", "Đặng", "Tạ", "Kiều", "Mạc", "Cao", "Thái", "La", "Âu")
_MIDDLES: Final = ("Văn", "Đình", "Quốc", "Hữu", "Công", "Trọng", "Bá", "Thế")
_GIVEN: Final = ("Trình", "Khải", "Lộc", "Nghĩa", "Phúc", "Thạch", "Tường", "Vượng", "Xuân", "Ân")
_EARLIEST: Final = date(1930, 1, 1)
_DAYS: Final = 25_000
"""Of birth: from 1930 into 1998."""
_HANOI: Final = "001"
_MAN_OF_THE_1900S: Final = "0"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An invented man: name, day of birth and a citizen number that fits them."""

    name: str
    born: str
    national_id: str

    def arguments(self) -> dict[str, str]:
        """What the act ``admit-newcomer`` is done with, but for the bed."""
        return asdict(self)


def newcomer(client: FhirClient, seed: int) -> Newcomer:
    """The first of the people of a seed whose citizen number the server does not know.

    A drill leaves its newcomer on the server, so that the next one there needs another.

    Args:
        client: Speaks to the server.
        seed: The same seed gives the same people, one after another.

    Raises:
        Unavailable: The server cannot be reached.
        Rejected: It cannot search for a patient by identifier.
    """
    number = 0
    while True:
        person = invented(seed, number)
        mark = quote(f"{systems.NATIONAL_ID}|{person.national_id}", safe="")
        page = client.bundle(f"Patient?identifier={mark}&_count=1")
        if not any(entry.search.mode != "outcome" for entry in page.entry):
            return person
        number += 1


def invented(seed: int, number: int) -> Newcomer:
    """One of the people of a seed."""
    chance = random.Random(f"newcomer {seed} {number}")  # noqa: S311 - must be repeatable
    name = " ".join(chance.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVEN))
    born = _EARLIEST + timedelta(days=chance.randrange(_DAYS))
    serial = f"{chance.randrange(10**6):06d}"
    national_id = f"{_HANOI}{_MAN_OF_THE_1900S}{born.year % 100:02d}{serial}"
    return Newcomer(name, born.isoformat(), national_id)
