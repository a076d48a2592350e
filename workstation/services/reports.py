"""Reports of laboratory, imaging and functional tests: the list, and one of them to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from workstation.documents.preview import PageImage, Unreadable, page_images
from workstation.fhir import elements, report
from workstation.fhir.report import Report
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.services.facilities import facilities
from workstation.services.result_table import NEW_WITHOUT_MARK, Baseline, baseline
from workstation.services.still_there import still_there
from workstation.store import results as store
from workstation.store import seen as marks

__all__ = ["Detail", "Listed", "PageImage", "Report", "Section", "detail", "pages", "reports"]

Section = Literal["laboratory", "imaging", "function"]
_PDF: Final = "application/pdf"
_VOID: Final = ("entered-in-error", "cancelled")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list.

    Attributes:
        id: Id of the DiagnosticReport.
        at: When it was examined (aware).
        title: What was examined.
        section: What kind of report it is.
        status: FHIR status.
        author: Who made it.
        new: Whether it came since the person last looked.
        unsent: Whether the hospital does not have it yet.
    """

    id: str
    at: datetime | None
    title: str
    section: Section
    status: str
    author: str
    new: bool
    unsent: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One report to read.

    Attributes:
        report: As the record has it.
        maker: Who or which facility made it.
        foreign: The other facility that made it; empty for this hospital's own.
        pdf: The first attached PDF; None when there is none that can be read.
        others: MIME types of what else is attached.
        unreadable: MIME types of what is attached and cannot be read.
    """

    report: Report
    maker: str
    foreign: str
    pdf: bytes | None
    others: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def reports(desk: Desk, patient: PatientId, against: Baseline | None = None) -> tuple[Listed, ...]:
    """The reports of a patient, newest first; those in error are left out.

    Args:
        desk: Who looks.
        patient: Whose.
        against: What counts as new, as in `workstation.services.result_table.table`.
    """
    with desk.store.read() as view:
        base = against or baseline(view, desk, patient)
        since = base.since
        rows = store.reports(view, patient)
        came = marks.arrived_since(view, patient, since) if since else ()
    fresh = {id_ for type_, id_, _ in came if type_ == "DiagnosticReport"}
    recent = base.as_of - NEW_WITHOUT_MARK
    return tuple(
        Listed(
            id=row.id,
            at=row.at,
            title=row.title or "?",
            section=section(row.section or ""),
            status=row.status or "unknown",
            author=row.author or "",
            new=row.id in fresh if since else row.at is not None and row.at >= recent,
            unsent=row.unsent,
        )
        for row in rows
        if row.status not in _VOID
    )


def detail(desk: Desk, id: str) -> Detail:
    """One report.

    Raises:
        Refused: ``gone``.
    """
    with desk.store.read() as view:
        stored = still_there(view, f"DiagnosticReport/{id}")
        resource = stored.resource()
        houses = facilities(view, desk.ward)
    found = report.read(resource)
    pdfs = [each for each in found.attachments if each.kind == _PDF and each.data]
    return Detail(
        report=found,
        maker=found.performer[1] or found.performer[0],
        foreign=houses.foreign(resource.get("performer"), resource.get("contained")),
        pdf=pdfs[0].data if pdfs else None,
        others=tuple(
            each.kind or "?"
            for each in found.attachments
            if each not in pdfs[:1] and not each.unreadable
        ),
        unreadable=tuple(each.kind or "?" for each in found.attachments if each.unreadable),
    )


def pages(pdf: bytes, dots_per_inch: float) -> tuple[PageImage, ...]:
    """Pages of a PDF as pixels; needs no store, so that it can run beside the record.

    Raises:
        Refused: ``unreadable-pdf``: damaged, locked by a password, or no PDF at all.
    """
    try:
        return page_images(pdf, dots_per_inch)
    except Unreadable as error:
        raise Refused("unreadable-pdf") from error


def section(code: str) -> Section:
    """What kind of report a category says."""
    if code in report.IMAGING or elements.text(code) in ("imaging", "radiology"):
        return "imaging"
    return "laboratory" if code in report.LABORATORY else "function"
