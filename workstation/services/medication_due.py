"""Which drugs are due on a ward: open slots of now, and doses whose effect is to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from workstation.clinical import medication_record as rules
from workstation.clinical.as_needed import EFFECT_AFTER, EFFECT_FORGOTTEN_AFTER, effect_wanted
from workstation.clinical.dosage import Amount, Rate, Timing
from workstation.clinical.drug_lists import HighRisk
from workstation.clinical.medication_record import REACHED, Outcome, State
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import dose as doses
from workstation.fhir import dose_effect, drug_order
from workstation.fhir.dose import Dose
from workstation.fhir.drug_order import DrugOrder
from workstation.kernel.ids import PatientId
from workstation.services.drug_lists import lists
from workstation.services.medication_record import plan_of
from workstation.store import View, medication

_BACK: Final = timedelta(hours=12)
_AHEAD: Final = timedelta(hours=2)
_MATCHED: Final = timedelta(hours=30)
Task = Literal["dose", "effect", "infusion"]


@dataclass(frozen=True, slots=True)
class DueDose:
    """One thing to do about a drug.

    Attributes:
        task: Give a dose, look whether one helped, or start an infusion that was ordered.
        patient: Whose.
        order: Id of the MedicationRequest.
        dose: Id of the MedicationAdministration whose effect is wanted; empty for a dose to give.
        at: The slot, or when to look (aware).
        state: ``due``, ``late``, ``missed``, or ``future`` for what comes soon.
        window: How long after `at` it becomes late.
        drug: Generic name with strength.
        amount: How much.
        route: In words.
        timing: When it is given.
        rate: How fast, of an infusion.
        risk: Class of high-risk drugs, if it is one.
        codes: ``system|code`` of the drug, for its barcode.
    """

    task: Task
    patient: PatientId
    order: str
    dose: str
    at: datetime
    state: State
    window: timedelta
    drug: str
    amount: Amount | None
    route: str
    timing: Timing
    rate: Rate | None
    risk: HighRisk | None
    codes: frozenset[str]


def due(
    view: View, patients: Sequence[PatientId], now: datetime, *, ahead: timedelta = _AHEAD
) -> tuple[DueDose, ...]:
    """What is due now of some patients, was due in the last hours, or will be soon; by time.

    Args:
        view: One snapshot.
        patients: Whose.
        now: The present (aware), in the zone of the ward.
        ahead: How far to look ahead.
    """
    since, until = now - _BACK, now + ahead
    given: dict[str, list[Dose]] = defaultdict(list)
    for stored in medication.doses(view, patients, since=since - _MATCHED, until=now + _MATCHED):
        found = stored.read(doses.read)
        given[found.order or ""].append(found)
    looked = {
        seen.dose
        for stored in medication.effects(view, patients, since=since)
        if (seen := stored.read(dose_effect.read)) is not None
    }
    lines: list[DueDose] = []
    for stored in medication.orders(view, patients, ["active"]):
        order = stored.read(drug_order.read)
        if not order.current or order.elsewhere:  # forbids a drug, or only proposes one
            continue
        before = {dose.scheduled_at for dose in given[order.version_of or "-"] if _reached(dose)}
        lines += (
            line
            for line in _slots(order, given[order.id], since, until, now)
            if line.at not in before  # given on the order that it replaced, as told later
        )
        lines += _effects(order, given[order.id], looked, now)
        lines += _not_started(order, given[order.id], now)
    return tuple(sorted(lines, key=lambda line: (line.at, line.drug, line.patient, line.order)))


def items(view: View, patients: Sequence[PatientId], now: datetime) -> Iterator[DueItem]:
    """The same for the list of what is due on the ward."""
    for line in due(view, patients, now.astimezone()):
        record = f"MedicationRequest/{line.order}"
        yield DueItem("dose", line.patient, line.at, line.drug, record, line.window)


def _slots(
    order: DrugOrder, given: Sequence[Dose], since: datetime, until: datetime, now: datetime
) -> Iterator[DueDose]:
    plan = plan_of(order, since - _MATCHED, until + _MATCHED, now)
    record = rules.record([plan], [dose.fact for dose in given], now)
    for place in record.rows[order.id]:
        if place.slot is None or not since <= place.slot < until or place.doses:
            continue
        if place.state in rules.OPEN:
            yield _line(order, place.slot, place.state, plan.window)


def _effects(
    order: DrugOrder, given: Sequence[Dose], looked: set[str], now: datetime
) -> Iterator[DueDose]:
    if not order.as_needed:
        return
    for dose in given:
        if dose.at is None or dose.outcome not in REACHED or dose.id in looked:
            continue
        if effect_wanted(dose.at, now):
            late = EFFECT_FORGOTTEN_AFTER - EFFECT_AFTER
            yield _line(order, dose.at + EFFECT_AFTER, State.DUE, late, effect_of=dose.id)


def _not_started(order: DrugOrder, given: Sequence[Dose], now: datetime) -> Iterator[DueDose]:
    """An infusion that was ordered and of which nothing is charted yet."""
    begins = order.schedule.starts_at
    if not order.continuous or begins is None or any(_said(dose) for dose in given):
        return
    if begins > now + _AHEAD or begins < now - _BACK:
        return
    plan = rules.Plan(order.id, (begins,))
    yield _line(order, begins, rules.open_state(plan, begins, now), plan.window)


def _reached(dose: Dose) -> bool:
    return dose.outcome in REACHED


def _said(dose: Dose) -> bool:
    return dose.outcome is not Outcome.ERROR


def _line(
    order: DrugOrder, at: datetime, state: State, window: timedelta, *, effect_of: str = ""
) -> DueDose:
    return DueDose(
        task="effect" if effect_of else "infusion" if order.continuous else "dose",
        patient=PatientId(order.patient or ""),
        order=order.id,
        dose=effect_of,
        at=at,
        state=state,
        window=window,
        drug=order.name,
        amount=order.amount,
        route=order.route,
        timing=order.timing,
        rate=order.rate,
        risk=lists().risk_of(order.name, order.route),
        codes=order.codes,
    )
