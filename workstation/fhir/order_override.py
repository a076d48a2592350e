"""An alert about an order that was seen and accepted: a DetectedIssue with why and by whom.

It is a fact and never changed: who accepts the same alert for the next order writes the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.order_safety import Alert, Severity
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

_SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.INFORM: "low",
    Severity.REASON: "moderate",
    Severity.SECOND_PERSON: "high",
}
_SECOND: Final = "second-person"


@dataclass(frozen=True, slots=True)
class OrderOverride:
    """One accepted alert.

    Attributes:
        key: Names the cause, as `Alert.key`.
        kind: Code of what it was about.
        order: ``Type/id`` of the order.
        person: ``Practitioner/<id>`` of who ordered.
        by: That person's name.
        second: Name of who confirmed; empty when nobody had to.
        at: When (aware).
        reason: The person's words.
        about: What was ordered and what it met, in words.
        records: ``Type/id`` of everything it was about, the order among them.
    """

    key: str
    kind: str
    order: str
    person: str
    by: str
    second: str
    at: datetime | None
    reason: str
    about: str
    records: frozenset[str]


def write(
    entry: Entry, order: str, alert: Alert, *, reason: str, second: Mapping[str, str] | None = None
) -> Resource:
    """Make the record.

    Args:
        entry: Whose, by whom, when.
        order: ``Type/id`` of the order.
        alert: What was accepted; an order that is signed with this one has no id to refer to.
        reason: The person's words.
        second: Reference to who confirmed, with ``display``.
    """
    involved = (order, *(each for each in alert.records if "/" in each))
    about = " – ".join(filter(None, (alert.proposed, alert.other)))
    issue: Resource = {
        **entry.head("DetectedIssue"),
        "extension": [{"url": systems.ALERT_CAUSE, "valueString": alert.key}],
        "status": "final",
        "code": {
            "coding": [{"system": systems.ORDER_ALERT, "code": alert.kind.value}],
            "text": about or alert.kind.value,
        },
        "severity": _SEVERITY[alert.severity],
        "patient": entry.subject,
        "identifiedDateTime": entry.time,
        "author": dict(entry.author),
        "implicated": [{"reference": each} for each in dict.fromkeys(involved)],
        "mitigation": [_mitigation({"text": reason}, entry, entry.author)],
    }
    if alert.source.document:
        issue["detail"] = ", ".join(filter(None, (alert.source.document, alert.source.section)))
    if second is not None:
        code = {"system": systems.ORDER_ALERT, "code": _SECOND}
        issue["mitigation"].append(_mitigation({"coding": [code], "text": reason}, entry, second))
    return issue


def read(resource: Mapping[str, Any]) -> OrderOverride | None:
    """Read a DetectedIssue; None for one that is not ours, or was entered in error."""
    kind = elements.code_of(resource.get("code"), systems.ORDER_ALERT)
    key = elements.text(elements.extension(resource, systems.ALERT_CAUSE).get("valueString"))
    if kind is None or key is None or resource.get("status") == "entered-in-error":
        return None
    deeds = elements.objects(resource.get("mitigation"))
    seconds = [each for each in deeds if _is_second(each)]
    own = next((each for each in deeds if not _is_second(each)), {})
    involved = map(elements.reference, elements.objects(resource.get("implicated")))
    return OrderOverride(
        key=key,
        kind=kind,
        order=elements.reference(elements.first(resource.get("implicated"))) or "",
        person=elements.reference(resource.get("author")) or "",
        by=elements.display(resource.get("author")) or "",
        second=elements.display(seconds[0].get("author")) or "" if seconds else "",
        at=elements.instant(resource.get("identifiedDateTime")),
        reason=elements.concept_text(own.get("action")) or "",
        about=elements.concept_text(resource.get("code")) or "",
        records=frozenset(each for each in involved if each),
    )


def _mitigation(action: Resource, entry: Entry, author: Mapping[str, str]) -> Resource:
    return {"action": action, "date": entry.time, "author": dict(author)}


def _is_second(mitigation: Mapping[str, Any]) -> bool:
    return elements.has_code(mitigation.get("action"), systems.ORDER_ALERT, _SECOND)
