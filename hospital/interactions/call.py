"""What every interaction knows of the request it serves, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import msgspec

from hospital.auth.scopes import Principal
from hospital.outcome import Fault, not_found
from hospital.schema.r4 import resource_types
from hospital.store.database import Database
from hospital.store.view import Version

VERSION_LENGTH: Final = 10
"""Digits that are too many for a version number: every database counts up to 2^31."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask.

    Attributes:
        body: Bytes of a request as sent.
        unpacked: Bytes of a request after decompression.
        entries: Entries of a Bundle.
        page: Matches on a page.
    """

    body: int = 16 * 1024 * 1024
    unpacked: int = 64 * 1024 * 1024
    entries: int = 2000
    page: int = 1000


@dataclass(frozen=True, slots=True)
class Call:
    """The circumstances of one request.

    Attributes:
        database: The record.
        base: Our FHIR base as the client knows it, without a slash at the end.
        principal: Who asks, and what he or she may do.
        headers: By name in lower case.
        limits: How much may be asked.
    """

    database: Database
    base: str
    principal: Principal
    headers: Mapping[str, str]
    limits: Limits

    def allow(self, type_: str, action: str) -> None:
        """Refuse what the principal has no scope for.

        Args:
            type_: A resource type.
            action: ``c`` create, ``r`` read, ``u`` update, ``d`` delete, ``s`` search.

        Raises:
            Fault: 403; 404 when there is no such type.
        """
        if type_ not in resource_types():
            raise not_found(f"resource type {type_[:60]!r}")
        if not self.principal.may(type_, action):
            raise Fault(HTTPStatus.FORBIDDEN, "forbidden", f"no scope for {type_}.{action}")

    def allow_reading_all(self) -> None:
        """Refuse who may not read every type.

        Raises:
            Fault: 403.
        """
        if not self.principal.may("*", "r"):
            raise Fault(HTTPStatus.FORBIDDEN, "forbidden", "no scope to read every type")

    def prefers(self, preference: str) -> bool:
        """Whether the ``Prefer`` header has this, such as ``return=minimal``."""
        wanted = self.headers.get("prefer", "").replace(";", ",").split(",")
        return preference in (part.strip() for part in wanted)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interaction gives back.

    Attributes:
        status: HTTP status.
        resource: What to show; raw when it comes from the record as it stands.
        version: The version that it is about.
        headers: Further headers.
    """

    status: HTTPStatus
    resource: Mapping[str, Any] | msgspec.Raw | None = None
    version: Version | None = None
    headers: dict[str, str] = field(default_factory=dict)


def raw(version: Version) -> msgspec.Raw:
    """The body of a version as it stands in the record.

    Raises:
        ValueError: when the version is a deletion.
    """
    if version.body is None:
        raise ValueError("a deletion has no body")
    return msgspec.Raw(version.body)


def etag(version: Version) -> str:
    """The weak entity tag of a version."""
    return f'W/"{version.version}"'


def location(call: Call, version: Version) -> str:
    """The address of a version."""
    return f"{call.base}/{version.type}/{version.id}/_history/{version.version}"


def number(tag: str) -> int | None:
    """The version number inside an entity tag or of an address; absent when it is none of ours."""
    bare = tag.strip().removeprefix("W/").strip('"')
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < VERSION_LENGTH else None
