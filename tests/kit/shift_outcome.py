"""What a terminal must know when a shift is over, whoever did it where."""

from __future__ import annotations

from tests.kit.shift_ward import NEWCOMER, NIGHT, SCANNED, TAKEN, WALKED, WITHHELD, WITNESSED
from tests.kit.ward import patient_id
from tests.kit.ward_window import NURSE, WardWindow
from tests.kit.witness import shown
from workstation.clinical.medication_record import Outcome
from workstation.fhir import dose, encounter
from workstation.services import escalation, order_list


def knows_the_shift(at: WardWindow) -> None:
    """Doses, places, the call, and that nothing waits for a nurse any more."""
    bodies = shown(at.desk.store)
    doses = {
        found.patient: found
        for found in (
            dose.read(body) for name, body in bodies.items() if name.startswith("MedicationAdm")
        )
    }
    assert doses.keys() == {patient_id(n) for n in (SCANNED, WALKED, WITHHELD, WITNESSED)}
    assert {found.giver for found in doses.values()} == {NURSE}
    assert doses[patient_id(SCANNED)].scanned == "patient-and-drug"
    assert not doses[patient_id(WALKED)].scanned
    assert doses[patient_id(WITHHELD)].outcome is Outcome.WITHHELD
    assert doses[patient_id(WITHHELD)].reason
    assert doses[patient_id(WITNESSED)].witness == NIGHT

    stays = {
        name.partition("/")[2]: encounter.read(body)
        for name, body in bodies.items()
        if name.startswith("Encounter/")
    }
    assert stays[f"planned-{NEWCOMER}"].current_places == (f"bed-{NEWCOMER}",)
    assert stays["stay-5"].current_places == ("bed-8",)
    assert stays[f"stay-{TAKEN}"].status == "finished"

    assert escalation.situation(at.desk, patient_id(2)).open
    assert order_list.book(at.desk, patient_id(WITHHELD)).to_acknowledge == ()
