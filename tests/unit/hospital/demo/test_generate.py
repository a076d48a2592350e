"""The demo hospital: same for a seed, plausible, whole, lazy."""

import itertools
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from hospital.demo import places, staff
from hospital.demo.generate import generate
from workstation.clinical import news2
from workstation.clinical.allergies import AllergyState, state
from workstation.clinical.plausibility import refuse_impossible
from workstation.fhir import (
    allergy,
    assessment,
    encounter,
    escalation,
    flag,
    location,
    patient,
    vital_signs,
)
from workstation.fhir.compartment import patient_of
from workstation.fhir.elements import codings
from workstation.fhir.json import dump, reference, references
from workstation.fhir.laboratory import is_result
from workstation.fhir.summary import at_of

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def resources():
    return list(generate(7, NOW))


@pytest.fixture(scope="module")
def by_type(resources):
    found = defaultdict(list)
    for resource in resources:
        found[resource["resourceType"]].append(resource)
    return found


def test_the_same_seed_makes_the_same_hospital(resources):
    assert list(map(dump, generate(7, NOW))) == list(map(dump, resources))


def test_another_seed_makes_other_patients_in_the_same_house(resources):
    other = list(generate(8, NOW))
    house = 3 + 46 + 6
    assert other[:house] == resources[:house]
    assert {r["id"] for r in other[house:]}.isdisjoint(r["id"] for r in resources[house:])


def test_ids_are_unique_and_nothing_dangles(resources):
    seen, whole = set(), set(map(reference, resources))
    for resource in resources:
        assert reference(resource) not in seen
        seen.add(reference(resource))
        ahead = references(resource) - seen
        assert {name.split("/")[0] for name in ahead} <= {"Condition"}
        assert ahead <= whole


def test_nothing_but_who_is_expected_is_later_than_now(resources):
    happened = [each for each in resources if each.get("status") != "planned"]
    times = [at for at in map(at_of, happened) if at is not None]
    assert max(times) <= NOW
    assert min(times) >= NOW - timedelta(days=5, hours=1)


def test_thirty_two_of_thirty_six_beds_are_occupied_each_by_one(by_type):
    beds = {r["id"]: location.read(r) for r in by_type["Location"]}
    stays = [encounter.read(r) for r in by_type["Encounter"]]
    expected = [stay for stay in stays if stay.expected]
    assert len(expected) == 3
    assert all(stay.planned_places and not stay.current_places for stay in expected)
    stays = [stay for stay in stays if not stay.expected]
    assert all(stay.present and stay.care_level and stay.diagnosis for stay in stays)
    lying = [bed for stay in stays for bed in stay.current_places]
    assert len(lying) == len(set(lying)) == len(stays) == 36
    assert Counter(beds[bed].part_of for bed in lying) == {
        places.GENERAL.id: 32,
        places.CARDIOLOGY.id: 4,
    }
    assert len(places.GENERAL.beds) == 36


def test_some_patients_have_moved(by_type):
    assert any(len(encounter.read(r).places) == 2 for r in by_type["Encounter"])


def test_patients_have_whole_names_and_well_formed_numbers(by_type):
    people = [patient.read(r) for r in by_type["Patient"]]
    for found in people:
        assert found.name.family
        assert found.name.given
        assert found.sex in ("male", "female")
        assert len(found.national_id) == 12
        assert found.national_id.isdecimal()
        assert found.record_number.startswith("26")
        assert found.insurance_number is None or len(found.insurance_number) == 15
    assert len({found.national_id for found in people}) == len(people)
    assert any(found.insurance_number is None for found in people)


def test_all_three_states_of_allergy_occur(by_type):
    rows = defaultdict(list)
    for resource in by_type["AllergyIntolerance"]:
        rows[patient_of(resource)].append(allergy.read(resource))
    found = {state(rows[r["id"]]) for r in by_type["Patient"]}
    assert found == set(AllergyState)


def test_flags_of_three_kinds_occur(by_type):
    assert flag.active_codes(by_type["Flag"]) >= {"fall", "spo2-scale-2"}


def test_vital_signs_are_possible_and_frequent(by_type):
    sets = defaultdict(list)
    for resource in by_type["Observation"]:
        sets[patient_of(resource)].append(resource)
    for rows in sets.values():
        found = vital_signs.sets(rows)
        assert found
        for vitals in found:
            refuse_impossible(vitals)
        for one, two in itertools.pairwise(found):
            assert two.at - one.at < timedelta(hours=10)


def test_a_few_are_very_ill_and_some_scores_are_incomplete(by_type):
    sets = defaultdict(list)
    for resource in by_type["Observation"]:
        sets[patient_of(resource)].append(resource)
    last = [news2.score(vital_signs.sets(rows)[-1]) for rows in sets.values()]
    risks = Counter(score.risk for score in last)
    assert 2 <= risks[news2.Risk.HIGH] <= 8
    assert risks[news2.Risk.LOW] >= 15
    every = [news2.score(one) for rows in sets.values() for one in vital_signs.sets(rows)]
    assert any(not score.complete for score in every)


def test_every_order_is_given_and_some_doses_are_not(by_type):
    statuses = Counter(r["status"] for r in by_type["MedicationAdministration"])
    assert statuses["completed"] > 200
    assert statuses["not-done"] > 0


def test_both_kinds_of_notes_occur_every_day(by_type):
    kinds = Counter(r["type"]["coding"][0]["code"] for r in by_type["DocumentReference"])
    assert kinds["11506-3"] > 60
    assert kinds["34746-8"] > 100


def test_a_big_hospital_is_made_lazily():
    first = list(itertools.islice(generate(7, NOW, patients=100_000), 200))
    assert len(first) == 200


def test_patients_beyond_the_beds_have_been_here_before():
    found = list(generate(7, NOW, patients=40))
    stays = [encounter.read(r) for r in found if r["resourceType"] == "Encounter"]
    assert Counter(stay.status for stay in stays) == {
        "in-progress": 36,
        "planned": 3,
        "finished": 4,
    }
    whole = set(map(reference, found))
    assert all(references(resource) <= whole for resource in found)


def test_a_small_hospital_leaves_beds_empty():
    found = [r for r in generate(7, NOW, patients=3) if r["resourceType"] == "Patient"]
    assert len(found) == 3


def test_staff_has_distinct_pins_and_none_of_them_is_served():
    assert len({person.pin for person in staff.STAFF}) == len(staff.STAFF)
    assert len(staff.NURSES) >= 3
    assert len(staff.DOCTORS) >= 2
    assert [row["role"] for row in staff.people()].count("head-nurse") == 1
    served = "".join(map(dump, staff.resources()))
    for person in staff.STAFF:
        assert person.pin not in served
        assert person.id in served
        assert person.reference["display"] == person.display


def test_the_results_that_stand_out_are_there(resources):
    reports = [r for r in resources if r["resourceType"] == "DiagnosticReport"]
    assert [r["code"]["text"] for r in reports] == ["X-quang ngực thẳng", "Siêu âm ổ bụng"]
    tests = [r for r in resources if r["resourceType"] == "Observation" and is_result(r)]
    flags = [code for r in tests for _, code in codings(r.get("interpretation"))]
    assert flags.count("HH") == 1
    assert [r["valueQuantity"]["value"] for r in tests if r["status"] == "corrected"] == [118]
    makers = {r["performer"][0]["reference"] for r in tests}
    assert makers == {f"Organization/{each}" for each in (places.LABORATORY, places.ELSEWHERE)}


def test_scales_are_filled_in_and_bad_scores_led_to_calls(resources):
    records = [found for r in resources if (found := assessment.read(r)) is not None]
    patients = {r["subject"]["reference"] for r in resources if assessment.read(r) is not None}
    assert {found.assessment.scale.id for found in records} == {"braden", "morse", "glasgow"}
    assert len(patients) >= 30
    for found in records:
        found.assessment.scale.check(found.assessment.answers)
    calls = [escalation.read(r) for r in resources if escalation.is_call(r)]
    assert [call.open for call in calls].count(True) == 1
    assert all(call.answer for call in calls if not call.open)
    assert all(call.called_at <= NOW for call in calls)


def test_one_ward_is_asked_to_take_somebody_of_the_other(by_type):
    stays = [encounter.read(r) for r in by_type["Encounter"]]
    asked = [stay for stay in stays if stay.present and stay.planned_places]
    assert [stay.planned_places for stay in asked] == [(places.GENERAL.id,)]
    beds = {bed.id for bed in places.CARDIOLOGY.beds}
    assert set(asked[0].current_places) <= beds
