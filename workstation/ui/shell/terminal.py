"""What stands behind the window: people, keys, record and sync, as the shell asks for them.

The composition root (``workstation.app``) implements it; tests and pictures use a small fake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from workstation.kernel.ids import PersonId

if TYPE_CHECKING:  # services bring the store along, which the log-in window does without
    from workstation.security.people import Person, Role
    from workstation.services.desk import Desk
    from workstation.services.safe import Safe
    from workstation.sync.status import SyncStatus
    from workstation.ui.toolkit.workplace import Colleagues, Restorer


@dataclass(frozen=True, slots=True)
class Front:
    """What the log-in page shows before anybody has entered.

    Attributes:
        people: Who uses this terminal; empty before the first set-up.
        ward: Name of the ward, or empty.
        data_as_of: When the ward's data was last complete, if ever.
        unsent: Records that wait to be sent, as last known.
    """

    people: tuple[Person, ...] = ()
    ward: str = ""
    data_as_of: datetime | None = None
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class WardChoice:
    """One ward that the server knows."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the first person types on a new terminal.

    Attributes:
        server: Address of the FHIR server, or empty to start without one.
        ward: Id of the ward to keep a copy of, or empty.
        ward_name: Its name.
        name: The first person's name.
        role: What that person does.
        pin: PIN or password.
    """

    server: str
    ward: str
    ward_name: str
    name: str
    role: Role
    pin: str


Admission = Literal["no-server", "open", "waiting", "accepted", "unreachable"]
"""``open``: the server asks nobody who they are; ``waiting``: it does not know this terminal."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the hospital's IT must know of this terminal, and where its enrolment stands.

    Attributes:
        server: Address of the FHIR server.
        client: Client id of this terminal.
        name: For people: ward and machine.
        thumbprint: Of its public key, to be compared by eye.
        secret_kept_in: Where this machine's part of the record's key is: ``keystore`` or ``file``.
        admission: Whether the server lets it in.
        wards: The wards it sees, if it is let in.
        ward: Id of the ward that it keeps a copy of, or empty.
        problem: Code of what went wrong, or empty.
    """

    server: str
    client: str
    name: str
    thumbprint: str
    secret_kept_in: str
    admission: Admission
    wards: tuple[WardChoice, ...] = ()
    ward: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to work at this terminal.

    Attributes:
        name: Family name and given name.
        role: What they do.
        pin: Theirs, for this terminal.
        login: Their log-in at the hospital, if the hospital is to say who they are; its name and
            role then count.
        password: The hospital's; neither kept nor logged.
    """

    name: str
    role: Role
    pin: str
    login: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """Somebody who may work here already, and proves it anew."""

    person: PersonId
    pin: str


class Terminal(Protocol):
    """One terminal. Every method may take long and is called on the store thread."""

    @property
    def safe(self) -> Safe | None:
        """What copies of the record are made with, once a PIN has opened the key; from memory."""
        ...

    @property
    def restorer(self) -> Restorer:
        """Sets a restored or emptied server right."""
        ...

    @property
    def colleagues(self) -> Colleagues:
        """Who can be asked to answer for something too."""
        ...

    def front(self) -> Front:
        """What to show before log-in.

        Raises:
            Damaged: The key file cannot be read.
        """
        ...

    def unlock(self, person: PersonId, pin: str) -> Desk:
        """Open the record as a person, and let sync run.

        Raises:
            Refused: ``wrong-pin``, ``wait``.
            Damaged: The record cannot be opened.
        """
        ...

    def wards_of(self, server: str) -> tuple[WardChoice, ...]:
        """Test a server's address: the wards that it knows.

        Raises:
            Unavailable: It cannot be reached, or is not a FHIR server.
        """
        ...

    def set_up(self, choice: SetUp) -> PersonId:
        """Make this terminal's keys and record.

        Raises:
            Refused: ``weak-pin``, ``store-exists``.
        """
        ...

    def sync_now(self) -> None:
        """Look at the server now."""
        ...

    def status(self) -> SyncStatus:
        """Where sync stands; quick, from memory."""
        ...

    def enrolment(self) -> Enrolment:
        """What the hospital must know of this terminal; asks the server whether it may in."""
        ...

    def write_key_set(self, target: Path) -> str:
        """Write the public key as a file for the hospital's IT.

        Returns:
            The command by which the reference server takes it.

        Raises:
            Refused: ``file-exists``: something else has this name.
            Damaged: ``file-not-written``.
        """
        ...

    def join(self, server: str, ward: WardChoice) -> None:
        """Keep a copy of a ward from now on.

        Raises:
            Refused: ``bad-address`` or ``insecure-address``.
        """
        ...

    def add_person(self, voucher: Voucher, new: NewPerson) -> PersonId:
        """Let one more person open this terminal.

        Raises:
            Refused: ``wrong-pin`` (field ``pin``: the voucher's; ``password``: the hospital's),
                ``wait``, ``weak-pin``, ``already-exists``, ``role-unknown``.
            Unavailable: The hospital cannot be asked.
        """
        ...

    def remove_person(self, voucher: Voucher, person: PersonId) -> None:
        """Take a person off this terminal; what they charted stays.

        Raises:
            Refused: ``wrong-pin``, ``wait``, ``own-account``, ``unknown-person``.
        """
        ...

    def change_pin(self, person: PersonId, old: str, new: str) -> None:
        """Give a person another PIN.

        Raises:
            Refused: ``wrong-pin``, ``wait``, ``weak-pin``.
        """
        ...
