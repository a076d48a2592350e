"""What every new record has in common: its own id, whose it is, who made it and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workstation.fhir import systems
from workstation.fhir.json import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry in a patient's record.

    Attributes:
        own: Id of the new resource.
        patient: Id of the Patient.
        encounter: Id of the stay, if there is one.
        author: Reference to the person: ``{"reference": "Practitioner/…", "display": …}``.
        at: When (aware); written with its offset, to the second.
    """

    own: str
    patient: str
    encounter: str | None
    author: Mapping[str, str]
    at: datetime

    def head(self, kind: str) -> Resource:
        """The first elements of a resource of one type."""
        identifier = {"system": systems.OWN_ID, "value": f"urn:uuid:{self.own}"}
        return {"resourceType": kind, "id": self.own, "identifier": [identifier]}

    @property
    def subject(self) -> dict[str, str]:
        """Reference to the patient."""
        return {"reference": f"Patient/{self.patient}"}

    @property
    def time(self) -> str:
        """`at` as FHIR writes it."""
        return self.at.isoformat(timespec="seconds")

    def stay(self, name: str = "encounter") -> dict[str, dict[str, str]]:
        """The element that refers to the stay; nothing when there is none."""
        if self.encounter is None:
            return {}
        return {name: {"reference": f"Encounter/{self.encounter}"}}
