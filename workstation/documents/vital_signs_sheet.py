"""The vital-signs sheet (phiếu theo dõi chức năng sống): curves above, numbers and NEWS2 below.

One column is one set; days stand above their columns. What was not measured stays empty: an empty
cell never means a normal or a "no". Columns left over are empty too, to be filled by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from workstation.clinical.early_warning import Facts, of_set
from workstation.clinical.scores.warning import EarlyWarning, Risk, Scale
from workstation.clinical.vital_signs import Sign, VitalSigns
from workstation.documents import page
from workstation.documents.curves import (
    BLUE,
    RED,
    Grid,
    draw_grid,
    draw_pulse,
    draw_temperature,
)
from workstation.documents.fonts import Type, draw, draw_centred, width
from workstation.documents.page import (
    BOTTOM,
    GREY,
    LEFT,
    RIGHT,
    Imprint,
    Letterhead,
    PageBody,
    Paper,
    PatientBox,
    mm,
)
from workstation.documents.text import lines, shortened

COLUMNS: Final = 18
"""Sets on one page."""

_LABELS: Final = 30 * mm
_COLUMN: Final = (RIGHT - LEFT - _LABELS) / COLUMNS
_DAYS: Final = 9 * mm
_CURVES: Final = 96 * mm
"""Height of the curves; less when the patient box is tall."""
_ROW: Final = 6.4 * mm
_TALL: Final = 10.5 * mm
_NAMES: Final = 21 * mm
_BELOW: Final = 2 * mm + _ROW + _ROW + 1 * mm + _NAMES + 12 * mm
"""What stands below the curves beside the rows: Glasgow, score, names, key."""
_LABEL: Final = Type("regular", 7.5)
_NUMBER: Final = Type("regular", 7.5)
_SEVERE: Final = Type("bold", 8)
_NOTE: Final = Type("regular", 6.5, GREY)
_KEYS: Final = {
    Scale.NEWS2: (
        "NEWS2 colours: yellow one sign of 3 points, orange 5–6, red 7 or more (RCP 2017)."
    ),
    Scale.PEWS: (
        "Bedside PEWS colours: yellow 3–4, orange 5–6, red 7 or more (Parshuram 2009, 2018)."
    ),
    Scale.MEOWS: (
        "MEOWS: number of marked values; yellow one, orange two, red one in red (Singh 2012)."
    ),
}
_FILL: Final = {
    Risk.LOW_MEDIUM: (1.0, 0.93, 0.55),
    Risk.MEDIUM: (1.0, 0.72, 0.35),
    Risk.HIGH: (0.75, 0.08, 0.10),
}


@dataclass(frozen=True, slots=True)
class SheetSet:
    """One column.

    Attributes:
        vitals: What was measured; times are printed in the zone they carry.
        by: Who measured.
        amended: Whether it was corrected after it was first written.
        glasgow: Total of the Glasgow coma scale at that time, or its parts; empty without one.
    """

    vitals: VitalSigns
    by: str
    amended: bool = False
    glasgow: str = ""


@dataclass(frozen=True, slots=True)
class VitalSignsSheet:
    """All that the sheet says.

    Attributes:
        letterhead: Who issues it.
        patient: Whom it is about.
        sets: In order of time.
        facts: What decides which early-warning score holds.
        imprint: Foot and language.
    """

    letterhead: Letterhead
    patient: PatientBox
    sets: Sequence[SheetSet]
    facts: Facts
    imprint: Imprint


def vital_signs_sheet(sheet: VitalSignsSheet) -> bytes:
    """Make the sheet.

    Returns:
        A4 pages of 18 sets each; one page with empty columns when there is no set.
    """
    paper, bodies = framed(sheet)
    return page.pdf(paper, bodies)


def framed(sheet: VitalSignsSheet) -> tuple[Paper, list[PageBody]]:
    """Frame and pages of the sheet, to be bound into another document."""
    title = sheet.imprint.tr("Vital signs sheet").upper()
    paper = Paper(title, sheet.letterhead, sheet.patient, sheet.imprint)
    chunks = [
        tuple(sheet.sets[start : start + COLUMNS])
        for start in range(0, max(len(sheet.sets), 1), COLUMNS)
    ]
    return paper, [_Page(sheet, paper.body_top(), chunk).draw for chunk in chunks]


class _Page:
    """One page of up to 18 columns."""

    def __init__(self, sheet: VitalSignsSheet, top: float, sets: Sequence[SheetSet]) -> None:
        self._tr = sheet.imprint.tr
        self._top = top
        self._sets = sets
        self._scores = [of_set(sheet.facts, one.vitals) for one in sets]
        self._facts = sheet.facts
        below = _BELOW + sum(_height(signs) for _, signs in self._lines())
        curves = min(_CURVES, top - _DAYS - below - BOTTOM)
        self._grid = Grid(LEFT + _LABELS, top - _DAYS - curves, _COLUMN, COLUMNS, curves - 4 * mm)

    def draw(self, canvas: Canvas) -> None:
        """Draw days, curves, rows, names and the key."""
        self._days(canvas)
        draw_grid(canvas, self._grid, axes=LEFT)
        vitals = [one.vitals for one in self._sets]
        draw_temperature(canvas, self._grid, [one.temperature for one in vitals])
        draw_pulse(canvas, self._grid, [one.heart_rate for one in vitals])
        self._axis_names(canvas)
        y = self._rows(canvas, self._grid.bottom - 2 * mm)
        bottom = self._names(canvas, y)
        self._columns(canvas, bottom)
        self._key(canvas, bottom - 4 * mm)

    def _days(self, canvas: Canvas) -> None:
        draw(canvas, LEFT + 1.5 * mm, self._top - 3.6 * mm, self._tr("Date"), _LABEL)
        draw(canvas, LEFT + 1.5 * mm, self._top - 7.6 * mm, self._tr("Hour"), _LABEL)
        start = 0
        for day, group in groupby(self._sets, key=lambda one: one.vitals.at.date()):
            count = len(list(group))
            x = self._grid.left + start * _COLUMN
            wide = count > 1
            text = page.day(day) if wide else f"{day:%d/%m}"
            middle = x + count * _COLUMN / 2
            draw_centred(canvas, middle, self._top - 3.6 * mm, text, Type("bold", 7))
            start += count
            canvas.setStrokeColorRGB(0, 0, 0)
            canvas.setLineWidth(0.7)
            right = self._grid.left + start * _COLUMN
            canvas.line(right, self._top, right, self._top - _DAYS)
        for column, one in enumerate(self._sets):
            hour = f"{one.vitals.at:%H:%M}"
            x = self._grid.middle(column)
            draw_centred(canvas, x, self._top - 7.6 * mm, hour, Type("regular", 6.5))

    def _axis_names(self, canvas: Canvas) -> None:
        y = self._grid.bottom + self._grid.height + 2.1 * mm
        draw(canvas, LEFT + 1 * mm, y, self._tr("● Pulse"), Type("bold", 6.3, RED))
        text = "× °C"
        kind = Type("bold", 6.3, BLUE)
        draw(canvas, self._grid.left - width(text, kind) - 2, y, text, kind)

    def _rows(self, canvas: Canvas, y: float) -> float:
        for label, signs in self._lines():
            height = _height(signs)
            self._label(canvas, y, height, label)
            for column in range(len(self._sets)):
                self._cell(canvas, column, y, height, signs)
            y -= height
        self._glasgow(canvas, y)
        y -= _ROW
        self._label(canvas, y, _ROW + 1 * mm, self._facts.scale.value, Type("bold", 8.5))
        for column, scored in enumerate(self._scores):
            self._score(canvas, column, y, scored)
        return y - _ROW - 1 * mm

    def _glasgow(self, canvas: Canvas, y: float) -> None:
        self._label(canvas, y, _ROW, self._tr("Glasgow (3–15)"))
        for column, one in enumerate(self._sets):
            if one.glasgow:
                base = y - _ROW / 2 - 2.6
                draw_centred(canvas, self._grid.middle(column), base, one.glasgow, _NUMBER)

    def _lines(self) -> tuple[tuple[str, tuple[Sign, ...]], ...]:
        """Name and signs of each row: those of children, and glucose where it was measured."""
        tr = self._tr
        rows: tuple[tuple[str, tuple[Sign, ...]], ...] = (
            (tr("Temperature (°C)"), (Sign.TEMPERATURE,)),
            (tr("Pulse (/min)"), (Sign.HEART_RATE,)),
            (tr("Blood pressure (mmHg)"), (Sign.SYSTOLIC, Sign.DIASTOLIC)),
            (tr("Breathing (/min)"), (Sign.RESPIRATORY_RATE,)),
            (self._spo2_label(), (Sign.SPO2,)),
            (tr("Oxygen (L/min)"), (Sign.OXYGEN_FLOW,)),
            (tr("Consciousness (ACVPU)"), (Sign.CONSCIOUSNESS,)),
            (tr("Pain (0–10)"), (Sign.PAIN,)),
            (tr("Weight (kg)"), (Sign.WEIGHT,)),
        )
        if any(one.vitals.glucose is not None for one in self._sets):
            rows += ((tr("Capillary glucose (mmol/L)"), (Sign.GLUCOSE,)),)
        if self._facts.scale is not Scale.PEWS:
            return rows
        return (
            *rows,
            (tr("Breathing effort (0–3)"), (Sign.RESPIRATORY_EFFORT,)),
            (tr("Capillary refill (s)"), (Sign.CAPILLARY_REFILL,)),
        )

    def _spo2_label(self) -> str:
        return self._tr("SpO₂ (%) scale 2") if self._facts.spo2_scale_2 else self._tr("SpO₂ (%)")

    def _label(
        self, canvas: Canvas, y: float, height: float, text: str, kind: Type = _LABEL
    ) -> None:
        _rule(canvas, y)
        said = lines(text, kind, _LABELS - 3 * mm)
        base = y - height / 2 - 2.6 + (len(said) - 1) * 4
        for line in said:
            draw(canvas, LEFT + 1.5 * mm, base, line, kind)
            base -= 8

    def _cell(
        self, canvas: Canvas, column: int, y: float, height: float, signs: tuple[Sign, ...]
    ) -> None:
        vitals, scored = self._sets[column].vitals, self._scores[column]
        step = height / len(signs)
        for index, sign in enumerate(signs):
            value = vitals.value(sign)
            if value is None:
                continue
            part = scored.part(sign)
            severe = part is not None and part.sign in scored.red
            kind = _SEVERE if severe else _NUMBER
            base = y - step * (index + 0.5) - 2.6
            text = self._decimal(value) if isinstance(value, Decimal) else value.value
            draw_centred(canvas, self._grid.middle(column), base, text, kind)
            if severe:
                x, half = self._grid.middle(column), width(text, kind) / 2 + 1.5
                canvas.setStrokeColorRGB(*RED)
                canvas.setLineWidth(0.9)
                canvas.roundRect(x - half, base - 2, 2 * half, 10, 2)

    def _decimal(self, value: Decimal) -> str:
        text = format(value, "f")
        return text.replace(".", ",") if self._tr("decimal mark|.") == "," else text

    def _score(self, canvas: Canvas, column: int, y: float, scored: EarlyWarning) -> None:
        if scored.total is None or scored.risk is None:
            return
        height = _ROW + 1 * mm
        x = self._grid.left + column * _COLUMN
        fill = _FILL.get(scored.risk)
        if fill is not None:
            canvas.setFillColorRGB(*fill)
            canvas.rect(x + 1, y - height + 1, _COLUMN - 2, height - 2, stroke=0, fill=1)
        white = scored.risk is Risk.HIGH
        kind = Type("bold", 9, (1, 1, 1) if white else (0, 0, 0))
        text = str(scored.total) if scored.complete else f"{scored.total}*"
        draw_centred(canvas, x + _COLUMN / 2, y - height / 2 - 3.2, text, kind)

    def _names(self, canvas: Canvas, y: float) -> float:
        self._label(canvas, y, _NAMES, self._tr("Measured by"))
        for column, one in enumerate(self._sets):
            canvas.saveState()
            canvas.translate(self._grid.middle(column) + 2.2, y - _NAMES + 1.2 * mm)
            canvas.rotate(90)
            kind = Type("regular", 6.2)
            mark = "† " if one.amended else ""
            draw(
                canvas,
                0,
                0,
                mark + _initialled(one.by, kind, _NAMES - 2.5 * mm - width(mark, kind)),
                kind,
            )
            canvas.restoreState()
        _rule(canvas, y - _NAMES)
        return y - _NAMES

    def _columns(self, canvas: Canvas, bottom: float) -> None:
        canvas.setStrokeColorRGB(0.6, 0.6, 0.6)
        canvas.setLineWidth(0.3)
        for column in range(1, COLUMNS):
            x = self._grid.left + column * _COLUMN
            canvas.line(x, self._top - 4.6 * mm, x, bottom)
        canvas.setStrokeColorRGB(0, 0, 0)
        canvas.setLineWidth(0.8)
        canvas.line(self._grid.left, self._top, self._grid.left, bottom)
        canvas.rect(LEFT, bottom, RIGHT - LEFT, self._top - bottom)
        canvas.setLineWidth(0.4)
        canvas.line(self._grid.left, self._top - 4.6 * mm, RIGHT, self._top - 4.6 * mm)
        canvas.line(LEFT, self._top - _DAYS, RIGHT, self._top - _DAYS)

    def _key(self, canvas: Canvas, y: float) -> None:
        tr = self._tr
        said = (
            tr("Empty cell: not measured. Framed: red alone. * score not complete: the least")
            + " "
            + tr("it can be. † corrected after it was written; earlier values stay in the record."),
            tr(_KEYS[self._facts.scale]),
        )
        for text in said:
            for line in lines(text, _NOTE, RIGHT - LEFT):
                draw(canvas, LEFT, y, line, _NOTE)
                y -= 2.9 * mm


def _height(signs: tuple[Sign, ...]) -> float:
    return _TALL if len(signs) > 1 else _ROW


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColorRGB(0.3, 0.3, 0.3)
    canvas.setLineWidth(0.4)
    canvas.line(LEFT, y, RIGHT, y)


def _initialled(name: str, kind: Type, room: float) -> str:
    """A name that fits: first the title goes (ĐD, BS), then all but the given name turn initials.

    A Vietnamese given name stands last and is what people call each other.
    """
    *others, given = name.split() or [""]
    if others and others[0].isupper() and len(others[0]) > 1 and width(name, kind) > room:
        others = others[1:]
    for count in range(len(others) + 1):
        initials = "".join(f"{word[0]}." for word in others[:count])
        text = " ".join([*filter(None, [initials]), *others[count:], given])
        if width(text, kind) <= room:
            return text
    return shortened(given, kind, room)
