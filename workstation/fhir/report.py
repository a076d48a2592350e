"""Reports of laboratory, imaging and functional tests: DiagnosticReport, of whatever maker."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.fhir import elements
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

SECTIONS: Final = "http://terminology.hl7.org/CodeSystem/v2-0074"
"""Codes of ``category``: ``LAB``, ``RAD``, ``CUS``, ``EC`` …"""
_PDF: Final = "application/pdf"
IMAGING: Final = frozenset({"RAD", "RUS", "CT", "NMR", "NMS", "RX", "VUS", "XRC", "CUS"})
LABORATORY: Final = frozenset(
    {"LAB", "HM", "CH", "MB", "BG", "SR", "IMM", "CP", "SP", "laboratory"}
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A form of the report as it was issued.

    Attributes:
        kind: MIME type; empty if it is not said.
        title: In words; may be empty.
        data: The file; None when it lies elsewhere or cannot be read.
        unreadable: Whether a file is there that cannot be read.
    """

    kind: str
    title: str
    data: bytes | None
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        id: Id of the DiagnosticReport.
        title: What was examined, in words.
        section: First code of its category.
        status: FHIR status.
        at: When it was examined (aware).
        issued: When it was released.
        conclusion: In words; may be empty.
        text: The findings as text, from the narrative or a text attachment; may be empty.
        attachments: Everything that is attached, without the text.
        results: Ids of its Observations.
        performer: The first performer: reference and name.
        amended: What was changed, in the words of the maker; may be empty.
    """

    id: str
    title: str
    section: str
    status: str
    at: datetime | None
    issued: datetime | None
    conclusion: str
    text: str
    attachments: tuple[Attachment, ...]
    results: tuple[str, ...]
    performer: tuple[str, str]
    amended: str


def read(resource: Mapping[str, Any]) -> Report:
    """Read one; what is absent or odd is None or empty."""
    attached = [_attachment(each) for each in elements.objects(resource.get("presentedForm"))]
    texts = [each for each in attached if each.kind.startswith("text/plain") and each.data]
    period = elements.mapping(resource.get("effectivePeriod"))
    performer = elements.first(resource.get("performer"))
    results = (
        elements.reference_id(each, "Observation")
        for each in elements.objects(resource.get("result"))
    )
    return Report(
        id=elements.text(resource.get("id")) or "",
        title=elements.concept_text(resource.get("code")) or "?",
        section=elements.any_code(resource.get("category")) or "",
        status=elements.text(resource.get("status")) or "unknown",
        at=elements.instant(resource.get("effectiveDateTime"))
        or elements.instant(period.get("start"))
        or elements.instant(resource.get("issued")),
        issued=elements.instant(resource.get("issued")),
        conclusion=elements.text(resource.get("conclusion"))
        or elements.concept_text(resource.get("conclusionCode"))
        or "",
        text="\n\n".join((each.data or b"").decode("utf-8", "replace") for each in texts),
        attachments=tuple(each for each in attached if each not in texts),
        results=tuple(found for found in results if found),
        performer=(elements.reference(performer) or "", elements.display(performer) or ""),
        amended=amendment(resource),
    )


AMENDMENT: Final = "https://ward-workstation.example/fhir/StructureDefinition/amendment"
"""Extension of a DiagnosticReport, valueString: what a correction changed, in words."""


def amendment(resource: Mapping[str, Any]) -> str:
    """What a correction changed, in the words of who made it; empty if that is not said."""
    return elements.text(elements.extension(resource, AMENDMENT).get("valueString")) or ""


def write(
    entry: Entry,
    code: Mapping[str, Any],
    *,
    section: str,
    conclusion: str = "",
    text: str = "",
    pdf: bytes | None = None,
    results: tuple[str, ...] = (),
) -> Resource:
    """Make a final report.

    Args:
        entry: Whose, who made it, when it was examined.
        code: CodeableConcept of what was examined.
        section: Code of `SECTIONS`.
        conclusion: In words.
        text: The findings.
        pdf: The report as a file.
        results: Ids of its Observations.
    """
    found = {
        **entry.head("DiagnosticReport"),
        "status": "final",
        "category": [{"coding": [{"system": SECTIONS, "code": section}]}],
        "code": dict(code),
        "subject": entry.subject,
        **entry.stay(),
        "effectiveDateTime": entry.time,
        "issued": entry.time,
        "performer": [dict(entry.author)],
        "result": [{"reference": f"Observation/{own}"} for own in results],
        "conclusion": conclusion,
        "presentedForm": [*_form("text/plain; charset=utf-8", text.encode()), *_form(_PDF, pdf)],
    }
    return {name: part for name, part in found.items() if part not in ("", [])}


def _form(kind: str, data: bytes | None) -> list[Resource]:
    return [{"contentType": kind, "data": base64.b64encode(data).decode("ascii")}] if data else []


def _attachment(each: Mapping[str, Any]) -> Attachment:
    raw = elements.text(each.get("data"))
    try:  # lines of base64 may be broken (FHIR base64Binary), as mail programs do
        data = base64.b64decode("".join(raw.split()), validate=True) if raw else None
    except (binascii.Error, ValueError):
        data = None
    kind, title = elements.text(each.get("contentType")) or "", elements.text(each.get("title"))
    return Attachment(kind, title or "", data, unreadable=raw is not None and data is None)
