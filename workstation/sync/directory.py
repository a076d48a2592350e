"""What a server tells about a hospital before a terminal belongs to it: wards and staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from workstation.fhir import encounter, json, location, practitioner
from workstation.fhir.json import Resource
from workstation.fhir.practitioner import Staff
from workstation.kernel.ids import WardId
from workstation.sync.client import FhirClient


@dataclass(frozen=True, slots=True)
class Ward:
    """One ward.

    Attributes:
        id: Id of its Location.
        name: As written on the door.
        patients: How many stays are in progress there.
    """

    id: WardId
    name: str
    patients: int


def wards(client: FhirClient) -> tuple[Ward, ...]:
    """Every ward in use, the fullest first.

    Raises:
        Unavailable: The server cannot be reached, or is no FHIR server.
        Rejected: It cannot search for places or stays.
    """
    places = {place.id: place for place in map(location.read, _all(client, "Location"))}
    stays = map(encounter.read, _all(client, "Encounter?status=in-progress"))
    patients: Counter[str] = Counter()
    for stay in stays:
        parts = {places[own].part_of or own for own in stay.current_places if own in places}
        patients.update(parts if stay.present else ())
    found = [
        Ward(WardId(place.id), place.name, patients[place.id])
        for place in places.values()
        if place.kind == "ward" and place.active
    ]
    return tuple(sorted(found, key=lambda ward: (-ward.patients, ward.name)))


def staff(client: FhirClient) -> tuple[Staff, ...]:
    """Everybody who works there, in the server's order.

    Raises:
        Unavailable: The server cannot be reached, or is no FHIR server.
        Rejected: It cannot search for staff.
    """
    people = map(practitioner.read, _all(client, "Practitioner"))
    return tuple(person for person in people if person.active)


def _all(client: FhirClient, search: str) -> Iterator[Resource]:
    mark = "&" if "?" in search else "?"
    path: str | None = f"{search}{mark}_count=200"
    while path is not None:
        page = client.bundle(path)
        for entry in page.entry:
            if entry.search.mode == "match":
                yield json.parse(bytes(entry.resource))
        path = client.following(page)
