"""Reads resources off the wire into what the mirror stores: verbatim text and the few keys."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.fhir.json import Resource, dump, parse
from workstation.kernel.errors import Refused, Unavailable
from workstation.store.mirror import Pulled
from workstation.sync.client import Bundle, Entry, version_in
from workstation.sync.translation import Translation


def pulled(text: bytes | str, names: Translation) -> Pulled:
    """One resource as it came.

    Raises:
        Unavailable: ``not-fhir``: it has no type or no id.
    """
    try:
        resource = parse(text)
    except Refused as error:
        raise Unavailable("not-fhir", reason="not-json") from error
    body = text if isinstance(text, str) else text.decode()
    if names:
        resource = names.incoming(resource)
        body = dump(resource)
    return as_pulled(resource, body)


def as_pulled(resource: Resource, body: str) -> Pulled:
    """One resource that is read already.

    Raises:
        Unavailable: ``not-fhir``: it has no type or no id.
    """
    type_, id_ = resource.get("resourceType"), resource.get("id")
    if not isinstance(type_, str) or not isinstance(id_, str):
        raise Unavailable("not-fhir", reason="no-type-or-id")
    meta = resource.get("meta") or {}
    return Pulled(
        type_, id_, str(meta.get("versionId", "")), str(meta.get("lastUpdated", "")), body, resource
    )


def gone(type_: str, id_: str, version: str = "", last_updated: str = "") -> Pulled:
    """One resource that the server deleted."""
    return Pulled(type_, id_, version, last_updated, "", None)


def of_page(page: Bundle, names: Translation) -> list[Pulled]:
    """What a page of a search or of ``$everything`` holds, messages of the server left out."""
    return [
        pulled(bytes(entry.resource), names)
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
            found.append(pulled(bytes(entry.resource), names))
    return found


def _last_two(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _when(entry: Entry) -> str:
    return entry.response.lastModified
