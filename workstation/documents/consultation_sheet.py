"""The minutes of consultations (trích biên bản hội chẩn, form 27/BV2): each begins a page.

Minutes that the chair has not signed say so where the signature would stand; those entered in
error are struck through, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from reportlab.pdfgen.canvas import Canvas

from workstation.documents import page
from workstation.documents.flow import Block, gap, paged
from workstation.documents.fonts import Type, draw, draw_centred, width
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
from workstation.documents.text import lines

State = Literal["final", "amended", "entered-in-error"]
_LEAD: Final = 4.8 * mm
_ROOM: Final = RIGHT - LEFT
_LABEL_ROOM: Final = 44 * mm
_LABEL: Final = Type("regular", 9, GREY)
_HEAD: Final = Type("bold", 10)
_BODY: Final = Type("regular", 10)
_NOTE: Final = Type("regular", 8, GREY)
_SIGN: Final = Type("bold", 10)
_WAITS: Final = Type("bold", 9)
_SIGNATURES: Final = 34 * mm


@dataclass(frozen=True, slots=True)
class Signed:
    """One of the two signatures: who, and when (in the zone it carries) if they have signed.

    Attributes:
        name: Who signs.
        at: When these words were signed; None as long as they are not.
        before: When an earlier version was signed, if these words are not.
    """

    name: str
    at: datetime | None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """One consultation, times in the zone they are printed in.

    Attributes:
        treated_since: First day of the stay, in words; may be empty.
        at: When they met.
        place: Where.
        members: Who else was there.
        parts: English heading and text of each part, in the order of the form.
        secretary: Who wrote it.
        chair: Who led it.
        state: Whether it still stands as first written.
        changed_at: When it was amended or marked as an error.
        changed_by: By whom.
        reason: Why.
    """

    treated_since: str
    at: datetime | None
    place: str
    members: str
    parts: tuple[tuple[str, str], ...]
    secretary: Signed
    chair: Signed
    state: State = "final"
    changed_at: datetime | None = None
    changed_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConsultationSheet:
    """All that the sheet says; the oldest minutes first."""

    letterhead: Letterhead
    patient: PatientBox
    minutes: Sequence[Minutes]
    imprint: Imprint


def consultation_sheet(sheet: ConsultationSheet) -> bytes:
    """Make the sheet.

    Returns:
        As many A4 pages as the minutes need; one that says so when there are none.
    """
    tr = sheet.imprint.tr
    title = tr("Minutes of a consultation").upper()
    paper = Paper(title, sheet.letterhead, sheet.patient, sheet.imprint)
    top = paper.body_top()
    bodies = [
        body for each in sheet.minutes for body in paged(_blocks(sheet.imprint, each), top)
    ]  # fmt: skip
    none = _text(tr("No consultation in this time."), _BODY)
    return page.pdf(paper, bodies or paged(none, top))


def _blocks(imprint: Imprint, said: Minutes) -> Iterator[Block]:
    tr, struck = imprint.tr, said.state == "entered-in-error"
    yield gap(2 * mm)
    for caption, text in (
        (tr("Treated since"), said.treated_since),
        (tr("Met at"), page.moment(said.at) if said.at else ""),
        (tr("Where"), said.place),
        (tr("Chair"), said.chair.name),
        (tr("Secretary"), said.secretary.name),
        (tr("Others present"), said.members),
    ):
        yield from _line(caption, text)
    for heading, text in said.parts:
        yield gap(2 * mm)
        words = tr(heading)
        yield Block(_LEAD, lambda c, y, w=words: draw(c, LEFT, y - _LEAD * 0.78, w, _HEAD),  # type: ignore[misc]
                    keep=2 * _LEAD)  # fmt: skip
        yield from _text(text or "–", _BODY, struck=struck)
    change = _change(imprint, said)
    if change:
        yield gap(2 * mm)
        yield from _text(change, _NOTE)
    yield gap(4 * mm)
    yield _signatures(imprint, said)


def _line(caption: str, text: str) -> Iterator[Block]:
    found = lines(text, _BODY, _ROOM - _LABEL_ROOM) or ["–"]
    for number, line in enumerate(found):
        name = caption if not number else ""

        def drawn(canvas: Canvas, y: float, name: str = name, line: str = line) -> None:
            base = y - _LEAD * 0.78
            draw(canvas, LEFT, base, name, _LABEL)
            draw(canvas, LEFT + _LABEL_ROOM, base, line, _BODY)

        yield Block(_LEAD, drawn)


def _text(text: str, kind: Type, *, struck: bool = False) -> list[Block]:
    def block(line: str) -> Block:
        def drawn(canvas: Canvas, y: float) -> None:
            base = y - _LEAD * 0.78
            draw(canvas, LEFT, base, line, kind)
            if struck:
                canvas.setLineWidth(0.6)
                canvas.line(LEFT, base + 2.8, LEFT + width(line, kind), base + 2.8)

        return Block(_LEAD, drawn)

    return [block(line) for line in lines(text, kind, _ROOM)]


def _signatures(imprint: Imprint, said: Minutes) -> Block:
    """Secretary on the left, chair on the right, as on the form; not broken over two pages."""
    sides = (("Secretary", said.secretary), ("Chair", said.chair))

    def drawn(canvas: Canvas, y: float) -> None:
        for number, (post, signed) in enumerate(sides):
            middle = LEFT + _ROOM * (0.25 + 0.5 * number)
            draw_centred(canvas, middle, y - 5 * mm, imprint.tr(post).upper(), _SIGN)
            base = y - 12 * mm
            for text, kind in _standing(imprint, signed):
                for line in lines(text, kind, _ROOM / 2 - 6 * mm):
                    draw_centred(canvas, middle, base, line, kind)
                    base -= _LEAD
            draw_centred(canvas, middle, y - 30 * mm, signed.name, _SIGN)

    return Block(_SIGNATURES, drawn)


def _standing(imprint: Imprint, signed: Signed) -> Iterator[tuple[str, Type]]:
    if signed.at is not None:
        yield (
            imprint.tr("Confirmed in the electronic record on {when}", when=page.moment(signed.at)),
            _NOTE,
        )
        return
    yield imprint.tr("Waiting for the chair's signature").upper(), _WAITS
    if signed.before is not None:
        when = page.moment(signed.before)
        yield imprint.tr("An earlier version was signed on {when}.", when=when), _NOTE


def _change(imprint: Imprint, said: Minutes) -> str:
    if said.state == "final" or said.changed_at is None:
        return ""
    words = {"when": page.moment(said.changed_at), "who": said.changed_by, "why": said.reason}
    if said.state == "amended":
        return imprint.tr("Amended {when} by {who}: {why}", **words)
    return imprint.tr("Entered in error, marked {when} by {who}: {why}", **words)
