"""Doses at the bedside: give, give a part, withhold; the same dose twice is refused by name.

Given is given: a dose that reached the patient can always be charted, with the time at which it
did, even if its order has ended since, and even if it was one too many or came too soon: that is
confirmed with a reason. What is refused is giving, never charting the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from workstation.clinical import double_dose
from workstation.clinical.as_needed import Effect, earliest_again
from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import NOT_GIVEN, REACHED, Outcome, timing
from workstation.fhir import collision_rows, decision, dose_effect, drug_order, encounter
from workstation.fhir import dose as doses
from workstation.fhir.dose import Circumstances, Dose, Scanned
from workstation.fhir.drug_order import DrugOrder
from workstation.fhir.entry import Entry
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.security.people import Person
from workstation.security.rights import require
from workstation.services import charting, seldom_doses, stays
from workstation.services.desk import Desk
from workstation.services.drug_lists import lists
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, View, medication

RIGHT: Final = "administer"
_LOOK_BACK: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """How one dose was given.

    Attributes:
        slot: The slot that it fulfils (aware); None for one beside the plan.
        amount: What was given; what was ordered when None.
        at: When (aware); now when None.
        reason: Why it was early or late; for a part, why it was not the whole.
        witness: Who checked it too, having proved who they are.
        scanned: What was checked by its barcode.
        part: Whether only a part of what was ordered reached the patient.
        again: Whether its giver confirms that it really was given besides another one, or too
            soon; only for a dose charted after the fact, with a reason.
    """

    slot: datetime | None = None
    amount: Amount | None = None
    at: datetime | None = None
    reason: str = ""
    witness: Person | None = None
    scanned: Scanned = ""
    part: bool = False
    again: bool = False


AS_ORDERED: Final = Giving()


def give(desk: Desk, order_id: str, giving: Giving = AS_ORDERED) -> Changes:
    """Record a dose that reached the patient.

    Args:
        desk: Who gave it.
        order_id: Id of the MedicationRequest.
        giving: How; now and as it was ordered when not said.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``not-active`` for an order that did not hold then;
            ``in-future``, ``before-stay`` (field ``at``); ``dose-not-positive`` (field
            ``amount``); ``dose-just-given`` (``giver``, ``at``) when it was given already,
            ``dose-too-near`` when it is too soon after, or before, that of another slot;
            ``too-soon`` (``again``) for one given when needed; ``beside-plan`` (``last``,
            ``next``) for what is given less often than daily; ``early-reason-missing``,
            ``late-reason-missing``, ``reason-missing`` (field ``reason``);
            ``second-person-missing``, ``second-person-same`` (field ``witness``);
            ``is-infusion`` for what has to be started instead.
    """
    require(desk.person, RIGHT)
    at, wanted = giving.at or desk.now(), giving.amount
    refuse_impossible(desk, giving, wanted, at)
    with desk.store.write(desk.author) as unit:
        seen = order_in_force(unit, order_id, giving.at)
        order = drug_order.read(seen.resource())
        if order.continuous:
            raise Refused("is-infusion", reference=f"MedicationRequest/{order_id}")
        audited = _confirmed(desk, unit, order, at, giving)
        _refuse_bad_timing(order, at, giving)
        witness = second_person(desk, order, giving.witness)
        entry = entry_of(desk, unit, order, at)
        beside = circumstances(desk, giving, witness, at)
        outcome = Outcome.PARTIAL if giving.part else Outcome.GIVEN
        why = giving.reason.strip() if giving.part else None
        ordered = seen.resource()
        unit.create(
            doses.write(entry, ordered, amount=wanted, outcome=outcome, reason=why, beside=beside)
        )
        desk.audit(unit, audited, f"MedicationAdministration/{entry.own}")
        return unit.changes


def withhold(
    desk: Desk,
    order_id: str,
    *,
    reason: str,
    outcome: Outcome = Outcome.WITHHELD,
    slot: datetime | None = None,
) -> Changes:
    """Record a dose that was due and not given: withheld, refused, or not in stock.

    Raises:
        Refused: ``not-permitted``; ``reason-missing``; ``gone``; ``not-active``;
            ``dose-just-given`` when the slot has a dose already.
    """
    require(desk.person, RIGHT)
    if outcome not in NOT_GIVEN:
        raise ValueError(outcome)
    why = charting.reason_given(reason)
    with desk.store.write(desk.author) as unit:
        seen = order_in_force(unit, order_id, None)
        order = drug_order.read(seen.resource())
        for dose in _given(unit, order, desk.now()):
            if slot is not None and dose.order == order_id and dose.scheduled_at == slot:
                raise Refused("dose-just-given", giver=dose.giver or "", at=dose.at or slot)
        entry = entry_of(desk, unit, order, desk.now(), bedside=False)
        beside = Circumstances(slot=slot)
        made = doses.write(entry, seen.resource(), outcome=outcome, reason=why, beside=beside)
        unit.create(made)
        desk.audit(unit, "withhold-dose", f"MedicationAdministration/{entry.own}")
        return unit.changes


def note_effect(desk: Desk, dose_id: str, effect: Effect, words: str = "") -> Changes:
    """Record whether a dose helped.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``reason-missing`` (field ``words``) when it harmed
            and nothing says how.
    """
    require(desk.person, RIGHT)
    if effect is Effect.HARM and not words.strip():
        raise Refused("reason-missing", field="words")
    with desk.store.write(desk.author) as unit:
        stored = still_there(unit, f"MedicationAdministration/{dose_id}")
        dose = doses.read(stored.resource())
        patient = dose.patient or ""
        stay = stays.in_progress(unit, patient)
        entry = desk.entry(patient, stay.id)
        unit.create(dose_effect.write(entry, dose_id, dose.drug, effect, words.strip()))
        desk.audit(unit, "note-effect", f"MedicationAdministration/{dose_id}")
        return unit.changes


def refuse_impossible(desk: Desk, giving: Giving, amount: Amount | None, at: datetime) -> None:
    """Refuse what cannot be, before anything is read.

    Raises:
        Refused: ``dose-not-positive`` (field ``amount``); ``in-future`` (field ``at``);
            ``reason-missing`` (field ``reason``) of a part.
    """
    if amount is not None and amount.value <= 0:
        raise Refused("dose-not-positive", field="amount")
    charting.refuse_future(desk, at)
    if giving.part and not giving.reason.strip():
        raise Refused("reason-missing", field="reason")


def order_in_force(unit: View, order_id: str, at: datetime | None) -> Stored:
    """The order of a dose, which must hold; for a time that was named, must have held then.

    Raises:
        Refused: ``gone``; ``not-active``.
    """
    seen = still_there(unit, f"MedicationRequest/{order_id}")
    order = drug_order.read(seen.resource())
    held_then = at is not None and at < _held_until(seen, order)
    if order.status != "active" and not held_then:
        raise Refused("not-active", reference=f"MedicationRequest/{order_id}", status=order.status)
    return seen


def _held_until(seen: Stored, order: DrugOrder) -> datetime:
    """Until when an order that holds no more did so; the beginning of time if nothing says."""
    decided = decision.read(seen.resource())
    paused = order.status in ("on-hold", "completed") and decided is not None
    ended = decided.at if paused and decided is not None else order.stopped_at
    return ended or datetime.min.replace(tzinfo=UTC)


def entry_of(
    desk: Desk, unit: Unit, order: DrugOrder, at: datetime, *, bedside: bool = True
) -> Entry:
    """What a new record of a dose has in common with all others.

    Args:
        desk: Who charts.
        unit: A unit of work.
        order: The order of the dose.
        at: When it was given (aware), or not.
        bedside: Whether the patient had to be there for it.

    Raises:
        Refused: ``not-admitted``; ``on-leave``, ``before-stay`` (field ``at``).
    """
    patient = PatientId(order.patient or "")
    stay = stays.at_the_time(unit, patient, at) if bedside else stays.in_progress(unit, patient)
    begun = encounter.read(stay.resource()).started_at
    if begun is not None and at < begun:
        raise Refused("before-stay", field="at", at=begun)
    return desk.entry(patient, stay.id, at=at)


def circumstances(
    desk: Desk, giving: Giving, witness: dict[str, str] | None, at: datetime
) -> Circumstances:
    """What else the record of a dose says."""
    now = desk.now()
    return Circumstances(
        slot=giving.slot,
        timing_reason="" if giving.part else giving.reason.strip(),
        witness=witness,
        scanned=giving.scanned,
        recorded_at=None if giving.at is None or at == now else now,
    )


def second_person(desk: Desk, order: DrugOrder, witness: Person | None) -> dict[str, str] | None:
    """Reference to who checked too, where a drug asks for it.

    Raises:
        Refused: ``second-person-missing``, ``second-person-same``, ``not-permitted``.
    """
    risk = lists().risk_of(order.name, order.route)
    if witness is None:
        if risk is not None and risk.second_person:
            raise Refused("second-person-missing", field="witness")
        return None
    if witness.id == desk.person.id:
        raise Refused("second-person-same", field="witness")
    require(witness, RIGHT)
    return {"reference": f"Practitioner/{witness.id}", "display": witness.name}


def refuse_now(desk: Desk, order_id: str, slot: datetime | None) -> None:
    """Refuse what cannot be given now, before anybody is asked to come and check it.

    Raises:
        Refused: ``gone``; ``not-active``; as `refuse_again`.
    """
    with desk.store.read() as view:
        order = drug_order.read(order_in_force(view, order_id, None).resource())
        refuse_again(desk, view, order, desk.now(), Giving(slot=slot))


def refuse_again(desk: Desk, unit: View, order: DrugOrder, at: datetime, giving: Giving) -> None:
    """Refuse the same dose a second time, one too soon or too often, and one beside the plan.

    A second part that is more than the rest of a dose is that dose a second time.

    Raises:
        Refused: ``dose-just-given`` (``giver``, ``at``), of the dose of another slot
            ``dose-too-near``; ``too-soon`` (``again``); ``beside-plan`` (``last``, ``next``).
    """
    given = {dose.id: dose for dose in _given(unit, order, at)}
    rows = [
        double_dose.DoseRow(
            dose.id, order.patient or "", dose.order, dose.codes, dose.drug, dose.at,
            slot=dose.scheduled_at, partial=dose.outcome is Outcome.PARTIAL, amount=dose.amount,
        )
        for dose in given.values()
        if dose.at is not None
    ]  # fmt: skip
    new = double_dose.DoseRow(
        "", order.patient or "", order.id, order.codes, order.name, at,
        slot=giving.slot, partial=giving.part, amount=giving.amount or order.amount,
    )  # fmt: skip
    known = medication.orders(unit, [order.patient or ""], _KNOWN)
    plans = [row for each in known if (row := collision_rows.order_row(each.resource()))]
    twice = double_dose.given_already(new, rows, plans)
    if twice is not None:
        raise Refused(_repeats(new, twice), giver=given[twice.id].giver or "", at=twice.at)
    if order.as_needed:
        firsts = double_dose.firsts_of(plans)
        first = firsts.get(order.id, order.id)
        times = [row.at for row in rows if firsts.get(row.order or "") == first and row.at <= at]
        again = earliest_again(
            times,
            shortest=order.timing.shortest_interval,
            most_a_day=order.timing.most_a_day,
        )
        if again is not None and at < again:
            raise Refused("too-soon", again=again)
    seldom_doses.refuse_beside_plan(desk, order, new, rows, plans)


def _repeats(new: double_dose.DoseRow, other: double_dose.DoseRow) -> str:
    """Why a dose is refused beside another: it is the same, or that of the next slot too soon."""
    apart = None not in (new.slot, other.slot) and new.slot != other.slot
    return "dose-too-near" if apart else "dose-just-given"


def _confirmed(desk: Desk, unit: Unit, order: DrugOrder, at: datetime, giving: Giving) -> str:
    """How giving it is audited; one that stands against what is known has to be confirmed.

    Only the past can be confirmed: what is to be given now can still be left. What is given now
    beside the plan of a drug that is given seldom needs a reason and a second person.

    Raises:
        Refused: As `refuse_again`; ``reason-missing`` (field ``reason``).
    """
    try:
        refuse_again(desk, unit, order, at, giving)
    except Refused as refused:
        beside = refused.code == "beside-plan"
        past = giving.at is not None and giving.at < desk.now()
        if not giving.again or not (past or (beside and giving.witness is not None)):
            raise
        if not giving.reason.strip():
            raise Refused("reason-missing", field="reason") from None
        return "give-beside-plan" if beside else "chart-second-dose"
    return "give-dose"


_KNOWN: Final = ("active", "on-hold", "stopped", "completed", "cancelled")


def _given(unit: View, order: DrugOrder, at: datetime) -> list[Dose]:
    """What reached the patient around a time."""
    reach = _LOOK_BACK
    if order.rhythm is not None:
        reach = max(reach, timedelta(days=order.rhythm.days + 1))
    found = medication.doses(unit, [order.patient or ""], since=at - reach, until=at + reach)
    read = (doses.read(stored.resource()) for stored in found)
    return [dose for dose in read if dose.outcome in REACHED and dose.part_of is None]


def _refuse_bad_timing(order: DrugOrder, at: datetime, giving: Giving) -> None:
    """Early or late needs a reason.

    Raises:
        Refused: ``early-reason-missing``, ``late-reason-missing`` (field ``reason``).
    """
    if giving.slot is None or giving.reason.strip():
        return
    hours = order.interval_hours
    interval = None if hours is None else timedelta(hours=float(hours))
    said = timing(giving.slot, at, lists().window(order.name, interval))
    if said:
        code = "early-reason-missing" if said == "early" else "late-reason-missing"
        raise Refused(code, field="reason", at=giving.slot)
