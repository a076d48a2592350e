"""Warnings that belong to a patient as FHIR Flags: fall, isolation, no resuscitation, scale 2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

FlagCode = Literal["fall", "isolation", "no-cpr", "spo2-scale-2", "maternity"]

_WORDS: Final[Mapping[FlagCode, str]] = {
    "fall": "Nguy cơ ngã",
    "isolation": "Cách ly",
    "no-cpr": "Không hồi sinh tim phổi",
    "spo2-scale-2": "NEWS2: thang SpO₂ 2",
    "maternity": "Bảng theo dõi sản khoa (MEOWS)",
}
_CATEGORY: Final[Mapping[FlagCode, str]] = {
    "fall": "safety",
    "isolation": "safety",
    "no-cpr": "clinical",
    "spo2-scale-2": "clinical",
    "maternity": "clinical",
}


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """One Flag.

    Attributes:
        id: Id of the Flag.
        code: One of ours, or ``None`` for another one.
        text: In words.
        active: Whether it holds.
    """

    id: str
    code: FlagCode | None
    text: str
    active: bool


def read(resource: Mapping[str, Any]) -> FlagRecord:
    """Read one Flag."""
    code = elements.code_of(resource.get("code"), systems.FLAG)
    return FlagRecord(
        id=elements.text(resource.get("id")) or "",
        code=code if code in get_args(FlagCode) else None,  # type: ignore[arg-type]
        text=elements.concept_text(resource.get("code")) or "",
        active=resource.get("status") == "active",
    )


def active_codes(resources: Iterable[Mapping[str, Any]]) -> frozenset[FlagCode]:
    """Which of our warnings hold."""
    found = (read(resource) for resource in resources)
    return frozenset(flag.code for flag in found if flag.active and flag.code is not None)


def write(entry: Entry, code: FlagCode) -> Resource:
    """Make a Flag that holds from the time of the entry on."""
    category = {"system": systems.FLAG_CATEGORY, "code": _CATEGORY[code]}
    return {
        **entry.head("Flag"),
        "status": "active",
        "category": [{"coding": [category]}],
        "code": {"coding": [{"system": systems.FLAG, "code": code}], "text": _WORDS[code]},
        "subject": entry.subject,
        **entry.stay(),
        "period": {"start": entry.time},
        "author": dict(entry.author),
    }


def ended(resource: Resource, *, at: datetime) -> Resource:
    """A new version of a Flag that no longer holds; everything else stays."""
    patched = deepcopy(resource)
    patched["status"] = "inactive"
    period = elements.mapping(resource.get("period"))
    patched["period"] = {**period, "end": at.isoformat(timespec="seconds")}
    return patched
