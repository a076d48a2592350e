"""What nurses and doctors chart during a stay: vital signs and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hospital.demo import words
from hospital.demo.stay import DemoStay
from workstation.fhir import note, vital_signs
from workstation.fhir.json import Resource


def measured(stay: DemoStay) -> Iterator[Resource]:
    """Every set of vital signs."""
    for at in stay.course.times(stay.dice):
        yield from vital_signs.write(
            stay.course.vital_signs(stay.dice, at),
            patient=stay.patient.id,
            encounter=stay.id,
            performer=stay.nurse(),
            new_id=lambda at=at: stay.dice.uuid(at),  # type: ignore[misc]
        )


def notes(stay: DemoStay) -> Iterator[Resource]:
    """A note on admission, at each ward round and in each shift."""
    yield _doctor_note(stay, stay.course.start + timedelta(minutes=55), first=True)
    day = stay.course.start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day <= stay.course.now:
        round_at = day + timedelta(hours=8, minutes=stay.dice.whole(0, 80))
        if stay.course.start + timedelta(hours=3) < round_at <= stay.course.now:
            yield _doctor_note(stay, round_at, first=False)
        for hour in (6, 15, 21):
            at = day + timedelta(hours=hour, minutes=stay.dice.whole(15, 50))
            if stay.course.start < at <= stay.course.now:
                yield _nurse_note(stay, at)
        day += timedelta(days=1)


def _doctor_note(stay: DemoStay, at: datetime, *, first: bool) -> Resource:
    return note.write(
        "doctor",
        id=stay.dice.uuid(at),
        patient=stay.patient.id,
        encounter=stay.id,
        author=stay.doctor.reference,
        at=at,
        course=words.course(stay.dice, stay.course, at, first=first),
        orders=words.orders(stay.course, first=first),
    )


def _nurse_note(stay: DemoStay, at: datetime) -> Resource:
    return note.write(
        "nurse",
        id=stay.dice.uuid(at),
        patient=stay.patient.id,
        encounter=stay.id,
        author=stay.nurse(),
        at=at,
        course=words.nursing(stay.dice, stay.course, at),
        orders="",
    )
