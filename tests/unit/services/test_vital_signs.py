"""Charting a set of vital signs, correcting it and taking it back, on a real store."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, discharge, patient_id
from workstation.clinical.vital_signs import Consciousness, Sign, VitalSigns
from workstation.fhir import vital_signs as mapping
from workstation.kernel.errors import Refused
from workstation.services import vital_signs
from workstation.services.vital_signs import Correction
from workstation.store import audit

PATIENT = patient_id(1)


def whole_set(desk, **other):
    values = {
        "heart_rate": Decimal(84),
        "temperature": Decimal("37.2"),
        "systolic": Decimal(124),
        "diastolic": Decimal(78),
        "respiratory_rate": Decimal(18),
        "spo2": Decimal(97),
        "oxygen_flow": Decimal(0),
        "consciousness": Consciousness.ALERT,
        "pain": Decimal(2),
    }
    return VitalSigns(at=desk.now(), **(values | other))


def resources(desk):
    with desk.store.read() as view:
        return [stored.resource() for stored in view.find("Observation", patient=PATIENT)]


def ids(changes):
    return [r.removeprefix("Observation/") for r in changes.references]


def one(desk, sign):
    return next(r for r in resources(desk) if mapping.sign_of(r) is sign)


def test_a_set_is_eight_observations_of_one_time_in_the_stay(desk):
    changes = vital_signs.record(desk, PATIENT, whole_set(desk))

    found = resources(desk)
    assert len(found) == 8 == len(changes.references)
    assert {r["encounter"]["reference"] for r in found} == {"Encounter/stay-1"}
    assert {r["performer"][0]["reference"] for r in found} == {"Practitioner/nurse-1"}
    assert mapping.sets(found) == [whole_set(desk)]
    assert changes.patients == {PATIENT}
    assert changes.ward


def test_a_set_is_one_unit_of_work(desk):
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, patient_id(99), whole_set(desk))
    assert refused.value.code == "not-admitted"
    with desk.store.read() as view:
        assert view.find("Observation") == []


def test_when_it_was_charted_stands_beside_when_it_was_measured(desk):
    vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), pain=Decimal(3)))
    advance(desk, minutes=40)
    measured = desk.now() - timedelta(minutes=40)
    vital_signs.record(desk, PATIENT, VitalSigns(at=measured, heart_rate=Decimal(80)))
    late = one(desk, Sign.HEART_RATE)
    assert late["effectiveDateTime"] == measured.isoformat()
    assert late["issued"] == desk.now().isoformat()


def test_nothing_measured_is_refused(desk):
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now()))
    assert refused.value.code == "nothing-measured"


def test_a_time_that_has_not_come_is_refused(desk):
    late = VitalSigns(at=desk.now() + timedelta(minutes=3), heart_rate=Decimal(80))
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, PATIENT, late)
    assert (refused.value.code, refused.value.field) == ("in-future", "at")


def test_an_impossible_value_is_refused_with_its_field(desk):
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, PATIENT, whole_set(desk, temperature=Decimal(63)))
    assert (refused.value.code, refused.value.field) == ("impossible-value", Sign.TEMPERATURE)


def test_an_implausible_value_has_to_be_confirmed(desk):
    wild = whole_set(desk, heart_rate=Decimal(228))
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, PATIENT, wild)
    assert refused.value.code == "implausible-value"
    assert refused.value.data["signs"] == (Sign.HEART_RATE,)

    vital_signs.record(desk, PATIENT, wild, confirmed={Sign.HEART_RATE})
    assert mapping.sets(resources(desk)) == [wild]


def weighed(desk, kg, **more):
    advance(desk, hours=1)
    vitals = VitalSigns(at=desk.now(), weight=Decimal(kg))
    return vital_signs.record(desk, PATIENT, vitals, **more)


def test_a_weight_far_from_the_last_one_of_the_stay_has_to_be_confirmed(desk):
    weighed(desk, "60")
    with pytest.raises(Refused) as refused:
        weighed(desk, "42")
    assert (refused.value.code, refused.value.field) == ("weight-changed", Sign.WEIGHT)
    assert refused.value.data["before"] == "60"
    weighed(desk, "42", confirmed={Sign.WEIGHT})
    weighed(desk, "44.5")


def test_a_weight_in_error_is_not_what_the_next_one_is_compared_with(desk):
    vital_signs.undo(desk, ids(weighed(desk, "60")))
    weighed(desk, "42")


def test_refill_and_effort_of_a_child_come_back_as_written(desk):
    vitals = VitalSigns(
        at=desk.now(), capillary_refill=Decimal("2.5"), respiratory_effort=Decimal(2)
    )
    vital_signs.record(desk, PATIENT, vitals)
    assert mapping.sets(resources(desk)) == [vitals]
    systems = {r["code"]["coding"][0]["code"]: r["code"]["coding"][0] for r in resources(desk)}
    assert systems["44963-7"]["system"] == "http://loinc.org"
    assert "ward-workstation" in systems["respiratory-effort"]["system"]


def test_a_correction_keeps_the_reason_and_who(desk):
    vital_signs.record(desk, PATIENT, whole_set(desk))
    pulse = one(desk, Sign.HEART_RATE)
    wrong = Correction(pulse["id"], Sign.HEART_RATE, Decimal(84), Decimal(48))
    vital_signs.correct(colleague(desk, DOCTOR), [wrong], reason="Đếm lại")

    after = one(desk, Sign.HEART_RATE)
    assert after["status"] == "corrected"
    assert after["valueQuantity"]["value"] == 48
    assert after["note"][-1]["text"] == "Đếm lại"
    assert after["note"][-1]["authorReference"]["reference"] == "Practitioner/doctor-1"


def test_a_correction_needs_a_reason(desk):
    with pytest.raises(Refused) as refused:
        vital_signs.correct(desk, [], reason="  ")
    assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")


def test_a_correction_of_what_has_changed_since_is_refused(desk):
    vital_signs.record(desk, PATIENT, whole_set(desk))
    pulse = one(desk, Sign.HEART_RATE)["id"]
    vital_signs.correct(
        desk, [Correction(pulse, Sign.HEART_RATE, Decimal(84), Decimal(86))], reason="Gõ nhầm"
    )
    with pytest.raises(Refused) as refused:
        vital_signs.correct(
            desk, [Correction(pulse, Sign.HEART_RATE, Decimal(84), Decimal(88))], reason="Gõ nhầm"
        )
    assert refused.value.code == "stale-edit"


def test_a_correction_to_an_impossible_value_is_refused(desk):
    vital_signs.record(desk, PATIENT, whole_set(desk))
    pressure = next(r for r in resources(desk) if "component" in r)
    wrong = Correction(pressure["id"], Sign.DIASTOLIC, Decimal(78), Decimal(178))
    with pytest.raises(Refused) as refused:
        vital_signs.correct(desk, [wrong], reason="Gõ nhầm")
    assert refused.value.code == "diastolic-not-below-systolic"


def test_amending_a_set_corrects_adds_and_strikes_out(desk):
    first = vital_signs.record(
        desk,
        PATIENT,
        VitalSigns(at=desk.now(), heart_rate=Decimal(84), pain=Decimal(2), spo2=Decimal(97)),
    )
    right = VitalSigns(
        at=desk.now(), heart_rate=Decimal(48), spo2=Decimal(97), temperature=Decimal("36.8")
    )
    vital_signs.amend(desk, PATIENT, ids(first), right, reason="Gõ nhầm")

    assert mapping.sets(resources(desk)) == [right]
    status = {mapping.sign_of(r): r["status"] for r in resources(desk)}
    assert status == {
        Sign.HEART_RATE: "corrected",
        Sign.PAIN: "entered-in-error",
        Sign.SPO2: "final",
        Sign.TEMPERATURE: "final",
    }


def test_amending_half_a_blood_pressure_strikes_the_panel_out_and_charts_what_is_left(desk):
    first = vital_signs.record(
        desk, PATIENT, VitalSigns(at=desk.now(), systolic=Decimal(120), diastolic=Decimal(80))
    )
    right = VitalSigns(at=desk.now(), systolic=Decimal(120))
    vital_signs.amend(desk, PATIENT, ids(first), right, reason="Gõ nhầm")
    assert mapping.sets(resources(desk)) == [right]


def test_entered_in_error_stays_in_the_record_but_does_not_count(desk):
    first = vital_signs.record(desk, PATIENT, whole_set(desk))
    vital_signs.enter_in_error(desk, ids(first), reason="Nhầm người bệnh")
    assert len(resources(desk)) == 8
    assert mapping.sets(resources(desk)) == []


def test_undo_takes_ones_own_set_back(desk):
    first = vital_signs.record(desk, PATIENT, whole_set(desk))
    advance(desk, minutes=9)
    vital_signs.undo(desk, ids(first))
    assert {r["status"] for r in resources(desk)} == {"entered-in-error"}


def test_what_is_corrected_or_taken_back_stands_in_the_audit(desk):
    first = vital_signs.record(desk, PATIENT, VitalSigns(at=desk.now(), pain=Decimal(2)))
    vital_signs.undo(desk, ids(first))
    vital_signs.enter_in_error(desk, ids(first), reason="Nhầm người bệnh")
    with desk.store.read() as view:
        deeds = [(entry.action, entry.person) for entry in audit.entries(view)]
    assert deeds == [
        ("vital-signs-in-error", "Practitioner/nurse-1"),
        ("undo-vital-signs", "Practitioner/nurse-1"),
    ]


def test_undo_is_for_ones_own_entries(desk):
    first = vital_signs.record(desk, PATIENT, whole_set(desk))
    with pytest.raises(Refused) as refused:
        vital_signs.undo(colleague(desk, DOCTOR), ids(first))
    assert refused.value.code == "not-own-entry"


def test_undo_is_for_what_was_just_charted(desk):
    first = vital_signs.record(desk, PATIENT, whole_set(desk))
    advance(desk, minutes=11)
    with pytest.raises(Refused) as refused:
        vital_signs.undo(desk, ids(first))
    assert (refused.value.code, refused.value.data["minutes"]) == ("too-late-to-undo", 10)


def test_correcting_what_is_not_there_is_refused(desk):
    with pytest.raises(Refused) as refused:
        vital_signs.enter_in_error(desk, ["nowhere"], reason="Gõ nhầm")
    assert refused.value.code == "gone"


def test_a_finished_stay_takes_no_vital_signs(desk):
    discharge(desk, 1)
    with pytest.raises(Refused) as refused:
        vital_signs.record(desk, PATIENT, whole_set(desk))
    assert refused.value.code == "not-admitted"
