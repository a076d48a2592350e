"""What others wrote comes here, one element is changed, and goes back: all else is as it was.

Every followed type of which the data made by others holds anything, of two patients; with
``WARD_LONG=1`` of all of them, and every record.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from hospital.cli import main as hospital_command
from hospital.loading import load
from tests.kit import foreign
from tests.kit.hospital_double import SERVERS, HospitalDouble
from tests.kit.hospital_habits import without_zeros
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.line_terminal import Ledger, LineTerminal
from tests.kit.store import START
from tests.kit.ward import places, stay
from tests.kit.ward_terminal import Terminal
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, dump, parse, reference
from workstation.kernel.clock import ManualClock
from workstation.sync.pull.scope import HOUSE_TYPES, PATIENT_TYPES

LONG: Final = bool(os.environ.get("WARD_LONG"))
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(0 if LONG else 250),
    pytest.mark.skipif(foreign.folder() is None, reason="the data made by others is not at hand"),
]

PATIENTS: Final = ("pt-f2a88eea89bf", "pt-1a4d6e2e4da9")
"""The smallest records; they have something of every type that the larger ones have."""
OF_A_TYPE: Final = 3
"""So many records of each type and patient are edited in the default run."""
SERVERS_OWN: Final = ("versionId", "lastUpdated", "source")
REMARK: Final = {"text": "Đã xem lại cùng người nhà; số đo 1.50 giữ nguyên"}


def remark(resource: Resource) -> Any:
    return [*resource.get("note", []), REMARK]


EDITS: Final[dict[str, tuple[str, Callable[[Resource], Any]]]] = {
    "Location": ("description", lambda _: "Cạnh cửa sổ"),
    "Practitioner": ("gender", lambda _: "unknown"),
    "Organization": ("alias", lambda each: [*each.get("alias", []), "Khoa Nội"]),
    "Patient": ("maritalStatus", lambda _: {"text": "đã kết hôn"}),
    "Encounter": ("priority", lambda _: {"text": "không khẩn"}),
    "Condition": ("note", remark),
    "AllergyIntolerance": ("note", remark),
    "Observation": ("note", remark),
    "MedicationRequest": ("note", remark),
    "MedicationAdministration": ("note", remark),
    "DocumentReference": ("description", lambda _: "Xem lại"),
    "DiagnosticReport": ("conclusion", lambda _: "Không có gì mới"),
    "ServiceRequest": ("note", remark),
    "Procedure": ("note", remark),
    "Immunization": ("note", remark),
    "ClinicalImpression": ("note", remark),
    "Composition": ("title", lambda _: "Bệnh án, xem lại"),
}
"""The element of each type that a person changes, and into what."""


def with_a_zero(value: Any) -> Any:
    """The same with one more digit after each decimal point, as a finer instrument shows it."""
    if isinstance(value, dict):
        return {name: with_a_zero(item) for name, item in value.items()}
    if isinstance(value, list):
        return [with_a_zero(item) for item in value]
    return Decimal(f"{value}0") if isinstance(value, Decimal) and "." in str(value) else value


def theirs(patients: Iterable[str]) -> dict[str, Resource]:
    """What others made of these patients, and the places and people around them."""
    wanted = {None, *patients}
    found = [with_a_zero(each) for each in foreign.resources() if patient_of(each) in wanted]
    assert any(".50" in dump(each) for each in found)
    return {reference(each): each for each in found}


def beds(patients: Iterable[str]) -> list[Resource]:
    """Our ward, with each of them in a bed: whom nobody looks after, no terminal follows."""
    named = list(patients)
    stays = [
        {**stay(number), "subject": {"reference": f"Patient/{patient}"}}
        for number, patient in enumerate(named, start=1)
    ]
    return [*places(len(named)), *stays]


def to_edit(bodies: dict[str, Resource]) -> list[str]:
    """Some of each type and patient; every one in the long run."""
    grouped: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for name, body in bodies.items():
        if body["resourceType"] in EDITS:
            grouped[body["resourceType"], patient_of(body)].append(name)
    return [name for names in grouped.values() for name in names[: None if LONG else OF_A_TYPE]]


def followed(bodies: dict[str, Resource]) -> list[str]:
    """Those that a terminal is to have a copy of."""
    types = {*HOUSE_TYPES, *PATIENT_TYPES}
    return [name for name, body in bodies.items() if body["resourceType"] in types]


def own(body: Resource | None, *but: str) -> dict[str, Any]:
    """A body without the server's meta, and without some elements."""
    assert body is not None
    kept = {name: value for name, value in body.items() if name not in ("meta", *but)}
    meta = {name: value for name, value in body.get("meta", {}).items() if name not in SERVERS_OWN}
    return kept | ({"meta": meta} if meta else {})


def digits(body: Resource | None, *but: str) -> str:
    """`own` as text, where ``1.50`` is not ``1.5``; the order of its elements does not count."""
    return dump(dict(sorted(own(body, *but).items())))


def edit(terminal: Terminal, names: Iterable[str]) -> dict[str, Any]:
    """Change one element of each, in what is stored here; gives what it became."""
    became = {}
    with terminal.store.write(terminal.author) as unit:
        for name in names:
            seen = unit.get(*name.split("/"))
            assert seen is not None, name
            body = seen.resource()
            element, change = EDITS[body["resourceType"]]
            became[name] = change(body)
            unit.update({**body, element: became[name]}, seen=seen)
    return became


def go_round(terminal: Terminal, bodies: dict[str, Resource]) -> dict[str, Any]:
    """Pull, edit, send; what came is what was there, to the digit."""
    terminal.sync()
    for name in followed(bodies):
        assert digits(terminal.get(name)) == digits(bodies[name]), name
    became = edit(terminal, to_edit(bodies))
    terminal.sync()
    assert terminal.status.unsent == 0
    assert not terminal.status.parked
    return became


def element_of(name: str) -> str:
    return EDITS[name.partition("/")[0]][0]


def patients_there() -> list[str]:
    return [each["id"] for each in foreign.resources() if each["resourceType"] == "Patient"]


def test_every_type_that_others_filled_is_edited() -> None:
    held = {each["resourceType"] for each in foreign.resources()}
    assert held & {*HOUSE_TYPES, *PATIENT_TYPES} == EDITS.keys()
    assert len(patients_there()) == 17
    assert {name.partition("/")[0] for name in to_edit(theirs(PATIENTS))} == EDITS.keys()
    assert digits({"value": Decimal("1.50")}) != digits({"value": Decimal("1.5")})


@pytest.mark.long
def test_nothing_changes_on_the_way_but_what_was_edited(tmp_path: Path) -> None:
    patients = patients_there() if LONG else PATIENTS
    bodies = theirs(patients)
    file = tmp_path / "theirs.ndjson"
    file.write_text("\n".join(map(dump, [*bodies.values(), *beds(patients)])), "utf-8")
    server = HospitalProcess(tmp_path)
    assert hospital_command(["load", str(file), "--database", server.database]) == 0
    with running(tmp_path) as server, LineTerminal(tmp_path / "a", server.base) as terminal:
        became = go_round(terminal, bodies)
        ledger = Ledger(server)
        there = {reference(each): each for type_ in held(bodies) for each in ledger.every(type_)}
        compare(bodies, there, became)


def held(bodies: dict[str, Resource]) -> list[str]:
    return sorted({body["resourceType"] for body in bodies.values()})


def compare(
    bodies: dict[str, Resource], there: dict[str, Resource], became: dict[str, Any]
) -> None:
    """Each edited record has its one change and one more version; all others are untouched."""
    for name, body in bodies.items():
        if name not in became:
            assert digits(there[name]) == digits(body), name
            assert there[name]["meta"]["versionId"] == "1", name
            continue
        element = element_of(name)
        assert digits(there[name], element) == digits(body, element), name
        assert there[name][element] == became[name], name
        assert there[name]["meta"]["versionId"] == "2", name


@pytest.mark.parametrize("habit", ["like-medplum", "loses-zeros"])
def test_a_foreign_server_gets_back_what_it_gave(habit: str, tmp_path: Path) -> None:
    bodies = theirs(PATIENTS[:1])
    double = HospitalDouble(SERVERS[habit](), ManualClock(START))
    held_there = {name: without_zeros(body) for name, body in bodies.items()}
    load(double.hospital.database, map(parse, map(dump, held_there.values())))
    load(double.hospital.database, beds(PATIENTS[:1]))
    terminal = Terminal(tmp_path / "a", double)
    try:
        became = go_round(terminal, held_there)
        there = double.resources()
    finally:
        terminal.close()
        double.close()
    for name, body in bodies.items():
        element = element_of(name) if name in became else ""
        assert own(there[name], element) == own(body, element), name  # 1.50 equals 1.5 here
        if name in became:
            assert there[name][element] == became[name], name
