"""The ward of a whole shift: eight beds, six people, one expected, drugs due, two nurses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from tests.kit.expected_patients import expected
from tests.kit.results import result
from tests.kit.ward import patient, patient_id
from tests.kit.ward_window import WardWindow, small_ward, staff
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.kernel.clock import SystemClock
from workstation.services import orders

NIGHT: Final = "Nguyễn Thị Lan"
BEDS, TAKEN, NEWCOMER = 8, 6, 7
DRUG_CODE: Final = "8936001234567"
SCANNED, WALKED, WITHHELD, WITNESSED = 1, 2, 3, 4
"""The beds of those whose drug is due: given by scanner, given without, withheld, by two."""
_VEIN: Final = "tiêm tĩnh mạch chậm"
_DUE: Final = (
    (SCANNED, "Ceftriaxon 1 g", Amount(Decimal(2), "g"), _VEIN),
    (WALKED, "Ceftriaxon 1 g", Amount(Decimal(2), "g"), _VEIN),
    (WITHHELD, "Amlodipin 5 mg", Amount(Decimal(5), "mg"), "uống"),
    (WITNESSED, "Morphin 10 mg/mL", Amount(Decimal(5), "mg"), "tiêm dưới da"),
)


def night_nurse() -> Resource:
    """A second nurse."""
    nurse = staff()[0]
    name = {"use": "official", "family": "Nguyễn", "given": ["Thị", "Lan"]}
    own = [{"system": systems.OWN_ID, "value": "urn:uuid:nurse-2"}]
    return {**nurse, "id": "nurse-2", "identifier": own, "name": [name]}


def shift_ward() -> list[Resource]:
    """What the hospital's server holds before the shift."""
    people = [night_nurse(), patient(NEWCOMER), expected(NEWCOMER)]
    return [*small_ward(BEDS, TAKEN), *people]


def drugs_due(at: WardWindow) -> None:
    """Let the doctor, at her terminal, have ordered what is due in this shift."""
    for number, prescription in _prescriptions(SystemClock().now().astimezone()):
        at.act(
            lambda desk, number=number, what=prescription: orders.order_drug(
                desk, patient_id(number), what
            )
        )


def critical_potassium(number: int) -> Resource:
    """What the laboratory sends of somebody, measured a little while ago."""
    at = SystemClock().now() - timedelta(minutes=20)
    maker = {"display": "Khoa Xét nghiệm"}
    return result("potassium-1", patient_id(number), at, "6.9", maker=maker)


def _prescriptions(now: datetime) -> Iterator[tuple[int, Prescription]]:
    timing = Timing(
        times_a_day=1,
        at=(now.time().replace(second=0, microsecond=0),),
        starts_at=now - timedelta(minutes=5),
    )
    for number, drug, amount, route in _DUE:
        codes = (("https://hospital.example/drugs", DRUG_CODE),)
        yield (
            number,
            Prescription(drug=drug, codes=codes, amount=amount, route=route, timing=timing),
        )
