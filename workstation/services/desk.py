"""Who sits where: the store, the clock, the person and the ward that every service works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workstation.clinical.knowledge import Knowledge
from workstation.fhir.entry import Entry
from workstation.kernel.clock import Clock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import WardId
from workstation.knowledge import shipped
from workstation.security.people import Person
from workstation.services.safe import Safe
from workstation.store import Author, Store, Unit, audit


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at one terminal, working on one ward.

    Attributes:
        store: The encrypted record of this terminal.
        clock: Where times come from.
        person: Who is logged in.
        ward: The ward whose beds are shown.
        safe: What copies of the record are made with; None where its key is not known.
        knowledge: Of drugs and tests: the shipped one unless the hospital has its own.
    """

    store: Store
    clock: Clock
    person: Person
    ward: WardId
    safe: Safe | None = None
    knowledge: Knowledge = field(default_factory=shipped)

    @property
    def author(self) -> Author:
        """Who signs what is written at this desk."""
        return Author(self.reference, self.person.name, self.store.device)

    @property
    def reference(self) -> str:
        """``Practitioner/<id>`` of the person, as FHIR refers to them."""
        return f"Practitioner/{self.person.id}"

    @property
    def performer(self) -> dict[str, str]:
        """The person as a FHIR Reference with a name beside it."""
        return {"reference": self.reference, "display": self.person.name}

    def now(self) -> datetime:
        """The time at this terminal, with its offset and whole seconds, as it is charted."""
        return self.clock.now().astimezone().replace(microsecond=0)

    def entry(
        self,
        patient: str,
        stay: str | None,
        *,
        own: str | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """What a new record says of itself: whose it is, that the person made it, and when.

        Args:
            patient: Id of the Patient.
            stay: Id of the Encounter, if there is one.
            own: Id of the record; a new one when None.
            at: When (aware); now when None.
        """
        return Entry(
            own=own or uuid7(),
            patient=patient,
            encounter=stay,
            author=self.performer,
            at=at or self.now(),
        )

    def audit(self, unit: Unit, action: str, reference: str) -> None:
        """Put a deed of the person into the audit, in the transaction of the deed.

        Args:
            unit: The unit of work that it belongs to.
            action: In kebab-case, such as ``give-dose``.
            reference: ``Type/id`` of what it was done to.
        """
        audit.write(
            unit,
            self.clock.now(),
            self.store.device,
            action,
            person=self.reference,
            reference=reference,
        )
