"""That a second signature is wanted, and that it was given: two kinds of Task.

R4 has one ``authenticator`` in a document, without a time, and whoever amends the document on
another terminal meanwhile changes the same element: one of the two would have to give way. So a
signature is a completed Task of its own, of one version of the words, as everything is that
happened (ADR 0070). What is wanted is an open Task; it stays as it is when somebody signs, so that
two people who sign on two terminals never contradict each other. The chair of a consultation is
named in its minutes and needs no such Task.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, Final

from workstation.clinical.co_signature import WANTED_ROLES, Post, Signature, Wanted
from workstation.fhir import elements, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

WANTED: Final = "sign-note"
SIGNED: Final = "note-signed"
OPEN: Final = "requested"
GIVEN: Final = "completed"
_VERSION: Final = "signed-version"
_POST: Final = "signed-as"
_WHOM: Final = ("owner", "performerType")
_WORDS: Final[Mapping[Post, str]] = {
    "chair": "Chủ tọa ký biên bản hội chẩn",
    "second": "Ký xác nhận ghi chép",
}
"""What the record calls it, as every record of a ward is in Vietnamese."""


def ask(entry: Entry, note: str, wanted: Wanted) -> Resource:
    """Ask somebody to sign a note.

    Args:
        entry: Whose note, who asks and when.
        note: Id of the DocumentReference.
        wanted: Whose signature.
    """
    return {
        **_task(entry, WANTED, OPEN, note),
        "authoredOn": entry.time,
        "requester": dict(entry.author),
        **_whom(wanted),
    }


def asked_anew(resource: Resource, wanted: Wanted | None) -> Resource:
    """A new version that asks somebody else, or nobody any more."""
    kept = {key: value for key, value in deepcopy(resource).items() if key not in _WHOM}
    if wanted is None:
        return {**kept, "status": "cancelled", **{k: resource[k] for k in _WHOM if k in resource}}
    return {**kept, "status": OPEN, **_whom(wanted)}


def wanted(resource: Mapping[str, Any]) -> tuple[str, Wanted] | None:
    """The note's id and whose signature is wanted; None when it is not, or names nobody."""
    note = elements.reference_id(resource.get("focus"), "DocumentReference")
    if note is None or resource.get("status") != OPEN:
        return None
    owner = resource.get("owner")
    person = elements.reference_id(owner, "Practitioner") or ""
    role = elements.code_of(resource.get("performerType"), systems.ROLE) or ""
    if not person and role not in WANTED_ROLES:
        return None
    name = (elements.display(owner) or person) if person else ""
    return note, Wanted("second", "" if person else role, person, name)


def sign(
    entry: Entry, note: str, version: str, post: Post, *, session: Mapping[str, str] | None = None
) -> Resource:
    """Sign one version of a note.

    Args:
        entry: Whose note, who signs and when.
        note: Id of the DocumentReference.
        version: What it says, as `workstation.fhir.note.version` puts it.
        post: As what.
        session: Who is logged in at the terminal, when whoever signs proved it by a PIN there.
    """
    said = ((_VERSION, version), (_POST, post))
    task = _task(entry, SIGNED, GIVEN, note)
    return {
        **task,
        "code": {**task["code"], "text": _WORDS[post]},
        "executionPeriod": {"start": entry.time, "end": entry.time},
        "authoredOn": entry.time,
        **({"requester": dict(session)} if session else {}),
        "owner": dict(entry.author),
        "input": [
            {"type": {"coding": [{"system": systems.TASK_INPUT, "code": code}]}, "valueString": own}
            for code, own in said
        ],
    }


def signature(resource: Mapping[str, Any]) -> Signature | None:
    """Read one; None when it was taken back or does not say what was signed."""
    note = elements.reference_id(resource.get("focus"), "DocumentReference")
    version = _said(resource, _VERSION)
    if note is None or not version or resource.get("status") != GIVEN:
        return None
    owner = elements.mapping(resource.get("owner"))
    person = elements.reference_id(owner, "Practitioner") or ""
    return Signature(
        task=elements.text(resource.get("id")) or "",
        note=note,
        version=version,
        post="chair" if _said(resource, _POST) == "chair" else "second",
        person=person,
        name=elements.display(owner) or person,
        at=_at(resource),
    )


def taken_back(resource: Resource, at: datetime) -> Resource:
    """The same, entered in error; nothing else of it changes."""
    changed = at.isoformat(timespec="seconds")
    return {**deepcopy(resource), "status": "entered-in-error", "lastModified": changed}


def _task(entry: Entry, code: str, status: str, note: str) -> Resource:
    return {
        **entry.head("Task"),
        "status": status,
        "intent": "order",
        "code": {"coding": [{"system": systems.TASK, "code": code}]},
        "focus": {"reference": f"DocumentReference/{note}"},
        "for": entry.subject,
        **entry.stay(),
    }


def _whom(wanted: Wanted) -> Resource:
    if wanted.person:
        owner = {"reference": f"Practitioner/{wanted.person}", "display": wanted.name}
        return {"owner": owner}
    return {"performerType": [{"coding": [{"system": systems.ROLE, "code": wanted.role}]}]}


def _at(resource: Mapping[str, Any]) -> datetime | None:
    done = elements.mapping(resource.get("executionPeriod"))
    return elements.instant(done.get("end")) or elements.instant(resource.get("authoredOn"))


def _said(resource: Mapping[str, Any], code: str) -> str:
    for part in elements.objects(resource.get("input")):
        if elements.has_code(part.get("type"), systems.TASK_INPUT, code):
            return elements.text(part.get("valueString")) or ""
    return ""
