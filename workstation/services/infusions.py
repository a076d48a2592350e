"""Infusions at the bedside: start, another rate, pause, another bag, end; each with its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from workstation.clinical.dosage import Amount, Rate
from workstation.fhir import dose, drug_order, infusion
from workstation.fhir.drug_order import DrugOrder
from workstation.fhir.entry import Entry
from workstation.fhir.infusion import Infusion
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.security.rights import require
from workstation.services import stays
from workstation.services.desk import Desk
from workstation.services.medication import (
    AS_ORDERED,
    RIGHT,
    Giving,
    circumstances,
    entry_of,
    order_in_force,
    refuse_again,
    refuse_impossible,
    second_person,
)
from workstation.services.still_there import still_there
from workstation.store import Stored, Unit, View, medication

FASTEST_ML_H: Final = Decimal(2000)
"""Faster than any pump or pressure bag runs for an hour: a slip of the hand."""
DROPS_A_ML: Final = Decimal(20)
"""Of the usual giving set (WHO, Clinical Use of Blood, 2002)."""

_A_MOMENT: Final = timedelta(seconds=1)
"""The shortest time that a record tells."""

Witness = dict[str, str] | None
_Made = Callable[[Entry, Stored, Infusion, Witness], Resource]


def of_patient(view: View, patient: str) -> tuple[Infusion, ...]:
    """Every infusion of a patient, by its beginning; those entered in error left out."""
    found = medication.infusions(view, patient)
    return infusion.gathered(each.read(infusion.read_part) for each in found)


def start(
    desk: Desk,
    order_id: str,
    *,
    rate_ml_h: Decimal,
    bag: Amount | None = None,
    giving: Giving = AS_ORDERED,
) -> Changes:
    """Start an infusion.

    Args:
        desk: Who starts it.
        order_id: Id of the MedicationRequest.
        rate_ml_h: In mL/h.
        bag: How much hangs; what is ordered when None.
        giving: When, for which slot, who checked too, what was scanned.

    Raises:
        Refused: As `medication.give`; ``rate-not-possible`` (field ``rate``);
            ``runs-already`` (``at``) when this order is running.
    """
    require(desk.person, RIGHT)
    at = giving.at or desk.now()
    _refuse_rate(rate_ml_h, least=Decimal(0))
    refuse_impossible(desk, giving, bag, at)
    with desk.store.write(desk.author) as unit:
        seen = order_in_force(unit, order_id, giving.at)
        order = drug_order.read(seen.resource())
        _refuse_running(unit, order)
        if not order.continuous:
            refuse_again(desk, unit, order, at, giving)
        witness = second_person(desk, order, giving.witness)
        entry, hung = entry_of(desk, unit, order, at), bag or _volume(order)
        beside = circumstances(desk, giving, witness, at)
        made = infusion.start(entry, seen.resource(), bag=hung, rate_ml_h=rate_ml_h, beside=beside)
        unit.create(made)
        desk.audit(unit, "start-infusion", f"MedicationAdministration/{entry.own}")
        return unit.changes


def change_rate(
    desk: Desk, first: str, rate_ml_h: Decimal, *, reason: str = "", giving: Giving = AS_ORDERED
) -> Changes:
    """Let an infusion run at another rate; 0 is a pause.

    Raises:
        Refused: ``not-permitted``; ``rate-not-possible`` (field ``rate``); ``gone``;
            ``not-running``; ``nothing-changed`` (field ``rate``); ``in-future``,
            ``before-infusion`` (field ``at``); ``reason-missing`` of a pause; and, but of a
            pause, ``not-active`` when the order did not hold then, ``second-person-missing``,
            ``second-person-same`` (field ``witness``).
    """
    _refuse_rate(rate_ml_h, least=Decimal(-1))
    if rate_ml_h == 0 and not reason.strip():
        raise Refused("reason-missing", field="reason")

    def step(
        entry: Entry, seen: Stored, runs: Infusion, witness: dict[str, str] | None
    ) -> Resource:
        if runs.rate_ml_h == rate_ml_h:
            raise Refused("nothing-changed", field="rate")
        beside = circumstances(desk, giving, witness, entry.at)
        return infusion.change(
            entry, seen.resource(), rate_ml_h=rate_ml_h, reason=reason.strip(), beside=beside
        )

    checked = rate_ml_h > 0
    return _step(desk, first, giving, step, "change-rate", checked=checked)


def change_bag(desk: Desk, first: str, bag: Amount, *, giving: Giving = AS_ORDERED) -> Changes:
    """Hang another bag; the rate stays.

    Raises:
        Refused: As `change_rate`; ``dose-not-positive`` (field ``amount``).
    """
    if bag.value <= 0:
        raise Refused("dose-not-positive", field="amount")

    def step(
        entry: Entry, seen: Stored, _runs: Infusion, witness: dict[str, str] | None
    ) -> Resource:
        beside = circumstances(desk, giving, witness, entry.at)
        return infusion.change(entry, seen.resource(), bag=bag, beside=beside)

    return _step(desk, first, giving, step, "change-bag", checked=True)


def end(desk: Desk, first: str, *, at: datetime | None = None) -> Changes:
    """End an infusion.

    Raises:
        Refused: ``not-permitted``; ``gone``; ``not-running``; ``in-future``,
            ``before-infusion`` (field ``at``).
    """
    require(desk.person, RIGHT)
    when = at or desk.now()
    refuse_impossible(desk, Giving(at=at), None, when)
    with desk.store.write(desk.author) as unit:
        seen, runs = _running(unit, first)
        when = _step_time(desk, runs, when)
        unit.update(infusion.ended(seen.resource(), at=when), seen=seen)
        desk.audit(unit, "end-infusion", f"MedicationAdministration/{first}")
        return unit.changes


def ordered_ml_h(rate: Rate | None) -> Decimal | None:
    """The rate that an order asks for in mL/h; None when it says none that can be reckoned."""
    if rate is None:
        return None
    unit = rate.unit.casefold()
    if unit in ("ml/h", "ml/giờ", "ml/hr"):
        return rate.value
    if unit in ("giọt/phút", "drops/min", "gtt/min"):
        return rate.value * 60 / DROPS_A_ML
    return rate.value * 60 if unit in ("ml/min", "ml/phút") else None


def _step(
    desk: Desk, first: str, giving: Giving, make: _Made, action: str, *, checked: bool
) -> Changes:
    require(desk.person, RIGHT)
    at = giving.at or desk.now()
    refuse_impossible(desk, giving, None, at)
    with desk.store.write(desk.author) as unit:
        seen, runs = _running(unit, first)
        at = _step_time(desk, runs, at)
        witness = _witness(desk, unit, runs, giving) if checked else None
        stay = stays.in_progress(unit, runs.patient or "")
        entry = desk.entry(runs.patient or "", stay.id, at=at)
        unit.create(make(entry, seen, runs, witness))
        desk.audit(unit, action, f"MedicationAdministration/{entry.own}")
        return unit.changes


def _witness(desk: Desk, unit: Unit, runs: Infusion, giving: Giving) -> Witness:
    """Who checked too what goes on running; an order that is known here must still want it.

    Raises:
        Refused: ``gone``; ``not-active``; ``second-person-missing``, ``second-person-same``.
    """
    if runs.order is None or unit.get("MedicationRequest", runs.order) is None:
        return None
    seen = order_in_force(unit, runs.order, giving.at)
    return second_person(desk, drug_order.read(seen.resource()), giving.witness)


def _step_time(desk: Desk, runs: Infusion, at: datetime) -> datetime:
    """When a step was taken; after the one before if another terminal's clock was ahead.

    Raises:
        Refused: ``before-infusion``.
    """
    last = max(each.at for each in runs.steps)
    if at <= last and last > desk.clock.now():
        return last + _A_MOMENT
    if at < runs.started_at:
        raise Refused("before-infusion", field="at", at=runs.started_at)
    return at


def _running(unit: Unit, first: str) -> tuple[Stored, Infusion]:
    stored = still_there(unit, f"MedicationAdministration/{first}")
    patient = dose.read(stored.resource()).patient or ""
    runs = next((each for each in of_patient(unit, patient) if each.id == first), None)
    if runs is None or not runs.running:
        raise Refused("not-running", reference=f"MedicationAdministration/{first}")
    return stored, runs


def _refuse_running(unit: Unit, order: DrugOrder) -> None:
    for each in of_patient(unit, order.patient or ""):
        if each.order == order.id and each.running:
            raise Refused("runs-already", at=each.started_at)


def _volume(order: DrugOrder) -> Amount | None:
    """What hangs by the order, if it is a volume."""
    amount = order.amount
    return amount if amount is not None and amount.unit.casefold() == "ml" else None


def _refuse_rate(rate_ml_h: Decimal, *, least: Decimal) -> None:
    if not least < rate_ml_h <= FASTEST_ML_H:
        raise Refused("rate-not-possible", field="rate", most=FASTEST_ML_H)
