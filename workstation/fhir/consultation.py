"""The minutes of a consultation as a DocumentReference: the texts are attachments, one a part.

When they met is the document's ``context.period``. R4 has no element for chair, members and place
of a meeting; they stand in one extension of the context, so that they are one value with the texts
and never merged apart from them. The secretary is the author. The chair's signature is a record of
its own (`workstation.fhir.co_signature`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from workstation.clinical.consultation import PARTS, Consultation, Member
from workstation.fhir import elements, systems
from workstation.fhir.json import Resource

CODE: Final = "11488-4"
"""LOINC, Consult note."""


def is_one(resource: Mapping[str, Any]) -> bool:
    """Whether a document is one of ours; others' consult notes have no such frame."""
    return elements.has_code(resource.get("type"), systems.LOINC, CODE) and bool(_frame(resource))


def texts(said: Consultation) -> tuple[tuple[str, str], ...]:
    """Title and words of each part that says something."""
    found = ((part, str(getattr(said, part))) for part in PARTS)
    return tuple((part, words) for part, words in found if words)


def read(resource: Mapping[str, Any], words: Mapping[str, str]) -> Consultation:
    """Read one.

    Args:
        resource: The DocumentReference.
        words: Its attached texts by their titles.
    """
    frame, context = _frame(resource), elements.mapping(resource.get("context"))
    chair = elements.extension(frame, "chair").get("valueReference")
    members = (
        _member(each.get("valueReference"))
        for each in elements.objects(frame.get("extension"))
        if each.get("url") == "member"
    )
    return Consultation(
        at=elements.instant(elements.mapping(context.get("period")).get("start")),
        place=elements.text(elements.extension(frame, "place").get("valueString")) or "",
        chair=_member(chair) if chair else None,
        members=tuple(members),
        **{part: words.get(part, "") for part in PARTS},
    )


def framed(resource: Resource, said: Consultation) -> Resource:
    """The same document with time, place and people of a meeting; what others put there stays."""
    context = elements.mapping(resource.get("context"))
    others = [
        each for each in elements.objects(context.get("extension"))
        if each.get("url") != systems.CONSULTATION
    ]  # fmt: skip
    kept = [
        each for each in elements.objects(_frame(resource).get("extension"))
        if each.get("url") not in ("place", "chair", "member")
    ]  # fmt: skip
    frame = {"url": systems.CONSULTATION, "extension": [*_parts(said), *kept]}
    met: Resource = {"extension": [frame, *others]}
    if said.at is not None:
        period = elements.mapping(context.get("period"))
        met["period"] = {**period, "start": said.at.isoformat(timespec="seconds")}
    return {**resource, "context": {**context, **met}}


def _parts(said: Consultation) -> Iterator[Resource]:
    if said.place:
        yield {"url": "place", "valueString": said.place}
    if said.chair is not None:
        yield {"url": "chair", "valueReference": _reference(said.chair)}
    for member in said.members:
        yield {"url": "member", "valueReference": _reference(member)}


def _reference(member: Member) -> dict[str, str]:
    own = {"reference": f"Practitioner/{member.person}"} if member.person else {}
    return {**own, "display": member.name}


def _member(value: Any) -> Member:
    own = elements.reference_id(value, "Practitioner") or ""
    return Member(elements.display(value) or own, own)


def _frame(resource: Mapping[str, Any]) -> dict[str, Any]:
    return elements.extension(elements.mapping(resource.get("context")), systems.CONSULTATION)
