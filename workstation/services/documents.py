"""Papers of a chart: reads the record on one thread, makes the PDF on another."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from workstation.clinical.assessment import Assessment
from workstation.documents.page import Imprint, Letterhead, PatientBox, moment
from workstation.documents.preview import PageImage, each_page, page_image, page_images
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
from workstation.services import (
    assessments,
    care_paper,
    chart,
    consultation_paper,
    flowsheet,
    fluid_balance_paper,
    medication_paper,
    notes,
    order_sheet,
    patient_record,
    result_paper,
)
from workstation.services.desk import Desk
from workstation.services.paper import KINDS, Content, House, Kind, Order, Request
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
    "each_page",
    "gather",
    "look_up_code",
    "make",
    "note_output",
    "page_image",
    "page_images",
    "patient_box",
]

Way = Literal["print", "save"]

_CODE_LETTERS: Final = 12
_SAME_ROUND: Final = timedelta(minutes=30)
"""How far a Glasgow may lie from the set beside which it is printed."""
_TITLES: Final = ("BS", "BSCKI", "BSCKII", "THS", "TS", "PGS", "GS", "DR")
_SEXES: Final = {"male": "Male", "female": "Female", "other": "Other sex"}


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
class Draft:
    """Everything read from the record for one paper.

    Attributes:
        request: What was asked for.
        pdf: Makes the file; needs no store.
        code: Look-up code.
        at: When it was read (aware).
    """

    request: Request
    pdf: Callable[[], bytes]
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
    form, gathered = _PAPERS[request.kind]
    with desk.store.read() as view:
        who = patient_record.read_banner(view, patient, now)
        stay = patient_record.latest_stay(view, patient)
        diagnosis = chart.diagnosis_line(view, patient, stay)
    order = Order(
        desk=desk,
        patient=patient,
        request=request,
        house=house,
        now=now,
        stay=stay,
        since=request.since or _admitted(stay, now),
        head=Letterhead(house.authority, house.hospital, who.ward, form),
        box=patient_box(who, diagnosis, request.language),
    )
    content = gathered(order)
    said = repr((request.kind, patient, stay.id if stay else "", content.values))
    code = look_up_code(said, now)
    imprint = _imprint(order, who, code)
    return Draft(request, lambda: content.make(imprint), code, now)


def make(draft: Draft) -> Printable:
    """Make the PDF; needs no store, so that it can run beside the record."""
    pdf = draft.pdf()
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


def _imprint(order: Order, who: Banner, code: str) -> Imprint:
    house = order.house
    return Imprint(
        system=house.system,
        owner=house.hospital or who.ward or house.system,
        code=code,
        address=f"{house.look_up}{code}",
        printed_at=order.now,
        printed_by=order.desk.person.name,
        language=order.request.language,
    )


def _vital_signs(order: Order) -> Content:
    with order.desk.store.read() as view:
        signs = flowsheet.read_flowsheet(view, order.patient, order.now)
        comas = _comas(assessments.read_rows(view, order.patient))
    sets = _sets(signs, comas, order.since, order.now)
    return Content(
        sets,
        lambda imprint: vital_signs_sheet(
            VitalSignsSheet(order.head, order.box, sets, signs.facts, imprint)
        ),
    )


def _progress(order: Order) -> Content:
    written = notes.notes(order.desk, order.patient)
    notes_said = _entries(written, order.stay, order.since, order.now, order.request.language)
    entries = tuple(sorted((*notes_said, *_ordered(order)), key=lambda entry: entry.at))
    return Content(
        entries,
        lambda imprint: progress_sheet(ProgressSheet(order.head, order.box, entries, imprint)),
    )


_PAPERS: Final[Mapping[Kind, tuple[str, Callable[[Order], Content]]]] = {
    "vital-signs": ("", _vital_signs),
    "progress": ("36/BV2", _progress),
    "consultation": ("27/BV2", consultation_paper.gather),
    "care": ("", care_paper.gather),
    "medication": ("", medication_paper.gather),
    "fluid-balance": ("", fluid_balance_paper.gather),
    "results": ("", result_paper.gather),
}
"""Number of the form, where it does not follow from the record, and what reads that for it."""


def _admitted(stay: Stay | None, now: datetime) -> date | None:
    if stay is None or stay.started_at is None:
        return None
    return stay.started_at.astimezone(now.tzinfo).date()


def patient_box(who: Banner, diagnosis: str, language: Language) -> PatientBox:
    """Who a paper is about, in the words of its language."""
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


def _comas(rows: Sequence[assessments.Row]) -> tuple[Assessment, ...]:
    """What counts of the Glasgow coma scale, newest first."""
    found = (row.record for row in rows if row.record.valid)
    return tuple(each.assessment for each in found if each.assessment.formula)


def _coma(comas: Sequence[Assessment], at: datetime) -> str:
    """The assessment nearest to a set, within `_SAME_ROUND`: its total, or that it has none."""
    near = [each for each in comas if abs(each.at - at) <= _SAME_ROUND]
    if not near:
        return ""
    nearest = min(near, key=lambda each: abs(each.at - at))
    return "NT" if nearest.total is None else str(nearest.total)


def _sets(
    signs: flowsheet.Flowsheet,
    comas: Sequence[Assessment],
    since: date | None,
    now: datetime,
) -> tuple[SheetSet, ...]:
    return tuple(
        SheetSet(
            vitals=replace(column.vitals, at=column.at.astimezone(now.tzinfo)),
            by=column.by,
            amended=any(cell.amended for cell in column.cells.values()),
            glasgow=_coma(comas, column.at),
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


def _ordered(order: Order) -> list[ProgressEntry]:
    """An entry for each signature under orders; the course of the illness stands in the notes."""
    language, stay, zone = order.request.language, order.stay, order.now.tzinfo
    with order.desk.store.read() as view:
        signed = order_sheet.signatures(view, order.patient, order.now, language)
    return [
        ProgressEntry(
            at=each.at,
            day=stay.day(each.at, zone) if stay and zone else None,
            course="",
            orders=each.text,
            author=each.by,
            role="" if _titled(each.by) else say(language, "Dr."),
        )
        for each in signed
        if order.since is None or each.at.date() >= order.since
    ]


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
        signatures=_signatures(note, at, language),
    )


def _signatures(note: notes.Note, at: datetime, language: Language) -> tuple[str, ...]:
    """Second signatures under a note; that one is missing is printed too."""
    under = note.under
    if under.wanted is None and not under.given:
        return ()
    said = [
        say(
            language,
            "Second signature: {name}, {when}",
            name=each.name,
            when=moment(each.at.astimezone(at.tzinfo)) if each.at else "–",
        )
        for each in under.given
    ]
    if under.state in ("waiting", "outdated"):
        said.append(say(language, "Waiting for a second signature").upper())
    return tuple(said)


def _titled(author: str) -> bool:
    """Whether a name already says what the person is, as in ``BS Đỗ Minh Quân``."""
    return author.split(" ", 1)[0].rstrip(".").upper() in _TITLES
