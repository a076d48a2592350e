"""New versions of a stay: what they write, that R4 takes it, and that each can be taken back."""

from copy import deepcopy
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital.schema.validate import validate
from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.ordering import OrderKind, Request
from workstation.clinical.stays import Disposition, Outcome
from workstation.fhir import (
    condition,
    drug_order,
    encounter,
    order,
    stay_facts,
    stay_orders,
    stay_reversals,
    stays,
    systems,
)
from workstation.fhir.entry import Entry
from workstation.fhir.json import canonical
from workstation.fhir.stay_facts import Remark

HANOI = timezone(timedelta(hours=7))
START = datetime(2026, 11, 18, 22, 0, tzinfo=HANOI)
AUTHOR = {"reference": "Practitioner/n1", "display": "Lê Thị Mai"}
ENTRY = Entry(own="e1", patient="p1", encounter=None, author=AUTHOR, at=START)
HERE = stays.new(
    ENTRY,
    stays.place_entry("b1", "301-1", "active", START),
    status="in-progress",
    reason={"text": "Viêm phổi"},
    level=CareLevel.TWO,
)
EXPECTED = stays.new(
    ENTRY,
    stays.place_entry("w1", "Khoa Nội", "planned", START),
    status="planned",
    reason={"text": "Viêm phổi"},
)
BARE = {
    **{key: value for key, value in HERE.items() if key != "period"},
    "location": [{"location": {"reference": "Location/b1"}, "status": "active"}],
}
"""As others write it: no times at all."""


def after(hours):
    return START + timedelta(hours=hours)


def ended(resource, at, disposition=Disposition.DISCHARGED, outcome=Outcome.CURED):
    found = stays.discharged(resource, at=at, disposition=disposition, outcome=outcome)
    found = stays.with_diagnosis(found, "c8", stay_facts.MAIN, 1)
    return stays.with_diagnosis(found, "c9", stay_facts.COMORBID, 2)


def gone_on_leave(resource, hours=5):
    return stays.on_leave(resource, at=after(hours), until=after(hours + 30))


def test_golden_a_stay_from_expected_to_its_end():
    stay = stays.admitted(EXPECTED, "b1", display="301-1", at=after(1))
    stay = stays.moved(stay, "b2", display="302-1", at=after(2))
    stay = gone_on_leave(stay)
    stay = stays.returned(stay, at=after(30))
    stay = ended(stay, after(50), Disposition.REFERRED, Outcome.WORSE)
    assert stay["status"] == "finished"
    assert stay["period"] == {
        "start": "2026-11-18T23:00:00+07:00",
        "end": "2026-11-21T00:00:00+07:00",
    }
    assert stay["statusHistory"] == [
        {
            "status": "planned",
            "period": {"end": "2026-11-18T23:00:00+07:00"},
            "extension": [
                {
                    "url": systems.PLANNED_AS,
                    "extension": [
                        {"url": "at", "valueDateTime": "2026-11-18T22:00:00+07:00"},
                        {"url": "reason", "valueCodeableConcept": {"text": "Viêm phổi"}},
                        {
                            "url": "place",
                            "valueReference": {"reference": "Location/w1", "display": "Khoa Nội"},
                        },
                    ],
                }
            ],
        },
        {
            "status": "in-progress",
            "period": {"start": "2026-11-18T23:00:00+07:00", "end": "2026-11-19T03:00:00+07:00"},
        },
        {
            "status": "onleave",
            "period": {"start": "2026-11-19T03:00:00+07:00", "end": "2026-11-20T04:00:00+07:00"},
        },
        {
            "status": "in-progress",
            "period": {"start": "2026-11-20T04:00:00+07:00", "end": "2026-11-21T00:00:00+07:00"},
        },
    ]
    assert stay["location"] == [
        {
            "location": {"reference": "Location/b1", "display": "301-1"},
            "status": "completed",
            "period": {"start": "2026-11-18T23:00:00+07:00", "end": "2026-11-19T00:00:00+07:00"},
        },
        {
            "location": {"reference": "Location/b2", "display": "302-1"},
            "status": "completed",
            "period": {"start": "2026-11-19T00:00:00+07:00", "end": "2026-11-21T00:00:00+07:00"},
        },
    ]
    assert stay["hospitalization"] == {
        "dischargeDisposition": {
            "coding": [
                {"system": systems.DISPOSITION, "code": "referred"},
                {"system": systems.HL7_DISPOSITION, "code": "other-hcf"},
            ],
            "text": "Chuyển viện; kết quả điều trị: nặng hơn",
        },
        "extension": [
            {
                "url": systems.TREATMENT_OUTCOME,
                "valueCoding": {"system": systems.OUTCOME, "code": "4", "display": "Nặng hơn"},
            }
        ],
    }
    assert stay_facts.ending(stay) == stay_facts.Ending(Disposition.REFERRED, Outcome.WORSE)
    validate(stay)


VERSIONS = {
    "expected": EXPECTED,
    "admitted": stays.admitted(EXPECTED, "b1", display="301-1", at=after(1)),
    "asked": stays.transfer_requested(HERE, "w2", display="Khoa Ngoại", at=after(1)),
    "refused": stays.transfer_refused(
        stays.transfer_requested(HERE, "w2", display="Khoa Ngoại", at=after(1)),
        Remark("Hết giường", "Mai", after(2), "Khoa Ngoại"),
    ),
    "leave": gone_on_leave(HERE),
    "left": ended(HERE, after(9)),
    "died": ended(HERE, after(9), Disposition.DIED, Outcome.DIED),
    "cancelled": stays.cancelled(EXPECTED, at=after(3)),
    "taken back": stays.with_taken_back(HERE, Remark("Nhầm", "Mai", after(2), "moved")),
    "no patient's condition": condition.in_error(condition.write(ENTRY, "Viêm phổi", "")),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_r4_takes_every_version(name):
    validate(VERSIONS[name])


def test_where_somebody_is_to_come_is_not_where_they_lie():
    expected = encounter.read(EXPECTED)
    assert (expected.current_places, expected.planned_places) == ((), ("w1",))
    assert expected.expected
    assert not expected.present
    asked = encounter.read(VERSIONS["asked"])
    assert (asked.current_places, asked.planned_places) == (("b1",), ("w2",))
    over = encounter.read(stays.cancelled(EXPECTED, at=after(1)))
    assert over.planned_places == ()


def test_a_transfer_is_asked_for_once_refused_with_a_reason_and_accepted_with_a_bed():
    again = stays.transfer_requested(VERSIONS["asked"], "w3", display="Khoa Nhi", at=after(2))
    assert encounter.read(again).planned_places == ("w3",)
    refusal = stay_facts.refusal(VERSIONS["refused"])
    assert refusal == Remark("Hết giường", "Mai", after(2), "Khoa Ngoại")
    asked = stays.transfer_requested(VERSIONS["refused"], "w3", display="x", at=after(3))
    assert stay_facts.refusal(asked) is None
    taken = encounter.read(
        stays.transfer_accepted(VERSIONS["asked"], "b9", display="9", at=after(3))
    )
    assert (taken.current_places, taken.planned_places) == (("b9",), ())


@pytest.mark.parametrize(
    ("before", "step", "back"),
    [
        (HERE, lambda r: stays.moved(r, "b2", display="2", at=after(3)), stay_reversals.not_moved),
        (HERE, gone_on_leave, stay_reversals.not_left),
        (BARE, lambda r: stays.moved(r, "b2", display="2", at=after(3)), stay_reversals.not_moved),
        (BARE, lambda r: ended(r, after(9)), stay_reversals.not_discharged),
        (gone_on_leave(HERE), lambda r: stays.returned(r, at=after(9)),
         stay_reversals.not_returned),
        (HERE, lambda r: ended(r, after(9)), stay_reversals.not_discharged),
        (gone_on_leave(HERE), lambda r: ended(r, after(9)), stay_reversals.not_discharged),
        ({**HERE, "hospitalization": {"origin": {"reference": "Organization/o"}}},
         lambda r: ended(r, after(9)), stay_reversals.not_discharged),
    ],
)  # fmt: skip
def test_what_is_taken_back_never_was(before, step, back):
    kept = deepcopy(before)
    assert canonical(back(step(before))) == canonical(before)
    assert before == kept


def test_an_admission_taken_back_leaves_somebody_expected_or_nobody():
    again = stay_reversals.not_admitted(VERSIONS["admitted"], "w1", display="Khoa Nội")
    assert encounter.read(again).expected
    assert encounter.read(again).planned_places == ("w1",)
    validate(again)
    gone = stay_reversals.not_admitted(HERE, "w1", display="Khoa Nội")
    assert gone["status"] == "entered-in-error"
    assert encounter.read(gone).current_places == ()


def test_death_is_on_the_patient_and_can_be_taken_away():
    person = {"resourceType": "Patient", "id": "p1", "deceasedBoolean": False, "gender": "male"}
    dead = stays.deceased(person, after(3))
    assert dead["deceasedDateTime"] == "2026-11-19T01:00:00+07:00"
    assert "deceasedBoolean" not in dead
    validate(dead)
    assert stay_reversals.alive(dead) == {"resourceType": "Patient", "id": "p1", "gender": "male"}


ORDER = drug_order.write(
    ENTRY,
    Prescription(
        drug="Ceftriaxon",
        amount=Amount(Decimal(1), "g"),
        route="Tiêm tĩnh mạch",
        timing=Timing(times_a_day=2),
    ),
)


@given(st.sampled_from(["active", "on-hold"]), st.sampled_from([None, "2026-11-25T00:00:00+07:00"]),
       st.booleans())  # fmt: skip
def test_an_order_stopped_with_the_stay_stands_again_as_it_stood(status, end, others):
    order = {**deepcopy(ORDER), "status": status}
    if end:
        order["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"] = {"end": end}
    if others:
        order["extension"] = [{"url": "https://other.example/x", "valueCode": "1"}]
    stopped = stay_orders.stopped_with(order, "e1", at=after(9), reason="Ra viện")
    assert drug_order.read(stopped).stopped_at == after(9)
    validate(stopped)
    assert canonical(stay_orders.resumed(stopped, "e1")) == canonical(order)
    assert stay_orders.resumed(stopped, "e2") is None


def test_an_order_that_a_doctor_stopped_stays_stopped():
    stopped = drug_order.stopped(ORDER, at=after(2), reason="Phát ban")
    assert stay_orders.resumed(stopped, "e1") is None


@given(st.sampled_from(["active", "on-hold"]), st.booleans(), st.booleans(),
       st.sampled_from([OrderKind.DIET, OrderKind.OXYGEN, OrderKind.MONITORING]))  # fmt: skip
def test_care_that_ended_with_the_stay_stands_again_as_it_stood(status, decided, others, kind):
    made = order.write(ENTRY, Request(kind=kind, words="Cháo"))
    if decided:
        doctor = {"reference": "Practitioner/d", "display": "D"}
        made = order.with_status(made, status, by=doctor, at=after(1), reason="Mổ")
    if others:
        foreign = {"url": "https://other.example/x", "valueCode": "1"}
        beside = made.get("_status", {})
        made["extension"] = [foreign]
        made["_status"] = {**beside, "extension": [foreign, *beside.get("extension", [])]}
    nurse = {"reference": "Practitioner/n", "display": "N"}
    ended = stay_orders.ended_with(made, "e1", by=nurse, at=after(9), reason="Ra viện")
    read = order.read(ended)
    assert (read.status, read.decided.by, read.decided.reason) == ("stopped", "N", "Ra viện")
    validate(ended)
    assert canonical(stay_orders.resumed(ended, "e1")) == canonical(made)
    assert stay_orders.resumed(ended, "e2") is None
