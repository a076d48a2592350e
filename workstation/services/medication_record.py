"""The medication record of one patient: the plan of each order, and every dose in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from workstation.clinical import medication_record as rules
from workstation.clinical.as_needed import Effect, earliest_again, effect_wanted
from workstation.clinical.dosage import Amount, Rate, Timing
from workstation.clinical.double_dose import first_versions
from workstation.clinical.drug_lists import HighRisk
from workstation.clinical.medication_record import REACHED, DoseFact, Outcome, Place, Plan, State
from workstation.clinical.schedule import slots
from workstation.fhir import dose as doses
from workstation.fhir import dose_effect, drug_order, infusion
from workstation.fhir.dose import Dose
from workstation.fhir.dose_effect import DoseEffect
from workstation.fhir.drug_order import DrugOrder
from workstation.fhir.infusion import Infusion
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.services.drug_lists import lists
from workstation.store import Stored, View, medication

Kind = Literal["scheduled", "as-needed", "infusion", "other"]
_KINDS: Final[tuple[Kind, ...]] = ("scheduled", "as-needed", "infusion", "other")
_OVER: Final = ("stopped", "cancelled", "completed", "ended")
_HIDDEN: Final = ("draft", "entered-in-error", drug_order.NOT_TO_GIVE)
_BESIDE: Final = timedelta(days=1)
"""So much before and after what is shown is read, so that a dose is matched to its own slot."""


@dataclass(frozen=True, slots=True)
class Given:
    """One dose as the record shows it.

    Attributes:
        id: Id of the MedicationAdministration.
        outcome: What happened.
        drug: In the words of the record.
        at: When (aware); None when it does not say.
        amount: What was given.
        rate_ml_h: In mL/h, of an infusion or a step of one.
        slot: The slot that it fulfils (aware).
        by: Who gave it.
        witness: Who stood by.
        reason: Why not, or not wholly.
        timing: ``early`` or ``late``; empty in time.
        timing_reason: Why.
        scanned: What was checked by its barcode.
        corrected: The newest remark.
        recorded_at: When it was written down, if that was later (aware).
        ended_at: When an infusion ended (aware).
        own: Whether the person at the desk charted it.
        unsent: Whether the hospital has not got it yet.
        effect: Whether it helped, if somebody looked.
        effect_words: What else was seen.
        effect_wanted: Whether to look now.
    """

    id: str
    outcome: Outcome
    drug: str
    at: datetime | None
    amount: Amount | None
    rate_ml_h: Decimal | None
    slot: datetime | None
    by: str
    witness: str
    reason: str
    timing: str
    timing_reason: str
    scanned: str
    corrected: str
    recorded_at: datetime | None
    ended_at: datetime | None
    own: bool
    unsent: bool
    effect: Effect | None = None
    effect_words: str = ""
    effect_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a row, with its doses."""

    place: Place
    doses: tuple[Given, ...]

    @property
    def shown(self) -> Given | None:
        """The dose that says what became of it: the one with the strongest outcome."""
        wanted = self.place.state.value
        return next((dose for dose in self.doses if dose.outcome.value == wanted), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One order with all its places.

    Attributes:
        order: Id of the MedicationRequest.
        kind: How it is given.
        drug: Generic name with strength, never shortened.
        amount: Each time; of an infusion, what is in the bag.
        rate: How fast, of an infusion.
        route: In words.
        timing: When.
        instruction: The order in the words of the record.
        remark: How it is given.
        indication: What for.
        status: FHIR status of the order.
        stopped_at: When it was stopped (aware).
        prescriber: As shown.
        risk: Class of high-risk drugs, if it is one.
        window: How early or late is in time.
        cells: In the order of time.
        again_at: From when on it may be given when needed; None if at any time.
        infusion: The one that runs; None when none does.
        codes: ``system|code`` of the drug, for its barcode.
    """

    order: str
    kind: Kind
    drug: str
    amount: Amount | None
    rate: Rate | None
    route: str
    timing: Timing
    instruction: str
    remark: str
    indication: str
    status: str
    stopped_at: datetime | None
    prescriber: str
    risk: HighRisk | None
    window: timedelta
    cells: tuple[Cell, ...]
    again_at: datetime | None
    infusion: Infusion | None
    codes: frozenset[str]

    @property
    def over(self) -> bool:
        """Whether nothing is to be given on it any more."""
        return self.status in _OVER

    @property
    def second_person(self) -> bool:
        """Whether another person has to check before it is given."""
        return self.risk is not None and self.risk.second_person


@dataclass(frozen=True, slots=True)
class Sheet:
    """The medication record of a time.

    Attributes:
        patient: Whose.
        since: Its beginning (aware).
        until: Its end (aware).
        now: When it was read.
        rows: Orders that hold or have something to show, by kind and beginning.
        others: Doses without an order or a time that is known here.
    """

    patient: PatientId
    since: datetime
    until: datetime
    now: datetime
    rows: tuple[Row, ...]
    others: tuple[Given, ...]


def sheet(desk: Desk, patient: PatientId, since: datetime, until: datetime) -> Sheet:
    """Read the medication record of a patient.

    Args:
        desk: Who reads.
        patient: Whose.
        since: First time shown (aware).
        until: First time shown no more (aware).
    """
    with desk.store.read() as view:
        return read_sheet(desk, view, patient, since, until)


def read_sheet(
    desk: Desk, view: View, patient: PatientId, since: datetime, until: datetime
) -> Sheet:
    """As `sheet`, inside a snapshot."""
    now = desk.now()
    found = _doses(view, patient, since - _BESIDE, until + _BESIDE)
    effects = medication.effects(view, [patient], since=since - _BESIDE)
    orders = [
        each.read(drug_order.read) for each in view.find("MedicationRequest", patient=patient)
    ]
    used = {each.read(doses.read).order for each in found}  # shown whatever they became
    orders = [order for order in orders if order.status not in _HIDDEN or order.id in used]
    made = _Maker(desk, now, found, effects)
    return made.sheet(patient, orders, since, until)


def _doses(view: View, patient: PatientId, since: datetime, until: datetime) -> list[Stored]:
    """The doses of a time; and every step of what runs since before, or its rate would be old."""
    found = medication.doses(view, [patient], since=since, until=until)
    running = infusion.gathered(each.read(infusion.read_part) for each in found)
    begun = min((each.started_at for each in running if each.running), default=since)
    return found if begun >= since else medication.doses(view, [patient], since=begun, until=until)


def plan_of(order: DrugOrder, since: datetime, until: datetime, now: datetime) -> Plan:
    """What an order wants in a time."""
    zone = now.tzinfo
    assert zone is not None  # noqa: S101 - `Desk.now` is aware
    hours = None if order.as_needed else order.interval_hours
    interval = None if hours is None else timedelta(hours=float(hours))
    wanted = replace(order.schedule, ends_at=order.timing.ends_at)
    found = () if order.continuous or order.elsewhere else slots(wanted, since, until, zone)
    stopped = min(order.stopped_at or now, now) if order.status in _OVER else None
    return Plan(
        order.id,
        found,
        interval,
        lists().window(order.name, interval),
        held=order.status == "on-hold",
        stopped_at=stopped,
    )


class _Maker:
    """Turns what was read into rows."""

    def __init__(
        self, desk: Desk, now: datetime, found: Sequence[Stored], effects: Iterable[Stored]
    ) -> None:
        self._desk, self._now = desk, now
        self._unsent = {each.id for each in found if each.pending}
        self._doses = {each.id: each.read(doses.read) for each in found}
        self._rates = {each.id: each.read(infusion.rate_said) for each in found}
        self._infusions = infusion.gathered(each.read(infusion.read_part) for each in found)
        seen = (each.read(dose_effect.read) for each in effects)
        self._firsts: dict[str, str] = {}
        self._effects: dict[str, DoseEffect] = {each.dose: each for each in seen if each}

    def sheet(
        self, patient: PatientId, orders: Iterable[DrugOrder], since: datetime, until: datetime
    ) -> Sheet:
        known = {order.id: order for order in orders}
        self._firsts = first_versions((own, each.version_of) for own, each in known.items())
        plans = {
            own: plan_of(order, since - _BESIDE, until + _BESIDE, self._now)
            for own, order in known.items()
        }
        record = rules.record(plans.values(), self._facts(known), self._now)
        rows = []
        for own, places in record.rows.items():
            shown = tuple(
                place
                for place in places
                if since <= place.at < until and not _long_over(place, plans[own])
            )
            row = self._row(known[own], plans[own], shown)
            if row.cells or not row.over or row.infusion is not None:
                rows.append(row)
        others = tuple(self._given(self._doses[own], None) for own in record.others)
        rows.sort(key=lambda row: (row.over, _KINDS.index(row.kind), row.drug, row.order))
        kept = tuple(each for each in others if each.at is None or since <= each.at < until)
        return Sheet(patient, since, until, self._now, tuple(rows), kept)

    def _facts(self, known: Mapping[str, DrugOrder]) -> list[DoseFact]:
        """A step of an infusion belongs to the order of its infusion."""
        owners = {each.id: each.order for each in self._infusions}
        return [
            replace(dose.fact, order=dose.order or owners.get(dose.part_of or ""))
            if dose.order not in known
            else dose.fact
            for dose in self._doses.values()
        ]

    def _row(self, order: DrugOrder, plan: Plan, places: Sequence[Place]) -> Row:
        wants_effect = order.as_needed
        cells = tuple(
            Cell(
                place,
                tuple(
                    self._given(self._doses[own], plan, wants_effect=wants_effect)
                    for own in place.doses
                ),
            )
            for place in places
        )
        running = [each for each in self._infusions if each.order == order.id and each.running]
        return Row(
            order=order.id,
            kind=kind_of(order),
            drug=order.name,
            amount=order.amount,
            rate=order.rate,
            route=order.route,
            timing=order.timing,
            instruction=order.instruction,
            remark=order.remark,
            indication=order.indication,
            status=order.status,
            stopped_at=plan.stopped_at,
            prescriber=order.prescriber,
            risk=lists().risk_of(order.name, order.route),
            window=plan.window,
            cells=cells,
            again_at=self._again(order),
            infusion=running[-1] if running else None,
            codes=order.codes,
        )

    def _again(self, order: DrugOrder) -> datetime | None:
        if not order.as_needed:
            return None
        first = self._firsts.get(order.id)
        given = [
            each.at
            for each in self._doses.values()
            if each.outcome in REACHED and each.at is not None
            if self._firsts.get(each.order or "") == first
        ]
        timing = order.timing
        again = earliest_again(
            given, shortest=timing.shortest_interval, most_a_day=timing.most_a_day
        )
        return again if again is not None and again > self._now else None

    def _given(self, dose: Dose, plan: Plan | None, *, wants_effect: bool = False) -> Given:
        seen = self._effects.get(dose.id)
        slot, at, reached = dose.scheduled_at, dose.at, dose.outcome in REACHED
        timed = ""
        if plan is not None and slot is not None and at is not None and reached:
            timed = rules.timing(slot, at, plan.window)
        asked = wants_effect and reached and seen is None
        return Given(
            id=dose.id,
            outcome=dose.outcome,
            drug=dose.drug,
            at=at,
            amount=dose.amount,
            rate_ml_h=self._rates.get(dose.id),
            slot=slot,
            by=dose.giver or "",
            witness=dose.witness,
            reason=dose.reason or "",
            timing=timed,
            timing_reason=dose.timing_reason,
            scanned=dose.scanned,
            corrected=dose.corrected,
            recorded_at=dose.recorded_at,
            ended_at=dose.ended_at,
            own=dose.giver_reference == self._desk.reference,
            unsent=dose.id in self._unsent,
            effect=seen.effect if seen else None,
            effect_words=seen.words if seen else "",
            effect_wanted=asked and at is not None and effect_wanted(at, self._now),
        )


def _long_over(place: Place, plan: Plan) -> bool:
    """Whether a slot would have come so long after a stop that nobody asks for it any more."""
    stopped = plan.stopped_at
    return place.state is State.STOPPED and stopped is not None and place.at > stopped + _BESIDE


def kind_of(order: DrugOrder) -> Kind:
    """How an order is given."""
    if order.elsewhere:
        return "other"
    if order.continuous:
        return "infusion"
    if order.as_needed:
        return "as-needed"
    return "scheduled" if order.timing.scheduled else "other"
