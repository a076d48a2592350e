"""The people of a terminal: who is added, removed, gets another PIN, and who says who they are."""

from __future__ import annotations

from workstation.enrolment import connect
from workstation.fhir import systems
from workstation.kernel import settings as table
from workstation.kernel.clock import Clock
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PersonId
from workstation.kernel.settings import Settings
from workstation.security.keys import Cost, KeyRing
from workstation.security.people import ROLES, Person
from workstation.store import Author, Store, audit
from workstation.sync.sign_in import log_in
from workstation.ui.shell.terminal import NewPerson, Voucher


def vouched(new: NewPerson, settings: Settings, clock: Clock) -> Person:
    """Let the hospital say who somebody is: its Practitioner, name and role.

    Args:
        new: With login and password at the hospital.
        settings: Name the server.
        clock: Where times come from.

    Raises:
        Refused: ``wrong-pin`` (field ``password``); ``role-unknown``: the hospital's role has no
            place on a terminal.
        Unavailable: The server cannot be asked, or has no such log-in.
    """
    transport = connect(settings.get(table.SERVER), None, settings, clock)
    try:
        known = log_in(transport.post_json, transport.base, new.login, new.password)
    finally:
        transport.close()
    role = next((each for each in ROLES if each == known.role), None)
    kind, _, own = known.practitioner.partition("/")
    if role is None or kind != "Practitioner" or not own:
        raise Refused("role-unknown", field="login")
    return Person(PersonId(own), known.name or new.name, role)


def add(
    ring: KeyRing, store: Store, voucher: Voucher, person: Person, pin: str, *,
    known: bool, cost: Cost | None = None,
) -> None:  # fmt: skip
    """Let one more person open this terminal, because somebody who may already says so.

    Args:
        ring: The keys of this terminal; the record itself is not rewritten.
        store: Its record.
        voucher: Who adds, with their own PIN.
        person: Who is added.
        pin: Theirs.
        known: Whether the hospital has a Practitioner of them already.
        cost: Of one guess of the PIN; the default is for real use.

    Raises:
        Refused: ``wrong-pin`` or ``wait`` for the voucher; ``weak-pin``, ``already-exists``.
    """
    key = ring.unlock(voucher.person, voucher.pin)
    ring.add(key, person, pin, cost=cost)
    by = next(each for each in ring.people() if each.id == voucher.person)
    if not known:
        introduce(store, person, by)
    _note(store, by, "add-person", person.id)


def remove(ring: KeyRing, store: Store, voucher: Voucher, person: PersonId) -> None:
    """Take a person off this terminal; what they charted stays.

    Raises:
        Refused: ``wrong-pin`` or ``wait`` for the voucher; ``own-account``: one cannot remove
            oneself; ``unknown-person``.
    """
    if person == voucher.person:
        raise Refused("own-account")
    ring.unlock(voucher.person, voucher.pin)
    ring.remove(person)
    by = next(each for each in ring.people() if each.id == voucher.person)
    _note(store, by, "remove-person", person)


def change_pin(ring: KeyRing, store: Store, person: PersonId, old: str, new: str) -> None:
    """Give a person another PIN.

    Raises:
        Refused: ``wrong-pin``, ``wait``, ``weak-pin``.
    """
    ring.change_pin(person, old, new)
    by = next(each for each in ring.people() if each.id == person)
    _note(store, by, "change-pin", person)


def introduce(store: Store, person: Person, by: Person) -> None:
    """Write a person into the record, so that what they sign refers to somebody."""
    family, _, given = person.name.partition(" ")
    name = {"use": "official", "text": person.name, "family": family, "given": given.split()}
    with store.write(_author(store, by)) as unit:
        unit.create(
            {
                "resourceType": "Practitioner",
                "id": person.id,
                "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{person.id}"}],
                "active": True,
                "name": [{key: value for key, value in name.items() if value}],
            }
        )


def newcomer(new: NewPerson) -> Person:
    """A person whom only this terminal knows so far."""
    return Person(PersonId(uuid7()), new.name, new.role)


def _author(store: Store, person: Person) -> Author:
    return Author(f"Practitioner/{person.id}", person.name, store.device)


def _note(store: Store, by: Person, action: str, whom: PersonId) -> None:
    with store.write(_author(store, by)) as unit:
        audit.write(
            unit,
            store.clock.now(),
            store.device,
            action,
            person=f"Practitioner/{by.id}",
            reference=f"Practitioner/{whom}",
        )
