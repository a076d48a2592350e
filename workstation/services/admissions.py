"""Who comes to the ward and who leaves it: expected, transfers, on leave, discharged lately."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeVar

from workstation.clinical.age import Age, age
from workstation.clinical.names import PersonName
from workstation.clinical.stays import days_of_treatment
from workstation.fhir import encounter as mapping
from workstation.fhir import location, stay_facts
from workstation.fhir import patient as people
from workstation.fhir.planned import origin
from workstation.fhir.stay_facts import Ending
from workstation.kernel.errors import Refused
from workstation.kernel.folding import natural
from workstation.kernel.ids import EncounterId, PatientId, WardId
from workstation.services import expected
from workstation.services.desk import Desk
from workstation.services.discharges import Leaving, leaving
from workstation.services.expected import Expectation
from workstation.services.patient_record import Banner, banner, places
from workstation.services.stay_corrections import LastStep, last_step
from workstation.services.stays import in_progress
from workstation.store import Stored, View, stays

T = TypeVar("T")
LATELY: Final = timedelta(hours=24)

Kind = Literal["incoming", "expected", "refused", "outgoing", "leave", "left"]
"""What a line is: another ward asks us to take somebody; expected from outside; another ward
refused; another ward is asked; on leave; discharged or died in the last 24 hours."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who comes or goes.

    Attributes:
        born: The birth date as it stands in the record.
        where: Ward and bed of the stay, or the bed that is wished for.
        other: The other ward, of a transfer; of somebody expected, from where.
        at: Expected at, asked at, left at, ended at (aware).
        until: Of somebody on leave: expected back.
        diagnosis: In words; empty when unknown.
        reason: Why another ward refused.
        by: Who refused.
        died: Whether the stay ended with death.
        ending: How it ended; None for a stay that is not over.
        days: Days of treatment of a stay that is over; None when not known.
        unsent: Whether the hospital has not received this yet.
    """

    kind: Kind
    encounter: EncounterId
    patient: PatientId
    name: PersonName
    sex: str
    birth_date: date | None
    born: str | None
    age: Age | None
    record_number: str | None
    where: str
    other: str
    at: datetime | None
    until: datetime | None
    diagnosis: str
    diagnosis_code: str
    reason: str
    by: str
    died: bool
    ending: Ending | None
    days: int | None
    unsent: bool


@dataclass(frozen=True, slots=True)
class Admissions:
    """Everybody who comes or goes, as it was at `as_of`."""

    ward: str
    as_of: datetime
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bed:
    """A bed of the ward that somebody may be put into."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a form about somebody stands on.

    Attributes:
        banner: Who it is; None for somebody who is not registered yet.
        stay: The stay that is meant; None when there never was one.
        leaving: What ends with it; None for who is not on the ward.
        expected: What is planned; None of who is not expected.
        beds: Free beds.
        every_bed: Beds of the ward, taken or not, that one may wish for.
        wards: The other wards of the house.
    """

    banner: Banner | None
    stay: StayNow | None
    leaving: Leaving | None
    expected: Expectation | None
    beds: tuple[Bed, ...]
    every_bed: tuple[Bed, ...]
    wards: tuple[tuple[WardId, str], ...]


@dataclass(frozen=True, slots=True)
class StayNow:
    """The stay of somebody on whom something is to be done.

    Attributes:
        encounter: Id of the stay.
        status: FHIR status.
        bed: Name of the bed; empty without one.
        ward: Name of the ward.
        admitted_at: Beginning of the stay (aware).
        to: The ward that is asked to take the patient; empty when none is.
        until: Of somebody on leave: expected back.
        last: What was done last, to take it back.
    """

    encounter: EncounterId
    status: str
    bed: str
    ward: str
    admitted_at: datetime | None
    to: str
    until: datetime | None
    last: LastStep | None


def read(desk: Desk) -> Admissions:
    """Read who comes to the ward of a desk and who leaves it."""
    now = desk.now()
    with desk.store.read() as view:
        house = stays.wards(view)
        lines = tuple(_lines(view, desk.ward, house, now))
    return Admissions(house.get(desk.ward, ""), now, lines)


def ground(
    desk: Desk, patient: PatientId | None, stay: EncounterId | None = None
) -> Ground:  # fmt: skip
    """Read what a form about somebody stands on, or about a newcomer.

    Args:
        desk: Who asks.
        patient: About whom; None for a newcomer.
        stay: The stay that is meant, of who may have several; None for that of `stay_now`.

    Raises:
        Refused: ``no-such-patient``.
    """
    beds, wards = free_beds(desk), other_wards(desk)
    with desk.store.read() as view:
        planned = expected.of_patient(view, patient, desk.ward) if patient else None
        every = _sorted(stays.beds_of(view, desk.ward))
    if patient is None:
        return Ground(None, None, None, None, beds, every, wards)
    who = banner(desk, patient)
    meant = _if_admitted(lambda: stay_now(desk, patient, stay))
    ends = _if_admitted(lambda: leaving(desk, patient))
    return Ground(who, meant, ends, planned, beds, every, wards)


def _if_admitted(read: Callable[[], T]) -> T | None:
    """What is read of a stay; None of who has none, and can be admitted."""
    try:
        return read()
    except Refused as refused:
        if refused.code != "not-admitted":
            raise
        return None


def free_beds(desk: Desk) -> tuple[Bed, ...]:
    """The usable beds of the ward in which nobody lies, in the order of the board."""
    with desk.store.read() as view:
        beds = stays.beds_of(view, desk.ward)
        free = [own for own in beds if not stays.lying_in(view, own)]
        usable = [own for own in free if location.read(_place(view, own)).usable]
    return _sorted({own: beds[own] for own in usable})


def _sorted(beds: Mapping[str, str]) -> tuple[Bed, ...]:
    found = [Bed(own, name) for own, name in beds.items()]
    return tuple(sorted(found, key=lambda bed: natural(bed.name)))


def _place(view: View, own: str) -> dict[str, object]:
    seen = view.get("Location", own)
    return seen.resource() if seen is not None else {}


def other_wards(desk: Desk) -> tuple[tuple[WardId, str], ...]:
    """Every other ward of the house, by name."""
    with desk.store.read() as view:
        found = stays.wards(view)
    return tuple(
        (WardId(own), name)
        for own, name in sorted(found.items(), key=lambda pair: pair[1])
        if own != desk.ward
    )


def stay_now(desk: Desk, patient: PatientId, own: EncounterId | None = None) -> StayNow:
    """One stay of a patient; where none is named that which is not over, or that ended last.

    Raises:
        Refused: ``not-admitted``, when there never was one.
    """
    with desk.store.read() as view:
        named = view.get("Encounter", own) if own else None
        seen = (
            named
            or _if_admitted(lambda: in_progress(view, patient))
            or _latest_ended(view, patient)
        )
        resource = seen.resource()
        stay = mapping.read(resource)
        bed, ward = places(view, stay)
        house = stays.wards(view)
        return StayNow(
            encounter=EncounterId(stay.id),
            status=stay.status,
            bed=bed,
            ward=ward,
            admitted_at=stay.started_at,
            to=next((house.get(each, "") for each in stay.planned_places), ""),
            until=stay_facts.leave_until(resource) if stay.status == "onleave" else None,
            last=last_step(resource),
        )


def _latest_ended(view: View, patient: PatientId) -> Stored:
    ended = [
        (ended_at, stored)
        for stored in view.find("Encounter", patient=patient)
        if (stay := mapping.read(stored.resource())).status == "finished"
        and stay.class_code in mapping.INPATIENT
        and (ended_at := stay.ended_at) is not None
    ]
    if not ended:
        raise Refused("not-admitted", reference=f"Patient/{patient}")
    return max(ended, key=lambda pair: pair[0])[1]


def _lines(view: View, ward: WardId, house: dict[str, str], now: datetime) -> Iterator[Line]:
    here = {ward, *stays.beds_of(view, ward)}
    incoming, refused, outgoing, away = [], [], [], []
    for own, at_ward in stays.present(view):
        seen = view.get("Encounter", own)
        if seen is None:
            continue
        stay = mapping.read(seen.resource())
        if at_ward != ward:
            if here & set(stay.planned_places):
                incoming.append(_line(view, "incoming", seen, house, now))
            continue
        if stay.status == "onleave":
            away.append(_line(view, "leave", seen, house, now))
        if stay.planned_places:
            outgoing.append(_line(view, "outgoing", seen, house, now))
        elif stay_facts.refusal(seen.resource()) is not None:
            refused.append(_line(view, "refused", seen, house, now))
    yield from incoming
    yield from _these(view, "expected", stays.planned(view, ward), house, now)
    yield from (*refused, *outgoing, *away)
    yield from _these(view, "left", stays.ended_since(view, ward, now - LATELY), house, now)


def _these(
    view: View, kind: Kind, ids: tuple[str, ...], house: dict[str, str], now: datetime
) -> Iterator[Line]:
    for own in ids:
        seen = view.get("Encounter", own)
        if seen is not None:
            yield _line(view, kind, seen, house, now)


def _line(view: View, kind: Kind, seen: Stored, house: dict[str, str], now: datetime) -> Line:
    resource = seen.resource()
    stay = mapping.read(resource)
    stored = view.get("Patient", stay.patient or "")
    who = people.read(stored.resource() if stored is not None else {})
    refusal = stay_facts.refusal(resource)
    bed, ward = places(view, stay)
    return Line(
        kind=kind,
        encounter=EncounterId(seen.id),
        patient=PatientId(stay.patient or ""),
        name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        born=who.born,
        age=age(who.birth_date, now.date()) if who.birth_date else None,
        record_number=who.record_number,
        where=_where(
            _wished(view, stay) if kind == "expected" else bed or _last_bed(view, stay),
            ward if kind == "incoming" else "",
        ),
        other=origin(resource) if kind == "expected" else _other(kind, stay, refusal, house),
        at=_at(kind, resource, stay),
        until=stay_facts.leave_until(resource) if kind == "leave" else None,
        diagnosis=stay.diagnosis or "",
        diagnosis_code=stay.diagnosis_code or "",
        reason=refusal.reason if refusal and kind == "refused" else "",
        by=refusal.by if refusal and kind == "refused" else "",
        died=last_step(resource) is LastStep.DIED,
        ending=stay_facts.ending(resource) if kind == "left" else None,
        days=_days(stay, stay_facts.ending(resource), now) if kind == "left" else None,
        unsent=seen.pending,
    )


def _days(stay: mapping.Stay, ending: Ending, now: datetime) -> int | None:
    how, outcome, zone = ending.disposition, ending.outcome, now.tzinfo
    if stay.started_at is None or stay.ended_at is None or zone is None:
        return None
    if how is None or outcome is None or stay.ended_at < stay.started_at:
        return None
    return days_of_treatment(stay.started_at, stay.ended_at, zone, how, outcome)


def _where(*names: str) -> str:
    return " · ".join(filter(None, names))


def _last_bed(view: View, stay: mapping.Stay) -> str:
    """The name of the place that a stay which is over had last."""
    ended = [place for place in stay.places if not place.planned]
    if not ended or stay.status != "finished":
        return ""
    found = location.read(_place(view, ended[-1].location))
    return ended[-1].display or found.name


def _wished(view: View, stay: mapping.Stay) -> str:
    """The name of the bed that is wished for; empty for any."""
    found = (location.read(_place(view, each)) for each in stay.planned_places)
    return next((place.name for place in found if place.kind == "bed"), "")


def _other(
    kind: Kind, stay: mapping.Stay, refusal: stay_facts.Remark | None, house: dict[str, str]
) -> str:
    if kind == "refused" and refusal is not None:
        return refusal.about
    if kind == "outgoing":
        return next((house.get(each, "") for each in stay.planned_places), "")
    return ""


def _at(kind: Kind, resource: dict[str, object], stay: mapping.Stay) -> datetime | None:
    if kind in ("incoming", "outgoing"):
        return next((place.start for place in stay.places if place.planned), None)
    if kind == "refused":
        refusal = stay_facts.refusal(resource)
        return refusal.at if refusal else None
    if kind == "leave":
        return stay_facts.status_since(resource)
    return stay.ended_at if kind == "left" else stay.started_at
