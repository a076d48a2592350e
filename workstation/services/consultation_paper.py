"""Reads the record for the minutes of consultations on paper."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from workstation.clinical.consultation import PARTS, Consultation, Part
from workstation.documents.consultation_sheet import (
    ConsultationSheet,
    Minutes,
    Signed,
    consultation_sheet,
)
from workstation.services import notes
from workstation.services.note_signatures import Under
from workstation.services.notes import Note
from workstation.services.paper import Content, Order

_HEADINGS: Final[dict[Part, str]] = {
    "summary": "Summary of the course of the illness, treatment and care",
    "opinions": "Opinions",
    "conclusion": "Conclusion (diagnosis)",
    "treatment": "Further treatment",
}
"""English words, keys of the translation; the opinions are printed only if there are any."""


def gather(order: Order) -> Content:
    """Read every consultation that is asked for, the oldest first."""
    minutes = tuple(
        _minutes(each, met, order)
        for each in reversed(notes.notes(order.desk, order.patient))
        if (met := each.text.consultation) is not None and _wanted(met.at or each.at, order)
    )
    return Content(
        minutes,
        lambda imprint: consultation_sheet(
            ConsultationSheet(order.head, order.box, minutes, imprint)
        ),
    )


def _wanted(at: datetime | None, order: Order) -> bool:
    if order.since is None or at is None:
        return True
    return at.astimezone(order.now.tzinfo).date() >= order.since


def _minutes(note: Note, met: Consultation, order: Order) -> Minutes:
    zone = order.now.tzinfo
    started = order.stay.started_at if order.stay is not None else None
    chair = met.chair.name if met.chair else ""
    signed = note.under.given[-1].at if note.under.given else None
    return Minutes(
        treated_since=f"{started.astimezone(zone):%d/%m/%Y}" if started else "",
        at=_local(met.at, zone),
        place=met.place,
        members="; ".join(each.name for each in met.members),
        parts=tuple(
            (_HEADINGS[part], str(getattr(met, part)))
            for part in PARTS
            if part != "opinions" or met.opinions
        ),
        secretary=Signed(note.author, _local(note.at, zone)),
        chair=Signed(chair, _local(signed, zone), _local(_before(note.under), zone)),
        state="final" if note.state == "preliminary" else note.state,
        changed_at=_local(note.changed_at, zone),
        changed_by=note.changed_by,
        reason=note.reason,
    )


def _before(under: Under) -> datetime | None:
    return under.earlier[-1].at if under.earlier else None


def _local(at: datetime | None, zone: tzinfo | None) -> datetime | None:
    return at.astimezone(zone) if at is not None else None
