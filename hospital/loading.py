"""Takes whole records in: a demo ward, or FHIR R4 Bundles and NDJSON that others made.

What comes from elsewhere is kept as it is, even where it breaks a rule of R4: the record of a
person is not thrown away for an element too many. How many did is reported, and an update may
keep what was flawed already.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from hospital.interactions.content import problems
from hospital.schema.primitives import is_id
from hospital.schema.r4 import resource_types
from hospital.store.database import Database
from workstation.fhir.json import parse
from workstation.kernel.errors import Refused

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


def load(database: Database, resources: Iterable[dict[str, Any]]) -> Loaded:
    """Store resources under their own ids, many in one unit of work.

    Args:
        database: The record.
        resources: In any order; a later one of the same id is a new version.
    """
    loaded = Loaded()
    source = iter(resources)
    while chunk := list(islice(source, _AT_ONCE)):
        usable = [resource for resource in chunk if _usable(resource)]
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
    return loaded


def read_files(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Every resource in files: a Bundle, a single resource, NDJSON, each perhaps gzipped.

    Args:
        paths: Files, or folders that have such files.

    Raises:
        Refused: ``not-fhir`` with the file's name and the line, for what cannot be read.
    """
    for path in paths:
        if path.is_dir():
            yield from read_files(sorted(inner for inner in path.iterdir() if _is_data(inner)))
        else:
            yield from _read_file(path)


def _is_data(path: Path) -> bool:
    return path.is_file() and path.name.removesuffix(".gz").endswith((".json", ".ndjson"))


def _read_file(path: Path) -> Iterator[dict[str, Any]]:
    text = path.read_bytes()
    try:
        if path.suffix == ".gz":
            text = gzip.decompress(text)
    except (OSError, EOFError) as error:
        raise Refused("not-fhir", file=path.name, line=0) from error
    lines = text.splitlines() if ".ndjson" in path.name else [text]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            content = parse(line)
        except Refused as error:
            raise Refused("not-fhir", file=path.name, line=number) from error
        if "resourceType" not in content:
            raise Refused("not-fhir", file=path.name, line=number)
        yield from _unwrapped(content)


def _unwrapped(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if content.get("resourceType") != "Bundle":
        yield content
        return
    entries = content.get("entry", [])
    for entry in entries if isinstance(entries, list) else []:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield resource


def _usable(resource: dict[str, Any]) -> bool:
    return resource.get("resourceType") in resource_types() and is_id(resource.get("id"))
