"""The fluid balance sheet: a page a day, hours down, what goes in and comes out across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.clinical.fluid_balance import Kind, Row, Totals, kind_words
from workstation.documents import page
from workstation.documents.fonts import Type, draw, draw_centred, draw_right, width
from workstation.documents.infusion_table import InfusionTable, PrintedInfusion, decimal
from workstation.documents.page import (
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

_HOURS: Final = 19 * mm
_SUM: Final = 14 * mm
_ROW: Final = 4.5 * mm
_BAND: Final = 4.4 * mm
_HEAD: Final = Type("regular", 6.4)
_HEAD_STRONG: Final = Type("bold", 6.8)
_NUMBER: Final = Type("regular", 7.5)
_STRONG: Final = Type("bold", 7.8)
_GOAL: Final = Type("regular", 8.5)
_GOAL_LINE: Final = 4.2 * mm
_NOTE: Final = Type("regular", 6.5, GREY)
_ALWAYS: Final[tuple[Row, ...]] = ((Kind.ORAL, ""), (Kind.IV_INFUSION, ""), (Kind.URINE, ""))


@dataclass(frozen=True, slots=True)
class FluidHours:
    """Some hours with what they add up to.

    Attributes:
        start: First moment, in the zone in which it is printed.
        end: First moment after it.
        sums: What was charted.
        begun: Whether they have begun; what is to come is left empty.
    """

    start: datetime
    end: datetime
    sums: Totals
    begun: bool


@dataclass(frozen=True, slots=True)
class FluidDay:
    """One page.

    Attributes:
        day: The date on which the ward's day begins.
        hours: Its 24 hours.
        shifts: Its shifts.
        whole: The whole day.
        infusions: What ran on it.
        struck: How many amounts were entered in error and do not count.
        amended: How many amounts were corrected.
        goals: What is wanted of it and how it stands, a line each.
    """

    day: date
    hours: tuple[FluidHours, ...]
    shifts: tuple[FluidHours, ...]
    whole: FluidHours
    infusions: tuple[PrintedInfusion, ...]
    struck: int
    amended: int
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FluidPaper:
    """All that the paper says.

    Attributes:
        letterhead: Who issues it.
        patient: Whom it is about.
        days: In order of time; at least one.
        imprint: Foot and language.
    """

    letterhead: Letterhead
    patient: PatientBox
    days: Sequence[FluidDay]
    imprint: Imprint


def fluid_paper(paper: FluidPaper) -> bytes:
    """Make the paper.

    Returns:
        A4 pages, one for each day; more where its infusions need them.
    """
    title = paper.imprint.tr("Fluid balance sheet").upper()
    frame = Paper(title, paper.letterhead, paper.patient, paper.imprint)
    bodies: list[page.PageBody] = []
    for day in paper.days:
        bodies += _Page(paper.imprint, frame.body_top(), day).bodies()
    return page.pdf(frame, bodies)


class _Page:
    """One day."""

    def __init__(self, imprint: Imprint, top: float, day: FluidDay) -> None:
        self._imprint, self._tr, self._top, self._day = imprint, imprint.tr, top, day
        self._table = InfusionTable(imprint)
        found = {*_ALWAYS, *day.whole.sums.measured, *day.whole.sums.unmeasured}
        order = list(Kind)
        rows = sorted(found, key=lambda row: (order.index(row[0]), row[1]))
        self._intake = [row for row in rows if row[0].intake]
        self._output = [row for row in rows if not row[0].intake]
        room = RIGHT - LEFT - _HOURS - 4 * _SUM
        self._column = room / len(rows)
        self._right = LEFT + _HOURS + 4 * _SUM + self._column * len(rows)

    def bodies(self) -> list[page.PageBody]:
        """The page of the hours, and those of the infusions that find no room below them."""
        made: list[page.PageBody] = [self._draw]
        left = self._day.infusions[self._fitting_below() :]
        while left:
            count = max(self._table.fitting(left, self._top), 1)
            made.append(partial(self._table.draw, top=self._top, infusions=left[:count]))
            left = left[count:]
        return made

    def _draw(self, canvas: Canvas) -> None:
        """Draw the day: headings, hours with the sums of the shifts, the day, the infusions."""
        y = self._title(canvas, self._top)
        first = y
        y = self._heads(canvas, y)
        course = Decimal(0)
        for hours in self._day.hours:
            course += hours.sums.balance_ml
            y = self._line(canvas, y, _clock(hours), hours, course, strong=False)
            shift = next((one for one in self._day.shifts if one.end == hours.end), None)
            if shift is not None:
                words = self._tr("Shift {hours}", hours=_clock(shift))
                y = self._line(canvas, y, words, shift, course, strong=True)
        y = self._line(canvas, y, self._tr("24 h"), self._day.whole, course, strong=True)
        self._verticals(canvas, first, y)
        y = self._notes(canvas, y - 3.6 * mm)
        below = self._day.infusions[: self._fitting_below()]
        self._table.draw(canvas, top=y - 2 * mm, infusions=below)

    def _fitting_below(self) -> int:
        """How many infusions find room below the hours."""
        rows = len(self._day.hours) + len(self._day.shifts) + 1
        notes = len(lines(self._note_words(), _NOTE, RIGHT - LEFT)) * 2.9 * mm
        goals = len(self._goal_lines()) * _GOAL_LINE
        above = 5.2 * mm + goals + self._heads_height() + rows * _ROW + 3.6 * mm + notes + 2 * mm
        return self._table.fitting(self._day.infusions, self._top - above)

    def _title(self, canvas: Canvas, y: float) -> float:
        start, end = self._day.whole.start, self._day.whole.end
        words = self._tr(
            "From {since} to {until}, in mL", since=page.moment(start), until=page.moment(end)
        )
        draw(canvas, LEFT, y - 3.2 * mm, words, Type("bold", 9))
        y -= 5.2 * mm
        for line in self._goal_lines():
            draw(canvas, LEFT, y - 2.4 * mm, line, _GOAL)
            y -= _GOAL_LINE
        return y

    def _goal_lines(self) -> list[str]:
        return [part for goal in self._day.goals for part in lines(goal, _GOAL, RIGHT - LEFT)]

    def _heads(self, canvas: Canvas, y: float) -> float:
        """Two rows of headings: in and out above, kinds below, as high as the longest needs."""
        tr, columns = self._tr, self._columns()
        said = [lines(text, kind, wide - 1.6 * mm) for text, kind, wide in columns]
        band = _BAND
        _rule(canvas, y, self._right)
        x_in = LEFT + _HOURS
        wide_in = self._column * len(self._intake) + _SUM
        wide_out = self._column * len(self._output) + _SUM
        for x, wide, words in (
            (x_in, wide_in, tr("Intake")),
            (x_in + wide_in, wide_out, tr("Output")),
        ):
            draw_centred(canvas, x + wide / 2, y - 3.1 * mm, words, _STRONG)
        canvas.line(LEFT + _HOURS, y - band, LEFT + _HOURS + wide_in + wide_out, y - band)
        x = LEFT
        for (_, kind, wide), text in zip(columns, said, strict=True):
            base = y - band - 3 * mm
            for line in text:
                draw_centred(canvas, x + wide / 2, base, line, kind)
                base -= 2.7 * mm
            x += wide
        y -= self._heads_height()
        _rule(canvas, y, self._right, 0.8)
        return y

    def _heads_height(self) -> float:
        counts = (len(lines(text, kind, wide - 1.6 * mm)) for text, kind, wide in self._columns())
        return _BAND + max(counts) * 2.7 * mm + 2 * mm

    def _columns(self) -> list[tuple[str, Type, float]]:
        tr = self._tr
        return [
            (tr("Hour"), _HEAD_STRONG, _HOURS),
            *((self._name(row), _HEAD, self._column) for row in self._intake),
            (tr("All in"), _HEAD_STRONG, _SUM),
            *((self._name(row), _HEAD, self._column) for row in self._output),
            (tr("All out"), _HEAD_STRONG, _SUM),
            (tr("Balance"), _HEAD_STRONG, _SUM),
            (tr("Balance of the day so far"), _HEAD_STRONG, _SUM),
        ]

    def _name(self, row: Row) -> str:
        kind, name = row
        words = kind_words(kind, self._imprint.tr)
        return f"{words}: {name}" if name else words

    def _line(
        self,
        canvas: Canvas,
        y: float,
        words: str,
        hours: FluidHours,
        course: Decimal,
        *,
        strong: bool,
    ) -> float:
        kind = _STRONG if strong else _NUMBER
        if strong:
            canvas.setFillColorRGB(0.93, 0.95, 0.97)
            canvas.rect(LEFT, y - _ROW, self._right - LEFT, _ROW, stroke=0, fill=1)
        base = y - _ROW + 1.3 * mm
        draw(canvas, LEFT + 1 * mm, base, shortened(words, kind, _HOURS - 1.5 * mm), kind)
        x = LEFT + _HOURS
        for text, wide, own in self._cells(hours, course, kind):
            x += wide
            draw_right(canvas, x - 1 * mm, base, text, _fitting(text, own, wide - 1.6 * mm))
        _rule(canvas, y - _ROW, self._right, 0.6 if strong else 0.25)
        return y - _ROW

    def _cells(
        self, hours: FluidHours, course: Decimal, kind: Type
    ) -> list[tuple[str, float, Type]]:
        sums = hours.sums
        gap = "" if sums.complete else "*"
        charted = bool(sums)
        total = [
            self._number(sums.intake_ml) if charted else "",
            self._number(sums.output_ml) if charted else "",
            f"{self._signed(sums.balance_ml)}{gap}" if charted else "",
            self._signed(course) if hours.begun and self._day.whole.sums else "",
        ]
        return [
            *((self._cell(sums, row), self._column, kind) for row in self._intake),
            (total[0], _SUM, _STRONG),
            *((self._cell(sums, row), self._column, kind) for row in self._output),
            *((text, _SUM, _STRONG) for text in total[1:]),
        ]

    def _cell(self, sums: Totals, row: Row) -> str:
        said = [self._number(sums.measured[row])] if row in sums.measured else []
        if row in sums.unmeasured:
            said.append(f"×{sums.unmeasured[row]}")
        return " ".join(said)

    def _number(self, value: Decimal) -> str:
        return decimal(self._imprint, value)

    def _signed(self, value: Decimal) -> str:
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return f"{sign}{self._number(abs(value))}"

    def _verticals(self, canvas: Canvas, top: float, bottom: float) -> None:
        x = LEFT
        strong = {0, 1, len(self._intake) + 2, len(self._intake) + len(self._output) + 3}
        for place, (_, _, wide) in enumerate(self._columns()):
            canvas.setStrokeColorRGB(0.2, 0.2, 0.2)
            canvas.setLineWidth(0.8 if place in strong else 0.25)
            canvas.line(x, top - (0 if place in strong else 4.4 * mm), x, bottom)
            x += wide
        canvas.setLineWidth(0.8)
        canvas.line(x, top, x, bottom)

    def _notes(self, canvas: Canvas, y: float) -> float:
        for line in lines(self._note_words(), _NOTE, RIGHT - LEFT):
            draw(canvas, LEFT, y, line, _NOTE)
            y -= 2.9 * mm
        return y

    def _note_words(self) -> str:
        tr, day = self._tr, self._day
        said = [
            tr(
                "×1: came once, not measured. * not complete. Infusions are counted by their rate,"
                " up to the moment of this print."
            )
        ]
        if day.struck:
            said.append(tr("Entered in error, not counted: {count}.", count=day.struck))
        if day.amended:
            said.append(tr("Corrected after they were written: {count}.", count=day.amended))
        return " ".join(said)


def _clock(hours: FluidHours) -> str:
    return f"{hours.start:%H}–{hours.end:%H}" if _whole(hours) else f"{hours.start:%H:%M}"


def _whole(hours: FluidHours) -> bool:
    return not hours.start.minute and not hours.end.minute


def _fitting(text: str, kind: Type, room: float) -> Type:
    """A size at which a number is never cut."""
    size = kind.size
    while size > 1 and width(text, Type(kind.face, size)) > room:
        size -= 0.3
    return Type(kind.face, size)


def _rule(canvas: Canvas, y: float, right: float, wide: float = 0.6) -> None:
    canvas.setStrokeColorRGB(0.2, 0.2, 0.2)
    canvas.setLineWidth(wide)
    canvas.line(LEFT, y, right, y)
