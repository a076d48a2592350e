"""Somebody whom the ward expects: a planned stay, as the admission office writes it."""

from __future__ import annotations

from datetime import timedelta

from tests.kit.ward import WARD, patient_id
from workstation.fhir import stays
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel.clock import SystemClock


def expected(number: int) -> Resource:
    """The planned stay of an invented person, who is to come within the hour."""
    at = SystemClock().now().astimezone() + timedelta(hours=1)
    entry = Entry(
        own=f"planned-{number}", patient=patient_id(number), encounter=None, author={}, at=at
    )
    where = stays.place_entry(WARD, "Khoa Nội tổng hợp", "planned", at)
    made = stays.new(entry, where, status="planned", reason={"text": "Đau ngực"})
    return {each: value for each, value in made.items() if value}
