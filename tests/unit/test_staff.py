"""People of a terminal: added, removed, given another PIN, always by somebody who proves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kit.people import CHEAP, DOCTOR, NURSE, NoKeystore
from tests.kit.store import DEVICE
from workstation import staff
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused
from workstation.security.keys import KeyRing
from workstation.store import Store, audit
from workstation.terminal import Vouching
from workstation.ui.shell.terminal import NewPerson, Voucher

PIN, OTHER = "135790", "864209"


@dataclass
class Place:
    ring: KeyRing
    store: Store

    def add(self, pin: str = PIN, *, known: bool = False) -> None:
        voucher = Voucher(NURSE.id, pin)
        staff.add(self.ring, self.store, voucher, DOCTOR, OTHER, known=known, cost=CHEAP)

    def names(self) -> list[str]:
        return [person.name for person in self.ring.people()]

    def deeds(self) -> list[tuple[str, str | None, str | None]]:
        with self.store.read() as view:
            return [(each.action, each.person, each.reference) for each in audit.entries(view)]

    def practitioners(self) -> list[str]:
        with self.store.read() as view:
            return [each.id for each in view.find("Practitioner")]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = SystemClock()
    ring, key = KeyRing.found(tmp_path, clock, keystore=NoKeystore())
    ring.add(key, NURSE, PIN, cost=CHEAP)
    made = Place(ring, Store.create(tmp_path, key, device=DEVICE, clock=clock))
    yield made
    made.store.close()


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_person_is_added_and_opens_the_same_record(place: Place) -> None:
    file = place.store.folder / "ward.db"
    before = file.read_bytes()[:16]
    place.add()
    assert place.ring.unlock(DOCTOR.id, OTHER) == place.ring.unlock(NURSE.id, PIN)
    assert place.practitioners() == [DOCTOR.id]
    assert place.deeds() == [("add-person", "Practitioner/nurse-1", "Practitioner/doctor-1")]
    assert file.read_bytes()[:16] == before, "the salt of the file: it was not rewritten"


def test_a_person_of_the_hospital_has_a_practitioner_there_already(place: Place) -> None:
    place.add(known=True)
    assert place.practitioners() == []
    assert place.names() == [NURSE.name, DOCTOR.name]


def test_nobody_is_added_without_the_pin_of_somebody_here(place: Place) -> None:
    assert refused(lambda: place.add("000000")) == "wrong-pin"
    assert place.names() == [NURSE.name]
    assert place.practitioners() == []
    assert place.deeds() == []


def test_nobody_is_added_twice(place: Place) -> None:
    place.add()
    assert refused(place.add) == "already-exists"


def test_a_person_is_removed_by_somebody_else(place: Place) -> None:
    place.add()
    own = Voucher(DOCTOR.id, OTHER)
    assert refused(lambda: staff.remove(place.ring, place.store, own, DOCTOR.id)) == "own-account"
    wrong = Voucher(NURSE.id, "000000")
    assert refused(lambda: staff.remove(place.ring, place.store, wrong, DOCTOR.id)) == "wrong-pin"
    staff.remove(place.ring, place.store, Voucher(NURSE.id, PIN), DOCTOR.id)
    assert place.names() == [NURSE.name]
    assert place.practitioners() == [DOCTOR.id], "what they signed still refers to them"
    assert place.deeds()[0][0] == "remove-person"


def test_a_pin_is_changed_by_its_owner(place: Place) -> None:
    change = staff.change_pin
    assert refused(lambda: change(place.ring, place.store, NURSE.id, "1", OTHER)) == "wrong-pin"
    assert refused(lambda: change(place.ring, place.store, NURSE.id, PIN, "1")) == "weak-pin"
    staff.change_pin(place.ring, place.store, NURSE.id, PIN, OTHER)
    assert refused(lambda: place.ring.unlock(NURSE.id, PIN)) == "wrong-pin"
    place.ring.unlock(NURSE.id, OTHER)
    assert place.deeds() == [("change-pin", "Practitioner/nurse-1", "Practitioner/nurse-1")]


def test_a_newcomer_has_an_id_of_their_own() -> None:
    new = NewPerson("Mai Thị Sáu", "nurse", PIN)
    one, two = staff.newcomer(new), staff.newcomer(new)
    assert one.id != two.id
    assert (one.name, one.role) == ("Mai Thị Sáu", "nurse")


def test_somebody_proves_who_they_are_beside_the_person_who_works(place: Place) -> None:
    vouching = Vouching(lambda: place.ring)
    assert [each.name for each in vouching.people()] == [NURSE.name]
    assert vouching.prove(NURSE.id, PIN) == NURSE
    assert refused(lambda: vouching.prove(NURSE.id, OTHER)) == "wrong-pin"
    assert refused(lambda: vouching.prove(DOCTOR.id, OTHER)) == "unknown-person"
