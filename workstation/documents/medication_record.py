"""The medication record on paper: a day a page, a row a drug, a column each two hours.

Given stands bold with its time, amount and giver; what was not given stands in a frame with its
letter; what is planned and open stands in brackets. An empty bracket is not a "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.clinical.dosage import Amount
from workstation.clinical.medication_record import State
from workstation.documents import page
from workstation.documents.fonts import Type, draw, draw_centred, width
from workstation.documents.infusion_table import decimal
from workstation.documents.page import (
    BOTTOM,
    GREY,
    LEFT,
    RIGHT,
    Imprint,
    Letterhead,
    Paper,
    PatientBox,
    mm,
)
from workstation.documents.text import lines, shortened

COLUMNS: Final = 12
_HOURS: Final = timedelta(hours=2)
_NAMES: Final = 54 * mm
_COLUMN: Final = (RIGHT - LEFT - _NAMES) / COLUMNS
_PLACE: Final = 8.6 * mm
_DRUG: Final = Type("bold", 7.8)
_LINE: Final = Type("regular", 6.6)
_TIME: Final = Type("bold", 6.8)
_PLAN: Final = Type("regular", 6.4, GREY)
_SMALL: Final = Type("regular", 5.6)
_NOTE: Final = Type("regular", 6.8)
_HEAD: Final = Type("bold", 7)
_GIVEN: Final = (State.GIVEN, State.PARTIAL, State.RUNNING, State.CHANGED)
_NOT_GIVEN: Final = (State.WITHHELD, State.REFUSED, State.UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """One slot or dose.

    Attributes:
        at: When, in the zone in which it is printed.
        state: What became of it.
        amount: What was given; None when nothing was, or the record does not say.
        rate_ml_h: In mL/h, of an infusion.
        by: Who gave it.
        remark: Reason, second person, correction: printed below the table.
    """

    at: datetime
    state: State
    amount: Amount | None = None
    rate_ml_h: Decimal | None = None
    by: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PrintedDrug:
    """One row.

    Attributes:
        drug: Generic name with strength, never shortened.
        order: Dose, route and frequency in the words of the record.
        places: In the order of time.
        high_risk: Whether two people check it.
    """

    drug: str
    order: str
    places: tuple[PrintedPlace, ...]
    high_risk: bool = False


@dataclass(frozen=True, slots=True)
class MedicationDay:
    """24 hours from `start` (aware) on."""

    start: datetime
    drugs: tuple[PrintedDrug, ...]


@dataclass(frozen=True, slots=True)
class MedicationPaper:
    """All that the paper says; `days` in order of time, at least one."""

    letterhead: Letterhead
    patient: PatientBox
    days: Sequence[MedicationDay]
    imprint: Imprint


def medication_paper(paper: MedicationPaper) -> bytes:
    """Make the paper: A4 pages, one or more a day."""
    title = paper.imprint.tr("Medication record").upper()
    frame = Paper(title, paper.letterhead, paper.patient, paper.imprint)
    bodies: list[page.PageBody] = []
    for day in paper.days:
        bodies += _Day(paper.imprint, frame.body_top(), day).bodies()
    return page.pdf(frame, bodies)


class _Day:
    """The pages of one day: drugs until the page is full, remarks after the last."""

    def __init__(self, imprint: Imprint, top: float, day: MedicationDay) -> None:
        self._imprint, self._tr, self._top, self._day = imprint, imprint.tr, top, day

    def bodies(self) -> list[page.PageBody]:
        """One function for each page."""
        room = self._top - 12 * mm - BOTTOM - 6 * mm
        sheets: list[list[PrintedDrug]] = [[]]
        used = 0.0
        for drug in self._day.drugs:
            height = self._height(drug)
            if used + height > room and sheets[-1]:
                sheets.append([])
                used = 0.0
            sheets[-1].append(drug)
            used += height
        remarks = [line for drug in self._day.drugs for line in self._remarks(drug)]
        left = int((room - used) / (3.1 * mm))
        made: list[page.PageBody] = [partial(self._draw, drugs, ()) for drugs in sheets[:-1]]
        made.append(partial(self._draw, sheets[-1], remarks[: max(left, 0)]))
        rest, most = remarks[max(left, 0) :], int(room / (3.1 * mm))
        while rest:
            made.append(partial(self._draw, (), rest[:most]))
            rest = rest[most:]
        return made

    def _height(self, drug: PrintedDrug) -> float:
        words = self._names(drug)
        tall = 2.2 * mm + sum(3.1 * mm for _ in words)
        return max(tall, self._most(drug) * _PLACE + 1.4 * mm)

    def _most(self, drug: PrintedDrug) -> int:
        columns = [self._column(place) for place in drug.places]
        return max((columns.count(each) for each in set(columns)), default=1)

    def _column(self, place: PrintedPlace) -> int:
        return min(max((place.at - self._day.start) // _HOURS, 0), COLUMNS - 1)

    def _names(self, drug: PrintedDrug) -> list[tuple[str, Type]]:
        room = _NAMES - 2.5 * mm
        said = [(line, _DRUG) for line in lines(drug.drug, _DRUG, room)]
        said += [(line, _LINE) for line in lines(drug.order, _LINE, room)]
        if drug.high_risk:
            said.append((self._tr("High-risk: two people check"), Type("bold", 6.4)))
        return said

    def _remarks(self, drug: PrintedDrug) -> list[str]:
        said = [place for place in drug.places if place.remark]
        texts = (f"{place.at:%H:%M} {drug.drug}: {place.remark}" for place in said)
        return [line for text in texts for line in lines(text, _NOTE, RIGHT - LEFT)]

    def _draw(self, drugs: Sequence[PrintedDrug], remarks: Sequence[str], canvas: Canvas) -> None:
        y = self._heads(canvas)
        first = y
        for drug in drugs:
            y = self._row(canvas, y, drug)
        canvas.setStrokeColorRGB(0.6, 0.6, 0.6)
        canvas.setLineWidth(0.3)
        for column in range(COLUMNS + 1 if drugs else 0):
            x = LEFT + _NAMES + column * _COLUMN
            canvas.line(x, first, x, y)
        y -= 3.4 * mm
        for text in remarks:
            draw(canvas, LEFT, y, text, _NOTE)
            y -= 3.1 * mm
        self._key(canvas)

    def _heads(self, canvas: Canvas) -> float:
        end = self._day.start + COLUMNS * _HOURS
        words = self._tr(
            "From {since} to {until}", since=page.moment(self._day.start), until=page.moment(end)
        )
        draw(canvas, LEFT, self._top - 3.4 * mm, words, Type("bold", 9))
        y = self._top - 9.2 * mm
        for column in range(COLUMNS):
            at = self._day.start + column * _HOURS
            x = LEFT + _NAMES + (column + 0.5) * _COLUMN
            draw_centred(canvas, x, y + 1.2 * mm, f"{at:%H}–{at + _HOURS:%H}", _HEAD)
        draw(canvas, LEFT + 1 * mm, y + 1.2 * mm, self._tr("Drug"), _HEAD)
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.setLineWidth(0.8)
        canvas.line(LEFT, y, RIGHT, y)
        return y

    def _row(self, canvas: Canvas, y: float, drug: PrintedDrug) -> float:
        base = y - 3.4 * mm
        for words, kind in self._names(drug):
            draw(canvas, LEFT + 1 * mm, base, words, kind)
            base -= 3.1 * mm
        taken: dict[int, int] = {}
        for place in drug.places:
            column = self._column(place)
            above = taken.get(column, 0)
            taken[column] = above + 1
            self._place(canvas, LEFT + _NAMES + column * _COLUMN, y - above * _PLACE, place)
        y -= self._height(drug)
        canvas.setStrokeColorRGB(0.3, 0.3, 0.3)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, y, RIGHT, y)
        return y

    def _place(self, canvas: Canvas, x: float, y: float, place: PrintedPlace) -> None:
        middle, time = x + _COLUMN / 2, f"{place.at:%H:%M}"
        if place.state in _GIVEN:
            words = [(time, _TIME), (self._amount(place), _SMALL), (initialled(place.by), _SMALL)]
        elif place.state in _NOT_GIVEN:
            canvas.setStrokeColorRGB(0, 0, 0)
            canvas.setLineWidth(0.7)
            canvas.rect(x + 0.7 * mm, y - _PLACE - 0.2 * mm, _COLUMN - 1.4 * mm, _PLACE - 0.4 * mm)
            letter = self._letters()[place.state]
            words = [(time, _LINE), (letter, _TIME), (initialled(place.by), _SMALL)]
        elif place.state is State.ERROR:
            canvas.setStrokeColorRGB(*GREY)
            canvas.line(x + 1 * mm, y - 2.4 * mm, x + _COLUMN - 1 * mm, y - 2.4 * mm)
            words = [(time, _PLAN)]
        else:
            words = [(f"({time})", _PLAN)]
        base = y - 3.2 * mm
        for text, kind in words:
            draw_centred(canvas, middle, base, shortened(text, kind, _COLUMN - 1 * mm), kind)
            base -= 2.4 * mm

    def _amount(self, place: PrintedPlace) -> str:
        if place.rate_ml_h is not None:
            return f"{decimal(self._imprint, place.rate_ml_h)} {self._tr('mL/h')}"
        if place.amount is None:
            return ""
        half = "½ " if place.state is State.PARTIAL else ""
        return f"{half}{decimal(self._imprint, place.amount.value)} {place.amount.unit}"

    def _letters(self) -> dict[State, str]:
        tr = self._tr
        return {
            State.WITHHELD: tr("W (withheld)")[:1],
            State.REFUSED: tr("D (declined)")[:1],
            State.UNAVAILABLE: tr("S (not in stock)")[:1],
        }

    def _key(self, canvas: Canvas) -> None:
        tr = self._tr
        kinds = ", ".join((tr("W (withheld)"), tr("D (declined)"), tr("S (not in stock)")))
        said = tr(
            "Bold: given, with amount and giver. Framed: not given – {kinds}. In brackets: planned,"
            " nothing charted; this is not a no. Struck out: entered in error.",
            kinds=kinds,
        )
        y = BOTTOM + 3.2 * mm
        for line in lines(said, Type("regular", 6.2, GREY), RIGHT - LEFT):
            draw(canvas, LEFT, y, line, Type("regular", 6.2, GREY))
            y -= 2.7 * mm


def initialled(name: str) -> str:
    """Initials and the given name, which stands last: ``ĐD Lê Thị Mai`` signs ``L.T.Mai``.

    Where there is no room for all initials the family name's stays; the given name is never cut
    for the sake of a title.
    """
    *others, given = name.split() or [""]
    if others and len(others[0]) > 1 and others[0].isupper() and not name.isupper():
        others = others[1:]
    whole = "".join([*(f"{word[0]}." for word in others), given])
    if width(whole, _SMALL) <= _COLUMN - 1 * mm or not others:
        return whole
    return f"{others[0][0]}.{given}"
