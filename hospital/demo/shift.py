"""The shift of the demo: who cares for whom, what nurses took note of, what they plan to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.staff import NURSES
from hospital.demo.stay import DemoStay
from workstation.clinical.shifts import shift_of
from workstation.fhir import acknowledgement, assignment, order, ward_task
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_HOURS: Final = 12
_STARTS: Final = time(7)
_ROOMS_EACH: Final = 3
"""Rooms of one nurse, next to each other as on a real ward."""
_NEW: Final = timedelta(hours=3)
"""Younger orders still wait for a nurse."""
_TASK_EVERY: Final = 6
_TASKS: Final = (
    "Thay băng, đánh giá vết loét cùng cụt",
    "Cân người bệnh trước bữa sáng",
    "Nhịn ăn từ 22 giờ để nội soi sáng mai",
    "Gọi người nhà mang đơn thuốc cũ vào viện",
    "Lấy mẫu nước tiểu 24 giờ",
)


def with_nurse(stay: DemoStay, encounter: Resource) -> Resource:
    """The stay, cared for in the shift of the present by the nurse of the room."""
    now = stay.course.now
    room = int("".join(filter(str.isdigit, stay.bed.name.partition("-")[0])) or 0) % 100
    nurse = NURSES[(room - 1) // _ROOMS_EACH % len(NURSES)]
    shift = shift_of(now, _HOURS, _STARTS)
    return assignment.assigned(encounter, [(nurse.id, nurse.name)], shift, at=now)


def noted(seed: int, number: int, stay: DemoStay, orders: Iterable[Resource]) -> Iterator[Resource]:
    """A nurse took note of each order that is not quite new."""
    dice = Dice(seed, "noted", number)
    for resource in orders:
        found = order.read(resource)
        if found is None or found.since is None or found.since > stay.course.now - _NEW:
            continue
        at = found.since + timedelta(minutes=dice.whole(6, 35))
        entry = _entry(stay, dice, at)
        yield acknowledgement.write(entry, "acknowledge-order", found.reference, value=found.state)


def tasks(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """Of some patients, something that a nurse wants to be done in the next hours."""
    if number % _TASK_EVERY:
        return
    dice = Dice(seed, "tasks", number)
    now = stay.course.now
    due = (now + timedelta(minutes=dice.whole(-20, 240))).replace(second=0)
    written = now - timedelta(minutes=dice.whole(45, 90))
    if written > stay.course.start:
        yield ward_task.write(_entry(stay, dice, written), dice.pick(_TASKS), due)


def _entry(stay: DemoStay, dice: Dice, at: datetime) -> Entry:
    """By dice of its own, so that nothing else of the demo falls differently."""
    nurse = dice.pick(NURSES).reference
    return Entry(own=dice.uuid(at), patient=stay.patient.id, encounter=stay.id, author=nurse, at=at)
