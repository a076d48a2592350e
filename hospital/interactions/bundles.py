"""Bundles that the server makes: their entries and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from hospital.interactions.call import Call, etag, raw
from hospital.search.times import instant
from hospital.store.view import Version

Entry = dict[str, Any]
Link = tuple[str, str]


def bundle(
    kind: str, entries: Sequence[Entry], links: Iterable[Link] = (), total: int | None = None
) -> Mapping[str, Any]:
    """A Bundle of our own.

    Args:
        kind: ``searchset``, ``history`` …
        entries: Its entries.
        links: Relation and address of each link.
        total: The number of all matches, when it is known.
    """
    made: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if total is not None:
        made["total"] = total
    shown = [{"relation": relation, "url": url} for relation, url in links]
    if shown:
        made["link"] = shown
    if entries:
        made["entry"] = entries
    return made


def found(call: Call, version: Version, resource: Any = None, mode: str = "match") -> Entry:
    """The entry of something found."""
    return {
        "fullUrl": f"{call.base}/{version.type}/{version.id}",
        "resource": raw(version) if resource is None else resource,
        "search": {"mode": mode},
    }


def happened(call: Call, version: Version) -> Entry:
    """The entry of one version in a history."""
    address = f"{version.type}/{version.id}"
    entry: Entry = {"fullUrl": f"{call.base}/{address}"}
    if not version.deleted:
        entry["resource"] = raw(version)
    status = HTTPStatus.NO_CONTENT if version.deleted else HTTPStatus.OK
    if version.version == 1:
        status = HTTPStatus.CREATED
    url = version.type if version.method == "POST" else address
    entry["request"] = {"method": version.method, "url": url}
    entry["response"] = {
        "status": f"{status.value} {status.phrase}",
        "etag": etag(version),
        "lastModified": instant(version.at),
    }
    return entry


def address(base: str, path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """An address of ours with its query."""
    query = urlencode(list(pairs))
    return f"{base}/{path}?{query}" if query else f"{base}/{path}"
