"""F08: a child arrives before its parent."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.kit.hospital_double import SERVERS, HospitalDouble
from tests.kit.ward_terminal import Terminal, pulse
from workstation.fhir.json import Resource, references
from workstation.kernel.identity import uuid7

pytestmark = pytest.mark.fault


def family(patient: str) -> list[Resource]:
    """A patient, a stay and readings that refer to both, all new."""
    stay = uuid7()
    person = {"resourceType": "Patient", "id": patient, "birthDate": "1960-01-01"}
    encounter = {
        "resourceType": "Encounter",
        "id": stay,
        "status": "in-progress",
        "class": {"code": "IMP"},
        "subject": {"reference": f"Patient/{patient}"},
        "location": [{"location": {"reference": "Location/ward-a"}, "status": "active"}],
    }
    return [person, encounter, *(pulse(patient, stay, 60 + n) for n in range(6))]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("server", ["referential-integrity", "refuses-client-ids"])
def test_in_whatever_order_it_was_saved_nothing_dangles(
    hospital: HospitalDouble, terminals: Callable[..., Terminal], server: str, seed: int
) -> None:
    hospital.behaviour = SERVERS[server]()
    terminal = terminals(1)
    terminal.sync()
    saved = family(uuid7())
    random.Random(seed).shuffle(saved)
    for resource in saved:
        terminal.create(resource)
    assert terminal.sync().sent == len(saved)
    held = hospital.resources()
    for name, resource in held.items():
        missing = {each for each in references(resource) if each not in held}
        assert not missing, name


def circle() -> tuple[Resource, Resource]:
    one, other = pulse("patient-1"), pulse("patient-1")
    one["derivedFrom"] = [{"reference": f"Observation/{other['id']}"}]
    other["derivedFrom"] = [{"reference": f"Observation/{one['id']}"}]
    return one, other


@pytest.mark.parametrize("server", ["ours", "refuses-client-ids", "referential-integrity"])
def test_what_refers_to_each_other_goes_together(
    hospital: HospitalDouble, terminals: Callable[..., Terminal], server: str
) -> None:
    hospital.behaviour = SERVERS[server]()
    terminal = terminals(1)
    terminal.sync()
    for resource in circle():
        terminal.create(resource)
    assert terminal.sync().sent == 2
    held = hospital.resources()
    found = [r for name, r in held.items() if name.startswith("Observation/")]
    assert len(found) == 2
    assert all(references(each) <= held.keys() for each in found)


def test_a_circle_that_is_refused_is_parked_whole(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    for resource in circle():
        terminal.create({**resource, "status": "no-such-status"})
    assert terminal.sync().parked == 2
    assert terminal.status.unsent == 2


def test_a_pulled_child_waits_in_peace_for_its_parent(
    hospital: HospitalDouble, terminal: Terminal
) -> None:
    orphan = pulse("patient-1", "stay-of-later")
    hospital.ask("PUT", f"Observation/{orphan['id']}", orphan)
    terminal.sync()
    assert terminal.has(f"Observation/{orphan['id']}")
