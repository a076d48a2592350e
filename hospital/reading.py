"""Reads FHIR R4 that others made: Bundles, single resources, NDJSON, gzipped, in folders.

Nothing of a resource is changed but what only had a meaning inside its Bundle: a reference to the
``fullUrl`` of another entry becomes ``Type/id``, and an entry without an id gets that of its
``urn:uuid:`` (https://hl7.org/fhir/R4/bundle.html#references).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from workstation.fhir.json import Resource, parse
from workstation.kernel.errors import Refused

_SUFFIXES: Final = (".json", ".ndjson", ".jsonl")
_LINES: Final = (".ndjson", ".jsonl")
_URN: Final = "urn:uuid:"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_files(paths: Iterable[Path]) -> Iterator[Resource]:
    """Every resource in files, as `located` reads them."""
    return (resource for _, _, resource in located(paths))


def located(paths: Iterable[Path]) -> Iterator[tuple[Path, int, Resource]]:
    """Every resource in files with its file and line, file by file as it is asked for.

    Whether the paths are there is seen at once, before anything is read.

    Args:
        paths: Files, or folders that hold such files at any depth; their order is that of names.

    Raises:
        Refused: ``not-fhir`` with ``file`` (its name), ``line`` (0 for the file as a whole) and
            ``reason``: ``not-json``, ``no-resource``, ``damaged-gzip``,
            ``nothing-to-load`` or ``no-such-file``.
    """
    return _read_all([file for path in paths for file in _files(path)])


def _read_all(files: list[Path]) -> Iterator[tuple[Path, int, Resource]]:
    for file in files:
        yield from _read(file)


def unbundled(content: Resource) -> Iterator[Resource]:
    """The resources of a Bundle of any type, or the resource itself.

    What tells about the answer and not about the world (``search.mode`` outcome) is left out; a
    history gives its oldest version first, so that the newest wins.
    """
    if content["resourceType"] != "Bundle":
        yield content
        return
    entries = content.get("entry")
    rows = [entry for entry in entries if _holds(entry)] if isinstance(entries, list) else []
    if content.get("type") == "history":
        rows.reverse()
    names = {}
    for entry in rows:
        resource, full_url = entry["resource"], entry.get("fullUrl")
        if isinstance(full_url, str):
            if "id" not in resource and full_url.startswith(_URN):
                resource["id"] = full_url.removeprefix(_URN)
            names[full_url] = f"{resource.get('resourceType')}/{resource.get('id')}"
    for entry in rows:
        yield _resolved(entry["resource"], names)


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise Refused("not-fhir", file=path.name, line=0, reason="no-such-file")
    if not path.is_dir():
        yield path
        return
    found = sorted(inner for inner in path.rglob("*") if inner.is_file() and _is_data(inner))
    if not found:
        raise Refused("not-fhir", file=path.name, line=0, reason="nothing-to-load")
    yield from found


def _is_data(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(_SUFFIXES)


def _read(path: Path) -> Iterator[tuple[Path, int, Resource]]:
    number = 0
    try:
        for number, text in _texts(path):
            if text.strip():
                for resource in unbundled(_resource(text, path, number)):
                    yield path, number, resource
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Refused("not-fhir", file=path.name, line=number, reason="damaged-gzip") from error


def _texts(path: Path) -> Iterator[tuple[int, bytes]]:
    """Line numbers and texts: every line of NDJSON, else the whole file as line 1."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as source:
        if path.name.removesuffix(".gz").endswith(_LINES):
            for number, line in enumerate(source, start=1):
                yield number, line.removeprefix(_BYTE_ORDER_MARK)
        else:
            yield 1, source.read().removeprefix(_BYTE_ORDER_MARK)


def _resource(text: bytes, path: Path, line: int) -> Resource:
    try:
        content = parse(text)
    except Refused as error:
        raise Refused("not-fhir", file=path.name, line=line, reason="not-json") from error
    if not isinstance(content.get("resourceType"), str):
        raise Refused("not-fhir", file=path.name, line=line, reason="no-resource")
    return content


def _holds(entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return False
    search = entry.get("search")
    return not (isinstance(search, dict) and search.get("mode") == "outcome")


def _resolved(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(item, item)
            if key == "reference" and isinstance(item, str)
            else _resolved(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_resolved(item, names) for item in value]
    return value
