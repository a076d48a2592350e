"""What the server holds at the end of a drill, asked in the way any FHIR server understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from workstation.drill.proof import ServerRecord
from workstation.fhir import conflict, json, systems
from workstation.fhir.json import Resource
from workstation.sync.client import BatchEntry, Entry, FhirClient, bundle_from

_AT_ONCE = 50
_OK = "200"


class ServerWitness:
    """Reads a server for the proof.

    Args:
        client: Speaks to the server.
        known_as: For servers that give ids of their own: ``Type/id`` there, by ours.
    """

    def __init__(self, client: FhirClient, known_as: Mapping[str, str]) -> None:
        self._client = client
        self._there = dict(known_as)
        self._ours = {there: ours for ours, there in known_as.items()}

    def records(self, references: Iterable[str], changed: Iterable[str]) -> dict[str, ServerRecord]:
        """Read records, and for those in `changed` their older versions too.

        Args:
            references: ``Type/id`` as the terminals know them.
            changed: Those that people changed after they were made.
        """
        wanted = sorted(set(references))
        current = dict(zip(wanted, self._read(wanted, ""), strict=True))
        edited = sorted(set(changed))
        older = dict(zip(edited, self._read(edited, "/_history"), strict=True))
        return {
            reference: ServerRecord(
                self._resource(entry), tuple(self._versions(older.get(reference)))
            )
            for reference, entry in current.items()
        }

    def copies(self, created: Iterable[str]) -> list[Resource]:
        """Every record on the server that carries the identifier of one of ours.

        Args:
            created: ``Type/id`` of what was made at the terminals.
        """
        wanted = []
        for reference in sorted(set(created)):
            kind, _, own = reference.partition("/")
            wanted.append(f"{kind}?identifier={quote(f'{systems.OWN_ID}|urn:uuid:{own}', safe='')}")
        found: list[Resource] = []
        for answer in self._read(wanted, ""):
            page = bundle_from(answer) if answer is not None else None
            found.extend(
                json.parse(bytes(entry.resource)) for entry in (page.entry if page else ())
            )
        return found

    def _read(self, references: Sequence[str], suffix: str) -> Iterator[Entry | None]:
        for start in range(0, len(references), _AT_ONCE):
            part = references[start : start + _AT_ONCE]
            yield from self._client.batch(
                [BatchEntry("GET", self._there.get(one, one) + suffix) for one in part]
            )

    def _resource(self, entry: Entry | None) -> Resource | None:
        if entry is None or not entry.response.status.startswith(_OK):
            return None
        return self._in_our_words(json.parse(bytes(entry.resource)))

    def _versions(self, entry: Entry | None) -> Iterator[Resource]:
        if entry is None or not entry.response.status.startswith(_OK):
            return
        for version in json.parse(bytes(entry.resource)).get("entry", ()):
            if "resource" in version:
                yield self._in_our_words(version["resource"])

    def _in_our_words(self, resource: Resource) -> Resource:
        """The record with the ids that the terminals know."""
        if not self._ours:
            return resource
        renamed: Resource = _renamed(resource, self._ours)
        ours = self._ours.get(json.reference(resource))
        return renamed | {"id": ours.partition("/")[2]} if ours else renamed


def carries_own_id(body: Resource | None) -> bool:
    """Whether a record has our identifier; some types have no identifier at all."""
    return any(
        identifier.get("system") == systems.OWN_ID
        for identifier in (body or {}).get("identifier", ())
    )


def conflict_sides(tasks: Iterable[Resource]) -> dict[str, tuple[Resource, ...]]:
    """Base, mine and theirs out of conflict Tasks, by the record they are about."""
    sides: dict[str, tuple[Resource, ...]] = {}
    for task in tasks:
        found = conflict.from_task(task)
        whole = (found.base, found.mine.resource, found.theirs.resource)
        sides[found.focus] = (*sides.get(found.focus, ()), *filter(None, whole))
    return sides


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(item, item)
            if key == "reference" and isinstance(item, str)
            else _renamed(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return value
