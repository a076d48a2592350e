"""Asks a server once what it really does, since servers claim more than they do.

The questions are those of the wire design. They are asked with ``Basic`` resources that mean
nothing to anybody and are deleted afterwards. The answers are kept together with the server's
epoch and asked anew when that changes. A server on which a deliberately stale ``If-Match``
succeeds is *unsafe*: nothing that exists there is ever updated without a person.
"""

from __future__ import annotations

import contextlib
import re
from http import HTTPStatus
from typing import Any

import msgspec

from workstation.fhir import json as fhir_json
from workstation.fhir import systems
from workstation.kernel.errors import Rejected, Unavailable
from workstation.kernel.identity import uuid7
from workstation.sync.capabilities import Capabilities, Claims
from workstation.sync.client import BatchEntry, FhirClient, status_in, version_in, weak_tag
from workstation.sync.translation import carries_key
from workstation.sync.wire import FHIR_JSON, Request, Response, raise_for, resource_of

_VERBATIM = re.compile(rb":\s*1\.10\s*[,}]")
_GUARDED = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
_NO_ANSWER = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
"""These tell of the moment, not of what the server can do."""
_DECIMAL = "http://hl7.org/fhir/StructureDefinition/geolocation"


def probe(client: FhirClient, claimed: Claims) -> Capabilities:
    """Find out what the server really does.

    Args:
        client: Speaks to the server.
        claimed: Its own words.

    Raises:
        Unavailable: The server went away meanwhile; the probe is then asked again later.
    """
    asked = _Probe(client)
    try:
        known = _asked_everything(asked, claimed)
        asked.clean_up()
    except Unavailable:
        # What was made is not to stay, if the server can still be reached.
        with contextlib.suppress(Unavailable, Rejected):
            asked.clean_up_after_an_accident()
        raise
    return known


def _asked_everything(asked: _Probe, claimed: Claims) -> Capabilities:
    client_ids = asked.accepts_our_id()
    if not client_ids:
        asked.create_by_post()
    return Capabilities(
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
        tells_deletions=asked.tells_of_a_deletion(),
    )


class _Probe:
    """One probe under way: a Basic resource of ours on the server, and its version."""

    def __init__(self, client: FhirClient) -> None:
        self._client = client
        self._own = uuid7()
        self._id = self._own
        self._version = ""
        self._first_version = ""
        self._made: list[str] = []
        self._keys = [self._own]

    def accepts_our_id(self) -> bool:
        """Whether a PUT of a new UUID creates it."""
        answer = self._put(self._id, _basic(self._own, self._id))
        if not answer.success:
            return False
        self._note(answer)
        return self._get(f"Basic/{self._id}").success

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
        """Whether 1.10 comes back as 1.10; a time may end so too (``11:52:01.10``)."""
        return _VERBATIM.search(self._get(f"Basic/{self._id}").body) is not None

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
        answer = self._send(
            Request("PUT", f"Basic/{self._id}", self._body("overwritten"), {"If-None-Match": "*"})
        )
        if answer.success:
            self._note(answer)
        return answer.status in _GUARDED

    def has_type_history(self) -> bool:
        """Whether Basic/_history?_since tells of our resource."""
        answer = self._get("Basic/_history?_since=2020-01-01T00:00:00Z&_count=10")
        return answer.success and self._id.encode() in answer.body

    def answers_a_batch(self) -> bool:
        """Whether a batch with one reading comes back with that resource in it."""
        try:
            answers = self._client.batch([BatchEntry("GET", f"Basic/{self._id}")])
        except Rejected:
            return False
        if status_in(answers[0].response.status) in _NO_ANSWER:
            raise Unavailable("throttled", retry_after=None)
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
        self._keys.append(own)
        if client_ids:
            self._made.append(sibling)
        try:
            self._client.batch([create, stale], "transaction")
            undone = False
        except Rejected:
            undone = True
        except Unavailable as error:
            if not _about_the_server(error):
                raise
            undone = True
        return not self._stored(own, sibling, client_ids=client_ids) and undone

    def takes_gzip(self) -> bool:
        """Whether a compressed body is understood."""
        answer = self._send(
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

    def tells_of_a_deletion(self) -> bool:
        """Whether what was deleted is answered otherwise than what never was."""
        if not self._send(Request("DELETE", f"Basic/{self._id}")).success:
            return False
        return self._get(f"Basic/{self._id}").status == HTTPStatus.GONE

    def clean_up(self) -> None:
        """Delete what was made, or may have been; a server that refuses keeps an empty Basic."""
        for made in (self._id, *self._made):
            self._send(Request("DELETE", f"Basic/{made}"))

    def clean_up_after_an_accident(self) -> None:
        """As `clean_up`, and what was made under an id that no answer told."""
        for own in self._keys:
            self._made += self._made_under(own)
        self.clean_up()

    def _get(self, path: str) -> Response:
        return _told(self._client.get(path))

    def _send(self, request: Request) -> Response:
        return _told(self._client.send(request))

    def _stored(self, own: str, sibling: str, *, client_ids: bool) -> bool:
        if client_ids:
            return self._get(f"Basic/{sibling}").success
        siblings = self._made_under(own)
        self._made += siblings
        return bool(siblings)

    def _made_under(self, own: str) -> list[str]:
        found = self._client.bundle(f"Basic?{own_identifier(own)}")
        # A server that does not know the search parameter gives everybody's.
        mine = [entry for entry in found.entry if carries_key(entry.resource, f"urn:uuid:{own}")]
        return [entry.header().id for entry in mine if entry.search.mode == "match"]

    def _post_if_new(self) -> Response:
        headers = {"If-None-Exist": own_identifier(self._own), "Content-Type": FHIR_JSON}
        return self._send(Request("POST", "Basic", _basic(self._own), headers))

    def _put(self, resource_id: str, body: bytes, version: str = "") -> Response:
        headers = {"If-Match": weak_tag(version)} if version else {}
        return self._send(Request("PUT", f"Basic/{resource_id}", body, headers))

    def _body(self, note: str) -> bytes:
        return _basic(self._own, self._id, note)

    def _note(self, answer: Response) -> None:
        made = resource_of(answer, "Basic") if answer.body else {}
        self._id = str(made.get("id") or _made_id(answer) or self._id)
        self._version = version_of(made, answer.headers.get("etag", ""), _location(answer))


def _told(answer: Response) -> Response:
    """An answer that says something about the server.

    Raises:
        Unavailable: ``throttled``, ``sign-in``, ``server-error``: it only says something about now.
    """
    if answer.status in _NO_ANSWER:
        raise_for(answer)
    return answer


def _about_the_server(error: Unavailable) -> bool:
    """Whether a transaction that came to nothing says something about the server."""
    if error.data.get("reason") == "answers-missing":
        return True
    return error.code == "server-error" and error.data["status"] not in _NO_ANSWER


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
