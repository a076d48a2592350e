"""The handover of a shift on paper: read on one thread, made on another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workstation.documents.handover import HandoverList, HandoverRow, handover_list
from workstation.documents.page import Imprint, Letterhead
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.kernel.words import Language, say
from workstation.services import handover
from workstation.services.assignment import Shift
from workstation.services.desk import Desk
from workstation.services.documents import House, Way, look_up_code
from workstation.services.handover import SECTIONS, Patient, Texts

_SEXES: Final = {"male": "Male", "female": "Female"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A list that is ready to be made.

    Attributes:
        pdf: Makes the file; needs no store.
        code: Look-up code on it.
        file_name: For saving; says nothing about the patients.
    """

    pdf: Callable[[], bytes]
    code: str
    file_name: str


def gather(
    desk: Desk, patients: Iterable[PatientId], shift: Shift, language: Language, house: House
) -> Paper:
    """Read what the list of some patients says.

    What was given is printed as it was given; else what would be given now.

    Args:
        desk: Who prints.
        patients: Whom; the list stands in the order of the beds.
        shift: The shift that hands over.
        language: Of the printed words.
        house: Letterhead and owner.
    """
    now, wanted = desk.now(), set(patients)
    found = handover.read(desk, shift)
    chosen = [each for each in found.patients if each.who.patient in wanted]
    rows = tuple(_row(desk, each, shift, language, now) for each in chosen)
    words = say(
        language, "Shift {start}–{end}, {day} · patients: {count}",
        start=f"{shift.start:%H:%M}", end=f"{shift.end:%H:%M}", day=f"{shift.start:%d/%m/%Y}",
        count=len(rows),
    )  # fmt: skip
    code = look_up_code(repr(rows), now)
    imprint = Imprint(
        system=house.system,
        owner=house.hospital or found.ward or house.system,
        code=code,
        address=f"{house.look_up}{code}",
        printed_at=now,
        printed_by=desk.person.name,
        language=language,
    )
    head = Letterhead(house.authority, house.hospital, found.ward)
    content = HandoverList(head, words, rows, imprint)
    return Paper(lambda: handover_list(content), code, f"handover-{code}.pdf")


def note_output(desk: Desk, paper: Paper, way: Way) -> Changes:
    """Put into the audit that a list left the program; the record is as it was."""
    with desk.store.write(desk.author) as unit:
        desk.audit(unit, f"{way}-handover-{paper.code}", f"Location/{desk.ward}")
    return Changes()


def _row(desk: Desk, each: Patient, shift: Shift, language: Language, now: datetime) -> HandoverRow:
    who, last = each.who, each.last
    if last is not None and each.state in ("given", "accepted"):
        texts: Texts = last.texts
    else:
        texts = handover.sheet(desk, who.patient, shift, language).texts
    said = {section: texts[section] for section in SECTIONS}
    number = say(language, "Record number {number}", number=who.record_number or "–")
    return HandoverRow(
        bed=who.bed_name,
        name=who.name.formal,
        facts=" · ".join(filter(None, (*_facts(each, language), number))),
        state=_state(each, language, now),
        **said,
    )


def _facts(each: Patient, language: Language) -> tuple[str, str]:
    who = each.who
    ages = {"days": "{count} days old", "months": "{count} months old", "years": "{count} years"}
    age = "" if who.age is None else say(language, ages[who.age.unit], count=who.age.count)
    return (say(language, _SEXES[who.sex]) if who.sex in _SEXES else "", age)


def _state(each: Patient, language: Language, now: datetime) -> str:
    last = each.last
    if last is None or last.given_at is None:
        return say(language, "not handed over yet")
    if last.accepted_at is None:
        at = f"{last.given_at.astimezone(now.tzinfo):%d/%m/%Y %H:%M}"
        return say(language, "Given {time} by {name}", time=at, name=last.giver)
    at = f"{last.accepted_at.astimezone(now.tzinfo):%d/%m/%Y %H:%M}"
    return say(language, "{giver} to {taker}, {time}", giver=last.giver, taker=last.accepter,
               time=at)  # fmt: skip
