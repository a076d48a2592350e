"""What every paper of a chart has in common: what is asked for, who issues it, what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal

from workstation.documents.page import Imprint, Letterhead, PatientBox
from workstation.fhir.encounter import Stay
from workstation.kernel import settings as table
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.kernel.words import Language
from workstation.services.desk import Desk
from workstation.services.fluid_balance_sheet import Plan

Kind = Literal[
    "vital-signs", "progress", "consultation", "care", "medication", "fluid-balance", "results"
]
KINDS: Final[tuple[Kind, ...]] = (
    *("vital-signs", "progress", "consultation", "care"),
    *("medication", "fluid-balance", "results"),
)


@dataclass(frozen=True, slots=True)
class House:
    """Who issues papers: as the hospital writes itself.

    Attributes:
        authority: Such as ``Sở Y tế Hà Nội``; may be empty.
        hospital: Name of the hospital; may be empty.
        system: Name and version of the program.
        look_up: Address where a look-up code is looked up; the code is put at its end. Empty when
            the hospital has none: the QR then says the code alone.
        plan: How its wards divide their day.
    """

    authority: str = ""
    hospital: str = ""
    system: str = "Ward Workstation"
    look_up: str = ""
    plan: Plan = field(default_factory=lambda: Plan(12, time(7)))


def house_of(asked: Settings) -> House:
    """The house of a terminal, as its settings name it."""
    return House(
        authority=asked.get(table.AUTHORITY),
        hospital=asked.get(table.HOSPITAL),
        look_up=asked.get(table.LOOK_UP),
        plan=Plan(asked.get(table.SHIFT_HOURS), time.fromisoformat(asked.get(table.DAY_STARTS))),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be printed.

    Attributes:
        kind: Which paper.
        language: Of the printed words.
        since: Only what happened from this day on; None for the whole stay.
    """

    kind: Kind
    language: Language = "vi"
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """All that the maker of one paper is given.

    Attributes:
        desk: Who prints.
        patient: Whose paper.
        request: What.
        house: Who issues it.
        now: The moment of the print (aware).
        stay: The stay in progress, else the last one.
        since: The first day on it; None when nobody knows when the stay began.
        head: Letterhead.
        box: The patient.
    """

    desk: Desk
    patient: PatientId
    request: Request
    house: House
    now: datetime
    stay: Stay | None
    since: date | None
    head: Letterhead
    box: PatientBox


@dataclass(frozen=True, slots=True)
class Content:
    """What one paper says.

    Attributes:
        values: Everything on it, for the look-up code.
        make: Makes the PDF, once the imprint is known; needs no store.
    """

    values: object
    make: Callable[[Imprint], bytes]
