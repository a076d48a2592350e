"""Bundles and heads of resources as they come off the wire, read as far as sync needs them.

The strict reader takes what is as it should be, fast. What it refuses is read again part by part:
an entry or an element of another shape than it should have counts as absent, and hides nothing of
what stands beside it. Only what is no Bundle at all is no answer.
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from workstation.kernel.errors import Unavailable
from workstation.sync import splitting
from workstation.sync.wire import Response


class Search(msgspec.Struct):
    """``Bundle.entry.search``."""

    mode: str = "match"


class EntryRequest(msgspec.Struct):
    """``Bundle.entry.request`` of a history."""

    method: str = ""
    url: str = ""


class EntryResponse(msgspec.Struct):
    """``Bundle.entry.response``."""

    status: str = ""
    etag: str = ""
    location: str = ""
    lastModified: str = ""  # noqa: N815  FHIR's own name
    outcome: msgspec.Raw = msgspec.Raw()


class Meta(msgspec.Struct):
    """``Resource.meta``, as far as sync reads it alone."""

    versionId: str = ""  # noqa: N815  FHIR's own name
    lastUpdated: str = ""  # noqa: N815  FHIR's own name


class Reference(msgspec.Struct):
    """``Reference``, as far as sync reads it alone."""

    reference: str = ""


class Header(msgspec.Struct):
    """What stands at the head of every resource, and whom it is about."""

    resourceType: str = ""  # noqa: N815  FHIR's own name
    id: str = ""
    meta: Meta = msgspec.field(default_factory=Meta)
    subject: Reference = msgspec.field(default_factory=Reference)


class Entry(msgspec.Struct):
    """One entry of a Bundle; its resource unread."""

    fullUrl: str = ""  # noqa: N815  FHIR's own name
    resource: msgspec.Raw = msgspec.Raw()
    search: Search = msgspec.field(default_factory=Search)
    request: EntryRequest = msgspec.field(default_factory=EntryRequest)
    response: EntryResponse = msgspec.field(default_factory=EntryResponse)

    def header(self) -> Header:
        """Type, id, version and time of the resource, without reading the rest."""
        if not self.resource:
            return Header()
        return header_of(self.resource)

    def subject(self) -> str:
        """``Patient/id`` that the resource is about, on whatever address; empty if none."""
        return "/".join(self.header().subject.reference.split("/")[-2:])

    def stamp(self) -> str:
        """The time of a match; empty for what was only included."""
        return self.header().meta.lastUpdated if self.search.mode == "match" else ""


class Link(msgspec.Struct):
    """``Bundle.link``."""

    relation: str = ""
    url: str = ""


class Bundle(msgspec.Struct):
    """A Bundle whose resources are unread."""

    resourceType: str  # noqa: N815  FHIR's own name
    type: str = ""
    total: int | None = None
    link: list[Link] = []
    entry: list[Entry] = []

    def next(self) -> str | None:
        """The address of the next page; None on the last."""
        return next((link.url for link in self.link if link.relation == "next"), None)


_UNREADABLE: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
_bundles = msgspec.json.Decoder(Bundle)
_headers = msgspec.json.Decoder(Header)
_entries = msgspec.json.Decoder(Entry)
_MOST_LINKS: Final = 20
_Read = TypeVar("_Read")


def bundle_of(response: Response) -> Bundle:
    """Read a Bundle without reading its resources.

    Raises:
        Unavailable: ``not-fhir``.
    """
    return _read_bundle(response.body)


def bundle_from(entry: Entry) -> Bundle:
    """Read the Bundle that one entry of a batch was answered with.

    Raises:
        Unavailable: ``not-fhir``.
    """
    return _read_bundle(entry.resource)


def _read_bundle(text: bytes | msgspec.Raw) -> Bundle:
    try:
        bundle = _bundles.decode(text)
    except _UNREADABLE:
        bundle = _by_parts(bytes(text))
    if bundle.resourceType != "Bundle":
        raise Unavailable("not-fhir", reason="other-type")
    return bundle


def _by_parts(text: bytes) -> Bundle:
    parts = splitting.members(text)
    kind = splitting.string(parts.get("resourceType"))
    if kind is None:
        raise Unavailable("not-fhir", reason="not-a-bundle")
    return Bundle(
        resourceType=kind,
        type=splitting.string(parts.get("type")) or "",
        total=_read(parts.get("total"), int),
        link=[
            found
            for each in splitting.items(parts.get("link", b""))[:_MOST_LINKS]
            if (found := _read(each, Link)) is not None
        ],
        entry=[_entry(each) for each in splitting.items(parts.get("entry", b""))],
    )


def _entry(text: bytes) -> Entry:
    """One entry; what is no object at all stands for the resource that it should have brought."""
    try:
        return _entries.decode(text)
    except _UNREADABLE:
        parts = splitting.members(text)
    return Entry(
        fullUrl=splitting.string(parts.get("fullUrl")) or "",
        resource=msgspec.Raw(parts.get("resource", b"") if parts else text),
        search=_read(parts.get("search"), Search) or Search(),
        request=_read(parts.get("request"), EntryRequest) or EntryRequest(),
        response=_response(parts.get("response")),
    )


def _response(text: bytes | None) -> EntryResponse:
    found = _read(text, EntryResponse)
    if found is not None or text is None:
        return found or EntryResponse()
    parts = splitting.members(text)
    return EntryResponse(
        status=splitting.string(parts.get("status")) or "",
        etag=splitting.string(parts.get("etag")) or "",
        location=splitting.string(parts.get("location")) or "",
        lastModified=splitting.string(parts.get("lastModified")) or "",
    )


def _read(text: bytes | None, kind: type[_Read]) -> _Read | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=kind)
    except _UNREADABLE:
        return None


def header_of(text: bytes | msgspec.Raw) -> Header:
    """Read the head of a resource, and nothing else of it; what is odd in it counts as absent."""
    try:
        return _headers.decode(text)
    except _UNREADABLE:
        parts = splitting.members(bytes(text))
    meta = splitting.members(parts.get("meta", b""))
    subject = splitting.members(parts.get("subject", b""))
    return Header(
        resourceType=splitting.string(parts.get("resourceType")) or "",
        id=splitting.string(parts.get("id")) or "",
        meta=Meta(
            versionId=splitting.string(meta.get("versionId")) or _number(meta.get("versionId")),
            lastUpdated=splitting.string(meta.get("lastUpdated")) or "",
        ),
        subject=Reference(splitting.string(subject.get("reference")) or ""),
    )


def _number(text: bytes | None) -> str:
    """A version that is written as a number; empty for anything else."""
    return text.decode() if text is not None and text.isdigit() else ""


def version_in(etag: str) -> str:
    """The version in an ETag; empty when there is none."""
    return etag.strip().removeprefix("W/").strip('"')


def status_in(text: str) -> int:
    """The number at the start of ``Bundle.entry.response.status``; 0 when there is none."""
    number = text.strip()[:3]
    return int(number) if number.isdigit() and len(number) == len("200") else 0
