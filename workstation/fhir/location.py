"""Wards, rooms and beds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from workstation.fhir import elements, systems

Kind = Literal["ward", "room", "bed", "other"]

_KINDS: Final[Mapping[str, Kind]] = {"wa": "ward", "ro": "room", "bd": "bed"}
_OUT_OF_SERVICE: Final = ("C", "H", "O", "K", "I")
_BED_STATUS: Final = "http://terminology.hl7.org/CodeSystem/v2-0116"


@dataclass(frozen=True, slots=True)
class Place:
    """One Location.

    Attributes:
        id: Id of the Location.
        name: As written on the door or the bed.
        kind: What it is.
        part_of: Id of the Location it lies in: of a bed the ward or the room.
        active: Whether it is in use.
        usable: Whether somebody may be put there now (a bed may be closed or contaminated).
    """

    id: str
    name: str
    kind: Kind
    part_of: str | None
    active: bool
    usable: bool


def read(resource: Mapping[str, Any]) -> Place:
    """Read a Location."""
    active = resource.get("status", "active") == "active"
    state = elements.mapping(resource.get("operationalStatus"))
    closed = state.get("system") == _BED_STATUS and state.get("code") in _OUT_OF_SERVICE
    own = elements.text(resource.get("id")) or ""
    return Place(
        id=own,
        name=elements.text(resource.get("name")) or own,
        kind=_kind(resource),
        part_of=elements.reference_id(resource.get("partOf"), "Location"),
        active=active,
        usable=active and not closed,
    )


def _kind(resource: Mapping[str, Any]) -> Kind:
    code = elements.code_of(resource.get("physicalType"), systems.PHYSICAL_TYPE)
    return _KINDS.get(code or "", "other")
