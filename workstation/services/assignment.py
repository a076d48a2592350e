"""Which nurse cares for which patients in a shift, and who "my patients" are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from workstation.clinical.shifts import Shift, shift_of
from workstation.fhir import assignment as mapping
from workstation.fhir import encounter, practitioner
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import EncounterId
from workstation.security.rights import require
from workstation.services.desk import Desk
from workstation.store import View

__all__ = ["Nurse", "Shift", "assign", "carers", "nurses", "of_shift", "shifts_to_assign"]


@dataclass(frozen=True, slots=True)
class Nurse:
    """Somebody who can care for patients.

    Attributes:
        id: Id of the Practitioner.
        name: As it is said.
    """

    id: str
    name: str


def shifts_to_assign(now: datetime, hours: int, day_starts: str) -> tuple[Shift, Shift]:
    """The shift that goes on now and the one after it.

    Args:
        now: The present (aware), in the zone of the ward.
        hours: Length of a shift.
        day_starts: When the morning shift begins, ``HH:MM``.
    """
    hour, _, minute = day_starts.partition(":")
    start = time(int(hour), int(minute))
    current = shift_of(now, hours, start)
    return current, shift_of(current.end + timedelta(minutes=1), hours, start)


def nurses(desk: Desk) -> tuple[Nurse, ...]:
    """Everybody whom patients can be assigned to, by name as Vietnamese is sorted.

    Whoever was introduced at a terminal has no qualification in the record and is among them.
    """
    with desk.store.read() as view:
        staff = [practitioner.read(stored.resource()) for stored in view.find("Practitioner")]
    able = [
        each
        for each in staff
        if each.active and each.name
        and (each.role in ("nurse", "head-nurse") or each.title is None)
    ]  # fmt: skip
    able.sort(key=lambda each: (each.name.sort_key, each.id))
    return tuple(Nurse(each.id, each.name.plain) for each in able)


def carers(
    view: View, stays: Iterable[EncounterId], at: datetime
) -> dict[EncounterId, tuple[Nurse, ...]]:
    """Who cares for whom at a moment.

    Args:
        view: One snapshot.
        stays: Ids of the Encounters.
        at: When (aware).
    """
    found: dict[EncounterId, tuple[Nurse, ...]] = {}
    for stored in view.these("Encounter", stays):
        entries = [each for each in stored.read(mapping.read) if each.cares(at)]
        found[EncounterId(stored.id)] = tuple(
            Nurse(own, name) for own, name in {each.id: each.name for each in entries}.items()
        )
    return found


def assign(desk: Desk, wanted: Mapping[EncounterId, Sequence[Nurse]], shift: Shift) -> Changes:
    """Say who cares for some patients in a shift; whoever did before does not any more.

    Args:
        desk: Who decides.
        wanted: The nurses of each stay; usually one, sometimes two, or nobody.
        shift: Which.

    Raises:
        Refused: ``not-permitted``; ``shift-over``; ``stay-over``.
    """
    require(desk.person, "assign")
    now = desk.now()
    if shift.end <= now:
        raise Refused("shift-over", field="shift")
    with desk.store.write(desk.author) as unit:
        for stay, chosen in wanted.items():
            seen = unit.get("Encounter", stay)
            if seen is None or seen.deleted or not encounter.read(seen.resource()).present:
                raise Refused("stay-over", reference=f"Encounter/{stay}")
            resource = seen.resource()
            before = {each.id for each in mapping.of_shift(resource, shift)}
            if before == {each.id for each in chosen}:
                continue
            pairs = [(each.id, each.name) for each in chosen]
            unit.update(mapping.assigned(resource, pairs, shift, at=now), seen=seen)
            desk.audit(unit, "assign-nurse", f"Encounter/{stay}")
        return unit.changes


def of_shift(
    desk: Desk, stays: Iterable[EncounterId], shift: Shift
) -> dict[EncounterId, tuple[Nurse, ...]]:
    """Who cares for whom in a shift, also one that has not begun."""
    with desk.store.read() as view:
        return {
            EncounterId(stored.id): tuple(
                Nurse(each.id, each.name) for each in mapping.of_shift(stored.resource(), shift)
            )
            for stored in view.these("Encounter", stays)
        }
