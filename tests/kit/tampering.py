"""A server whose answers are changed on their way, as broken proxies and odd servers do."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hospital.wire import FHIR_JSON, Handler, Request, Response
from workstation.fhir.json import Resource, dump_bytes, parse

Change = Callable[[Request, Resource], Resource | bytes]
"""Gets the request and the JSON of its answer; returns what arrives instead."""


@dataclass
class Tampering:
    """Answers as `hospital` does, but for what `change` makes of it.

    Attributes:
        hospital: The true server.
        change: None leaves every answer alone; may be set at any time.
    """

    hospital: Handler
    change: Change | None = None

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        answer = self.hospital.handle(request)
        if self.change is None or not answer.body:
            return answer
        changed = self.change(request, parse(answer.body))
        body = changed if isinstance(changed, bytes) else dump_bytes(changed)
        headers = {**answer.headers, "Content-Length": str(len(body))}
        return Response(answer.status, headers, body)


@dataclass
class Refusing:
    """Refuses every write of one record, alone or in a Bundle, and does all else.

    Attributes:
        hospital: The true server.
        reference: ``Type/id``; may be set at any time.
        status: How it refuses.
        refused: How often it did.
    """

    hospital: Handler
    reference: str = ""
    status: int = 500
    refused: int = 0

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        if request.method in ("PUT", "DELETE") and request.path.endswith(self.reference):
            self.refused += 1
            return Response(self.status, {"Content-Type": FHIR_JSON}, dump_bytes(OUTCOME))
        asked = json_of(request)
        urls = [entry["request"]["url"] for entry in asked.get("entry", [])]
        if self.reference not in urls or not is_batch_of(request, "PUT"):
            return self.hospital.handle(request)
        kept = [e for e in asked["entry"] if e["request"]["url"] != self.reference]
        headers = {k: v for k, v in request.headers.items() if k != "content-encoding"}
        answer = self.hospital.handle(
            replace(request, headers=headers, body=dump_bytes({**asked, "entry": kept}))
        )
        entries = parse(answer.body)["entry"]
        self.refused += 1
        refusal = {"response": {"status": str(self.status), "outcome": OUTCOME}}
        entries.insert(urls.index(self.reference), refusal)
        body = dump_bytes({**parse(answer.body), "entry": entries})
        return Response(answer.status, {"Content-Type": FHIR_JSON}, body)


OUTCOME: Resource = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "conflict", "diagnostics": "still in use"}],
}


def json_of(request: Request) -> dict[str, Any]:
    """What a request carries; empty when it carries nothing."""
    zipped = request.headers.get("content-encoding") == "gzip"
    body = gzip.decompress(request.body) if zipped else request.body
    return parse(body) if body else {}


def is_batch_of(request: Request, method: str) -> bool:
    """Whether a request is a Bundle with something of this method in it."""
    entries = json_of(request).get("entry", []) if request.method == "POST" else []
    return any(entry["request"]["method"] == method for entry in entries)
