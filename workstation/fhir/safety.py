"""What must be seen before anything is done to a patient: allergies and alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from workstation.clinical import allergies as clinical
from workstation.fhir import allergy, elements, flag

AllergyState = Literal["present", "none-known", "not-asked"]

_STATES: Final[Mapping[clinical.AllergyState, AllergyState]] = {
    clinical.AllergyState.KNOWN: "present",
    clinical.AllergyState.NONE_KNOWN: "none-known",
    clinical.AllergyState.NOT_ASKED: "not-asked",
}


@dataclass(frozen=True, slots=True)
class Allergy:
    """One allergy or intolerance.

    Attributes:
        id: Id of the AllergyIntolerance.
        substance: In the words of the record.
        reaction: Manifestations in words; empty when not said.
        severe: Whether it is of high criticality or has had a severe reaction.
    """

    id: str
    substance: str
    reaction: str
    severe: bool


@dataclass(frozen=True, slots=True)
class Allergies:
    """What is known about allergies: some, none, or nobody asked."""

    state: AllergyState
    items: tuple[Allergy, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """One flag that is up.

    Attributes:
        id: Id of the Flag.
        code: ``fall``, ``isolation``, ``no-cpr``, ``spo2-scale-2``, ``maternity``, or empty for
            another one.
        words: Words of the record.
        since: When it was put up.
    """

    id: str
    code: str
    words: str
    since: datetime | None


def allergies(resources: Iterable[Mapping[str, Any]]) -> Allergies:
    """Read all AllergyIntolerances of a patient.

    A statement "none known" counts while no allergy stands, even where its clinical status was
    written as resolved; nothing at all means that nobody asked.
    """
    rows = [row for row in map(allergy.read, resources) if row is not None]
    items = tuple(
        Allergy(row.id, row.substance or "?", ", ".join(row.reactions), row.high_risk)
        for row in clinical.known(rows)
    )
    return Allergies(_STATES[clinical.state(rows)], items)


def alerts(resources: Iterable[Mapping[str, Any]]) -> tuple[Alert, ...]:
    """Read the active Flags among resources."""
    rows = ((flag.read(item), item) for item in resources)
    return tuple(
        Alert(row.id, row.code or "", row.text or "?", _since(item))
        for row, item in rows
        if row.active
    )


def _since(resource: Mapping[str, Any]) -> datetime | None:
    return elements.instant(elements.mapping(resource.get("period")).get("start"))
