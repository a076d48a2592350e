"""Notes as DocumentReference: a doctor's progress note, a nurse's note, minutes of a consultation.

The texts are attachments, plain text in UTF-8. A DocumentReference has no ``note`` of its own, so
each amendment adds an extension with reason, person and time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from workstation.clinical.consultation import PARTS, Consultation
from workstation.fhir import consultation, elements, systems
from workstation.fhir.json import Resource

OwnKind = Literal["doctor", "nurse", "consultation"]
"""The notes that are written here; others are only read."""
NoteKind = Literal["doctor", "nurse", "consultation", "other"]
NoteState = Literal["final", "amended", "entered-in-error", "preliminary"]

AMENDMENT: Final = f"{systems.BASE}/StructureDefinition/amendment"
"""Extension with ``reason``, ``author`` and ``time`` of one amendment."""
COURSE: Final = "course"
ORDERS: Final = "orders"
_TELLING: Final = ("conclusion", "treatment", "summary", "opinions")
_TEXT: Final = "text/plain; charset=utf-8"
_CODES: Final[Mapping[OwnKind, tuple[str, str]]] = {
    "doctor": ("11506-3", "Progress note"),
    "nurse": ("34746-8", "Nurse Note"),
    "consultation": (consultation.CODE, "Consult note"),
}
_KIND_OF: Final = {code: kind for kind, (code, _) in _CODES.items()}
_OF_THE_OLD_TEXT: Final = ("data", "size", "hash", "url", "_data")
_TAG: Final = re.compile(r"<[^>]*>")
_BLOCK: Final = re.compile(r"(?i)</(?:p|div|li|h[1-6]|tr)>|<br\s*/?>")


@dataclass(frozen=True, slots=True)
class Amendment:
    """Who changed a note, when and why; None is what the record does not say."""

    at: datetime | None
    by: str | None
    reason: str | None
    by_reference: str | None = None


@dataclass(frozen=True, slots=True)
class NoteValues:
    """A note as people read it.

    Attributes:
        kind: Whose note; ``other`` for a document of another kind.
        title: Words of the record for what it is.
        at: When it was written (aware).
        author: As shown.
        author_reference: ``Practitioner/<id>``.
        course: Diễn biến, or the whole text.
        orders: Y lệnh.
        state: Whether it still stands as first written.
        amendments: Oldest first.
        other_content: Content types of attachments that are not text.
        consultation: Minutes of a consultation; `course` then has their texts, the conclusion
            first.
    """

    kind: NoteKind
    title: str | None
    at: datetime | None
    author: str | None
    author_reference: str | None
    course: str
    orders: str
    state: NoteState
    amendments: tuple[Amendment, ...]
    other_content: tuple[str, ...]
    consultation: Consultation | None = None


def read(resource: Mapping[str, Any]) -> NoteValues:
    """Read a DocumentReference of whatever origin."""
    kind = kind_of(resource)
    author = elements.first(resource.get("author"))
    texts, others = _contents(resource)
    orders = texts.pop(ORDERS, "")
    met = None
    if kind == "consultation":
        titled = {title.partition(" ")[2]: words for title, words in texts.items()}
        met = consultation.read(resource, titled)
        texts = {each: titled[each] for each in _TELLING if each in titled}
    return NoteValues(
        kind=kind,
        title=elements.concept_text(resource.get("type"))
        or elements.text(resource.get("description")),
        at=elements.instant(resource.get("date")),
        author=elements.display(author),
        author_reference=elements.reference(author),
        course="\n\n".join(texts.values()),
        orders=orders,
        state=_state(resource),
        amendments=tuple(map(_amendment, _amendments(resource))),
        other_content=others,
        consultation=met,
    )


def kind_of(resource: Mapping[str, Any]) -> NoteKind:
    """What kind of note a DocumentReference is."""
    code = elements.code_of(resource.get("type"), systems.LOINC) or ""
    kind: NoteKind = _KIND_OF.get(code, "other")
    framed = kind != "consultation" or consultation.is_one(resource)
    return kind if framed else "other"


def version(values: NoteValues) -> str:
    """Names what a note says, as a signature refers to it.

    It is made of what people read, never of ids or of how a server writes JSON: the same words are
    the same version on every terminal, and other words are another.
    """
    met = values.consultation
    frame = (
        []
        if met is None
        else [
            met.at.timestamp() if met.at else None,
            met.place,
            met.chair.name if met.chair else "",
            [each.name for each in met.members],
            [getattr(met, part) for part in PARTS],
        ]
    )
    said = json.dumps([values.kind, values.course, values.orders, frame], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def write(
    kind: OwnKind,
    *,
    id: str,
    patient: str,
    encounter: str | None,
    author: Mapping[str, str],
    at: datetime,
    course: str = "",
    orders: str = "",
    met: Consultation | None = None,
) -> Resource:
    """Make a signed note.

    Args:
        kind: Whose note.
        id: Its id.
        patient: Id of the Patient.
        encounter: Id of the stay.
        author: Reference to the person.
        at: When (aware), written with its offset, to the second.
        course: Diễn biến, or the whole of a nurse's note.
        orders: Y lệnh; only a doctor's note has them.
        met: Minutes of a consultation, in place of both.
    """
    stay = [{"reference": f"Encounter/{encounter}"}]
    made = {
        "resourceType": "DocumentReference",
        "id": id,
        "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{id}"}],
        "status": "current",
        "docStatus": "final",
        "type": _type(kind),
        "subject": {"reference": f"Patient/{patient}"},
        "date": at.isoformat(timespec="seconds"),
        "author": [dict(author)],
        "content": _written(kind, course, orders, met),
        **({"context": {"encounter": stay}} if encounter is not None else {}),
    }
    return consultation.framed(made, met) if met is not None else made


def amend(
    resource: Resource,
    *,
    course: str,
    orders: str,
    reason: str,
    author: Mapping[str, str],
    at: datetime,
    met: Consultation | None = None,
) -> Resource:
    """A new version of a note with other texts; attachments of other kinds stay."""
    patched = _annotated(resource, reason=reason, author=author, at=at)
    patched["docStatus"] = "amended"
    kept = [item for item in elements.objects(resource.get("content")) if _text_of(item) is None]
    texts = [item for item in elements.objects(resource.get("content")) if item not in kept]
    after = _written(kind_of(resource), course, orders, met)
    patched["content"] = [*_rewritten(texts, after), *kept]
    return consultation.framed(patched, met) if met is not None else patched


def enter_in_error(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    """A new version of a note that says that it never was true; its texts stay."""
    patched = _annotated(resource, reason=reason, author=author, at=at)
    patched["status"] = patched["docStatus"] = "entered-in-error"
    return patched


def plain(markup: str) -> str:
    """The words of a piece of (X)HTML, one line a block."""
    broken = _BLOCK.sub("\n", markup)
    words = html.unescape(_TAG.sub("", broken))
    return "\n".join(line for line in map(str.strip, words.splitlines()) if line)


def attached_text(attachment: Mapping[str, Any]) -> str | None:
    """The words of an attachment; None when it is not text or cannot be read.

    Some records hold an empty text where nothing was written: it has no words, yet is text.
    """
    kind = (elements.text(attachment.get("contentType")) or "").split(";")[0].strip()
    data = attachment.get("data")
    if not isinstance(data, str) or not (kind.startswith("text/") or kind.endswith("/xhtml+xml")):
        return None
    try:
        words = base64.b64decode("".join(data.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None
    return words if kind == "text/plain" else plain(words)


def _type(kind: OwnKind) -> Resource:
    code, display = _CODES[kind]
    return {"coding": [{"system": systems.LOINC, "code": code, "display": display}]}


def _written(kind: str, course: str, orders: str, met: Consultation | None) -> list[Resource]:
    parts = [(COURSE, course), *([(ORDERS, orders)] if kind == "doctor" else [])]
    if met is not None:
        parts = list(consultation.texts(met))
    return [
        {
            "attachment": {
                "contentType": _TEXT,
                "language": "vi",
                "data": base64.b64encode(words.encode()).decode("ascii"),
                "title": title,
            }
        }
        for title, words in parts
        if words  # R4 has no empty values
    ]


def _rewritten(before: list[Resource], after: list[Resource]) -> list[Resource]:
    """New texts in the place of the old ones, with what else stood beside those."""
    titled = {_title(item): item for item in before}
    titles = {_title(item) for item in after}
    found = []
    for number, item in enumerate(after):
        there = before[number] if number < len(before) else {}
        old = deepcopy(titled.get(_title(item), {} if _title(there) in titles else there))
        kept = elements.mapping(old.pop("attachment", None))
        for name in _OF_THE_OLD_TEXT:
            kept.pop(name, None)
        found.append({**old, "attachment": {**kept, **item["attachment"]}})
    return found


def _contents(resource: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    texts: dict[str, str] = {}
    others = []
    for number, item in enumerate(elements.objects(resource.get("content"))):
        attachment = elements.mapping(item.get("attachment"))
        words = _text_of(item)
        if words is not None:
            title = elements.text(attachment.get("title")) or ""
            texts[ORDERS if title == ORDERS else f"{number} {title}"] = words
        else:
            others.append(elements.text(attachment.get("contentType")) or "?")
    return texts, tuple(others)


def _text_of(item: Mapping[str, Any]) -> str | None:
    return attached_text(elements.mapping(item.get("attachment")))


def _title(item: Mapping[str, Any]) -> str | None:
    return elements.text(elements.mapping(item.get("attachment")).get("title"))


def _state(resource: Mapping[str, Any]) -> NoteState:
    states = (resource.get("status"), resource.get("docStatus"))
    if "entered-in-error" in states:
        return "entered-in-error"
    if "preliminary" in states:
        return "preliminary"
    return "amended" if "amended" in states else "final"


def _amendments(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    extensions = elements.objects(resource.get("extension"))
    return [item for item in extensions if item.get("url") == AMENDMENT]


def _amendment(extension: Mapping[str, Any]) -> Amendment:
    return Amendment(
        at=elements.instant(elements.extension(extension, "time").get("valueDateTime")),
        by=elements.display(elements.extension(extension, "author").get("valueReference")),
        by_reference=elements.reference(
            elements.extension(extension, "author").get("valueReference")
        ),
        reason=elements.text(elements.extension(extension, "reason").get("valueString")),
    )


def _annotated(
    resource: Resource, *, reason: str, author: Mapping[str, str], at: datetime
) -> Resource:
    patched = deepcopy(resource)
    said: Resource = {
        "url": AMENDMENT,
        "extension": [
            {"url": "reason", "valueString": reason},
            {"url": "author", "valueReference": dict(author)},
            {"url": "time", "valueDateTime": at.isoformat(timespec="seconds")},
        ],
    }
    patched["extension"] = [*elements.objects(resource.get("extension")), said]
    return patched
