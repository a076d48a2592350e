"""Batches follow each other without a pause, and nothing that happens in the air is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tests.kit.store import START
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Rejected, Unavailable
from workstation.store.queue import Waiting
from workstation.sync.client import BatchEntry, Entry, FhirClient
from workstation.sync.courier import Courier
from workstation.sync.push.outgoing import Outgoing
from workstation.sync.push.stream import Stream
from workstation.sync.wire import Request, Response

JSON = {"content-type": "application/fhir+json"}


def row(id_: str) -> Waiting:
    return Waiting("Basic", id_, "create", "{}", None, None, 1, "ready", 0, None, None, None)


@dataclass
class Line:
    """A transport that answers every entry, and says what happened in which order."""

    said: list[str]
    bad: dict[str, int] = field(default_factory=dict)
    base: str = "http://hospital.test/fhir"

    def send(self, request: Request) -> Response:
        names = [each["request"]["url"] for each in json.loads(request.body)["entry"]]
        self.said.append(f"send {names[0]}")
        status = self.bad.get(names[0], 200)
        if status == 0:
            raise Unavailable("offline")
        entries = [{"response": {"status": "201"}} for _ in names]
        body = {"resourceType": "Bundle", "type": "batch-response", "entry": entries}
        return Response(status, JSON, json.dumps(body).encode())


@dataclass
class Notes:
    """Steps that only take note."""

    said: list[str]
    refuses: str = ""
    ends: bool = True

    def frozen(self, rows: Sequence[Waiting]) -> list[Outgoing]:
        self.said.append(f"freeze {rows[0].id}")
        return [Outgoing(each, "{}", BatchEntry("PUT", each.id, b"{}")) for each in rows]

    def settle(self, prepared: Sequence[Outgoing], answers: Sequence[Entry]) -> None:
        assert len(prepared) == len(answers)
        self.said.append(f"settle {prepared[0].row.id}")
        if prepared[0].row.id == self.refuses:
            raise Unavailable("sign-in")

    def failed(self, prepared: Sequence[Outgoing], error: Rejected | Unavailable) -> None:
        self.said.append(f"failed {prepared[0].row.id}")
        if self.ends:
            raise error

    def thaw(self, prepared: Sequence[Outgoing]) -> None:
        self.said.extend(f"thaw {each.row.id}" for each in prepared)


def stream(said: list[str], notes: Notes, **bad: int) -> Stream:
    return Stream(FhirClient(Line(said, bad), ManualClock(START)), notes)


def test_the_next_batch_flies_before_the_last_is_settled() -> None:
    said: list[str] = []
    stream(said, Notes(said)).send([[row("a"), row("b")], [row("c")], [row("d")]])
    assert said.index("freeze c") < said.index("settle a")
    assert [each for each in said if not each.startswith("freeze")] in (
        ["send a", "send c", "settle a", "send d", "settle c", "settle d"],
    )


def test_what_was_frozen_and_never_left_is_thawed() -> None:
    said: list[str] = []
    with pytest.raises(Unavailable):
        stream(said, Notes(said), a=0).send([[row("a")], [row("b")], [row("c")]])
    assert sorted(said) == ["failed a", "freeze a", "freeze b", "send a", "thaw b"]


def test_what_is_in_the_air_is_settled_although_the_push_ends() -> None:
    said: list[str] = []
    with pytest.raises(Unavailable) as caught:
        stream(said, Notes(said, refuses="a")).send([[row("a")], [row("b")], [row("c")]])
    assert caught.value.code == "sign-in"
    assert said[-1] == "settle b"
    assert "send c" not in said


def test_a_refused_batch_is_sent_otherwise_and_the_rest_goes_on() -> None:
    said: list[str] = []
    stream(said, Notes(said, ends=False), a=413).send([[row("a")], [row("b")]])
    assert "failed a" in said
    assert said[-1] == "settle b"


def test_what_is_sent_after_a_begun_request_goes_after_it() -> None:
    gate, order = threading.Event(), []

    def carry(request: Request) -> Response:
        if request.path == "first":
            assert gate.wait(10)
        order.append(request.path)
        return Response(200, {}, b"")

    courier = Courier(carry)
    flight = courier.begin(Request("GET", "first"))
    threading.Timer(0.05, gate.set).start()
    courier.send(Request("GET", "second"))
    assert flight.result().status == 200
    assert order == ["first", "second"]
