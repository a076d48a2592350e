"""Asks a server once what it really does, since servers claim more than they do.

The questions are those of the wire design. They are asked with ``Basic`` resources that mean
nothing to anybody and are deleted afterwards. The answers are kept together with the server's
epoch and asked anew when that changes. A server on which a deliberately stale ``If-Match``
succeeds is *unsafe*: nothing that exists there is ever updated without a person.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from http import HTTPStatus
from typing import Any

import msgspec

from workstation.fhir import json as fhir_json
from workstation.fhir import systems
from workstation.kernel.errors import Rejected, Unavailable
from workstation.kernel.identity import uuid7
from workstation.sync.client import BatchEntry, FhirClient, version_in, weak_tag
from workstation.sync.wire import FHIR_JSON, Request, Response, raise_for, resource_of

_GUARDED = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
_DECIMAL = "http://hl7.org/fhir/StructureDefinition/geolocation"


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

    @property
    def not_kept(self) -> tuple[str, ...]:
        """What a FHIR server is expected to keep and this one does not, as codes for people."""
        return tuple(code for name, code in _NOT_KEPT.items() if not getattr(self, name))

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


_NOT_KEPT = {
    "guards_updates": "stale-update-accepted",
    "client_ids": "client-ids-refused",
    "honours_none_match": "if-none-match-ignored",
    "none_exist": "if-none-exist-ignored",
    "batch": "no-batch",
    "atomic": "transaction-not-atomic",
    "type_history": "no-type-history",
    "keeps_decimals": "decimals-rewritten",
}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a CapabilityStatement says.

    Attributes:
        epoch: Tells one life of the server's database from another, as far as it says so.
        types: Resource types.
        everything: Whether ``Patient/$everything`` is claimed.
    """

    epoch: str
    types: tuple[str, ...]
    everything: bool


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
    )


def probe(client: FhirClient, claimed: Claims) -> Capabilities:
    """Find out what the server really does.

    Args:
        client: Speaks to the server.
        claimed: Its own words.

    Raises:
        Unavailable: The server went away meanwhile; the probe is then asked again later.
    """
    asked = _Probe(client)
    client_ids = asked.accepts_our_id()
    if not client_ids:
        asked.create_by_post()
    known = Capabilities(
        types=claimed.types,
        client_ids=client_ids,
        none_exist=asked.finds_what_exists(),
        keeps_decimals=asked.keeps_decimals(),
        guards_updates=asked.refuses_a_stale_update(),
        honours_none_match=asked.protects_what_exists(),
        type_history=asked.has_type_history(),
        batch=asked.answers_a_batch(),
        atomic=asked.undoes_a_transaction(client_ids=client_ids),
        gzip=asked.takes_gzip(),
        everything=claimed.everything,
    )
    asked.clean_up()
    return known


class _Probe:
    """One probe under way: a Basic resource of ours on the server, and its version."""

    def __init__(self, client: FhirClient) -> None:
        self._client = client
        self._own = uuid7()
        self._id = self._own
        self._version = ""
        self._first_version = ""
        self._made: list[str] = []

    def accepts_our_id(self) -> bool:
        """Whether a PUT of a new UUID creates it."""
        answer = self._put(self._id, _basic(self._own, self._id))
        if not answer.success:
            return False
        self._note(answer)
        return self._client.get(f"Basic/{self._id}").success

    def create_by_post(self) -> None:
        """Let the server choose the id."""
        answer = self._post_if_new()
        raise_for(answer)
        self._note(answer)

    def finds_what_exists(self) -> bool:
        """Whether If-None-Exist gives back what is there instead of making another."""
        answer = self._post_if_new()
        if not answer.success:
            return False
        found = str(resource_of(answer, "Basic").get("id")) if answer.body else _made_id(answer)
        if found == self._id:
            return True
        self._made.append(found)
        return False

    def keeps_decimals(self) -> bool:
        """Whether 1.10 comes back as 1.10."""
        return b"1.10" in self._client.get(f"Basic/{self._id}").body

    def refuses_a_stale_update(self) -> bool:
        """Whether an update with the version before last is refused."""
        self._first_version = self._version
        first = self._put(self._id, self._body("second"), self._version)
        if not first.success:
            return False
        self._note(first)
        stale = self._put(self._id, self._body("stale"), self._first_version)
        if stale.success:
            self._note(stale)
        return stale.status in _GUARDED

    def protects_what_exists(self) -> bool:
        """Whether If-None-Match: * keeps a PUT from overwriting."""
        answer = self._client.send(
            Request("PUT", f"Basic/{self._id}", self._body("overwritten"), {"If-None-Match": "*"})
        )
        if answer.success:
            self._note(answer)
        return answer.status in _GUARDED

    def has_type_history(self) -> bool:
        """Whether Basic/_history?_since tells of our resource."""
        answer = self._client.get("Basic/_history?_since=2020-01-01T00:00:00Z&_count=10")
        return answer.success and self._id.encode() in answer.body

    def answers_a_batch(self) -> bool:
        """Whether a batch with one reading comes back with that resource in it."""
        try:
            answers = self._client.batch([BatchEntry("GET", f"Basic/{self._id}")])
        except Rejected:
            return False
        return answers[0].response.status.startswith("200") and bool(answers[0].resource)

    def undoes_a_transaction(self, *, client_ids: bool) -> bool:
        """Whether the sibling of a refused entry is not stored either."""
        sibling, own = uuid7(), uuid7()
        body = _basic(own, sibling if client_ids else "")
        create = BatchEntry("PUT", f"Basic/{sibling}", body)
        if not client_ids:
            create = BatchEntry("POST", "Basic", body, full_url=f"urn:uuid:{sibling}")
        stale = BatchEntry(
            "PUT",
            f"Basic/{self._id}",
            self._body("stale"),
            if_match=weak_tag(self._first_version),
        )
        try:
            self._client.batch([create, stale], "transaction")
            undone = False
        except (Rejected, Unavailable):
            undone = True
        return not self._stored(own, sibling, client_ids=client_ids) and undone

    def takes_gzip(self) -> bool:
        """Whether a compressed body is understood."""
        answer = self._client.send(
            Request(
                "PUT",
                f"Basic/{self._id}",
                self._body("compressed " + "z" * 1024),
                {"If-Match": weak_tag(self._version)},
                compress=True,
            )
        )
        if answer.success:
            self._note(answer)
        return answer.success

    def clean_up(self) -> None:
        """Delete what was made; a server that refuses keeps an empty Basic."""
        for made in (self._id, *self._made):
            self._client.send(Request("DELETE", f"Basic/{made}"))

    def _stored(self, own: str, sibling: str, *, client_ids: bool) -> bool:
        if client_ids:
            stored = self._client.get(f"Basic/{sibling}").success
            if stored:
                self._made.append(sibling)
            return stored
        found = self._client.bundle(f"Basic?{own_identifier(own)}")
        siblings = [entry.header().id for entry in found.entry if entry.search.mode == "match"]
        self._made += siblings
        return bool(siblings)

    def _post_if_new(self) -> Response:
        headers = {"If-None-Exist": own_identifier(self._own), "Content-Type": FHIR_JSON}
        return self._client.send(Request("POST", "Basic", _basic(self._own), headers))

    def _put(self, resource_id: str, body: bytes, version: str = "") -> Response:
        headers = {"If-Match": weak_tag(version)} if version else {}
        return self._client.send(Request("PUT", f"Basic/{resource_id}", body, headers))

    def _body(self, note: str) -> bytes:
        return _basic(self._own, self._id, note)

    def _note(self, answer: Response) -> None:
        made = resource_of(answer, "Basic") if answer.body else {}
        self._id = str(made.get("id") or _made_id(answer) or self._id)
        self._version = version_of(made, answer.headers.get("etag", ""), _location(answer))


def own_identifier(own: str) -> str:
    """The search that finds the resource that a workstation made under this UUID."""
    return f"identifier={systems.OWN_ID}|urn:uuid:{own}"


def version_of(resource: dict[str, Any], etag: str, location: str) -> str:
    """The version after a write: from ``meta``, else the ETag, else the location; else empty."""
    meta = resource.get("meta")
    found = meta.get("versionId") if isinstance(meta, dict) else None
    if found and isinstance(found, str | int):
        return str(found)
    if etag:
        return version_in(etag)
    return location.partition("/_history/")[2].strip("/")


def _location(answer: Response) -> str:
    return answer.headers.get("location") or answer.headers.get("content-location", "")


def _made_id(answer: Response) -> str:
    before = _location(answer).partition("/_history/")[0]
    return before.rpartition("/")[2]


def _basic(own: str, resource_id: str = "", note: str = "first") -> bytes:
    return fhir_json.dump_bytes(
        {
            "resourceType": "Basic",
            **({"id": resource_id} if resource_id else {}),
            "extension": [
                {
                    "url": _DECIMAL,
                    "extension": [
                        {"url": "latitude", "valueDecimal": msgspec.Raw(b"1.10")},
                        {"url": "longitude", "valueDecimal": msgspec.Raw(b"2.50")},
                    ],
                }
            ],
            "identifier": [{"system": systems.OWN_ID, "value": f"urn:uuid:{own}"}],
            "code": {"text": f"workstation capability probe: {note}"},
        }
    )


def _epoch(statement: dict[str, Any]) -> str:
    """Of our reference server its epoch; of others name and version, which is what they say."""
    for extension in statement.get("extension") or []:
        if str(extension.get("url", "")).endswith("/server-epoch"):
            return str(extension.get("valueUuid") or extension.get("valueString") or "")
    software = statement.get("software") or {}
    return f"{software.get('name', '')} {software.get('version', '')}".strip()
