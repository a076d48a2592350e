"""People who unlock a store in tests, and keystores that are not this machine's."""

from __future__ import annotations

from workstation.kernel.errors import Refused
from workstation.kernel.ids import PersonId
from workstation.security.keys import Cost
from workstation.security.people import Person

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
NURSE = Person(PersonId("nurse-1"), "Lê Thị Mai", "nurse")
DOCTOR = Person(PersonId("doctor-1"), "Đỗ Quang Huy", "doctor")


PIN = "246813"


class AtHand:
    """Colleagues who prove who they are by `PIN`."""

    def __init__(self, *people: Person) -> None:
        self._people = people or (NURSE, DOCTOR)

    def people(self) -> tuple[Person, ...]:
        return self._people

    def prove(self, person: PersonId, pin: str) -> Person:
        if pin != PIN:
            raise Refused("wrong-pin", field="pin", failures=1, seconds=0.0)
        return next(each for each in self._people if each.id == person)


class NoKeystore:
    """A machine without a keystore."""

    def read(self, name: str) -> str | None:
        return None

    def write(self, name: str, secret: str) -> bool:
        return False


class MemoryKeystore:
    """A keystore that lives as long as the test."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.secrets.get(name)

    def write(self, name: str, secret: str) -> bool:
        self.secrets[name] = secret
        return True
