"""Ties the entries of a transaction together: ``urn:uuid:`` and conditional references."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from hospital.interactions.call import Call
from hospital.interactions.steps import Step
from hospital.interactions.write import matches
from hospital.outcome import not_found
from hospital.schema.primitives import is_id
from hospital.store.unit import Unit
from workstation.kernel.identity import uuid7

_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(\S+)")
_DEEPEST = 60


def resolved(call: Call, unit: Unit, steps: Sequence[Step]) -> None:
    """Decide every id and write it where entries refer to each other.

    Args:
        call: The request.
        unit: The unit of work, in which conditions are looked up.
        steps: The entries; their contents are replaced.

    Raises:
        Fault: 404 or 412 when a conditional reference finds not exactly one resource.
    """
    known = {step.full_url: _identity(call, unit, step) for step in steps if step.full_url}

    def named(reference: str) -> str:
        if reference in known:
            return known[reference]
        condition = _CONDITIONAL.fullmatch(reference)
        if not condition:
            return reference
        return _only(call, unit, condition[1], condition[2])

    for step in steps:
        if step.content is not None:
            step.content = _rewritten(step.content, named, 0)


def _identity(call: Call, unit: Unit, step: Step) -> str:
    """``Type/id`` that an entry will have."""
    if step.id:
        return f"{step.type}/{step.id}"
    query = step.if_none_exist if step.method == "POST" else step.query
    if step.method not in ("POST", "PUT"):
        return step.full_url
    found = matches(call, unit, step.type, query) if query else []
    if found:
        return f"{step.type}/{found[0].id}"
    if step.method == "POST":
        step.given_id = uuid7()
    elif step.content is not None and not is_id(step.content.get("id")):
        step.content = {**step.content, "id": uuid7()}
    id_ = step.given_id or (step.content or {}).get("id", "")
    return f"{step.type}/{id_}"


def _only(call: Call, unit: Unit, type_: str, query: str) -> str:
    found = matches(call, unit, type_, query)
    if not found:
        raise not_found(f"the {type_} of a conditional reference")
    return f"{type_}/{found[0].id}"


def _rewritten(value: Any, named: Callable[[str], str], depth: int) -> Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {
            name: named(item)
            if name == "reference" and isinstance(item, str)
            else _rewritten(item, named, depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_rewritten(item, named, depth + 1) for item in value]
    return value
