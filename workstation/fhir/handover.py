"""A handover of one patient as DocumentReference: four texts, preliminary until it is accepted.

R4 has no time at which a document was authenticated, and nothing for a question back: both stand
in extensions of ours.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workstation.clinical.handover import SECTIONS, Section, State
from workstation.fhir import elements, note, systems
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource

CODE: Final = "shift-handover"
ACCEPTED_AT: Final = f"{systems.BASE}/StructureDefinition/accepted-at"
QUESTION: Final = f"{systems.BASE}/StructureDefinition/question"
_TITLE: Final = "Bàn giao ca (SBAR)"
_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Question:
    """What the next person wanted to know before taking over."""

    words: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover.

    Attributes:
        id: Id of the DocumentReference.
        patient: Id of the Patient.
        texts: What each section says.
        given_at: When it was given last (aware).
        given_by: Id of the Practitioner.
        giver: As shown.
        state: ``given``, ``asked`` or ``accepted``.
        accepted_at: When it was taken over.
        accepted_by: Id of the Practitioner.
        accepter: As shown.
        question: The last question, as long as it is not answered by giving again.
    """

    id: str
    patient: str | None
    texts: Mapping[Section, str]
    given_at: datetime | None
    given_by: str
    giver: str
    state: State
    accepted_at: datetime | None
    accepted_by: str
    accepter: str
    question: Question | None


def is_handover(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is one, and was not entered in error."""
    return (
        resource.get("resourceType") == "DocumentReference"
        and elements.has_code(resource.get("type"), systems.DOCUMENT, CODE)
        and resource.get("status") == "current"
    )


def read(resource: Mapping[str, Any]) -> Handover:
    """Read one; what is absent or odd is empty."""
    author = elements.first(resource.get("author"))
    accepter = resource.get("authenticator")
    given = elements.instant(resource.get("date"))
    question = _question(resource, given)
    final = resource.get("docStatus") == "final"
    accepted = elements.extension(resource, ACCEPTED_AT).get("valueDateTime")
    return Handover(
        id=elements.text(resource.get("id")) or "",
        patient=elements.reference_id(resource.get("subject"), "Patient"),
        texts=_texts(resource),
        given_at=given,
        given_by=elements.reference_id(author, "Practitioner") or "",
        giver=elements.display(author) or "",
        state="accepted" if final else "asked" if question else "given",
        accepted_at=elements.instant(accepted),
        accepted_by=elements.reference_id(accepter, "Practitioner") or "",
        accepter=elements.display(accepter) or "",
        question=None if final else question,
    )


def write(entry: Entry, texts: Mapping[Section, str]) -> Resource:
    """Make one that waits for the next person."""
    context = {"context": {"encounter": [entry.stay()["encounter"]]}} if entry.encounter else {}
    coding = {"system": systems.DOCUMENT, "code": CODE, "display": "Shift handover"}
    return {
        **entry.head("DocumentReference"),
        "status": "current",
        "docStatus": "preliminary",
        "type": {"coding": [coding], "text": _TITLE},
        "subject": entry.subject,
        "date": entry.time,
        "author": [dict(entry.author)],
        "content": _content(texts),
        **context,
    }


def given_again(
    resource: Resource, texts: Mapping[Section, str], *, at: datetime, author: Mapping[str, str]
) -> Resource:
    """A new version of one that nobody has taken over: other texts, a question is answered."""
    return {
        **deepcopy(resource),
        "date": at.isoformat(timespec="seconds"),
        "author": [dict(author)],
        "content": _content(texts),
    }


def accepted(resource: Resource, *, by: Mapping[str, str], at: datetime) -> Resource:
    """A new version that somebody has taken over; from now on it is final."""
    moment = {"url": ACCEPTED_AT, "valueDateTime": at.isoformat(timespec="seconds")}
    kept = [e for e in elements.objects(resource.get("extension")) if e.get("url") != ACCEPTED_AT]
    return {
        **deepcopy(resource),
        "docStatus": "final",
        "authenticator": dict(by),
        "extension": [*kept, moment],
    }


def asked_back(resource: Resource, words: str, *, by: Mapping[str, str], at: datetime) -> Resource:
    """A new version with a question to whoever gave it; it still waits."""
    asked = {
        "url": QUESTION,
        "extension": [
            {"url": "words", "valueString": words},
            {"url": "author", "valueReference": dict(by)},
            {"url": "time", "valueDateTime": at.isoformat(timespec="seconds")},
        ],
    }
    # An extension is named by its address when versions are merged: the last question counts.
    kept = [e for e in elements.objects(resource.get("extension")) if e.get("url") != QUESTION]
    return {**deepcopy(resource), "extension": [*kept, asked]}


def _question(resource: Mapping[str, Any], given: datetime | None) -> Question | None:
    found = elements.extension(resource, QUESTION)
    words = elements.text(elements.extension(found, "words").get("valueString"))
    if words is None:
        return None
    at = elements.instant(elements.extension(found, "time").get("valueDateTime"))
    if at is not None and given is not None and given > at:
        return None  # it was given again since: that is the answer
    by = elements.extension(found, "author").get("valueReference")
    return Question(words, elements.display(by) or "", at)


def _texts(resource: Mapping[str, Any]) -> dict[Section, str]:
    found: dict[Section, str] = {}
    for item in elements.objects(resource.get("content")):
        attachment = elements.mapping(item.get("attachment"))
        section = next((each for each in SECTIONS if each == attachment.get("title")), None)
        if section is not None:
            found[section] = note.attached_text(attachment) or ""
    return {section: found.get(section, "") for section in SECTIONS}


def _content(texts: Mapping[Section, str]) -> list[Resource]:
    return [
        {
            "attachment": {
                "contentType": _TEXT,
                "data": base64.b64encode(texts.get(section, "").encode()).decode("ascii"),
                "title": section,
            }
        }
        for section in SECTIONS
    ]
