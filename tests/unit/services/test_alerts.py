"""The maternity chart on a real store."""

from __future__ import annotations

from tests.kit.people import DOCTOR
from tests.kit.ward import colleague, patient_id
from workstation.fhir import safety
from workstation.services import alerts, patient_record

PATIENT = patient_id(2)


def flags(desk):
    with desk.store.read() as view:
        return [stored.resource() for stored in view.find("Flag", patient=PATIENT)]


def facts(desk):
    with desk.store.read() as view:
        return patient_record.facts(view, PATIENT, desk.now())


def test_it_is_put_on_once_and_ended_with_its_time(desk):
    alerts.set_maternity(desk, PATIENT, on=True)
    alerts.set_maternity(colleague(desk, DOCTOR), PATIENT, on=True)
    (flag,) = flags(desk)
    assert facts(desk).scale == "MEOWS"
    assert flag["encounter"] == {"reference": "Encounter/stay-2"}
    alerts.set_maternity(desk, PATIENT, on=False)
    (flag,) = flags(desk)
    assert (flag["status"], bool(flag["period"]["end"])) == ("inactive", True)
    assert facts(desk).scale == "NEWS2"


def test_other_alerts_stay_as_they_are(desk):
    fall = {
        "resourceType": "Flag",
        "id": "fall",
        "status": "active",
        "code": {
            "coding": [
                {"system": "https://ward-workstation.example/fhir/CodeSystem/flag", "code": "fall"}
            ]
        },
        "subject": {"reference": f"Patient/{PATIENT}"},
    }
    with desk.store.write() as unit:
        unit.create(fall)
    alerts.set_maternity(desk, PATIENT, on=True)
    alerts.set_maternity(desk, PATIENT, on=False)
    assert [alert.code for alert in safety.alerts(flags(desk))] == ["fall"]
