"""Reads resources off the wire into what the mirror stores: verbatim text and the few keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Final

import msgspec

from workstation.fhir.json import dump, parse
from workstation.kernel.errors import Refused
from workstation.store.mirror import Pulled
from workstation.sync.bundle import Bundle, Entry, Header, header_of, status_in, version_in
from workstation.sync.translation import Translation

_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{1,63}")
_ID: Final = re.compile(r"[A-Za-z0-9\-._~]{1,128}")
"""Wider than FHIR's: some servers write longer ones; all of it can stand in an address."""
_LONGEST_VERSION: Final = 256
_MARK: Final = 16
_GONE: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def pulled(text: bytes | msgspec.Raw, names: Translation, url: str = "") -> Pulled:
    """One resource as it came; one that cannot be read has a `Pulled.fault`.

    Args:
        text: Its bytes.
        names: The ids that the server chose.
        url: Where the server says that it stands; names one that does not name itself.
    """
    head = header_of(text)
    if not _TYPE.fullmatch(head.resourceType) or not _ID.fullmatch(head.id):
        return _odd(bytes(text), head, names, url, "no-type-or-id")
    if len(head.meta.versionId) > _LONGEST_VERSION or not head.meta.versionId.isprintable():
        return _odd(bytes(text), head, names, url, "odd-version")
    try:
        body = bytes(text).decode()
        found = Pulled(head.resourceType, head.id, head.meta.versionId, head.meta.lastUpdated, body)
        return found if not names else _renamed(found, names)
    except UnicodeDecodeError:
        return _odd(bytes(text), head, names, url, "not-utf-8")
    except Refused as error:
        return _odd(bytes(text), head, names, url, str(error.data["reason"]))


def _renamed(found: Pulled, names: Translation) -> Pulled:
    resource = names.incoming(parse(found.body))
    return replace(found, id=str(resource["id"]), body=dump(resource))


def _odd(text: bytes, head: Header, names: Translation, url: str, reason: str) -> Pulled:
    """What cannot be read, under the best name that can be made out; else under its digest."""
    type_, id_ = head.resourceType, head.id
    if not (_TYPE.fullmatch(type_) and _ID.fullmatch(id_)):
        type_, _, id_ = _last_two(url).partition("/")
    if not (_TYPE.fullmatch(type_) and _ID.fullmatch(id_)):
        type_ = head.resourceType if _TYPE.fullmatch(head.resourceType) else ""
        id_ = hashlib.sha256(text).hexdigest()[:_MARK]
    type_, _, id_ = names.here(f"{type_}/{id_}").partition("/")
    version = head.meta.versionId
    if len(version) > _LONGEST_VERSION or not version.isprintable():
        version = ""
    body = text.decode("utf-8", "surrogateescape")
    found = Pulled(type_, id_, version, head.meta.lastUpdated, body, reason)
    owner = id_ if type_ == "Patient" else found.patient
    owner = names.here(f"Patient/{owner}").partition("/")[2] if owner else None
    return replace(found, owner=owner)


def gone(type_: str, id_: str, version: str = "", last_updated: str = "") -> Pulled:
    """One resource that the server deleted."""
    return Pulled(type_, id_, version, last_updated, "")


def of_page(page: Bundle, names: Translation) -> list[Pulled]:
    """What a page of a search or of ``$everything`` holds, messages of the server left out."""
    found = (
        pulled(entry.resource, names, entry.fullUrl)
        for entry in page.entry
        if entry.resource and entry.search.mode != "outcome"
    )
    return [each for each in found if each.type != "OperationOutcome"]


def of_history(entries: Iterable[Entry], names: Translation) -> list[Pulled]:
    """What a page of a history holds, newest first as it comes, deletions included.

    An entry that brings nothing and does not say that it is a deletion is not taken for one: the
    census asks for the record itself.
    """
    found = []
    for entry in entries:
        if _is_deletion(entry):
            reference = "/".join(entry.request.url.split("/")[:2]) or _last_two(entry.fullUrl)
            type_, _, id_ = names.here(reference).partition("/")
            if type_ and id_:
                found.append(gone(type_, id_, version_in(entry.response.etag), _when(entry)))
        elif entry.resource:
            found.append(pulled(entry.resource, names, entry.fullUrl))
    return found


def _is_deletion(entry: Entry) -> bool:
    if entry.request.method:
        return entry.request.method == "DELETE"
    return not entry.resource and status_in(entry.response.status) in _GONE


def _last_two(url: str) -> str:
    return "/".join(url.split("/")[-2:])


def _when(entry: Entry) -> str:
    return entry.response.lastModified
