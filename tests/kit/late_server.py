"""A hospital that is hard to follow: rows show late and out of order, and many have equal times.

Servers stamp a row before they commit it, or index it for searches after they have answered. Here
each new row draws how long it stays out of searches, histories and counts; ``lastUpdated`` knows
whole seconds only, in answers and in what a search compares.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from hospital.wire import Request, Response
from tests.kit.hospital_double import HospitalDouble
from tests.kit.hospital_habits import is_bundle, unzipped
from workstation.fhir.compartment import patient_of
from workstation.fhir.json import dump_bytes, parse

Json = dict[str, Any]
Lag = Callable[[random.Random], float]
"""Draws for how many seconds a new row does not show."""


def mostly_short(longest_s: float) -> Lag:
    """Most rows show within half a second, the 99th percentile within 3 s, one in 50 much later."""

    def draw(chance: random.Random) -> float:
        kind = chance.random()
        if kind < 0.80:
            return chance.uniform(0, 0.5)
        return chance.uniform(0.5, 3) if kind < 0.98 else chance.uniform(3, max(3.0, longest_s))

    return draw


@dataclass(frozen=True)
class _Row:
    """One row that does not show yet."""

    type: str
    patient: str | None
    stamp: str
    until: datetime


class LateServer:
    """Answers like the hospital behind it, minus what does not show yet.

    Args:
        double: The hospital behind it.
        lag: How late rows are.
        seed: Of every choice.
        coarse: Whether times are whole seconds.
    """

    def __init__(self, double: HospitalDouble, lag: Lag, seed: int, *, coarse: bool = True) -> None:
        self._double = double
        self._lag = lag
        self._random = random.Random(seed)
        self._coarse = coarse
        self._hidden: dict[str, _Row] = {}

    def handle(self, request: Request) -> Response:
        """Answer one request; not meant for more than one thread."""
        now = self._double.clock.now()
        self._hidden = {name: row for name, row in self._hidden.items() if row.until > now}
        request = unzipped(request)
        if self._coarse:
            request = replace(
                request,
                query=_whole_seconds(request.query),
                body=_whole_seconds(request.body.decode()).encode() if request.body else b"",
            )
        response = self._double.handle(request)
        if not response.ok or not response.body:
            return response
        content = parse(response.body)
        if request.method == "PUT" and response.status == 201:
            self._hide(content, now)
        elif is_bundle(request):
            asked = [e["request"]["url"] for e in parse(request.body).get("entry", [])]
            for url, entry in zip(asked, content.get("entry", []), strict=False):
                entry["resource"] = self._seen(url, entry.get("resource"))
        else:
            content = self._seen(f"{request.path.removeprefix('/fhir/')}?{request.query}", content)
        if self._coarse:
            content = _cut(content)
        return replace(response, body=dump_bytes(content))

    def _hide(self, resource: Json, now: datetime) -> None:
        until = now + timedelta(seconds=self._lag(self._random))
        name = f"{resource['resourceType']}/{resource['id']}"
        stamp = resource["meta"]["lastUpdated"]
        self._hidden[name] = _Row(resource["resourceType"], patient_of(resource), stamp, until)

    def _seen(self, url: str, content: Any) -> Any:
        """A found Bundle without what does not show yet, and with a total that fits."""
        if not isinstance(content, dict) or content.get("type") not in ("searchset", "history"):
            return content
        found = dict(content)
        if "entry" in found:
            kept = [e for e in found["entry"] if _name(e) not in self._hidden]
            found["entry"] = kept
        if "total" in found:
            found["total"] -= sum(_matches(row, url) for row in self._hidden.values())
        return found


def _name(entry: Json) -> str:
    return "/".join(str(entry.get("fullUrl", "")).split("/")[-2:])


def _matches(row: _Row, url: str) -> bool:
    """Whether a search would have counted a row."""
    path, _, query = url.partition("?")
    asked = parse_qs(query)
    if path.split("/")[0] != row.type:
        return False
    patients = asked.get("patient", [""])[0].split(",")
    if "patient" in asked and row.patient not in patients:
        return False
    bounds = [text.removeprefix("ge") for text in asked.get("_lastUpdated", [])]
    return all(row.stamp >= bound for bound in [*bounds, *asked.get("_since", [])])


def _cut(value: Any) -> Any:
    """The same JSON with every ``lastUpdated`` in whole seconds."""
    if isinstance(value, list):
        return [_cut(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"{item[:19]}.000Z" if key == "lastUpdated" and isinstance(item, str) else _cut(item)
        for key, item in value.items()
    }


_BOUND = re.compile(r"(_lastUpdated=(?:gt|ge)|_since=)([0-9T:.-]+Z)")


def _whole_seconds(text: str) -> str:
    """Searches that compare whole seconds, written as searches that compare exact times."""

    def whole(found: re.Match[str]) -> str:
        start = datetime.fromisoformat(found[2])
        second = start.replace(microsecond=0)
        if found[1].endswith("gt") or start != second:
            second += timedelta(seconds=1)
        name = found[1].replace("gt", "ge")
        return f"{name}{second.strftime('%Y-%m-%dT%H:%M:%S.000Z')}"

    return _BOUND.sub(whole, text)
