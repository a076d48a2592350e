"""How other servers differ, done to requests and answers of ours."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Protocol

from hospital.wire import FHIR_JSON, Handler, Request, Response
from workstation.fhir.json import dump_bytes, parse, references
from workstation.kernel.errors import Refused

Json = dict[str, Any]

ELSEWHERE = "http://10.0.0.7:8080"


class Conduct(Protocol):
    """The switches that are read here; see ``hospital_double.Behaviour``."""

    refuses_client_ids: int
    history: str
    ignores_if_none_match: bool
    ignores_if_match: bool
    stale_status: int
    opaque_versions: bool
    loses_zeros: bool
    batch_answers: int
    batch_omits: bool
    transaction_not_atomic: bool
    refuses_gzip: bool
    coarse_time: bool
    next_elsewhere: bool
    referential_integrity: int
    no_everything: bool
    no_transaction: bool
    refuses: str
    knows: tuple[str, ...]


def unzipped(request: Request) -> Request:
    """The same request with its body as plain JSON, so that every habit can read it."""
    if request.headers.get("content-encoding") != "gzip":
        return request
    headers = {name: value for name, value in request.headers.items() if name != "content-encoding"}
    return replace(request, headers=headers, body=gzip.decompress(request.body))


def link(bundle: Json, relation: str) -> str:
    """The address of a Bundle's link; empty when there is none."""
    links = bundle.get("link", [])
    return next((item["url"] for item in links if item["relation"] == relation), "")


def is_bundle(request: Request) -> bool:
    """Whether a request is a batch or transaction."""
    return request.method == "POST" and request.path.rstrip("/") == "/fhir"


def refusal(conduct: Conduct, request: Request) -> Response | None:
    """The answer of a server that does not do such things at all."""
    if conduct.refuses_gzip and request.headers.get("content-encoding") == "gzip":
        return Response(500, {"Content-Type": "text/plain"}, b"Internal Server Error")
    steps = [step for step in request.path.removeprefix("/fhir").split("/") if step]
    if steps[-1:] == ["_history"]:
        of_one = len(steps) == 3
        if conduct.history == "none" or (conduct.history == "instance" and not of_one):
            return failed(404, "not-supported", "history is not supported here")
    if conduct.no_everything and steps[-1:] == ["$everything"]:
        return failed(404, "not-supported", "no such operation")
    return None


def failed(status: int, code: str, text: str) -> Response:
    """An OperationOutcome."""
    return Response(status, {"Content-Type": FHIR_JSON}, dump_bytes(outcome(code, text)))


def outcome(code: str, text: str) -> Json:
    """An OperationOutcome of one issue."""
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def changed_request(conduct: Conduct, request: Request) -> Request:
    """The request as a careless server understands it."""
    headers = dict(request.headers)
    if conduct.ignores_if_none_match:
        headers.pop("if-none-match", None)
    if conduct.ignores_if_match:
        headers.pop("if-match", None)
    body = request.body
    if is_bundle(request) or conduct.loses_zeros:
        body = _changed_body(conduct, body)
    return replace(request, headers=headers, body=body)


def _changed_body(conduct: Conduct, body: bytes) -> bytes:
    try:
        content = parse(body)
    except Refused:
        return body
    for entry in _entries(content):
        asked = entry.get("request", {})
        if conduct.ignores_if_none_match:
            asked.pop("ifNoneMatch", None)
        if conduct.ignores_if_match:
            asked.pop("ifMatch", None)
    return dump_bytes(without_zeros(content) if conduct.loses_zeros else content)


def without_zeros(value: Any) -> Any:
    """JSON as a floating-point server stores it."""
    if isinstance(value, dict):
        return {name: without_zeros(item) for name, item in value.items()}
    if isinstance(value, list):
        return [without_zeros(item) for item in value]
    if isinstance(value, Decimal):
        short = value.normalize()
        return int(short) if short == short.to_integral_value() else short
    return value


def answer_single(conduct: Conduct, server: Handler, request: Request) -> Response:
    """One request that is no Bundle."""
    steps = [step for step in request.path.removeprefix("/fhir").split("/") if step]
    if request.method == "PUT" and len(steps) == 2:
        refused = _refused_put(conduct, server, "/".join(steps))
        if refused is not None:
            return refused
    if request.method in ("PUT", "POST") and _unwelcome(conduct, request.body):
        return failed(422, "business-rule", f"{conduct.refuses} is refused here")
    if request.method in ("PUT", "POST") and conduct.referential_integrity:
        dangling = _dangling(server, request.body)
        if dangling and "_search" not in steps:
            return failed(conduct.referential_integrity, "not-found", f"{dangling} is not known")
    response = server.handle(request)
    if response.status == 412 and request.headers.get("if-match"):
        return replace(response, status=conduct.stale_status)
    return response


def _unwelcome(conduct: Conduct, body: bytes) -> bool:
    return bool(conduct.refuses) and conduct.refuses.encode() in body


def _refused_put(conduct: Conduct, server: Handler, name: str) -> Response | None:
    if not conduct.refuses_client_ids:
        return None
    known = server.handle(Request("GET", f"/fhir/{name}"))
    if known.status not in (404, 410):
        return None
    return failed(conduct.refuses_client_ids, "not-found", "ids are given by the server")


def _dangling(server: Handler, body: bytes) -> str:
    try:
        wanted = references(parse(body))
    except Refused:
        return ""
    for name in sorted(wanted):
        if not server.handle(Request("GET", f"/fhir/{name}")).ok:
            return name
    return ""


def answer_bundle(conduct: Conduct, server: Handler, request: Request) -> Response:
    """A batch or transaction, entry by entry where the habit asks for it."""
    try:
        content = parse(request.body)
    except Refused:
        return server.handle(request)
    kind = content.get("type")
    if kind == "transaction" and conduct.no_transaction:
        return failed(400, "not-supported", "transactions are not supported")
    alone = conduct.refuses_client_ids or conduct.referential_integrity
    alone = alone or _unwelcome(conduct, request.body)
    if kind == "transaction" and not conduct.transaction_not_atomic:
        refusals = (_refused(conduct, server, entry) for entry in _entries(content))
        refused = next(filter(None, refusals), None)
        return refused or _stale(conduct, server.handle(request))
    if not (alone or conduct.batch_answers or kind == "transaction" or conduct.stale_status != 412):
        return server.handle(request)
    return _one_by_one(conduct, server, request, content)


def _stale(conduct: Conduct, response: Response) -> Response:
    return replace(response, status=conduct.stale_status) if response.status == 412 else response


def _refused(conduct: Conduct, server: Handler, entry: Json) -> Response | None:
    if "resource" in entry and _unwelcome(conduct, dump_bytes(entry["resource"])):
        return failed(422, "business-rule", f"{conduct.refuses} is refused here")
    url = entry.get("request", {}).get("url", "")
    if entry.get("request", {}).get("method") != "PUT" or "?" in url:
        return None
    return _refused_put(conduct, server, url)


def _one_by_one(conduct: Conduct, server: Handler, request: Request, content: Json) -> Response:
    named: dict[str, str] = {}
    answered: list[Json] = []
    for at, entry in enumerate(_entries(content)):
        if conduct.batch_answers and at >= conduct.batch_answers:
            if not conduct.batch_omits:
                busy = {"status": "503 Service Unavailable", "outcome": outcome("timeout", "busy")}
                answered.append({"response": busy})
            continue
        single = _single(request, entry, named)
        answer = answer_single(conduct, server, single)
        location = answer.headers.get("Location", "")
        if entry.get("fullUrl") and "/fhir/" in location:
            named[entry["fullUrl"]] = location.split("/fhir/")[1].split("/_history")[0]
        answered.append(_answered(single, answer))
    made = {"resourceType": "Bundle", "type": f"{content['type']}-response", "entry": answered}
    return Response(200, {"Content-Type": FHIR_JSON}, dump_bytes(made))


def _single(request: Request, entry: Json, named: dict[str, str]) -> Request:
    asked = entry.get("request", {})
    path, _, query = asked.get("url", "").partition("?")
    pairs = {
        "if-match": asked.get("ifMatch"),
        "if-none-match": asked.get("ifNoneMatch"),
        "if-none-exist": asked.get("ifNoneExist"),
        "prefer": request.headers.get("prefer"),
        "authorization": request.headers.get("authorization"),
    }
    headers = {name: value for name, value in pairs.items() if value}
    body = dump_bytes(_renamed(entry["resource"], named)) if "resource" in entry else b""
    method = asked.get("method", "GET")
    return Request(method, f"/fhir/{path}", query, headers, body, request.origin)


def _renamed(value: Any, named: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            name: named.get(item, item)
            if name == "reference" and isinstance(item, str)
            else _renamed(item, named)
            for name, item in value.items()
        }
    return [_renamed(item, named) for item in value] if isinstance(value, list) else value


def _answered(request: Request, answer: Response) -> Json:
    response: Json = {"status": str(answer.status)}
    if "ETag" in answer.headers:
        response["etag"] = answer.headers["ETag"]
    if "Location" in answer.headers:
        response["location"] = answer.headers["Location"]
    body = parse(answer.body) if answer.body else None
    if body and body["resourceType"] == "OperationOutcome":
        return {"response": {**response, "outcome": body}}
    if body and body.get("meta", {}).get("lastUpdated"):
        response["lastModified"] = body["meta"]["lastUpdated"]
    shown = body is not None and (request.method == "GET" or "prefer" in request.headers)
    return {"resource": body, "response": response} if shown else {"response": response}


def changed_response(conduct: Conduct, response: Response) -> Response:
    """The answer as such a server writes it."""
    states = bool(conduct.knows) and b'"CapabilityStatement"' in response.body[:300]
    if not response.body or not (conduct.coarse_time or conduct.next_elsewhere or states):
        return response
    content = parse(response.body)
    if states:
        for rest in content["rest"]:
            rest["resource"] = [each for each in rest["resource"] if each["type"] in conduct.knows]
    if conduct.coarse_time:
        content = mapped(content, "lastUpdated", lambda text: f"{text[:19]}.000Z")
    if conduct.next_elsewhere:
        for item in content.get("link", []):
            if item["relation"] == "next":
                item["url"] = re.sub(r"^https?://[^/]+", ELSEWHERE, item["url"])
    return replace(response, body=dump_bytes(content))


def mapped(value: Any, name: str, change: Callable[[str], str]) -> Any:
    """JSON with every text under `name` changed, at any depth."""
    if isinstance(value, list):
        return [mapped(item, name, change) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: mapped(item, name, change) for key, item in value.items()}
    if isinstance(made.get(name), str):
        made[name] = change(made[name])
    return made


def _entries(content: Json) -> list[Json]:
    entries = content.get("entry", [])
    return [item for item in entries if isinstance(item, dict)] if isinstance(entries, list) else []


class LateCommits:
    """What was just written does not show in searches and histories for a while."""

    def __init__(self) -> None:
        self._hidden: dict[str, int] = {}

    def hide(self, request: Request, response: Response, delay: int) -> Response:
        """Count requests; take what is too young out of a found Bundle."""
        self._hidden = {name: left - 1 for name, left in self._hidden.items() if left > 1}
        if not response.body or not response.ok:
            return response
        content = parse(response.body)
        if request.method != "GET":
            for name in _written(request, content):
                self._hidden.setdefault(name, delay)
        return replace(response, body=dump_bytes(self._without_hidden(content)))

    def _without_hidden(self, content: Json) -> Json:
        if content.get("type") in ("searchset", "history"):
            kept = [entry for entry in _entries(content) if _name(entry) not in self._hidden]
            return {**content, "entry": kept}
        if content.get("type") == "batch-response":
            for entry in _entries(content):
                if entry.get("resource", {}).get("resourceType") == "Bundle":
                    entry["resource"] = self._without_hidden(entry["resource"])
        return content


def _name(entry: Json) -> str:
    return "/".join(str(entry.get("fullUrl", "")).split("/")[-2:])


def _written(request: Request, content: Json) -> list[str]:
    if content.get("resourceType") != "Bundle":
        return [f"{content.get('resourceType')}/{content.get('id')}"]
    asked = _entries(parse(request.body))
    places = (
        answer.get("response", {}).get("location", "")
        for ask, answer in zip(asked, _entries(content), strict=False)
        if ask["request"]["method"] != "GET"
    )
    return ["/".join(place.split("/_history")[0].split("/")[-2:]) for place in places if place]
