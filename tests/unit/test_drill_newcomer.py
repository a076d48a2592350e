"""Each drill on a server has somebody of its own come through the door."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import unquote

from workstation.clinical import identity
from workstation.drill.newcomer import invented, newcomer
from workstation.kernel.clock import SystemClock
from workstation.sync.client import FhirClient
from workstation.sync.wire import Request, Response


class Registry:
    """A server that knows some citizen numbers."""

    base = "http://127.0.0.1/fhir"

    def __init__(self, *known: str) -> None:
        self.known = known

    def send(self, request: Request) -> Response:
        found = [number for number in self.known if f"|{number}&" in unquote(request.path)]
        entry = [{"resource": {"resourceType": "Patient", "id": each}} for each in found]
        body = {"resourceType": "Bundle", "type": "searchset", "entry": entry}
        return Response(200, {"content-type": "application/fhir+json"}, json.dumps(body).encode())


def test_the_people_of_a_seed_are_always_the_same_and_all_different():
    people = [invented(1, number) for number in range(50)]
    assert people == [invented(1, number) for number in range(50)]
    assert len({each.national_id for each in people}) == 50
    assert people[0] != invented(2, 0)


def test_the_citizen_number_fits_the_person():
    for number in range(50):
        who = invented(7, number)
        born = date.fromisoformat(who.born)
        assert identity.citizen_id(who.national_id) == who.national_id
        assert not identity.citizen_id_oddities(who.national_id, sex="male", birth_date=born)


def test_who_came_in_an_earlier_drill_does_not_come_again():
    first, second, third = (invented(3, number) for number in range(3))
    fresh = FhirClient(Registry(), SystemClock())
    assert newcomer(fresh, 3) == first
    used = FhirClient(Registry(first.national_id, second.national_id), SystemClock())
    assert newcomer(used, 3) == third
