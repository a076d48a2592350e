"""The medication record: what was planned, what was given, and what of the two belongs together.

A slot is a time at which an order wants a dose; it is computed and never stored. A dose is a fact.
A slot without a dose is open, it is not a "no". Whatever becomes of an order, every dose stands in
exactly one place of the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from workstation.clinical.double_dose import LONGEST_DOSE_WINDOW

DUE_WINDOW: Final = timedelta(minutes=60)
"""How early or late a dose counts as on time: 1 hour for what is given more often than daily
(ISMP Acute Care Guidelines for Timely Administration of Scheduled Medications, 2011)."""
TIME_CRITICAL_WINDOW: Final = timedelta(minutes=30)
"""The same for time-critical drugs, such as insulin before a meal (same source)."""


class Outcome(StrEnum):
    """What a dose record says happened."""

    GIVEN = "given"
    PARTIAL = "partial"
    RUNNING = "running"
    WITHHELD = "withheld"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    CHANGED = "changed"
    """A step of a running infusion: another rate, another bag, a pause."""
    ERROR = "in-error"
    UNKNOWN = "unknown"


REACHED: Final = frozenset({Outcome.GIVEN, Outcome.PARTIAL, Outcome.RUNNING})
"""Something of the drug is in the patient."""
NOT_GIVEN: Final = frozenset({Outcome.WITHHELD, Outcome.REFUSED, Outcome.UNAVAILABLE})
_STRENGTH: Final = tuple(Outcome)
"""Of several records of one slot the first of these says what became of it."""


class State(StrEnum):
    """What a place in the record shows."""

    FUTURE = "future"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    HELD = "held"
    STOPPED = "stopped"
    GIVEN = "given"
    PARTIAL = "partial"
    RUNNING = "running"
    WITHHELD = "withheld"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    CHANGED = "changed"
    ERROR = "in-error"
    UNKNOWN = "unknown"


OPEN: Final = frozenset({State.FUTURE, State.DUE, State.LATE, State.MISSED})
"""A dose can still be given here."""
WANTED_NOW: Final = frozenset({State.DUE, State.LATE})


@dataclass(frozen=True, slots=True)
class DoseFact:
    """One record of a dose.

    Attributes:
        id: Its own.
        order: Id of the order, if it names one.
        outcome: What happened.
        at: When (aware); None when it does not say.
        scheduled_at: The slot that it names (aware), if any.
    """

    id: str
    order: str | None
    outcome: Outcome
    at: datetime | None
    scheduled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order wants.

    Attributes:
        order: Its id.
        slots: When a dose is wanted (aware).
        interval: Between two doses; None if it is not regular.
        window: How early or late is still on time.
        held: Whether it is on hold.
        stopped_at: From when on nothing is wanted any more; None while it goes on.
    """

    order: str
    slots: tuple[datetime, ...]
    interval: timedelta | None = None
    window: timedelta = DUE_WINDOW
    held: bool = False
    stopped_at: datetime | None = None

    @property
    def reach(self) -> timedelta:
        """How far from a slot a dose that names none may lie and still belong to it."""
        return LONGEST_DOSE_WINDOW if self.interval is None else self.interval / 2


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the record: a slot with what became of it, or a dose that has no slot.

    Attributes:
        at: Where it stands in time: the slot, else when the dose was given.
        slot: The slot; None for a dose beside the plan.
        state: What it shows.
        doses: Ids of its doses, in the order of time.
        twice: Whether more than one whole dose was given for one slot.
    """

    at: datetime
    slot: datetime | None
    state: State
    doses: tuple[str, ...] = ()
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Every slot and every dose of a patient.

    Attributes:
        rows: The places of each order by its id, in the order of time.
        others: Doses that no order or no time can be found for.
    """

    rows: Mapping[str, tuple[Place, ...]]
    others: tuple[str, ...]


def record(plans: Iterable[Plan], doses: Iterable[DoseFact], now: datetime) -> Record:
    """Put slots and doses together.

    Args:
        plans: Of every order known, whatever its state.
        doses: Every dose known.
        now: The present (aware).
    """
    by_order: dict[str, list[DoseFact]] = defaultdict(list)
    known = {plan.order: plan for plan in plans}
    others = []
    for dose in sorted(doses, key=_order_of_time):
        if dose.order in known and (dose.at or dose.scheduled_at) is not None:
            by_order[str(dose.order)].append(dose)
        else:
            others.append(dose.id)
    rows = {order: _row(plan, by_order.get(order, ()), now) for order, plan in known.items()}
    return Record(rows, tuple(others))


def open_state(plan: Plan, slot: datetime, now: datetime) -> State:
    """What an empty slot is now."""
    if plan.stopped_at is not None and slot >= plan.stopped_at:
        return State.STOPPED
    if plan.held:
        return State.HELD
    if now < slot - plan.window:
        return State.FUTURE
    if now <= slot + plan.window:
        return State.DUE
    late_until = slot + max(plan.window, min(plan.reach, LONGEST_DOSE_WINDOW))
    return State.LATE if now < late_until else State.MISSED


def timing(slot: datetime, at: datetime, window: timedelta) -> str:
    """Whether a dose is ``early``, ``late`` or in time (empty)."""
    if at < slot - window:
        return "early"
    return "late" if at > slot + window else ""


def _row(plan: Plan, doses: Sequence[DoseFact], now: datetime) -> tuple[Place, ...]:
    slots = tuple(sorted(set(plan.slots)))
    filled: dict[datetime, list[DoseFact]] = {slot: [] for slot in slots}
    free, extra = [], []
    for dose in doses:
        if dose.scheduled_at in filled and _fills(dose):
            filled[dose.scheduled_at].append(dose)
        else:
            free.append(dose)
    for dose in free:
        slot = _free_slot(plan, filled, dose)
        if slot is None:
            extra.append(dose)
        else:
            filled[slot].append(dose)
    places = [_filled(plan, slot, found, now) for slot, found in filled.items()]
    places += [Place(_time(dose), None, State(dose.outcome.value), (dose.id,)) for dose in extra]
    return tuple(sorted(places, key=lambda place: (place.at, place.slot is None, place.doses)))


def _free_slot(
    plan: Plan, filled: Mapping[datetime, list[DoseFact]], dose: DoseFact
) -> datetime | None:
    """The nearest slot without a dose, not farther than half an interval."""
    if not _fills(dose):
        return None
    at = dose.scheduled_at or _time(dose)
    free = [slot for slot, found in filled.items() if not found and abs(slot - at) <= plan.reach]
    return min(free, key=lambda slot: (abs(slot - at), slot), default=None)


def _fills(dose: DoseFact) -> bool:
    """Whether a record can be what became of a slot; an error or a step of an infusion cannot."""
    return dose.outcome not in (Outcome.ERROR, Outcome.CHANGED)


def _filled(plan: Plan, slot: datetime, doses: Sequence[DoseFact], now: datetime) -> Place:
    if not doses:
        return Place(slot, slot, open_state(plan, slot, now))
    strongest = min((dose.outcome for dose in doses), key=_STRENGTH.index)
    whole = sum(dose.outcome in (Outcome.GIVEN, Outcome.RUNNING) for dose in doses)
    reached = sum(dose.outcome in REACHED for dose in doses)
    ids = tuple(dose.id for dose in doses)
    return Place(slot, slot, State(strongest.value), ids, twice=whole > 0 and reached > 1)


def _time(dose: DoseFact) -> datetime:
    at = dose.at or dose.scheduled_at
    if at is None:
        raise ValueError(dose.id)
    return at


def _order_of_time(dose: DoseFact) -> tuple[float, str]:
    at = dose.at or dose.scheduled_at
    return (at.timestamp() if at else 0.0, dose.id)
