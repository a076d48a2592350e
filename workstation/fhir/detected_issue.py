"""A collision of meaning as FHIR DetectedIssue, the same on every terminal that finds it.

Nothing in it depends on who found it or when: id and content come from the records involved alone,
so that terminals agree without talking. A person's acknowledgement is a ``mitigation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from workstation.fhir import systems
from workstation.fhir.json import Resource, canonical
from workstation.kernel.ids import name_uuid

Severity = Literal["high", "moderate", "low"]
State = Literal["open", "acknowledged", "resolved"]

_STATUS: Final[dict[State, str]] = {
    "open": "preliminary",
    "acknowledged": "final",
    "resolved": "entered-in-error",
}
"""The codes that the value sets of R4 and of R4B have in common: servers check against either."""
_STATES: Final[dict[str, State]] = {
    **{status: state for state, status in _STATUS.items()},
    "cancelled": "resolved",
    "mitigated": "resolved",
}
_RANK: Final[dict[State, int]] = {"open": 0, "acknowledged": 1, "resolved": 2}


@dataclass(frozen=True, slots=True)
class Alert:
    """One collision of meaning.

    Attributes:
        id: Deterministic, see `alert_id`.
        rule: Code of the rule that found it.
        severity: As FHIR has it.
        records: ``Type/id`` of the records involved, sorted.
        patient: Id of the patient whose chart shows it; None when it is of a place.
        since: When the collision came about, by the records, as FHIR dateTime text.
        state: Open, acknowledged by somebody, or resolved by what was charted since.
        acknowledged_by: Name of who acknowledged it last.
        acknowledged_at: When, as FHIR dateTime text.
        reason: That person's words.
    """

    id: str
    rule: str
    severity: Severity
    records: tuple[str, ...]
    patient: str | None
    since: str | None
    state: State = "open"
    acknowledged_by: str | None = None
    acknowledged_at: str | None = None
    reason: str = ""


def alert_id(rule: str, key: str) -> str:
    """The id that this collision has on every terminal."""
    return name_uuid("collision", rule, key)


def is_alert(resource: Mapping[str, Any] | None) -> bool:
    """Whether a resource is a DetectedIssue of one of our rules."""
    return (
        resource is not None
        and resource.get("resourceType") == "DetectedIssue"
        and any(c.get("system") == systems.ISSUE for c in _codings(resource))
    )


def to_issue(alert: Alert) -> Resource:
    """A new DetectedIssue for an open alert."""
    issue: Resource = {
        "resourceType": "DetectedIssue",
        "id": alert.id,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{alert.id}"}],
        "status": _STATUS[alert.state],
        "code": {"coding": [{"system": systems.ISSUE, "code": alert.rule}]},
        "severity": alert.severity,
    }
    if alert.patient:
        issue["patient"] = {"reference": f"Patient/{alert.patient}"}
    if alert.since:
        issue["identifiedDateTime"] = alert.since
    issue["implicated"] = [{"reference": reference} for reference in alert.records]
    return issue


def from_issue(issue: Resource) -> Alert:
    """Read a DetectedIssue of ours."""
    mitigation = (issue.get("mitigation") or [{}])[-1]
    author = mitigation.get("author") or {}
    patient = (issue.get("patient") or {}).get("reference", "")
    return Alert(
        id=_own_id(issue),
        rule=next(c["code"] for c in _codings(issue) if c.get("system") == systems.ISSUE),
        severity=issue.get("severity", "high"),
        records=tuple(entry["reference"] for entry in issue.get("implicated", [])),
        patient=patient.removeprefix("Patient/") or None,
        since=issue.get("identifiedDateTime"),
        state=_state(issue),
        acknowledged_by=author.get("display") or author.get("reference"),
        acknowledged_at=mitigation.get("date"),
        reason=(mitigation.get("action") or {}).get("text", ""),
    )


def with_state(issue: Resource, state: State) -> Resource:
    """The same issue in another state; all else stays as it is stored."""
    return {**issue, "status": _STATUS[state]}


def acknowledged(issue: Resource, *, person: tuple[str, str], at: str, reason: str) -> Resource:
    """The issue, acknowledged by a person (reference and name) with a reason."""
    mitigation = {
        "action": {"text": reason},
        "date": at,
        "author": {"reference": person[0], "display": person[1]},
    }
    done = with_state(issue, "acknowledged")
    return {**done, "mitigation": [*issue.get("mitigation", []), mitigation]}


def reconcile(mine: Resource, theirs: Resource) -> Resource:
    """One alert out of two versions: resolved before acknowledged before open, all words kept.

    Terminals write only what follows from the records, and acknowledgements; neither is a
    contradiction that a person would have to decide.
    """
    status = max(theirs, mine, key=lambda issue: _RANK[_state(issue)]).get("status")
    found = {canonical({"m": m}): m for side in (theirs, mine) for m in side.get("mitigation", [])}
    merged = {**mine, **theirs, "status": status}
    if found:
        ordered = sorted(found.items(), key=lambda item: (item[1].get("date", ""), item[0]))
        merged["mitigation"] = [mitigation for _, mitigation in ordered]
    return merged


def _state(issue: Mapping[str, Any]) -> State:
    return _STATES.get(issue.get("status", ""), "open")


def _own_id(issue: Resource) -> str:
    """The id that terminals agree on; a server may have filed the alert under another one."""
    for identifier in issue.get("identifier", []):
        if identifier.get("system") == systems.OWN_ID:
            return str(identifier.get("value", "")).removeprefix("urn:uuid:")
    return str(issue["id"])


def _codings(issue: Mapping[str, Any]) -> list[dict[str, Any]]:
    code = issue.get("code")
    return code.get("coding", []) if isinstance(code, dict) else []
