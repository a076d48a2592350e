"""Whatever stands in a record of the server, the rest of the ward is shown and nothing breaks.

Records of a whole chart are bent at a few places each, taken in as a pull takes them, and
everything that a person can look at is read. What can be read no more is counted aside; all the
rest is in the timeline.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from hospital.demo import places
from hospital.demo.generate import generate
from tests.kit.contradictions import contradict
from tests.kit.demo_ward import NOW, SEED
from tests.kit.malformed import HOPELESS, ODD_VALUES, bend
from tests.kit.people import DOCTOR
from tests.kit.reading import read_chart, read_papers, read_record, read_ward
from tests.kit.store import make_store
from tests.scenes.conflict import ORDER, OTHER, THEIRS
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, dump_bytes
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId
from workstation.services import flowsheet, timeline, ward_board
from workstation.services.desk import Desk
from workstation.store import index, mirror, unreadable
from workstation.sync import incoming
from workstation.sync.pull.scope import HOUSE_TYPES, PATIENT_TYPES
from workstation.sync.translation import Translation

pytestmark = [pytest.mark.fault, pytest.mark.timeout(0 if os.environ.get("WARD_LONG") else 250)]

LONG = bool(os.environ.get("WARD_LONG"))
ROUNDS = 3_000 if LONG else 24
BENT_AT_ONCE = 12
PAPERS_EVERY = 8


class Ward:
    """Two full charts on a ward, as a pull brought them."""

    def __init__(self, folder: Path) -> None:
        everything = list(generate(SEED, NOW))
        stays = [
            each
            for each in everything
            if each["resourceType"] == "Encounter" and each["status"] == "in-progress"
        ]
        self.patients = sorted({patient_of(each) or "" for each in stays[:2]})
        self.resources = [
            each
            for each in everything
            if each["resourceType"] == "Location" or patient_of(each) in self.patients
        ]
        store = make_store(folder, clock=ManualClock(NOW))
        self.desk = Desk(store, store.clock, DOCTOR, places.GENERAL.id)
        self._version = 0
        self.take([dump_bytes(each) for each in self.resources])
        contradict(store, ORDER, OTHER, THEIRS)
        with store.read() as view:
            found = [s.resource() for t in ("Task", "DetectedIssue") for s in view.find(t)]
        self.resources += found

    def take(self, bodies: Sequence[bytes]) -> None:
        """As a pull takes a page."""
        self._version += 1
        names = Translation({})
        pulled = [incoming.pulled(self._stamped(body), names) for body in bodies]
        with self.desk.store.write() as unit:
            mirror.apply(unit, pulled)

    def _stamped(self, body: bytes) -> bytes:
        meta = b'"meta":{"versionId":"%d","lastUpdated":"2026-11-20T07:00:00Z"}' % self._version
        return body[:-1] + b"," + meta + b"}" if body.endswith(b"}") else body

    def read_all(self, *, papers: bool) -> None:
        read_ward(self.desk)
        for patient in self.patients:
            with self.desk.store.read() as view:
                known = view.get("Patient", patient)
            if known is None:
                continue
            read_chart(self.desk, PatientId(patient))
            if papers:
                made = list(read_papers(self.desk, PatientId(patient)))
                assert all(pdf.startswith(b"%PDF") for pdf in made)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Ward:
    return Ward(tmp_path_factory.mktemp("odd") / "store")


def test_every_followed_type_is_tried(ward: Ward) -> None:
    """The examples name the types that the demo has none of."""
    tried = {each["resourceType"] for each in ward.resources} | {
        e["resourceType"] for e in EXAMPLES
    }
    assert tried >= {*PATIENT_TYPES, *HOUSE_TYPES}


EXAMPLES: tuple[Resource, ...] = tuple(
    {"resourceType": type_, "id": f"example-{type_}", "status": "active",
     "subject": {"reference": "Patient/example"}, "code": {"text": "x"},
     "identifier": [{"system": "urn:x", "value": "1"}], "name": [{"family": "X"}],
     "effectiveDateTime": "2026-11-20T07:00:00Z", "category": [{"text": "x"}],
     "encounter": {"reference": "Encounter/x"}, "performer": [{"actor": {"display": "x"}}]}
    for type_ in (*PATIENT_TYPES, *HOUSE_TYPES)
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4 if LONG else 1))
def test_bent_records_break_no_reader(ward: Ward, seed: int) -> None:
    for number in range(ROUNDS):
        name = f"{seed}/{number}"
        chance = random.Random(name)
        owner = ward.patients[0]
        own = [{**each, "subject": {"reference": f"Patient/{owner}"}} for each in EXAMPLES]
        chosen = chance.sample([*ward.resources, *own], BENT_AT_ONCE)
        bent = [bend(each, chance, chance.choice((1, 1, 2, 5))) for each in chosen]
        _tried(ward, bent, name, papers=number % PAPERS_EVERY == 0)
        ward.take([dump_bytes(each) for each in chosen])


def _tried(ward: Ward, bent: Sequence[Resource], name: str, *, papers: bool) -> None:
    try:
        ward.take([dump_bytes(each) for each in bent])
        ward.read_all(papers=papers)
        for each in bent:
            read_record(ward.desk, each["resourceType"], each["id"])
    except Exception as error:
        error.add_note(f"seed {name}: one of {[dump_bytes(each)[:3000] for each in bent]}")
        raise


def test_each_odd_value_at_the_top_of_each_kind_breaks_no_reader(ward: Ward) -> None:
    """``component: 5``, ``code: []`` and the like, one of each type at a time."""
    chance = random.Random("top")
    by_type = {each["resourceType"]: each for each in [*EXAMPLES, *ward.resources]}
    for round_ in range(len(ODD_VALUES) if LONG else 8):
        bent = []
        for resource in by_type.values():
            keys = sorted(resource.keys() - {"resourceType", "id", "meta"})
            value = ODD_VALUES[round_] if LONG else chance.choice(ODD_VALUES)
            bent.append(
                {**resource, **dict.fromkeys(chance.sample(keys, min(3, len(keys))), value)}
            )
        _tried(ward, bent, f"top/{round_}", papers=round_ == 0)
        ward.take([dump_bytes(each) for each in by_type.values()])


def test_what_can_be_read_is_shown_and_what_cannot_is_counted(ward: Ward) -> None:
    patient = PatientId(ward.patients[0])
    before = timeline.timeline(ward.desk, patient, count=100_000)
    mine = [
        r for r in ward.resources if patient_of(r) == patient and r["resourceType"] == "Condition"
    ]
    assert mine
    ward.take([HOPELESS["lone surrogate"](dump_bytes(r)) for r in mine])
    ward.take([dump_bytes({**r, "code": [], "recordedDate": 5, "note": 7}) for r in mine])
    after = timeline.timeline(ward.desk, patient, count=100_000)
    assert {(e.type, e.id) for e in after.events} == {(e.type, e.id) for e in before.events}
    ward.take([HOPELESS["lone surrogate"](dump_bytes(r)) for r in mine])
    with ward.desk.store.read() as view:
        aside = {each.id for each in unreadable.all_of(view)}
    assert aside >= {r["id"] for r in mine}
    ward.take([dump_bytes(r) for r in mine])


@pytest.mark.parametrize(
    "quantity",
    [
        {"value": 98, "unit": "foo", "code": "foo"},
        {"value": 10**30, "unit": "Cel", "code": "Cel"},
        {"value": 41, "unit": "Cel", "code": "Cel", "comparator": "<"},
    ],
    ids=["unknown unit", "of nobody living", "less than"],
)
def test_what_is_no_value_of_a_sign_is_scored_nowhere(ward: Ward, quantity: Resource) -> None:
    """The board once took a number for °C whose unit the chart could not read."""
    patient = PatientId(ward.patients[0])
    before = _scores(ward, patient)
    odd: Resource = {
        "resourceType": "Observation",
        "id": "no-sign",
        "status": "final",
        "subject": {"reference": f"Patient/{patient}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "8310-5"}]},
        "effectiveDateTime": NOW.isoformat(),
        "valueQuantity": quantity,
    }
    ward.take([dump_bytes(odd)])
    assert _scores(ward, patient) == before
    shown = timeline.timeline(ward.desk, patient, count=100_000).events
    assert "no-sign" in {event.id for event in shown}


def _scores(ward: Ward, patient: PatientId) -> tuple[object, object]:
    """What the board and the chart make of a patient's signs."""
    beds = ward_board.board(ward.desk).beds
    (board,) = (b.occupant.score for b in beds if b.occupant and b.occupant.who.patient == patient)
    return board, flowsheet.flowsheet(ward.desk, patient).now


def test_the_index_can_be_built_anew_over_odd_records(ward: Ward) -> None:
    chance = random.Random("reindex")
    bent = [bend(each, chance, 3) for each in chance.sample(ward.resources, 60)]
    ward.take([dump_bytes(each) for each in bent])
    with ward.desk.store.write() as unit:
        done = index.rebuild(unit.connection, lambda _done, _of: None)
    assert done > len(bent)
    ward.read_all(papers=False)
    ward.take([dump_bytes(each) for each in ward.resources])
