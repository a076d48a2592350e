"""A patient with every kind of drug order, and doses of every kind, at a desk of a small ward."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id, save
from workstation.clinical.as_needed import Effect
from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.medication_record import Outcome
from workstation.kernel.ids import PatientId
from workstation.services import dose_corrections, infusions, medication, orders
from workstation.services.desk import Desk
from workstation.services.medication import Giving

PATIENT = patient_id(1)
CODES = "https://ward-workstation.example/fhir/CodeSystem/demo-drug"


def order(
    desk: Desk,
    drug: str,
    amount: Amount,
    route: str,
    timing: Timing,
    *,
    patient: PatientId = PATIENT,
    rate: Rate | None = None,
    code: str = "",
    remark: str = "",
) -> str:
    """Order a drug as the doctor; the id of the order."""
    prescription = Prescription(
        drug=drug,
        codes=((CODES, code),) if code else (),
        amount=amount,
        route=route,
        timing=timing,
        rate=rate,
        remark=remark,
    )
    changes = orders.order_drug(colleague(desk, DOCTOR), patient, prescription)
    return next(
        each.partition("/")[2]
        for each in changes.references
        if each.startswith("MedicationRequest/")
    )


def weekly(desk: Desk, patient: PatientId = PATIENT) -> None:
    """Another program's order for one day of the week, which is three days away."""
    today = desk.now()
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    repeat = {"dayOfWeek": [days[(today.weekday() + 3) % len(days)]]}
    dose = {"doseQuantity": {"value": 1, "unit": "viên"}}
    save(desk.store, {
        "resourceType": "MedicationRequest", "id": "weekly", "status": "active", "intent": "order",
        "medicationCodeableConcept": {"text": "Alendronat 70 mg"},
        "subject": {"reference": f"Patient/{patient}"}, "authoredOn": today.isoformat(),
        "dosageInstruction": [
            {"text": "1 viên, uống", "timing": {"repeat": repeat}, "doseAndRate": [dose]}
        ],
    })  # fmt: skip


def mg(value: str) -> Amount:
    """An amount in mg."""
    return Amount(Decimal(value), "mg")


def fill(desk: Desk) -> None:
    """Order, give, withhold, correct, infuse: a day and a half of a ward, ending now."""
    start = desk.now()
    made = _orders(desk)
    for hours, drugs in (
        (1, ("ceftriaxone", "furosemide")),
        (13, ("ceftriaxone",)),
        (15, ("insulin",)),
        (23, ("insulin",)),
        (25, ("ceftriaxone", "amlodipine")),
    ):
        _until(desk, start, hours)
        slot = desk.now()
        advance(desk, minutes=4)
        for drug in drugs:
            witness = DOCTOR if drug == "insulin" else None
            giving = Giving(slot=slot, scanned="patient-and-drug", witness=witness)
            medication.give(desk, made[drug], giving)
    medication.withhold(desk, made["furosemide"], reason="Huyết áp 85/50", slot=slot)
    medication.withhold(desk, made["omeprazole"], reason="Nôn", outcome=Outcome.REFUSED, slot=slot)
    infusions.start(desk, made["ringer"], rate_ml_h=Decimal(60))
    _pain(desk, made["morphine"])
    part = Giving(amount=Amount(Decimal(1), "viên"), part=True, reason="Nôn một nửa")
    medication.give(desk, made["paracetamol"], part)
    _until(desk, start, 29)
    runs = _newest(desk, made["ringer"])
    infusions.change_rate(desk, runs, Decimal(40), reason="Phù chân")
    _until(desk, start, 31.3)


def _pain(desk: Desk, morphine: str) -> None:
    changes = medication.give(desk, morphine, Giving(witness=DOCTOR))
    own = next(iter(changes.references)).partition("/")[2]
    dose_corrections.undo(desk, own)
    advance(desk, minutes=5)
    changes = medication.give(desk, morphine, Giving(witness=DOCTOR))
    own = next(iter(changes.references)).partition("/")[2]
    advance(desk, hours=1)
    medication.note_effect(desk, own, Effect.SOME, "Đau còn 4/10")


def _orders(desk: Desk) -> dict[str, str]:
    twice, daily = Timing(times_a_day=2), Timing(times_a_day=1)
    long = Timing(
        as_needed=True, as_needed_for="đau ≥ 4", shortest_interval=timedelta(hours=4), most_a_day=4
    )
    vein = "tiêm tĩnh mạch chậm"
    return {
        "ceftriaxone": order(
            desk, "Ceftriaxon 1 g", Amount(Decimal(2), "g"), "truyền tĩnh mạch", twice,
            code="ceftriaxone", remark="Pha 100 mL natri clorid 0,9%, truyền 30 phút",
        ),
        "furosemide": order(desk, "Furosemid 20 mg/2 mL", mg("20"), vein, twice),
        "omeprazole": order(desk, "Omeprazol 40 mg", mg("40"), vein, daily),
        "amlodipine": order(desk, "Amlodipin 5 mg", mg("5"), "uống", daily),
        "insulin": order(
            desk, "Insulin người tác dụng nhanh (Actrapid) 100 đơn vị/mL",
            Amount(Decimal(6), "đơn vị"), "tiêm dưới da", Timing(times_a_day=3), code="insulin",
        ),
        "trimethoprim": order(
            desk, "Sulfamethoxazol 800 mg + Trimethoprim 160 mg", Amount(Decimal(1), "viên"),
            "uống", twice,
        ),
        "morphine": order(desk, "Morphin sulfat 10 mg/mL", mg("5"), "tiêm dưới da", long),
        "paracetamol": order(
            desk, "Paracetamol 500 mg", Amount(Decimal(2), "viên"), "uống",
            Timing(as_needed=True, as_needed_for="sốt ≥ 38,5 °C"),
        ),
        "ringer": order(
            desk, "Ringer lactat 500 mL", Amount(Decimal(500), "mL"), "truyền tĩnh mạch",
            Timing(), rate=Rate(Decimal(60), "mL/h"),
        ),
    }  # fmt: skip


def _until(desk: Desk, start: datetime, hours: float) -> None:
    advance(desk, seconds=(start + timedelta(hours=hours) - desk.now()).total_seconds())


def _newest(desk: Desk, order_id: str) -> str:
    from workstation.services import medication_record

    now = desk.now()
    sheet = medication_record.sheet(desk, PATIENT, now - timedelta(days=2), now)
    row = next(each for each in sheet.rows if each.order == order_id)
    assert row.infusion is not None
    return row.infusion.id
