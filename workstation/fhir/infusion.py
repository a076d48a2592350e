"""Infusions: the first MedicationAdministration runs, each step is one of its own, `partOf` it.

A step says from when on another rate (0 is a pause) or another bag holds. The first record alone
is changed once: when the infusion ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical import infusion as courses
from workstation.clinical.dosage import Amount
from workstation.fhir import dosage as dosages
from workstation.fhir import dose, drug_order, elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

RATE_UNIT: Final = "mL/h"
_RATES: Final = {"ml/h": Decimal(1), "ml/hr": Decimal(1), "ml/min": Decimal(60)}
"""How many mL/h one of a unit is."""
_VOLUMES: Final = {"ml": Decimal(1), "l": Decimal(1000)}
"""How many mL one of a unit is."""
_BEYOND_ML: Final = Decimal(100_000)
"""What is larger hangs on no stand and runs through no pump: it says nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """What holds from a time on.

    Attributes:
        id: Id of its MedicationAdministration.
        at: From when on (aware).
        rate_ml_h: In mL/h; 0 is a pause; None when the step does not change the rate.
        bag: A bag that was hung; None when the step hangs none.
        by: Who, as shown.
        reason: In words; empty when not said.
    """

    id: str
    at: datetime
    rate_ml_h: Decimal | None
    bag: Amount | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Infusion:
    """One infusion.

    Attributes:
        id: Id of the first MedicationAdministration.
        patient: Id of the Patient.
        order: Id of the MedicationRequest.
        drug: As the record says.
        codes: ``system|code`` of the drug.
        ended_at: When it ended (aware); None while it runs.
        steps: In the order of time; the first is its beginning.
    """

    id: str
    patient: str | None
    order: str | None
    drug: str
    codes: frozenset[str]
    ended_at: datetime | None
    steps: tuple[Step, ...]

    @property
    def started_at(self) -> datetime:
        """When it began (aware)."""
        return self.steps[0].at

    @property
    def running(self) -> bool:
        """Whether it has not been ended; a paused one runs too."""
        return self.ended_at is None

    @property
    def rate_ml_h(self) -> Decimal | None:
        """The rate that holds by the last step that says one; None when none does."""
        said = [step.rate_ml_h for step in self.steps if step.rate_ml_h is not None]
        return said[-1] if said else None


@dataclass(frozen=True, slots=True)
class Part:
    """What one MedicationAdministration says of an infusion.

    Attributes:
        parent: Id of the first record whose step it is; None for a first record.
        step: What holds from then on; None when it names no time.
        begun: The infusion as far as its first record tells it; None for a step, or a mere dose.
    """

    parent: str | None
    step: Step | None
    begun: Infusion | None


MARKS: Final = ('"rateQuantity"', '"partOf"')
"""One of these stands in the JSON text of each record of an infusion.

Most of a long stay's thousands of doses need not be parsed to know that they are none.
"""


def read_part(resource: Mapping[str, Any]) -> Part | None:
    """Read one record; None when it was entered in error and so counts for nothing."""
    if resource.get("status") == "entered-in-error":
        return None
    parent, step = dose.parent_of(resource), _step(resource)
    begun = _begun(resource, step) if parent is None and step is not None else None
    return Part(parent, step, begun)


def gathered(parts: Iterable[Part | None]) -> tuple[Infusion, ...]:
    """Every infusion among some records, by its beginning.

    A step without its infusion is left out here (the medication record shows it).
    """
    later: dict[str, list[Step]] = defaultdict(list)
    begun: list[Infusion] = []
    for part in parts:
        if part is None:
            continue
        if part.parent is not None and part.step is not None:
            later[part.parent].append(part.step)
        elif part.begun is not None:
            begun.append(part.begun)
    found = [
        replace(each, steps=(*each.steps, *sorted(later[each.id], key=_by_time)))
        if each.id in later
        else each
        for each in begun
    ]
    return tuple(sorted(found, key=lambda infusion: (infusion.started_at, infusion.id)))


def read_all(resources: Iterable[Mapping[str, Any]]) -> tuple[Infusion, ...]:
    """The same of some MedicationAdministrations."""
    return gathered(map(read_part, resources))


def start(
    entry: Entry,
    order: Mapping[str, Any],
    *,
    bag: Amount | None,
    rate_ml_h: Decimal,
    beside: dose.Circumstances = dose.NOTHING_ELSE,
) -> Resource:
    """Make the record of an infusion that begins.

    Args:
        entry: Whose, by whom, from when on.
        order: The MedicationRequest.
        bag: How much hangs, in mL.
        rate_ml_h: More than 0.
        beside: What else is known about it.
    """
    return {
        **dose.head(entry, order, beside),
        "status": "in-progress",
        "effectivePeriod": {"start": entry.time},
        "dosage": _dosage(bag, rate_ml_h),
    }


def change(
    entry: Entry,
    first: Mapping[str, Any],
    *,
    rate_ml_h: Decimal | None = None,
    bag: Amount | None = None,
    reason: str = "",
    beside: dose.Circumstances = dose.NOTHING_ELSE,
) -> Resource:
    """Make a step of an infusion.

    Args:
        entry: Whose, by whom, from when on.
        first: The MedicationAdministration that began it.
        rate_ml_h: The new rate, 0 is a pause; as before when None.
        bag: The new bag, if one was hung.
        reason: In words.
        beside: What else is known about it.
    """
    code = "bag" if bag is not None else "rate" if rate_ml_h else "pause"
    request = elements.reference_id(first.get("request"), "MedicationRequest")
    order = {"id": request, **drug_order.medication_of(first)}
    made = dose.head(entry, order, beside)
    if request is None:
        del made["request"]
    why: Resource = {"coding": [{"system": systems.DOSE_OUTCOME, "code": code}]}
    return {
        **made,
        "status": "completed",
        "statusReason": [{**why, "text": reason} if reason else why],
        "partOf": [{"reference": f"MedicationAdministration/{first['id']}"}],
        "effectiveDateTime": entry.time,
        "dosage": _dosage(bag, rate_ml_h),
    }


def ended(first: Resource, *, at: datetime) -> Resource:
    """A new version of an infusion's first record: it ended.

    Args:
        first: The stored MedicationAdministration; it is not touched.
        at: When (aware).
    """
    patched = deepcopy(first)
    patched["status"] = "completed"
    period = elements.mapping(patched.get("effectivePeriod"))
    patched["effectivePeriod"] = {**period, "end": at.isoformat(timespec="seconds")}
    return patched


def course(infusion: Infusion) -> courses.Infusion:
    """How much of an infusion ran in when, by its rates and bags; odd numbers say nothing."""
    steps = tuple(
        courses.Step(step.at, _sane(step.rate_ml_h), _millilitres(step.bag))
        for step in infusion.steps
    )
    return courses.Infusion(steps, infusion.ended_at)


def _millilitres(bag: Amount | None) -> Decimal | None:
    factor = None if bag is None else _VOLUMES.get(bag.unit.casefold())
    return None if bag is None or factor is None else _sane(bag.value * factor)


def _sane(volume: Decimal | None) -> Decimal | None:
    return volume if volume is not None and 0 <= volume < _BEYOND_ML else None


def rate_of(dosage: Mapping[str, Any]) -> Decimal | None:
    """The rate of a dosage in mL/h; None when it says none, or in what is no volume a time."""
    quantity = elements.mapping(dosage.get("rateQuantity"))
    value = elements.decimal(quantity.get("value"))
    unit = elements.text(quantity.get("code")) or elements.text(quantity.get("unit")) or ""
    factor = _RATES.get(unit.casefold())
    return None if value is None or factor is None else value * factor


def rate_said(resource: Mapping[str, Any]) -> Decimal | None:
    """The rate that a MedicationAdministration says, as `rate_of`, whatever became of it."""
    return rate_of(elements.mapping(resource.get("dosage")))


def _begun(first: Mapping[str, Any], step: Step) -> Infusion | None:
    period = elements.mapping(first.get("effectivePeriod"))
    if not period or "rateQuantity" not in elements.mapping(first.get("dosage")):
        return None
    given = dose.read(first)
    over = given.ended_at
    if over is None and given.status not in ("in-progress", "on-hold"):
        over = step.at
    return Infusion(given.id, given.patient, given.order, given.drug, given.codes, over, (step,))


def _by_time(step: Step) -> tuple[datetime, str]:
    return step.at, step.id


def _step(resource: Mapping[str, Any]) -> Step | None:
    made = dose.read(resource)
    if made.at is None:
        return None
    return Step(
        made.id, made.at, rate_said(resource), made.amount, made.giver or "", made.reason or ""
    )


def _dosage(bag: Amount | None, rate_ml_h: Decimal | None) -> Resource:
    dosage: Resource = {}
    if bag is not None:
        dosage["dose"] = dosages.quantity(bag)
    if rate_ml_h is not None:
        dosage["rateQuantity"] = {
            "value": rate_ml_h,
            "unit": RATE_UNIT,
            "system": systems.UCUM,
            "code": RATE_UNIT,
        }
    return dosage
