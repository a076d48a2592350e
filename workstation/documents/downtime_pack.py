"""The downtime pack: all that a ward needs on paper when its machines do not help, in one PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

from reportlab.pdfgen.canvas import Canvas

from workstation.clinical.early_warning import Facts
from workstation.documents import vital_signs_sheet
from workstation.documents.barcode import Label, draw_bars, draw_label
from workstation.documents.flow import Block, gap, paged, texts
from workstation.documents.fonts import Type, draw, draw_centred, draw_right
from workstation.documents.pack_census import CensusRow, census
from workstation.documents.pack_forms import forms, ruled
from workstation.documents.pack_medication import PackMedication, medication
from workstation.documents.page import (
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Binder,
    Imprint,
    Letterhead,
    PageBody,
    Paper,
    PatientBox,
    mm,
    stamped,
)

Part = Literal["cover", "census", "medication", "summary", "forms", "labels"]
PARTS: Final[tuple[Part, ...]] = ("cover", "census", "medication", "summary", "forms", "labels")
_ROOM: Final = RIGHT - LEFT
_BODY: Final = Type("regular", 10)
_HEADING: Final = Type("bold", 11)
_TEXT: Final = Type("regular", 9)
_LEAD: Final = 5.2 * mm
_LABELS_ACROSS: Final = 3
_LABELS_DOWN: Final = 8
_LABELS_EACH: Final = 6
"""Labels a patient: for tubes, forms and the wristband."""
_LABEL_TALL: Final = 30 * mm


@dataclass(frozen=True, slots=True)
class PackPatient:
    """One patient.

    Attributes:
        patient: Id of the Patient.
        box: Who it is, for every page.
        label: The label with the bars.
        row: The line of the census.
        facts: What decides which early-warning score the blank sheet is for.
        medication: What to give.
        summary: Headings and texts of the handover.
    """

    patient: str
    box: PatientBox
    label: Label
    row: CensusRow
    facts: Facts
    medication: PackMedication
    summary: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DowntimePack:
    """All that the pack says.

    Attributes:
        letterhead: Who issues it.
        imprint: The foot; `printed_at` is when the pack was made.
        made: When it was made, in words.
        lines: What the cover says, each a paragraph.
        patients: By bed.
    """

    letterhead: Letterhead
    imprint: Imprint
    made: str
    lines: tuple[str, ...]
    patients: tuple[PackPatient, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one page of the finished pack is.

    Attributes:
        part: Which part it belongs to.
        patient: Id of the patient; empty on pages of the ward.
    """

    part: Part
    patient: str = ""


@dataclass(frozen=True, slots=True)
class _Leaf:
    sheet: Sheet
    paper: Paper
    body: PageBody


class PackMaker:
    """Makes the pack a page at a time, so that it can be told how far it is and stopped."""

    def __init__(self, pack: DowntimePack) -> None:
        self._pack = pack
        self._leaves = self._laid_out()
        self._binder = Binder(self._leaves[0].paper, len(self._leaves))
        self._done = 0

    @property
    def pack(self) -> DowntimePack:
        """What is made."""
        return self._pack

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What each page is."""
        return tuple(leaf.sheet for leaf in self._leaves)

    @property
    def done(self) -> int:
        """How many pages are drawn."""
        return self._done

    def step(self, most: int) -> bool:
        """Draw some pages.

        Returns:
            Whether more are to be drawn.
        """
        for leaf in self._leaves[self._done : self._done + most]:
            self._binder.add(leaf.paper, leaf.body)
        self._done = min(self._done + most, len(self._leaves))
        return self._done < len(self._leaves)

    def pdf(self) -> bytes:
        """The file, once every page is drawn."""
        return self._binder.pdf()

    def _laid_out(self) -> tuple[_Leaf, ...]:
        pack, tr = self._pack, self._pack.imprint.tr
        ward = self._paper(tr("Census"), None)
        rows = [each.row for each in pack.patients]
        people = [leaf for each in pack.patients for leaf in self._of_patient(each)]
        inner = [
            *(_Leaf(Sheet("census"), ward, body)
              for body in census(rows, pack.imprint, ward.body_top())),
            *people,
            *self._labels(),
        ]  # fmt: skip
        return (*self._cover(inner), *inner)

    def _paper(self, title: str, box: PatientBox | None) -> Paper:
        return Paper(title.upper(), self._pack.letterhead, box, self._pack.imprint)

    def _cover(self, inner: Sequence[_Leaf]) -> Iterator[_Leaf]:
        paper = self._paper(self._pack.imprint.tr("Downtime pack"), None)
        count = len(paged(self._cover_blocks(inner, 1), paper.body_top()))
        for body in paged(self._cover_blocks(inner, 1 + count), paper.body_top()):
            yield _Leaf(Sheet("cover"), paper, body)

    def _cover_blocks(self, inner: Sequence[_Leaf], first: int) -> Iterator[Block]:
        tr = self._pack.imprint.tr
        for number, line in enumerate(self._pack.lines):
            yield from texts(line, _HEADING if not number else _BODY, _LEAD, indent=0, room=_ROOM)
            yield gap(2 * mm)
        yield gap(3 * mm)
        yield from texts(tr("Contents"), _HEADING, _LEAD, indent=0, room=_ROOM)
        for words, sheet in self._contents():
            places = [n for n, leaf in enumerate(inner, first) if leaf.sheet == sheet]
            if places:
                yield _entry(words, places[0])

    def _contents(self) -> Iterator[tuple[str, Sheet]]:
        tr = self._pack.imprint.tr
        yield tr("Census"), Sheet("census")
        for each in self._pack.patients:
            name = "  ".join(filter(None, (each.row.bed or "–", each.row.name, each.row.number)))
            yield name, Sheet("medication", each.patient)
        yield tr("Labels"), Sheet("labels")

    def _of_patient(self, each: PackPatient) -> Iterator[_Leaf]:
        imprint = self._pack.imprint
        tr = imprint.tr
        paper = self._paper(tr("Medication record"), each.box)
        top = paper.body_top()
        for body in medication(each.medication, imprint, top):
            yield self._marked(Sheet("medication", each.patient), paper, each, body)
        paper = self._paper(tr("Handover summary"), each.box)
        for body in paged(_summary(each), top):
            yield self._marked(Sheet("summary", each.patient), paper, each, body)
        kind = Sheet("forms", each.patient)
        blank = vital_signs_sheet.VitalSignsSheet(
            self._pack.letterhead, each.box, (), each.facts, imprint
        )
        paper, (body,) = vital_signs_sheet.framed(blank)
        name = f"vital-signs-{each.facts.scale}-{each.facts.spo2_scale_2}-{top:.2f}"
        yield self._marked(kind, paper, each, stamped(name, body))
        for form in forms(imprint):
            paper = self._paper(form.title, each.box)
            yield self._marked(kind, paper, each, ruled(form, top))

    def _marked(self, sheet: Sheet, paper: Paper, each: PackPatient, body: PageBody) -> _Leaf:
        """A page with the patient's bars, and when the pack was made, at its head."""
        made = self._pack.made

        def draw_all(canvas: Canvas) -> None:
            draw_centred(canvas, WIDTH / 2, HEIGHT - 26 * mm, made, Type("bold", 7))
            draw_bars(
                canvas, each.label.number, right=RIGHT, bottom=HEIGHT - 26.4 * mm, room=58 * mm,
                height=9 * mm,
            )  # fmt: skip
            body(canvas)

        letterhead = replace(self._pack.letterhead, form="")
        return _Leaf(sheet, replace(paper, letterhead=letterhead), draw_all)

    def _labels(self) -> Iterator[_Leaf]:
        paper = self._paper(self._pack.imprint.tr("Labels"), None)
        labels = [each.label for each in self._pack.patients for _ in range(_LABELS_EACH)]
        whole = _LABELS_ACROSS * (_LABELS_DOWN - _LABELS_DOWN % (_LABELS_EACH // _LABELS_ACROSS))
        for start in range(0, len(labels), whole):
            body = partial(_label_page, labels[start : start + whole], paper.body_top())
            yield _Leaf(Sheet("labels"), paper, body)


def _entry(words: str, number: int) -> Block:
    def draw_entry(canvas: Canvas, y: float) -> None:
        draw(canvas, LEFT + 3 * mm, y - 3.8 * mm, words, _TEXT)
        draw_right(canvas, RIGHT - 3 * mm, y - 3.8 * mm, str(number), _TEXT)
        canvas.setStrokeColorRGB(0.7, 0.7, 0.7)
        canvas.setLineWidth(0.3)
        canvas.line(LEFT + 3 * mm, y - 5 * mm, RIGHT - 3 * mm, y - 5 * mm)

    return Block(_LEAD, draw_entry)


def _summary(each: PackPatient) -> Iterator[Block]:
    for head, text in each.summary:
        heading = texts(head, _HEADING, 6 * mm, indent=0, room=_ROOM)
        yield from (Block(block.height, block.draw, keep=2 * _LEAD) for block in heading)
        yield from texts(text or "–", _TEXT, 4.6 * mm, indent=3 * mm, room=_ROOM - 3 * mm)
        yield gap(3 * mm)


def _label_page(labels: Sequence[Label], top: float, canvas: Canvas) -> None:
    wide = _ROOM / _LABELS_ACROSS
    for place, label in enumerate(labels):
        down, across = divmod(place, _LABELS_ACROSS)
        left, y = LEFT + across * wide, top - down * _LABEL_TALL
        canvas.setStrokeColorRGB(0.7, 0.7, 0.7)
        canvas.setLineWidth(0.3)
        canvas.rect(left, y - _LABEL_TALL, wide, _LABEL_TALL)
        draw_label(canvas, label, left=left, top=y, wide=wide, tall=_LABEL_TALL)
