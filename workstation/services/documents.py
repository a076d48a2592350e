"""Papers of a chart: reads the record on one thread, makes the PDF on another."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from workstation.documents.page import Imprint, Letterhead, PatientBox
from workstation.documents.preview import PageImage, page_images
from workstation.documents.progress_sheet import ProgressEntry, ProgressSheet, progress_sheet
from workstation.documents.vital_signs_sheet import (
    SheetSet,
    VitalSignsSheet,
    vital_signs_sheet,
)
from workstation.fhir.encounter import Stay
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.kernel.words import Language, say
from workstation.services import chart, flowsheet, notes, patient_record
from workstation.services.desk import Desk
from workstation.services.patient_record import Banner

__all__ = [
    "KINDS",
    "Draft",
    "House",
    "Kind",
    "PageImage",
    "Printable",
    "Request",
    "Way",
    "gather",
    "look_up_code",
    "make",
    "note_output",
    "page_images",
]

Kind = Literal["vital-signs", "progress"]
Way = Literal["print", "save"]
KINDS: Final[tuple[Kind, ...]] = ("vital-signs", "progress")

_FORMS: Final[dict[Kind, str]] = {"vital-signs": "", "progress": "36/BV2"}
_CODE_LETTERS: Final = 12
_TITLES: Final = ("BS", "BSCKI", "BSCKII", "THS", "TS", "PGS", "GS", "DR")
_SEXES: Final = {"male": "Male", "female": "Female", "other": "Other sex"}


@dataclass(frozen=True, slots=True)
class House:
    """Who issues papers: as the hospital writes itself.

    Attributes:
        authority: Such as ``Sở Y tế Hà Nội``; may be empty.
        hospital: Name of the hospital; may be empty.
        system: Name and version of the program.
        look_up: Address where a look-up code is looked up; the code is put at its end. Empty when
            the hospital has none: the QR then says the code alone.
    """

    authority: str = ""
    hospital: str = ""
    system: str = "Ward Workstation"
    look_up: str = ""


@dataclass(frozen=True, slots=True)
class Printable:
    """A paper that is ready.

    Attributes:
        kind: Which paper.
        code: Look-up code on it.
        file_name: For saving; says nothing about the patient.
        pdf: The file.
    """

    kind: Kind
    code: str
    file_name: str
    pdf: bytes


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
class Draft:
    """Everything read from the record for one paper; making the PDF needs no store."""

    request: Request
    sheet: VitalSignsSheet | ProgressSheet
    code: str
    at: datetime


def gather(desk: Desk, patient: PatientId, request: Request, house: House) -> Draft:
    """Read what a paper says.

    Args:
        desk: Who prints.
        patient: Whose paper.
        request: What.
        house: Letterhead and owner.

    Raises:
        Refused: ``gone``: this terminal has no such patient.
    """
    now = desk.now()
    with desk.store.read() as view:
        who = patient_record.read_banner(view, patient, now)
        stay = patient_record.latest_stay(view, patient)
        signs = flowsheet.read_flowsheet(view, patient, now)
        diagnosis = chart.diagnosis_line(view, patient, stay)
    written = notes.notes(desk, patient) if request.kind == "progress" else ()
    head = Letterhead(house.authority, house.hospital, who.ward, _FORMS[request.kind])
    box = _box(who, diagnosis, request.language)
    since = request.since or _admitted(stay, now)
    sets = _sets(signs, since, now)
    entries = _entries(written, stay, since, now, request.language)
    content = repr((request.kind, patient, stay.id if stay else "", sets, entries))
    code = look_up_code(content, now)
    imprint = Imprint(
        system=house.system,
        owner=house.hospital or who.ward or house.system,
        code=code,
        address=f"{house.look_up}{code}",
        printed_at=now,
        printed_by=desk.person.name,
        language=request.language,
    )
    if request.kind == "vital-signs":
        sheet = VitalSignsSheet(head, box, sets, signs.facts, imprint)
        return Draft(request, sheet, code, now)
    return Draft(request, ProgressSheet(head, box, entries, imprint), code, now)


def make(draft: Draft) -> Printable:
    """Make the PDF; needs no store, so that it can run beside the record."""
    sheet = draft.sheet
    pdf = vital_signs_sheet(sheet) if isinstance(sheet, VitalSignsSheet) else progress_sheet(sheet)
    name = f"{draft.request.kind}-{draft.code}.pdf"
    return Printable(draft.request.kind, draft.code, name, pdf)


def note_output(desk: Desk, patient: PatientId, paper: Printable, way: Way) -> Changes:
    """Put into the audit that a paper left the program.

    Args:
        desk: Who took it out.
        patient: Whose paper.
        paper: Which; its look-up code is what finds this entry again.
        way: On a printer, or as a file.

    Returns:
        No changes: the record is as it was.
    """
    with desk.store.write(desk.author) as unit:
        desk.audit(unit, f"{way}-{paper.kind}-{paper.code}", f"Patient/{patient}")
    return Changes()


def look_up_code(content: str, at: datetime) -> str:
    """A code that tells this print from any other and says nothing about the patient."""
    digest = hashlib.sha256(f"{at.isoformat()}\x1f{content}".encode()).digest()
    letters = base64.b32encode(digest).decode("ascii")[:_CODE_LETTERS]
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def _admitted(stay: Stay | None, now: datetime) -> date | None:
    if stay is None or stay.started_at is None:
        return None
    return stay.started_at.astimezone(now.tzinfo).date()


def _box(who: Banner, diagnosis: str, language: Language) -> PatientBox:
    return PatientBox(
        name=who.name.formal,
        sex=say(language, _SEXES[who.sex]) if who.sex in _SEXES else "",
        born=who.birth_date,
        age=_age(who, language),
        record_number=who.record_number,
        insurance_number=who.insurance_number,
        bed=" · ".join(filter(None, (who.bed,))),
        diagnosis=diagnosis,
        allergies=_allergies(who, language),
    )


def _age(who: Banner, language: Language) -> str:
    if who.age is None:
        return ""
    words = {"days": "{count} days old", "months": "{count} months old", "years": "{count} years"}
    return say(language, words[who.age.unit], count=who.age.count)


def _allergies(who: Banner, language: Language) -> str:
    if who.allergies.state == "present":
        return ", ".join(item.substance for item in who.allergies.items)
    none_known = who.allergies.state == "none-known"
    return say(language, "None known" if none_known else "Not asked")


def _sets(signs: flowsheet.Flowsheet, since: date | None, now: datetime) -> tuple[SheetSet, ...]:
    return tuple(
        SheetSet(
            vitals=replace(column.vitals, at=column.at.astimezone(now.tzinfo)),
            by=column.by,
            amended=any(cell.amended for cell in column.cells.values()),
        )
        for column in signs.columns
        if since is None or column.at.astimezone(now.tzinfo).date() >= since
    )


def _entries(
    written: tuple[notes.Note, ...],
    stay: Stay | None,
    since: date | None,
    now: datetime,
    language: Language,
) -> tuple[ProgressEntry, ...]:
    zone = now.tzinfo
    found = []
    for note in reversed(written):
        if note.kind != "doctor" or note.at is None or zone is None:
            continue
        at = note.at.astimezone(zone)
        if since is None or at.date() >= since:
            found.append(_entry(note, at, stay.day(at, zone) if stay else None, language))
    return tuple(found)


def _entry(note: notes.Note, at: datetime, day: int | None, language: Language) -> ProgressEntry:
    changed = note.changed_at.astimezone(at.tzinfo) if note.changed_at else None
    return ProgressEntry(
        at=at,
        day=day,
        course=note.text.course,
        orders=note.text.orders,
        author=note.author,
        role="" if _titled(note.author) else say(language, "Dr."),
        state="final" if note.state == "preliminary" else note.state,
        changed_at=changed,
        changed_by=note.changed_by,
        reason=note.reason,
    )


def _titled(author: str) -> bool:
    """Whether a name already says what the person is, as in ``BS Đỗ Minh Quân``."""
    return author.split(" ", 1)[0].rstrip(".").upper() in _TITLES
