"""Lines, catheters, drains and tubes as Procedures, wounds as Conditions, looks as Observations.

A Procedure is in progress as long as the thing lies, and completed when it is taken out; a wound
is active until it has healed. Why it ended stands beside the status, in one value with it. The
mark on the picture of the body is part of the body site. A look names what it looked at in its
``focus``. Codes are this program's own: no code system that could be verified has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from workstation.clinical.body_site import SITES, BodySite, Point
from workstation.clinical.care_site import KINDS, Group, Site
from workstation.fhir import decision, elements, systems
from workstation.fhir.annotation import annotated
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

TYPES: Final = ("Procedure", "Condition")
_VOID: Final = ("entered-in-error", "cancelled", "not-done")
_ERROR: Final = "entered-in-error"
_MIDDLE: Final = Point("front", Decimal("0.5"), Decimal("0.5"))
"""Where the mark of a place stands that is not known here."""


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A line, catheter, drain, tube or wound in the record.

    Attributes:
        reference: ``Procedure/<id>`` or ``Condition/<id>``.
        site: What it is, where, since when.
        ended: When it was taken out, or had healed (aware); None while it is there.
        end_reason: Why it was taken out; may be empty.
        valid: False when it was entered in error.
        by: Who charted it, as shown.
        by_reference: ``Practitioner/<id>``.
        recorded: When it was charted (aware).
        reason: The newest remark, such as why it was corrected.
    """

    reference: str
    site: Site
    ended: datetime | None
    end_reason: str
    valid: bool
    by: str
    by_reference: str
    recorded: datetime | None
    reason: str

    @property
    def present(self) -> bool:
        """Whether it is there now."""
        return self.valid and self.ended is None


def write(entry: Entry, site: Site, say: Callable[[str], str]) -> Resource:
    """Make the Procedure or Condition of a new one.

    Args:
        entry: Whose, by whom, when it was charted.
        site: What, where, since when.
        say: Says English words in the language of the record.
    """
    category = {"coding": [{"system": systems.WARD_CATEGORY, "code": site.kind.group.value}]}
    recorded = {"url": systems.RECORDED_AT, "valueDateTime": entry.time}
    common = {"subject": entry.subject, **entry.stay(), **_body(site, say)}
    since = site.since.isoformat(timespec="seconds")
    if site.kind.group is Group.WOUND:
        return {
            **entry.head("Condition"),
            "clinicalStatus": _clinical("active"),
            "category": [category],
            **common,
            "onsetDateTime": since,
            "recordedDate": entry.time,
            "recorder": dict(entry.author),
        }
    return {
        **entry.head("Procedure"),
        "extension": [recorded],
        "status": "in-progress",
        "category": category,
        **common,
        "performedPeriod": {"start": since},
        "performer": [{"actor": dict(entry.author)}],
    }


def ended(
    resource: Resource, *, end: datetime, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that is over: taken out, or healed; everything else stays.

    Args:
        resource: The stored resource; it is not touched.
        end: When it was taken out (aware).
        reason: Why, in the person's words; may be empty.
        author: Reference to the person who charts it.
        at: When it is charted (aware).
    """
    patched = deepcopy(resource)
    when = end.isoformat(timespec="seconds")
    if resource["resourceType"] == "Condition":
        marked = decision.decided({}, by=author, at=at, reason=reason)["_status"]
        patched["clinicalStatus"] = {**_clinical("resolved"), **marked}
        patched["abatementDateTime"] = when
        return patched
    patched["status"] = "completed"
    patched["performedPeriod"] = {**elements.mapping(patched.get("performedPeriod")), "end": when}
    return decision.decided(patched, by=author, at=at, reason=reason)


def reopened(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that is there again, for its end was charted by mistake."""
    patched = deepcopy(resource)
    patched["note"] = _noted(resource, reason, author, at)
    if resource["resourceType"] == "Condition":
        patched["clinicalStatus"] = _clinical("active")
        patched.pop("abatementDateTime", None)
        return patched
    patched["status"] = "in-progress"
    period = dict(elements.mapping(patched.get("performedPeriod")))
    period.pop("end", None)
    patched["performedPeriod"] = period
    patched.pop("_status", None)
    return patched


def amend(
    resource: Resource,
    site: Site,
    say: Callable[[str], str],
    *,
    reason: str,
    author: Mapping[str, str],
    at: datetime,
) -> Resource:
    """A version with another place, time or detail; what is not ours stays."""
    patched = {
        **deepcopy(resource),
        **_body(site, say),
        "note": _noted(resource, reason, author, at),
    }
    since = site.since.isoformat(timespec="seconds")
    if resource["resourceType"] == "Condition":
        patched["onsetDateTime"] = since
    else:
        period = elements.mapping(resource.get("performedPeriod"))
        patched["performedPeriod"] = {**period, "start": since}
    return patched


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A version that says that it never was true."""
    if resource["resourceType"] != "Condition":
        return annotated(resource, _ERROR, reason=reason, author=author, at=at)
    patched = {**deepcopy(resource), "note": _noted(resource, reason, author, at)}
    coding = {"system": systems.CONDITION_VERIFICATION, "code": _ERROR}
    patched["verificationStatus"] = {"coding": [coding]}
    patched.pop("clinicalStatus", None)  # R4 con-5: none where it was entered in error
    return patched


def read(resource: Mapping[str, Any]) -> SiteRecord | None:
    """Read a Procedure or Condition; None for one that is no line, drain, tube or wound of ours."""
    type_ = resource.get("resourceType")
    kind = KINDS.get(elements.code_of(resource.get("code"), systems.CARE_SITE) or "")
    wound = type_ == "Condition"
    period = elements.mapping(resource.get("performedPeriod"))
    since = elements.instant(resource.get("onsetDateTime") if wound else period.get("start"))
    if type_ not in TYPES or kind is None or since is None:
        return None
    place, point = _place(resource)
    decided = _decided(resource)
    person = elements.mapping(resource.get("recorder"))
    if not wound:
        person = elements.mapping(elements.first(resource.get("performer")).get("actor"))
    recorded = elements.extension(resource, systems.RECORDED_AT).get("valueDateTime")
    notes = elements.objects(resource.get("note"))
    return SiteRecord(
        reference=f"{type_}/{elements.text(resource.get('id')) or ''}",
        site=Site(kind, place, point, since, _detail(resource)),
        ended=elements.instant(resource.get("abatementDateTime") if wound else period.get("end")),
        end_reason=decided.reason if decided else "",
        valid=_is_valid(resource),
        by=elements.display(person) or "",
        by_reference=elements.reference(person) or "",
        recorded=elements.instant(resource.get("recordedDate") or recorded),
        reason=(elements.text(notes[-1].get("text")) or "") if notes else "",
    )


def ended_by(resource: Mapping[str, Any]) -> tuple[str, datetime | None]:
    """Who charted that it is over (``Practitioner/<id>``), and when (aware)."""
    decided = _decided(resource)
    return (decided.person, decided.at) if decided else ("", None)


def _decided(resource: Mapping[str, Any]) -> decision.Decision | None:
    wound = resource.get("resourceType") == "Condition"
    return decision.read({"_status": resource.get("clinicalStatus" if wound else "_status")})


def _is_valid(resource: Mapping[str, Any]) -> bool:
    verification = elements.any_code(resource.get("verificationStatus"))
    return resource.get("status") not in _VOID and verification not in (_ERROR, "refuted")


def _clinical(code: str) -> Resource:
    return {"coding": [{"system": systems.CONDITION_CLINICAL, "code": code}]}


def _noted(
    resource: Mapping[str, Any], reason: str, author: Mapping[str, str], at: datetime
) -> list[Resource]:
    time = at.isoformat(timespec="seconds")
    note = {"authorReference": dict(author), "time": time, "text": reason}
    return [*elements.objects(resource.get("note")), note]


def _body(site: Site, say: Callable[[str], str]) -> Resource:
    """What and where: its words and detail, the name of the place, the mark."""
    own = {"system": systems.CARE_SITE, "code": site.kind.id, "display": site.kind.words}
    text = ", ".join(filter(None, (say(site.kind.words), site.detail)))
    code: Resource = {"coding": [own], "text": text}
    if site.detail:
        code["extension"] = [{"url": systems.SITE_DETAIL, "valueString": site.detail}]
    mark = [
        {"url": "face", "valueCode": site.point.face},
        {"url": "x", "valueDecimal": site.point.x},
        {"url": "y", "valueDecimal": site.point.y},
    ]
    place = {"system": systems.BODY_SITE, "code": site.place.id, "display": site.place.words}
    body = {
        "extension": [{"url": systems.BODY_POINT, "extension": mark}],
        "coding": [place],
        "text": say(site.place.words),
    }
    return {"code": code, "bodySite": [body]}


def _detail(resource: Mapping[str, Any]) -> str:
    found = elements.extension(resource.get("code"), systems.SITE_DETAIL)
    return elements.text(found.get("valueString")) or ""


def _place(resource: Mapping[str, Any]) -> tuple[BodySite, Point]:
    """The place, and the mark; without a mark the middle of the place."""
    body = elements.first(resource.get("bodySite"))
    words = elements.concept_text(body) or "?"
    known = SITES.get(elements.code_of(body, systems.BODY_SITE) or "")
    place = known or BodySite("", words, _MIDDLE)
    outer = elements.extension(body, systems.BODY_POINT)
    parts = elements.extensions(outer)
    face = parts.get("face", {}).get("valueCode")
    x = elements.decimal(parts.get("x", {}).get("valueDecimal"))
    y = elements.decimal(parts.get("y", {}).get("valueDecimal"))
    if face not in ("front", "back") or x is None or y is None or not (0 <= x <= 1 and 0 <= y <= 1):
        return place, place.point
    return place, Point(face, x, y)
