"""What stands behind the window: people, keys, record and sync, as the shell asks for them.

The composition root (``workstation.app``) implements it; tests and pictures use a small fake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from workstation.kernel.ids import PersonId

if TYPE_CHECKING:  # services bring the store along, which the log-in window does without
    from workstation.security.people import Person, Role
    from workstation.services.desk import Desk
    from workstation.sync.status import SyncStatus


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


class Terminal(Protocol):
    """One terminal. Every method may take long and is called on the store thread."""

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
