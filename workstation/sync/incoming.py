"""Reads resources off the wire into what the mirror stores: verbatim text and the few keys."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from workstation.fhir.json import dump, parse
from workstation.kernel.errors import Refused, Unavailable
from workstation.store.mirror import Pulled
from workstation.sync.client import Bundle, Entry, Header, header_of, version_in
from workstation.sync.translation import Translation


def pulled(text: bytes | msgspec.Raw, names: Translation) -> Pulled:
    """One resource as it came.

    Raises:
        Unavailable: ``not-fhir``: it is not JSON, or has no type or no id.
    """
    if names:
        return _translated(text, names)
    head = header_of(text)
    try:
        return _checked(head, bytes(text).decode())
    except UnicodeDecodeError as error:
        raise Unavailable("not-fhir", reason="not-utf-8") from error


def _translated(text: bytes | msgspec.Raw, names: Translation) -> Pulled:
    try:
        resource = names.incoming(parse(bytes(text)))
    except Refused as error:
        raise Unavailable("not-fhir", reason="not-json") from error
    body = dump(resource)
    return _checked(header_of(body.encode()), body)


def _checked(head: Header, body: str) -> Pulled:
    if not head.resourceType or not head.id:
        raise Unavailable("not-fhir", reason="no-type-or-id")
    return Pulled(head.resourceType, head.id, head.meta.versionId, head.meta.lastUpdated, body)


def gone(type_: str, id_: str, version: str = "", last_updated: str = "") -> Pulled:
    """One resource that the server deleted."""
    return Pulled(type_, id_, version, last_updated, "")


def of_page(page: Bundle, names: Translation) -> list[Pulled]:
    """What a page of a search or of ``$everything`` holds, messages of the server left out."""
    return [
        pulled(entry.resource, names)
        for entry in page.entry
        if entry.resource and entry.search.mode != "outcome"
    ]


def of_history(entries: Iterable[Entry], names: Translation) -> list[Pulled]:
    """What a page of a history holds, newest first as it comes, deletions included."""
    found = []
    for entry in entries:
        if entry.request.method == "DELETE" or not entry.resource:
            reference = "/".join(entry.request.url.split("/")[:2]) or _last_two(entry.fullUrl)
            type_, _, id_ = names.here(reference).partition("/")
            if type_ and id_:
                found.append(gone(type_, id_, version_in(entry.response.etag), _when(entry)))
        else:
            found.append(pulled(entry.resource, names))
    return found


def _last_two(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _when(entry: Entry) -> str:
    return entry.response.lastModified
