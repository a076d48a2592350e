"""Batch and transaction: many requests in one, written in one unit of work.

The entries of a batch stand and fall alone; of a transaction all are done, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from hospital.interactions.bundles import Entry, bundle
from hospital.interactions.call import Answer, Call, etag, location
from hospital.interactions.fetch import fetch
from hospital.interactions.references import resolved
from hospital.interactions.steps import Step, read_step
from hospital.interactions.write import Sent, create, remove, sent, update, update_matching
from hospital.outcome import Fault, bad_request, outcome
from hospital.search.query import pairs_of
from hospital.search.times import instant
from hospital.store.unit import Unit
from hospital.store.view import View

_ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "GET": 3, "HEAD": 3}
_READING = frozenset({"GET", "HEAD"})


def process(call: Call, content: dict[str, Any]) -> Answer:
    """Carry out a Bundle.

    Args:
        call: The request.
        content: A Bundle of type ``batch`` or ``transaction``.

    Raises:
        Fault: 400 when it is none, 413 when it has too many entries; for a transaction, the
            failure of its first failing entry.
    """
    kind, entries = _entries(call, content)
    carry_out = _transaction if kind == "transaction" else _batch
    answers = carry_out(call, entries)
    shown = [_entry(call, answer) for answer in answers]
    return Answer(HTTPStatus.OK, bundle(f"{kind}-response", shown))


def _entries(call: Call, content: dict[str, Any]) -> tuple[str, list[Any]]:
    kind = content.get("type")
    if content.get("resourceType") != "Bundle" or kind not in ("batch", "transaction"):
        raise bad_request("a Bundle of type batch or transaction is expected here")
    entries = content.get("entry", [])
    if not isinstance(entries, list):
        raise bad_request("Bundle.entry must be a list", "structure")
    if len(entries) > call.limits.entries:
        raise Fault(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too-costly",
            f"a Bundle may have {call.limits.entries} entries",
        )
    return str(kind), entries


def _batch(call: Call, entries: Sequence[Any]) -> list[Answer | Fault]:
    steps = [_tried(partial(read_step, call, entry)) for entry in entries]
    todo = [step for step in steps if isinstance(step, Step)]
    for step in todo:
        _look(step)
    if all(step.method in _READING for step in todo):
        with call.database.read() as view:
            return [_alone(step, lambda step: _read(call, view, step)) for step in steps]
    with call.database.write() as unit:
        unit.preload(step.target for step in todo if step.method in ("PUT", "DELETE"))
        return [_alone(step, lambda step: _perform(call, unit, step)) for step in steps]


def _look(step: Step) -> None:
    """Check the content before the writer's lock is taken."""
    if step.method in ("PUT", "POST") and step.content is not None:
        found = _tried(lambda: sent(step.content, step.type, _expected_id(step)))
        step.sent = found


def _expected_id(step: Step) -> str | None:
    return step.id if step.method == "PUT" and not step.query else None


def _alone(step: Step | Fault, perform: Callable[[Step], Answer]) -> Answer | Fault:
    return step if isinstance(step, Fault) else _tried(lambda: perform(step))


def _tried(attempt: Callable[[], Any]) -> Any:
    try:
        return attempt()
    except Fault as fault:
        return fault


def _transaction(call: Call, entries: Sequence[Any]) -> list[Answer | Fault]:
    answers: dict[int, Answer | Fault] = {}
    with call.database.write() as unit:
        steps = [_blamed(at, partial(read_step, call, entry)) for at, entry in enumerate(entries)]
        _refuse_doubles(steps)
        unit.preload(step.target for step in steps if step.method in ("PUT", "DELETE"))
        resolved(call, unit, steps)
        for at in sorted(range(len(steps)), key=lambda at: _ORDER[steps[at].method]):
            step = steps[at]
            _look(step)
            answers[at] = _blamed(at, partial(_perform, call, unit, step))
    return [answers[at] for at in range(len(steps))]


def _blamed(at: int, attempt: Callable[[], Any]) -> Any:
    """Name the entry in the failure of a whole transaction."""
    try:
        return attempt()
    except Fault as fault:
        place = f"Bundle.entry[{at}]"
        fault.issues = [
            issue._replace(expression=f"{place}.resource.{issue.expression}".rstrip("."))
            if issue.expression
            else issue._replace(expression=place)
            for issue in fault.issues
        ]
        raise


def _refuse_doubles(steps: Sequence[Step]) -> None:
    seen: set[tuple[str, str]] = set()
    for step in steps:
        if step.method in ("PUT", "DELETE") and step.id:
            if step.target in seen:
                raise bad_request("a transaction names one resource twice", "duplicate")
            seen.add(step.target)


def _perform(call: Call, unit: Unit, step: Step) -> Answer:
    if step.method in _READING:
        return _read(call, unit.view(), step)
    if step.method == "DELETE":
        return remove(call, unit, step.type, step.id, if_match=step.if_match)
    if isinstance(step.sent, Fault):
        raise step.sent
    if step.sent is None:
        raise bad_request("the entry has no resource", "required")
    answer = _write(call, unit, step, step.sent)
    if call.prefers("return=representation"):
        return answer
    return Answer(answer.status, None, answer.version, answer.headers)


def _write(call: Call, unit: Unit, step: Step, new: Sent) -> Answer:
    if step.method == "POST":
        query = step.if_none_exist
        return create(call, unit, step.type, new, query=query, id_=step.given_id)
    if step.query:
        return update_matching(call, unit, step.type, new, step.query, if_match=step.if_match)
    return update(
        call, unit, step.type, new, if_match=step.if_match, if_none_match=step.if_none_match
    )


def _read(call: Call, view: View, step: Step) -> Answer:
    return fetch(call, view, step.parts, pairs_of(step.query, blank=True))


def _entry(call: Call, answer: Answer | Fault) -> Entry:
    if isinstance(answer, Fault):
        status = f"{answer.status.value} {answer.status.phrase}"
        return {"response": {"status": status, "outcome": outcome(answer.issues)}}
    response: dict[str, Any] = {"status": f"{answer.status.value} {answer.status.phrase}"}
    entry: Entry = {}
    version = answer.version
    if version:
        response["location"] = location(call, version)
        response["etag"] = etag(version)
        response["lastModified"] = instant(version.at)
        entry["fullUrl"] = f"{call.base}/{version.type}/{version.id}"
    if answer.resource is not None:
        entry["resource"] = answer.resource
    entry["response"] = response
    return entry
