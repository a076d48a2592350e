"""Makes records as no server should send them: whole ones bent at one place, and hopeless ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hospital.wire import Handler, Request, Response
from workstation.fhir.json import Resource, dump_bytes, parse

Bent = Callable[[bytes], bytes]
"""Gets the JSON of a record, gives what comes over the wire in its place."""


@dataclass
class Bending:
    """Answers as `hospital` does, but some records come bent, wherever they stand.

    Attributes:
        hospital: The true server.
        bent: How, by ``Type/id``; may be changed at any time.
    """

    hospital: Handler
    bent: dict[str, Bent] = field(default_factory=dict)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        answer = self.hospital.handle(request)
        if not self.bent or not answer.body:
            return answer
        body = self._walk(parse(answer.body))
        return Response(answer.status, {**answer.headers, "Content-Length": str(len(body))}, body)

    def _walk(self, resource: Resource) -> bytes:
        name = f"{resource.get('resourceType')}/{resource.get('id')}"
        if resource.get("resourceType") == "Bundle":
            for entry in resource.get("entry", []):
                if "resource" in entry:
                    entry["resource"] = msgspec.Raw(self._walk(entry["resource"]))
        text = dump_bytes(resource)
        return self.bent[name](text) if name in self.bent else text


def _with(**fields: Any) -> Bent:
    return lambda text: dump_bytes({**parse(text), **fields})


def _instead(old: bytes, new: bytes) -> Bent:
    return lambda text: text.replace(old, new, 1)


def _nested(levels: int) -> Bent:
    return lambda text: text[:-1] + b',"x":' + b'{"a":[' * levels + b"]}" * levels + b"}"


HOPELESS: dict[str, Bent] = {
    "deep": _nested(60_000),
    "deeper than we read": _nested(80),
    "invalid UTF-8": _instead(b'"resourceType"', b'"y":"\xff\xfe","resourceType"'),
    "invalid UTF-8 in a name": _instead(b'"resourceType"', b'"\xff":1,"resourceType"'),
    "lone surrogate": _instead(b'"resourceType"', b'"y":"\\ud800","resourceType"'),
    "bad escape": _instead(b'"resourceType"', b'"y":"\\q","resourceType"'),
    "a number for an id": _with(id=5),
    "no id": _instead(b'"id"', b'"ident"'),
    "an id that is a path": _with(id="../../Patient?name=x"),
    "an id of a thousand letters": _with(id="x" * 1000),
    "an empty id": _with(id=""),
    "no type": _instead(b'"resourceType"', b'"resourceKind"'),
    "a list for a type": _with(resourceType=["Observation"]),
    "a version of a thousand letters": _with(meta={"versionId": "v" * 1000}),
    "a version with a line break": _with(meta={"versionId": 'a"\r\nIf-Match: *'}),
    "a list": lambda _text: b"[1,2]",
    "a number": lambda _text: b"7",
    "null": lambda _text: b"null",
    "a string": lambda _text: b'"gone"',
    "an empty object": lambda _text: b"{}",
}
"""Records that nobody can read, by what is wrong with them."""

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 5, 10**30, "", " ", "x", "\x00", "a\x00b", "Nguye\u0302\u0303n"),
    *([], {}, [[]], [{}], [None], {"a": {"b": [1]}}, "x" * 20_000, "../..", "Patient/", "#", "/"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01", "0000-00-00", "2026-13-45", "-1", "1e999999"),
    *("2026-11-20T10:00:60Z", "2026-11-20T24:00:00Z", "%", "_", "'; DROP TABLE resource; --"),
    *({"coding": 5}, {"coding": [5]}, {"coding": [{"code": []}]}, {"text": 5}, {"reference": 5}),
    *({"reference": "Patient/patient-2"}, {"value": "x"}, {"value": []}, [{"use": "official"}]),
    *(msgspec.Raw(b"1e999999"), msgspec.Raw(b"-0"), msgspec.Raw(b"0." + b"1" * 40)),
    msgspec.Raw(b"-123456789012345678901234567890.123456789012345678901234567890"),
)
"""What may stand where something else belongs."""


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a record, as the keys that lead there; head and subject left alone."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not path and key in ("resourceType", "id", "meta"):
                continue
            yield (*path, key)
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield (*path, number)
            yield from places(item, (*path, number))


def bend(resource: Resource, chance: random.Random, times: int = 1) -> Resource:
    """A record with something else at some places, or nothing, or too much of it."""
    bent = deepcopy(resource)
    for _ in range(times):
        path = chance.choice(list(places(bent)) or [("x",)])
        inside: Any = bent
        for key in path[:-1]:
            inside = inside[key]
        way = chance.randrange(8)
        if way == 0 and isinstance(inside, dict):
            inside.pop(path[-1], None)
        elif way == 1:
            inside[path[-1]] = [deepcopy(inside[path[-1]])] * chance.choice((0, 1, 2, 300))
        elif way == 2:
            inside[path[-1]] = {"x": inside[path[-1]]}
        else:
            value = chance.choice(ODD_VALUES)
            inside[path[-1]] = deepcopy(value) if isinstance(value, dict | list) else value
    return bent
