"""Stays of ours and of others; moving, discharge and care level keep what they do not know."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.kit import foreign
from workstation.clinical.care_level import CareLevel
from workstation.fhir import encounter, stays

HANOI = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 8, 0, tzinfo=HANOI)
CARE_LEVEL = "https://ward-workstation.example/fhir/StructureDefinition/care-level"
STAY = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "in-progress",
    "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p1"},
    "period": {"start": "2026-11-18T22:00:00+07:00", "_start": {"id": "kept"}},
    "serviceType": {"text": "Nội tổng hợp"},
    "reasonCode": [
        {
            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J18.9"}],
            "text": "Viêm phổi",
        }
    ],
    "participant": [
        {"type": [{"coding": [{"code": "ADM"}]}], "individual": {"display": "BS Minh"}},
        {"type": [{"coding": [{"code": "ATND"}]}], "individual": {"display": "BS Lan"}},
    ],
    "diagnosis": [
        {"condition": {"reference": "Condition/c2"}, "rank": 2},
        {"condition": {"reference": "Condition/c3"}},
        {"condition": {"reference": "Condition/c1"}, "rank": 1},
        {"condition": "odd"},
    ],
    "location": [
        {
            "location": {"reference": "Location/b1", "display": "G01"},
            "status": "completed",
            "period": {"end": "2026-11-19T00:00:00Z"},
        },
        {
            "location": {"reference": "Location/b2", "display": "G02"},
            "status": "active",
            "period": {"start": "2026-11-19T00:00:00Z", "extension": [{"url": "kept"}]},
        },
        {"location": {"display": "corridor"}},
    ],
    "extension": [{"url": CARE_LEVEL, "valueCode": "2"}, {"url": "x"}],
}


def test_a_stay():
    found = encounter.read(STAY)
    assert (found.id, found.patient, found.status, found.class_code) == (
        "e1",
        "p1",
        "in-progress",
        "IMP",
    )
    assert found.present
    assert found.current_places == ("b2",)
    assert found.places[0].end == datetime(2026, 11, 19, tzinfo=UTC)
    assert (found.diagnosis, found.diagnosis_code) == ("Viêm phổi", "J18.9")
    assert found.conditions == ("c1", "c2", "c3")
    assert found.care_level is CareLevel.TWO
    assert (found.service, found.attending) == ("Nội tổng hợp", "BS Lan")
    assert found.ended_at is None


def test_days_of_stay_follow_the_calendar_of_the_ward():
    stay = encounter.read(STAY)
    assert stay.day(AT, HANOI) == 3
    assert stay.day(datetime(2026, 11, 18, 16, 59, tzinfo=UTC), HANOI) == 1
    assert stay.day(datetime(2026, 11, 18, 17, 0, tzinfo=UTC), HANOI) == 2
    assert encounter.read({}).day(AT, HANOI) is None


def test_an_empty_encounter():
    found = encounter.read({})
    assert (found.id, found.status, found.class_code) == ("", "unknown", "")
    assert not found.present
    assert found.places == ()
    assert found.diagnosis is None
    assert found.attending is None


def test_nobody_lies_anywhere_after_discharge():
    assert encounter.read({**STAY, "status": "finished"}).current_places == ()


def test_an_outpatient_is_not_in_a_bed():
    assert not encounter.read({**STAY, "class": {"code": "AMB"}}).present


def test_a_place_without_status_is_current_until_its_end():
    entry = {"location": {"reference": "Location/b1"}}
    stay = {**STAY, "location": [entry]}
    assert encounter.read(stay).current_places == ("b1",)
    stay = {**STAY, "location": [{**entry, "period": {"end": "2026-11-19T00:00:00Z"}}]}
    assert encounter.read(stay).current_places == ()


def test_the_diagnosis_may_stand_only_in_its_reference():
    stay = {
        "diagnosis": [
            {"condition": {"reference": "Condition/c1"}},
            {"condition": {"reference": "Condition/c2", "display": "Suy tim"}},
        ]
    }
    assert encounter.read(stay).diagnosis == "Suy tim"


def test_care_level_is_replaced_and_the_rest_kept():
    before = deepcopy(STAY)
    found = stays.with_care_level(STAY, CareLevel.ONE)
    assert before == STAY
    assert found["extension"] == [{"url": "x"}, {"url": CARE_LEVEL, "valueCode": "1"}]
    assert {k: v for k, v in found.items() if k != "extension"} == {
        k: v for k, v in STAY.items() if k != "extension"
    }


def test_a_move_ends_the_old_place_and_keeps_its_history():
    before = deepcopy(STAY)
    found = stays.moved(STAY, "b3", display="G03", at=AT)
    assert before == STAY
    assert encounter.read(found).current_places == ("b3",)
    assert found["location"][1] == {
        "location": {"reference": "Location/b2", "display": "G02"},
        "status": "completed",
        "period": {
            "start": "2026-11-19T00:00:00Z",
            "extension": [{"url": "kept"}],
            "end": "2026-11-20T08:00:00+07:00",
        },
    }
    assert found["location"][2] == STAY["location"][2]
    assert found["location"][3]["period"] == {"start": "2026-11-20T08:00:00+07:00"}


def test_a_discharge_frees_the_bed():
    before = deepcopy(STAY)
    found = stays.discharged(STAY, at=AT)
    assert before == STAY
    stay = encounter.read(found)
    assert (stay.status, stay.ended_at, stay.current_places) == ("finished", AT, ())
    assert found["period"]["_start"] == {"id": "kept"}
    assert [item.get("status") for item in found["location"]] == ["completed", "completed", None]


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_foreign_stays():
    stays = [encounter.read(r) for r in foreign.resources() if r["resourceType"] == "Encounter"]
    present = [stay for stay in stays if stay.present]
    assert len(present) == 6
    for stay in present:
        assert stay.patient
        assert stay.started_at
        assert stay.diagnosis
        assert stay.diagnosis_code
        assert stay.attending
    assert sorted(len(stay.current_places) for stay in present) == [0, 2, 2, 2, 2, 2]
