"""The downtime pack: read step by step, made beside the record, kept encrypted on this terminal.

It is kept in a file beside the record and not in it, so that it can be printed also when the record
itself does not open. The file opens with the key of the record, thus after a PIN alone.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

import pypdfium2

from workstation.documents.downtime_pack import (
    PARTS,
    DowntimePack,
    PackMaker,
    PackPatient,
    Part,
    Sheet,
)
from workstation.documents.page import Imprint, Letterhead
from workstation.kernel import sidecar
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.folding import natural
from workstation.kernel.words import Language, say
from workstation.security.sealed import seal, unseal
from workstation.services import pack_people, ward_board
from workstation.services.assignment import Shift
from workstation.services.desk import Desk
from workstation.services.documents import House, Way, look_up_code
from workstation.services.safe import Safe
from workstation.services.ward_board import Occupant

__all__ = [
    "PARTS",
    "Census",
    "Frame",
    "Kept",
    "PackMaker",
    "PackPatient",
    "Part",
    "Person",
    "Sheet",
    "census",
    "chosen",
    "keep",
    "kept",
    "maker",
    "note_output",
    "person",
]

FILE: Final = "downtime_pack.sealed"
OLD: Final = timedelta(hours=2)
"""From this age on the pack says that it must be checked; this program's choice, no guideline's."""
_PURPOSE: Final = "ward downtime pack 1"
_LENGTH_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Census:
    """Everybody on the ward, by bed, as they were when the making of a pack began.

    Attributes:
        ward: Name of the ward.
        at: When it was read (aware).
        occupants: The patients.
    """

    ward: str
    at: datetime
    occupants: tuple[Occupant, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One patient of a kept pack, for choosing whom to print."""

    patient: str
    bed: str
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A pack that is on this terminal.

    Attributes:
        made_at: When its content was read (aware).
        data_as_of: When the ward's data was last complete then (aware); None if it never was.
        ward: Name of the ward.
        code: Look-up code of the print.
        people: Its patients, by bed.
        sheets: What each page is.
        pdf: The file.
    """

    made_at: datetime
    data_as_of: datetime | None
    ward: str
    code: str
    people: tuple[Person, ...]
    sheets: tuple[Sheet, ...]
    pdf: bytes

    @property
    def file_name(self) -> str:
        """For saving; says nothing about the patients."""
        return f"downtime-pack-{self.made_at:%Y-%m-%d-%H%M}.pdf"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pack is made with beside the patients.

    Attributes:
        house: Letterhead and owner.
        shift: The shift that goes on.
        tongue: Language of the printed words.
        data_as_of: When the ward's data was last complete (aware); None if it never was.
    """

    house: House
    shift: Shift
    tongue: Language
    data_as_of: datetime | None


def census(desk: Desk) -> Census:
    """Who is on the ward of a desk."""
    board = ward_board.board(desk)
    people = [bed.occupant for bed in board.beds if bed.occupant is not None]
    people.sort(key=lambda each: natural(each.who.bed_name))
    return Census(board.ward, board.as_of, tuple(people))


def person(desk: Desk, occupant: Occupant, frame: Frame) -> PackPatient | None:
    """Read one patient; None when this terminal has them no more."""
    try:
        return pack_people.read(desk, occupant, frame.shift, frame.tongue)
    except Refused as refusal:
        if refusal.code != "no-such-patient":
            raise
        return None


def maker(desk: Desk, found: Census, people: Sequence[PackPatient], frame: Frame) -> PackMaker:
    """What draws the pack, page by page; needs no store."""
    house, tongue = frame.house, frame.tongue
    code = look_up_code(repr(people), found.at)
    imprint = Imprint(
        system=house.system,
        owner=house.hospital or found.ward or house.system,
        code=code,
        address=f"{house.look_up}{code}",
        printed_at=found.at,
        printed_by=desk.person.name,
        language=tongue,
    )
    head = Letterhead(house.authority, house.hospital, found.ward)
    made = say(tongue, "Pack made {when}", when=_moment(found.at))
    lines = _cover(found, len(people), frame)
    return PackMaker(DowntimePack(head, imprint, made, lines, tuple(people)))


def keep(safe: Safe, made: PackMaker, found: Census, data_as_of: datetime | None) -> Kept:
    """Put a finished pack in the place of the one before; cut off, it leaves that one whole.

    Raises:
        Damaged: ``file-not-written``.
    """
    pack = made.pack
    people = tuple(Person(each.patient, each.row.bed, each.row.name) for each in pack.patients)
    new = Kept(found.at, data_as_of, found.ward, pack.imprint.code, people, made.sheets, made.pdf())
    head = json.dumps(
        {
            "made_at": new.made_at.isoformat(),
            "data_as_of": data_as_of.isoformat() if data_as_of else None,
            "ward": new.ward,
            "code": new.code,
            "people": [asdict(each) for each in people],
            "sheets": [asdict(each) for each in new.sheets],
        }
    ).encode()
    content = len(head).to_bytes(_LENGTH_BYTES, "big") + head + new.pdf
    try:
        sidecar.write(safe.folder / FILE, seal(safe.key, _PURPOSE, content))
    except OSError as error:
        raise Damaged("file-not-written", reason=type(error).__name__) from error
    return new


def kept(safe: Safe) -> Kept | None:
    """The pack on this terminal; None when there is none, or none that opens."""
    try:
        content = unseal(safe.key, _PURPOSE, (safe.folder / FILE).read_bytes())
    except (OSError, Damaged):
        # Another one is made soon; nothing that only this file holds is lost.
        return None
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    head = json.loads(content[_LENGTH_BYTES:end])
    as_of = head["data_as_of"]
    return Kept(
        made_at=datetime.fromisoformat(head["made_at"]),
        data_as_of=datetime.fromisoformat(as_of) if as_of else None,
        ward=head["ward"],
        code=head["code"],
        people=tuple(Person(**each) for each in head["people"]),
        sheets=tuple(Sheet(**each) for each in head["sheets"]),
        pdf=content[end:],
    )


def chosen(pack: Kept, parts: Collection[Part], patients: Collection[str] = ()) -> bytes:
    """Some pages of a pack as a file of their own; each keeps its number in the whole.

    Args:
        pack: The whole.
        parts: Which parts.
        patients: Of whom, where a page is about one patient; of everybody when empty.

    Raises:
        Refused: ``nothing-chosen``.
    """
    pages = [
        number
        for number, sheet in enumerate(pack.sheets)
        if sheet.part in parts and (not patients or not sheet.patient or sheet.patient in patients)
    ]
    if not pages:
        raise Refused("nothing-chosen")
    if len(pages) == len(pack.sheets):
        return pack.pdf
    with pypdfium2.PdfDocument(pack.pdf) as whole, pypdfium2.PdfDocument.new() as some:
        some.import_pages(whole, pages)
        return _saved(some)


def note_output(desk: Desk, pack: Kept, way: Way) -> Changes:
    """Put into the audit that a pack left the program; the record is as it was."""
    with desk.store.write(desk.author) as unit:
        desk.audit(unit, f"{way}-downtime-pack-{pack.code}", f"Location/{desk.ward}")
    return Changes()


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _cover(found: Census, count: int, frame: Frame) -> tuple[str, ...]:
    tongue = frame.tongue
    as_of = frame.data_as_of
    complete = (
        say(tongue, "The hospital's data was last complete on this terminal at {when}.",
            when=_moment(as_of.astimezone(found.at.tzinfo)))
        if as_of
        else say(tongue, "This terminal has never had the hospital's data complete.")
    )  # fmt: skip
    return (
        say(tongue, "{ward}, patients: {count}, made {when}", ward=found.ward, count=count,
            when=_moment(found.at)),
        complete,
        say(tongue, "What is charted later, or on other machines since then, is not in it. If it "
            "is older than 2 hours, check drugs and allergies with the person, the doctor and "
            "whoever had the shift before you give anything."),
        say(tongue, "Write the time at which it happened beside everything. When the machines "
            "work again, chart it with that time; keep the paper in the folder of the stay."),
        say(tongue, "▲ warns of an allergy, a high score or a drug with a condition; ■ is an alert "
            "of the chart; * is a score with a part missing: the least that it can be."),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"
