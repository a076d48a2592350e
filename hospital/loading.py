"""Takes whole records in: a demo ward, or what `hospital.reading` read.

What comes from elsewhere is kept as it is, even where it breaks a rule of R4: the record of a
person is not thrown away for an element too many. How many did is reported, and an update may
keep what was flawed already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from hospital.interactions.content import problems
from hospital.schema.primitives import is_id
from hospital.schema.r4 import resource_types
from hospital.store.database import Database

_AT_ONCE: Final = 1000


@dataclass(slots=True)
class Loaded:
    """What became of what was loaded.

    Attributes:
        stored: Resources taken in.
        unusable: Things without a known type or a usable id, left out.
        flawed: Stored though they break a rule of R4, by type.
    """

    stored: int = 0
    unusable: int = 0
    flawed: dict[str, int] = field(default_factory=dict)


def load(
    database: Database,
    resources: Iterable[dict[str, Any]],
    progress: Callable[[int], object] = lambda _: None,
) -> Loaded:
    """Store resources under their own ids, many in one unit of work.

    Args:
        database: The record.
        resources: In any order; a later one of the same id is a new version.
        progress: Told how many are stored, after each unit of work.
    """
    loaded = Loaded()
    source = iter(resources)
    while chunk := list(islice(source, _AT_ONCE)):
        usable = [resource for resource in chunk if not why_unusable(resource)]
        loaded.unusable += len(chunk) - len(usable)
        for resource in usable:
            if problems(resource):
                type_ = resource["resourceType"]
                loaded.flawed[type_] = loaded.flawed.get(type_, 0) + 1
        with database.write() as unit:
            unit.preload((resource["resourceType"], resource["id"]) for resource in usable)
            for resource in usable:
                unit.put(resource, method="PUT")
        loaded.stored += len(usable)
        progress(loaded.stored)
    return loaded


def why_unusable(resource: dict[str, Any]) -> str:
    """``unknown-type`` or ``no-usable-id``, or nothing when a resource can be stored."""
    if resource.get("resourceType") not in resource_types():
        return "unknown-type"
    return "" if is_id(resource.get("id")) else "no-usable-id"
