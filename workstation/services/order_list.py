"""What is ordered: of one patient by kind, and on the whole ward what no nurse has acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from workstation.clinical import ordering
from workstation.clinical.care_level import CareLevel
from workstation.clinical.dosage import Prescription
from workstation.clinical.ordering import Item, OrderKind
from workstation.clinical.ward_tasks import DueItem
from workstation.fhir import acknowledgement, order, reorder
from workstation.fhir.decision import Decision
from workstation.fhir.order import Order
from workstation.fhir.reorder import Reorder
from workstation.kernel.folding import fold
from workstation.kernel.ids import PatientId, WardId
from workstation.services import formulary, inpatients, order_safety, patient_record
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.order_safety import Accepted
from workstation.store import Stored, View, open_tasks, ward_board
from workstation.store import orders as open_orders

__all__ = [
    "Acknowledged",
    "Book",
    "Decision",
    "Item",
    "Order",
    "OrderKind",
    "OrderLine",
    "Reorder",
    "Unacknowledged",
    "book",
    "ward_unacknowledged",
]

RECENT: Final = timedelta(days=3)
"""A stop that nobody acknowledged is shown so long: later, no dose can be given on it any more."""
_ASKED: Final = ("active", "on-hold", "stopped", "revoked")
_RANK: Final = {kind: place for place, kind in enumerate(OrderKind)}
_STATUSES: Final = {"active": 0, "on-hold": 1, "draft": 2}


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Who took note of an order as it stands, when; and of which Task that is."""

    by: str
    at: datetime | None
    person: str
    task: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order with what belongs to it.

    Attributes:
        order: The order.
        acknowledged: Who took note of it as it stands; None while nobody did.
        day: Day of the course, for a drug whose days are counted.
        unsent: Whether the hospital has not received it yet.
        again: When it was last ordered again for another day (aware); None if never.
        accepted: Alerts that it was signed in spite of; not read for lists of a whole ward.
    """

    order: Order
    acknowledged: Acknowledged | None
    day: int | None
    unsent: bool
    again: datetime | None
    accepted: tuple[Accepted, ...] = ()

    @property
    def to_acknowledge(self) -> bool:
        """Whether a nurse has yet to take note of it."""
        return self.acknowledged is None and self.order.status in ("active", "on-hold", "stopped")

    @property
    def goes_on(self) -> bool:
        """Whether it is of a kind that is ordered again day by day."""
        return self.order.current and self.order.goes_on


@dataclass(frozen=True, slots=True)
class Book:
    """All orders of one patient.

    Attributes:
        lines: Current ones by kind, then those that ended, the newest first.
        care_level: Of the stay in progress; None when it is not set.
        again: When the day's orders were last signed, and by whom.
        now: When this was read (aware).
    """

    lines: tuple[OrderLine, ...]
    care_level: CareLevel | None
    again: Reorder | None
    now: datetime

    @property
    def to_acknowledge(self) -> tuple[OrderLine, ...]:
        """What a nurse has yet to take note of."""
        return tuple(line for line in self.lines if _fresh(line, self.now))


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """Orders of one patient of the ward that no nurse has taken note of."""

    who: Inpatient
    lines: tuple[OrderLine, ...]

    @property
    def oldest(self) -> datetime | None:
        """Since when something waits (aware)."""
        return min(filter(None, (changed_at(line.order) for line in self.lines)), default=None)


def book(desk: Desk, patient: PatientId) -> Book:
    """All orders of a patient."""
    with desk.store.read() as view:
        return read_book(view, patient, desk.now())


def read_book(view: View, patient: PatientId, now: datetime) -> Book:
    """The same, inside a transaction; `now` with the terminal's offset."""
    stay = patient_record.latest_stay(view, patient)
    lines, again = _lines(view, patient, now)
    level = stay.care_level if stay and stay.present else None
    newest = max(again, key=lambda each: _stamp(each.at), default=None)
    return Book(lines, level, newest, now)


def read_all(
    view: View, patient: PatientId, now: datetime
) -> tuple[tuple[OrderLine, ...], tuple[Reorder, ...]]:
    """Every order of a patient, and every time that the day's orders were signed."""
    lines, again = _lines(view, patient, now)
    return lines, tuple(again)


def unacknowledged(view: View, ward: WardId, now: datetime) -> tuple[Unacknowledged, ...]:
    """What waits for a nurse on a ward, by who waits longest.

    Args:
        view: One consistent snapshot.
        ward: Id of the ward's Location.
        now: The time at this terminal, with its offset.
    """
    found = ward_board.read(view, ward, results_since=now)
    people = inpatients.of_ward(found.occupants, {bed.id: bed.name for bed in found.beds}, now)
    waiting = waiting_of(view, [who.patient for who in people], now)
    rows = [Unacknowledged(who, waiting[who.patient]) for who in people if waiting[who.patient]]
    return tuple(sorted(rows, key=lambda each: _stamp(each.oldest)))


def waiting_of(
    view: View, patients: Sequence[PatientId], now: datetime
) -> dict[PatientId, tuple[OrderLine, ...]]:
    """The orders of some patients that wait for a nurse, through the index: few are read."""
    found: dict[PatientId, list[OrderLine]] = {patient: [] for patient in patients}
    held = open_orders.with_status(view, patients, order.TYPES, _ASKED)
    if held:
        tasks = open_tasks.with_code(view, patients, "acknowledge-order", "completed")
        noted, _ = _tasks(tasks)
        for stored in held:
            read = stored.read(order.read)
            if read is not None:
                line = _line(stored, read, noted)
                if _fresh(line, now):
                    found.setdefault(PatientId(read.patient), []).append(line)
    return {patient: tuple(sorted(lines, key=_order)) for patient, lines in found.items()}


def due(view: View, patients: Sequence[PatientId], now: datetime) -> list[DueItem]:
    """Each order that no nurse has taken note of, due since it stands as it does."""
    return [
        DueItem("order", patient, changed_at(line.order) or now, record=line.order.reference)
        for patient, lines in waiting_of(view, patients, now).items()
        for line in lines
    ]


def ward_unacknowledged(desk: Desk) -> tuple[Unacknowledged, ...]:
    """What waits for a nurse on the ward of a desk."""
    with desk.store.read() as view:
        return unacknowledged(view, desk.ward, desk.now())


def changed_at(found: Order) -> datetime | None:
    """When an order came to stand as it does (aware)."""
    return (found.decided.at if found.decided else None) or found.since


def _fresh(line: OrderLine, now: datetime) -> bool:
    if not line.to_acknowledge:
        return False
    at = changed_at(line.order)
    return line.order.current or (at is not None and now - at <= RECENT)


def _lines(
    view: View, patient: PatientId, now: datetime
) -> tuple[tuple[OrderLine, ...], list[Reorder]]:
    found = [
        (stored, read)
        for type_ in order.TYPES
        for stored in view.find(type_, patient=patient)
        if (read := stored.read(order.read)) is not None
    ]
    if not found:
        return (), []
    noted, again = _tasks(view.find("Task", patient=patient))
    orders, zone = [read for _, read in found], now.tzinfo
    accepted = order_safety.accepted(view, patient)
    lines = [
        replace(
            _line(stored, read, noted),
            day=day_of(read, orders, now, zone) if read.current and zone else None,
            again=max(_times(read.reference, again), default=None),
            accepted=accepted.get(read.reference, ()),
        )
        for stored, read in found
    ]
    return tuple(sorted(lines, key=_order)), again


def _line(stored: Stored, read: Order, noted: Mapping[tuple[str, str], Acknowledged]) -> OrderLine:
    taken = noted.get((read.reference, read.state))
    return OrderLine(order=read, acknowledged=taken, day=None, unsent=stored.pending, again=None)


def _times(reference: str, again: Iterable[Reorder]) -> list[datetime]:
    return [each.at for each in again if each.at is not None and reference in each.orders]


def _tasks(
    tasks: Iterable[Stored],
) -> tuple[Mapping[tuple[str, str], Acknowledged], list[Reorder]]:
    """What was taken note of, by reference and state, the earliest of each; and every reorder."""
    noted: dict[tuple[str, str], Acknowledged] = {}
    again: list[Reorder] = []
    for stored in tasks:
        repeated = stored.read(reorder.read)
        if repeated is not None:
            again.append(repeated)
            continue
        found = stored.read(acknowledgement.read)
        key = (found.focus, found.value)
        if found.counts and found.value:
            earlier = noted.get(key)
            if earlier is None or _stamp(found.at) < _stamp(earlier.at):
                noted[key] = Acknowledged(found.by, found.at, found.person, found.id)
    return noted, again


def day_of(read: Order, orders: Iterable[Order], at: datetime, zone: tzinfo) -> int | None:
    """Day of the course of a drug whose days are counted; None for any other.

    Args:
        read: The order.
        orders: Every order of the patient.
        at: The day that counts (aware).
        zone: Of the ward.
    """
    if read.drug is None or not formulary.counts_days(read.drug.name):
        return None
    generic = formulary.generic(read.drug.name)
    periods = [
        (each.since, each.drug.schedule.ends_at)
        for each in orders
        if each.drug is not None
        and each.since is not None
        and each.status not in ("draft", "entered-in-error")
        and formulary.generic(each.drug.name) == generic
    ]
    return ordering.day_of_course(periods, at, zone)


def _order(line: OrderLine) -> tuple[int, int, int, float, str]:
    read = line.order
    ended = 0 if read.status in _STATUSES else 1
    as_needed = read.drug is not None and read.drug.as_needed
    rank = (_RANK[read.kind] * 2 + as_needed) if not ended else 0
    time = -_stamp(changed_at(read)) if ended else 0.0
    words = read.item.drug if isinstance(read.item, Prescription) else read.item.words
    return ended, rank, _STATUSES.get(read.status, 0), time, f"{fold(words)} {read.reference}"


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
