"""Finding a person by any part of a name, in any order, without diacritics, or by a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from workstation.clinical.age import Age, age
from workstation.clinical.names import PersonName
from workstation.fhir import elements
from workstation.kernel.ids import PatientId
from workstation.services import visits
from workstation.services.desk import Desk
from workstation.store import search, ward_board

MOST: Final = 50
RECENT: Final = 5
_SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One person who fits.

    Attributes:
        born: The birth date as it stands in the record.
        identity_tail: Last digits of the citizen or insurance number; empty when unknown.
        place: Ward and bed of the stay in progress; empty for who is not in the house.
        here: Whether that is the ward of the desk.
        alike: Another hit has the same name, or the same birth date.
        bed: As written on the bed; empty for who has none.
    """

    patient: PatientId
    name: PersonName
    sex: str
    birth_date: date | None
    born: str | None
    age: Age | None
    record_number: str | None
    identity_tail: str
    place: str
    here: bool
    alike: bool
    bed: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found for a text.

    Attributes:
        text: What was looked for.
        more: Whether there may be more than are listed.
    """

    text: str
    hits: tuple[Hit, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class AtHand:
    """Whom one most likely wants to open.

    Attributes:
        ward: Everybody who stays on the ward of the desk.
        recent: Whose charts the person opened last, the newest first.
        empty_beds: Names of the beds of the ward in which nobody lies.
    """

    ward: tuple[Hit, ...] = ()
    recent: tuple[Hit, ...] = ()
    empty_beds: tuple[str, ...] = ()


def at_hand(desk: Desk) -> AtHand:
    """Read who is on the ward of a desk, and whom its person looked at last."""
    with desk.store.read() as view:
        ward = search.on_ward(view, desk.ward)
        opened = visits.recent(view, desk, RECENT)
        known = search.these(view, opened)
        beds = [bed.name for bed in ward_board.beds(view, desk.ward)]
    taken = {each.bed for each in ward}
    return AtHand(
        _hits(desk, ward),
        _hits(desk, [known[each] for each in opened if each in known]),
        tuple(bed for bed in beds if bed not in taken),
    )


def find(desk: Desk, text: str) -> Hits:
    """Find people whose record is on this terminal; those in the house come first.

    Args:
        desk: Where it is looked.
        text: Beginnings of names or numbers, in any order.
    """
    with desk.store.read() as view:
        found = search.find(view, text, limit=MOST + 1)
    hits = _hits(desk, found)
    return Hits(text, hits[:MOST], more=len(hits) > MOST)


def _hits(desk: Desk, found: Sequence[search.Found]) -> tuple[Hit, ...]:
    today = desk.now().date()
    named = [_name(each) for each in found]
    folded = [name.folded for name in named]
    names, births = Counter(folded), Counter(each.identity.birth_date for each in found)
    return tuple(
        _hit(
            each, name, today,
            here=each.ward == desk.ward,
            alike=names[fold] > 1 or (bool(born := each.identity.birth_date) and births[born] > 1),
        )
        for each, name, fold in zip(found, named, folded, strict=True)
    )  # fmt: skip


def _hit(found: search.Found, name: PersonName, today: date, *, here: bool, alike: bool) -> Hit:
    who = found.identity
    born = elements.day(who.birth_date)
    number = who.national_id or who.insurance_number or ""
    return Hit(
        patient=who.patient,
        name=name,
        sex=who.sex or "unknown",
        birth_date=born,
        born=who.birth_date,
        age=age(born, today) if born else None,
        record_number=who.record_number,
        identity_tail=number[-_SHOWN_DIGITS:],
        place=" · ".join(part for part in (found.ward_name, found.bed) if part),
        here=here,
        alike=alike,
        bed=found.bed or "",
    )


def _name(found: search.Found) -> PersonName:
    who = found.identity
    if who.family or who.given:
        return PersonName.of(who.family, who.given)
    return PersonName.from_text(who.name or "")
