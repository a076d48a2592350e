"""Rows for the rules of collisions out of resources of ours and of others."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.kit import foreign
from workstation.clinical import collisions
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.medication_record import Outcome
from workstation.fhir import allergy, collision_rows, dose, drug_order, location
from workstation.fhir.entry import Entry
from workstation.knowledge import shipped

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def entry(own, hours=0, patient="p1"):
    return Entry(
        own=own,
        patient=patient,
        encounter="e1",
        author={"reference": "Practitioner/d"},
        at=AT + timedelta(hours=hours),
    )


DRUG = Prescription(
    drug="Amoxicilin 500 mg",
    codes=(("s", "amoxicillin"),),
    amount=Amount(Decimal(500), "mg"),
    route="uống",
    timing=Timing(times_a_day=3),
)
ORDER = drug_order.write(entry("o1", -5), DRUG)


def test_a_dose_given_twice_after_a_stop_despite_an_allergy():
    stopped = drug_order.stopped(ORDER, at=AT - timedelta(minutes=1), reason="Dị ứng")
    doses = [
        collision_rows.dose_row(dose.write(entry(own, hours), ORDER))
        for own, hours in (("d1", 0), ("d2", 0.5))
    ]
    orders = [collision_rows.order_row(stopped)]
    allergies = [collision_rows.allergy_row(allergy.write(entry("a1", -1), "Penicillin"))]
    assert len(collisions.dose_twice(doses, orders)) == 1
    assert len(collisions.given_after_stop(doses, orders)) == 2
    assert len(collisions.given_despite_allergy(doses, allergies, shipped())) == 2
    assert collisions.ordered_despite_allergy(orders, allergies, shipped()) == []
    assert collisions.ordered_despite_allergy(
        [collision_rows.order_row(ORDER)], allergies, shipped()
    )


def test_what_was_not_given_is_no_dose():
    withheld = dose.write(entry("d1"), ORDER, outcome=Outcome.WITHHELD, reason="Nôn")
    assert collision_rows.dose_row(withheld) is None
    assert collision_rows.dose_row({"status": "completed"}) is None
    given = dose.write(entry("d1"), ORDER)
    del given["effectiveDateTime"]
    assert collision_rows.dose_row(given) is None


def test_orders():
    assert collision_rows.order_row(ORDER).interval == timedelta(hours=8)
    needed = {**ORDER, "dosageInstruction": [{"asNeededBoolean": True}]}
    assert collision_rows.order_row(needed).interval is None
    assert collision_rows.order_row({**ORDER, "status": "draft"}) is None
    assert collision_rows.order_row({"status": "active"}) is None


def test_allergies():
    assert collision_rows.allergy_row(allergy.write_none_known(entry("a1"))) is None
    void = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    assert collision_rows.allergy_row(void) is None
    assert collision_rows.allergy_row({"code": {"text": "Tôm"}}) is None
    over = {**allergy.write(entry("a1"), "Tôm"), "clinicalStatus": {"coding": [{"code": "x"}]}}
    assert collision_rows.allergy_row(over) is None


def test_stays():
    stay = {
        "id": "e1",
        "status": "in-progress",
        "class": {"code": "IMP"},
        "subject": {"reference": "Patient/p1"},
        "location": [
            {"location": {"reference": "Location/b1"}, "status": "active"},
            {"location": {"reference": "Location/w1"}, "status": "active"},
        ],
    }
    assert collision_rows.stay_row(stay, {"b1"}.__contains__).beds == ("b1",)
    assert collision_rows.stay_row({**stay, "status": "finished"}, bool) is None
    assert collision_rows.stay_row({**stay, "subject": {}}, bool) is None


def test_persons():
    person = {
        "id": "p1",
        "identifier": [
            {
                "system": "http://fhir.ehealth.gov.vn/core/sid/insurance_number",
                "value": "HT3010000000001",
            }
        ],
        "name": [{"family": "Đỗ", "given": ["Văn", "An"]}],
        "birthDate": "1953-08-13",
        "gender": "male",
    }
    row = collision_rows.person_row(person)
    assert (row.insurance_number, row.folded_name, row.national_id) == (
        "0000000001",
        "do van an",
        None,
    )
    assert collision_rows.person_row({"id": "p"}).insurance_number is None
    assert collision_rows.person_row({**person, "active": False}) is None
    merged = {"type": "replaced-by", "other": {"reference": "Patient/p2"}}
    assert collision_rows.person_row({**person, "link": [merged]}) is None


REQUEST = {
    "id": "s1",
    "status": "active",
    "intent": "order",
    "category": [{"coding": [{"code": "LAB"}]}],
    "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
    "subject": {"reference": "Patient/p1"},
    "authoredOn": "2026-11-20T08:00:00Z",
}


def test_requests():
    assert collision_rows.request_row(REQUEST).ordered_at == AT
    due = {**REQUEST, "occurrenceDateTime": "2026-11-20T09:00:00Z"}
    assert collision_rows.request_row(due).ordered_at == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "revoked"},
        {"intent": "plan"},
        {"category": []},
        {"code": {}},
        {"subject": {}},
        {"authoredOn": None},
    ],
)
def test_no_requests(change):
    assert collision_rows.request_row({**REQUEST, **change}) is None


@pytest.mark.skipif(foreign.folder() is None, reason="the data of others is not at hand")
def test_collisions_in_the_data_of_others():
    rows = {"MedicationAdministration": [], "MedicationRequest": [], "Encounter": []}
    beds = set()
    for resource in foreign.resources():
        rows.setdefault(resource["resourceType"], []).append(resource)
        if resource["resourceType"] == "Location" and location.read(resource).kind == "bed":
            beds.add(resource["id"])
    doses = list(filter(None, map(collision_rows.dose_row, rows["MedicationAdministration"])))
    orders = list(filter(None, map(collision_rows.order_row, rows["MedicationRequest"])))
    stays = [
        row
        for resource in rows["Encounter"]
        if (row := collision_rows.stay_row(resource, beds.__contains__))
    ]
    assert (len(doses), len(orders), len(stays)) == (1742, 310, 6)
    found = Counter(
        one.rule
        for one in [
            *collisions.dose_twice(doses, orders),
            *collisions.given_after_stop(doses, orders),
            *collisions.two_patients_in_one_bed(stays),
            *collisions.two_open_stays(stays),
        ]
    )
    assert set(found) == {collisions.Rule.DOSE_TWICE}
