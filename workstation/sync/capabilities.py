"""What a server claims to be and to do, and the place for what was found out about it.

The claims are its CapabilityStatement's; what it really does is asked by `probe`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any

import msgspec

from workstation.kernel.errors import Unavailable
from workstation.sync.client import FhirClient
from workstation.sync.wire import raise_for, resource_of


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found out about one server.

    Attributes:
        types: Resource types that it knows.
        client_ids: A ``PUT`` of a new UUID creates it.
        guards_updates: A stale ``If-Match`` is refused.
        honours_none_match: ``If-None-Match: *`` protects what exists.
        none_exist: ``If-None-Exist`` finds what was created before.
        batch: Several requests travel as one.
        atomic: A ``transaction`` is applied whole or not at all.
        type_history: ``Type/_history?_since`` lists what changed.
        everything: ``Patient/$everything`` is claimed; the first fill finds out.
        keeps_decimals: ``1.10`` stays ``1.10``.
        gzip: Request bodies may be compressed.
        tells_deletions: What was deleted is 410, so that 404 means: never heard of it.
    """

    types: tuple[str, ...] = ()
    client_ids: bool = True
    guards_updates: bool = True
    honours_none_match: bool = True
    none_exist: bool = True
    batch: bool = True
    atomic: bool = True
    type_history: bool = True
    everything: bool = True
    keeps_decimals: bool = True
    gzip: bool = False
    tells_deletions: bool = False

    @property
    def not_kept(self) -> tuple[str, ...]:
        """What a FHIR server is expected to keep and this one does not, as codes for people."""
        return tuple(code for name, code in NOT_KEPT.items() if not getattr(self, name))

    def encoded(self) -> str:
        """As text to remember."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decoded(cls, text: str) -> Capabilities:
        """From remembered text; what an older program did not ask has its careful default."""
        known = {field.name for field in fields(cls)}
        found = msgspec.json.decode(text, type=dict[str, Any])
        found["types"] = tuple(found.get("types", ()))
        return cls(**{name: value for name, value in found.items() if name in known})


NOT_KEPT = {
    "guards_updates": "stale-update-accepted",
    "client_ids": "client-ids-refused",
    "honours_none_match": "if-none-match-ignored",
    "none_exist": "if-none-exist-ignored",
    "batch": "no-batch",
    "atomic": "transaction-not-atomic",
    "type_history": "no-type-history",
    "keeps_decimals": "decimals-rewritten",
}
"""What a server is expected to keep, and the code under which people are told that it does not."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a CapabilityStatement says.

    Attributes:
        epoch: Tells one life of the server's database from another, as far as it says so.
        types: Resource types.
        everything: Whether ``Patient/$everything`` is claimed.
        product: Name of the server's program; empty if it does not say.
    """

    epoch: str
    types: tuple[str, ...]
    everything: bool
    product: str = ""

    def is_update_of(self, epoch: str) -> bool:
        """Whether the same program is only of another version than when `epoch` was noted.

        A server that does not tell its database's lives apart is known by name and version; a
        newer version is no other database. What it lost would be found record by record.
        """
        return bool(self.product) and all(
            each.startswith(f"{self.product} ") for each in (self.epoch, epoch)
        )


def claims(client: FhirClient) -> Claims:
    """Read the server's CapabilityStatement.

    Raises:
        Unavailable: Not reachable; ``wrong-address`` when there is no FHIR server at that address.
    """
    response = client.get("metadata")
    if response.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.METHOD_NOT_ALLOWED):
        raise Unavailable("wrong-address", status=response.status)
    raise_for(response)
    statement = resource_of(response, "CapabilityStatement")
    if not str(statement.get("fhirVersion", "")).startswith("4.0"):
        raise Unavailable("wrong-fhir-version", version=str(statement.get("fhirVersion")))
    return read_claims(statement)


def read_claims(statement: dict[str, Any]) -> Claims:
    """What a CapabilityStatement claims, as far as sync uses it."""
    resources = [
        resource
        for rest in statement.get("rest") or []
        if rest.get("mode") == "server"
        for resource in rest.get("resource") or []
    ]
    operations = {
        (resource.get("type"), operation.get("name"))
        for resource in resources
        for operation in resource.get("operation") or []
    }
    return Claims(
        epoch=_epoch(statement),
        types=tuple(sorted(resource["type"] for resource in resources)),
        everything=bool(operations & {("Patient", "everything"), ("Patient", "$everything")}),
        product=str((statement.get("software") or {}).get("name", "")),
    )


def _epoch(statement: dict[str, Any]) -> str:
    """Of our reference server its epoch; of others name and version, which is what they say."""
    for extension in statement.get("extension") or []:
        if str(extension.get("url", "")).endswith("/server-epoch"):
            return str(extension.get("valueUuid") or extension.get("valueString") or "")
    software = statement.get("software") or {}
    return f"{software.get('name', '')} {software.get('version', '')}".strip()
