"""The frame of every paper: letterhead, patient, and the foot that Decree 137/2024/NĐ-CP asks for.

A print from an electronic record names the system and its owner, says that it is a print and of
when and by whom, and carries a code and a QR by which the record itself is found.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from workstation.documents.fonts import Type, draw, draw_centred, draw_right, width
from workstation.documents.text import balanced, lines, shortened
from workstation.kernel.words import Language, say

mm: Final = 72 / 25.4
"""Points in a millimetre."""
WIDTH: Final = float(A4[0])
HEIGHT: Final = float(A4[1])
LEFT: Final = 14.0 * mm
RIGHT: Final = WIDTH - 10.0 * mm
BOTTOM: Final = 27.0 * mm
"""What a page may fill ends here; below it stands the foot."""

GREY: Final = (0.35, 0.35, 0.35)
_SMALL: Final = Type("regular", 7, GREY)
_LABEL: Final = Type("regular", 7.5, GREY)
_VALUE: Final = Type("bold", 8.5)
_TITLE: Final = Type("bold", 13)
_BOX_TOP: Final = HEIGHT - 28 * mm
_QR_SIDE: Final = 17 * mm
_MOST_LINES: Final = 4
"""Of one value in the patient box; a longer list of diagnoses ends in an ellipsis."""

PageBody = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the paper.

    Attributes:
        authority: The authority above the hospital, such as ``Sở Y tế Hà Nội``; may be empty.
        hospital: Name of the hospital.
        ward: Name of the department or ward.
        form: Number of the form, such as ``36/BV2``; may be empty.
    """

    authority: str
    hospital: str
    ward: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class PatientBox:
    """Who the paper is about; an empty text or None means not known, and is said in a word."""

    name: str
    sex: str
    born: date | None
    age: str
    record_number: str
    insurance_number: str
    bed: str
    diagnosis: str
    allergies: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the foot says about this print (Decree 137/2024/NĐ-CP).

    Attributes:
        system: Name and version of the program.
        owner: Who owns the record system.
        code: Look-up code of this print; holds no patient data.
        address: What the QR says: where the code is looked up; the code itself where there is none.
        printed_at: When, aware, in the terminal's zone.
        printed_by: The person who printed.
        language: Language of the printed words.
    """

    system: str
    owner: str
    code: str
    address: str
    printed_at: datetime
    printed_by: str
    language: Language = "vi"

    def tr(self, text: str, /, **values: object) -> str:
        """Say a text in the language of this print."""
        return say(self.language, text, **values)


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is the same on each page of a document; `patient` is None on a ward's list."""

    title: str
    letterhead: Letterhead
    patient: PatientBox | None
    imprint: Imprint

    def body_top(self) -> float:
        """Where the body of a page begins, in points from the lower edge."""
        if self.patient is None:
            return _BOX_TOP
        return _PatientLayout(self.imprint, self.patient).bottom - 3 * mm


def pdf(paper: Paper, bodies: Sequence[PageBody]) -> bytes:
    """Make the document; the same values give the same bytes.

    Args:
        paper: The frame of each page.
        bodies: Draws what stands between frame and foot, one a page; at least one.

    Returns:
        A PDF with all its fonts.
    """
    binder = Binder(paper, len(bodies))
    for body in bodies:
        binder.add(paper, body)
    return binder.pdf()


class Binder:
    """Binds pages of different frames into one document, one page at a time."""

    def __init__(self, cover: Paper, count: int) -> None:
        """Begin the document.

        Args:
            cover: Gives it its title.
            count: How many pages there will be.
        """
        self._out = io.BytesIO()
        self._count, self._number = count, 0
        self._canvas = Canvas(self._out, pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(cover.title)
        self._canvas.setCreator(cover.imprint.system)

    def add(self, paper: Paper, body: PageBody) -> None:
        """Draw the next page."""
        self._number += 1
        canvas = self._canvas
        canvas.setLineCap(1)
        _head(canvas, paper)
        if paper.patient is not None:
            _PatientLayout(paper.imprint, paper.patient).draw(canvas)
        body(canvas)
        _foot(canvas, paper, self._number, self._count)
        canvas.showPage()

    def pdf(self) -> bytes:
        """End the document."""
        self._canvas.save()
        return self._out.getvalue()


def stamped(name: str, body: PageBody) -> PageBody:
    """A body that many pages share, kept in the document once.

    Args:
        name: Tells it from any other in the document.
        body: Draws it.
    """

    def draw_once(canvas: Canvas) -> None:
        if not canvas.hasForm(name):
            canvas.beginForm(name)
            body(canvas)
            canvas.endForm()
        canvas.doForm(name)

    return draw_once


def day(when: date) -> str:
    """A date as Vietnamese papers write it."""
    return f"{when:%d/%m/%Y}"


def moment(when: datetime) -> str:
    """Date and time of day as Vietnamese papers write them."""
    return f"{when:%d/%m/%Y %H:%M}"


def _head(canvas: Canvas, paper: Paper) -> None:
    top, third = HEIGHT - 12 * mm, (RIGHT - LEFT) / 3
    head = paper.letterhead
    rows = [(head.authority, Type("regular", 8)), (head.hospital, Type("bold", 8.5))]
    rows.append((head.ward, Type("regular", 8)))
    y = top
    for text, kind in rows:
        for line in lines(text, kind, third * 0.92):
            draw(canvas, LEFT, y, line, kind)
            y -= 3.9 * mm
    for line in balanced(paper.title, _TITLE, third * 1.1):
        draw_centred(canvas, WIDTH / 2, top - 4 * mm, line, _TITLE)
        top -= 6 * mm
    right = HEIGHT - 12 * mm
    tr = paper.imprint.tr
    if head.form:
        draw_right(canvas, RIGHT, right, tr("Form {number}", number=head.form), Type("regular", 8))
        right -= 3.9 * mm
    if paper.patient is not None:
        number = paper.patient.record_number or tr("Not known")
        draw_right(canvas, RIGHT, right, tr("Record number {number}", number=number), Type(size=8))


def _foot(canvas: Canvas, paper: Paper, number: int, count: int) -> None:
    imprint, tr = paper.imprint, paper.imprint.tr
    canvas.setStrokeColorRGB(*GREY)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, 25 * mm, RIGHT, 25 * mm)
    _qr(imprint.address)(canvas)
    room = RIGHT - LEFT - _QR_SIDE - 4 * mm
    said = (
        (tr("Print from the electronic record"), Type("bold", 7.5)),
        (tr("System {name} · owner {owner}", name=imprint.system, owner=imprint.owner), _SMALL),
        (tr("Look-up code {code}", code=imprint.code), Type("bold", 7.5)),
        (
            tr(
                "Printed {when} by {who}",
                when=f"{imprint.printed_at:%H:%M:%S %d/%m/%Y}",
                who=imprint.printed_by,
            ),
            _SMALL,
        ),
    )
    y = 21.2 * mm
    for text, kind in said:
        draw(canvas, LEFT, y, shortened(text, kind, room), kind)
        y -= 3.9 * mm
    page = tr("Page {number} of {count}", number=number, count=count)
    draw_right(canvas, RIGHT - _QR_SIDE - 4 * mm, 21.2 * mm, page, Type("bold", 8))


def _qr(text: str) -> PageBody:
    """The QR of the foot; a document has it once, however many pages show it."""

    def body(canvas: Canvas) -> None:
        widget = QrCodeWidget(text, barLevel="M", barBorder=1)
        x1, y1, x2, y2 = widget.getBounds()
        drawing = Drawing(
            _QR_SIDE,
            _QR_SIDE,
            transform=[_QR_SIDE / (x2 - x1), 0, 0, _QR_SIDE / (y2 - y1), 0, 0],
        )
        drawing.add(widget)
        renderPDF.draw(drawing, canvas, RIGHT - _QR_SIDE, 6.5 * mm)

    return stamped("qr", body)


class _PatientLayout:
    """The box with the patient, on every page; it grows with long names, nothing is cut."""

    def __init__(self, imprint: Imprint, who: PatientBox) -> None:
        tr = imprint.tr
        unknown = tr("Not known")
        born = f"{day(who.born)} ({who.age})" if who.born else unknown
        self._rows = (
            (
                (tr("Full name"), who.name or unknown, 0.50),
                (tr("Sex"), who.sex or unknown, 0.16),
                (tr("Date of birth"), born, 0.34),
            ),
            (
                (tr("Bed"), who.bed or unknown, 0.24),
                (tr("Insurance number"), who.insurance_number or unknown, 0.42),
                (tr("Allergies"), who.allergies, 0.34),
            ),
            ((tr("Diagnosis"), who.diagnosis or unknown, 1.0),),
        )
        self._top = _BOX_TOP
        heights = [max(len(self._lines(cell)) for cell in row) for row in self._rows]
        self._heights = [count * 3.9 * mm + 0.8 * mm for count in heights]
        self.bottom = self._top - sum(self._heights) - 2 * mm

    def draw(self, canvas: Canvas) -> None:
        """Draw the box."""
        canvas.setStrokeColorRGB(*GREY)
        canvas.setLineWidth(0.6)
        canvas.roundRect(LEFT, self.bottom, RIGHT - LEFT, self._top - self.bottom, 1.5 * mm)
        y = self._top - 4.6 * mm
        for row, height in zip(self._rows, self._heights, strict=True):
            x = LEFT + 2 * mm
            for cell in row:
                self._cell(canvas, x, y, cell)
                x += cell[2] * (RIGHT - LEFT - 4 * mm)
            y -= height

    def _cell(self, canvas: Canvas, x: float, y: float, cell: tuple[str, str, float]) -> None:
        draw(canvas, x, y, cell[0], _LABEL)
        indent = width(cell[0], _LABEL) + 1.5 * mm
        for line in self._lines(cell):
            draw(canvas, x + indent, y, line, _VALUE)
            y -= 3.9 * mm

    def _lines(self, cell: tuple[str, str, float]) -> list[str]:
        label, value, share = cell
        room = share * (RIGHT - LEFT - 4 * mm) - width(label, _LABEL) - 3.5 * mm
        said = lines(value, _VALUE, room)
        if len(said) <= _MOST_LINES:
            return said
        return [*said[: _MOST_LINES - 1], f"{said[_MOST_LINES - 1]} …"]
