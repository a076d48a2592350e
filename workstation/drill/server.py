"""What the server holds at the end of a drill, asked in the way any FHIR server understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from workstation.drill.proof import ServerRecord
from workstation.fhir import conflict, json, systems
from workstation.fhir.json import Resource
from workstation.sync.client import BatchEntry, Entry, FhirClient, bundle_from

_AT_ONCE = 50
_IDS_AT_ONCE = 20
_OK = "200"


class ServerWitness:
    """Reads a server for the proof.

    Args:
        client: Speaks to the server.
    """

    def __init__(self, client: FhirClient) -> None:
        self._client = client

    def records(self, references: Iterable[str], changed: Iterable[str]) -> dict[str, ServerRecord]:
        """Read records, and for those in `changed` their older versions too.

        Args:
            references: ``Type/id`` as the server knows them.
            changed: Those that people changed after they were made.
        """
        wanted = sorted(set(references))
        current = dict(zip(wanted, self._read(wanted, ""), strict=True))
        edited = sorted(set(changed))
        older = dict(zip(edited, self._read(edited, "/_history"), strict=True))
        return {
            reference: ServerRecord(_resource(entry), tuple(_versions(older.get(reference))))
            for reference, entry in current.items()
        }

    def copies(self, made: Iterable[Resource]) -> list[Resource]:
        """Every record on the server that carries our identifier of one of these."""
        owned: dict[str, set[str]] = {}
        for body in made:
            owned.setdefault(body["resourceType"], set()).update(own_ids(body))
        wanted = []
        for kind, every in sorted(owned.items()):
            marks = [quote(f"{systems.OWN_ID}|{own}", safe="") for own in sorted(every)]
            for start in range(0, len(marks), _IDS_AT_ONCE):
                several = ",".join(marks[start : start + _IDS_AT_ONCE])
                wanted.append(f"{kind}?identifier={several}&_count={_IDS_AT_ONCE * 4}")
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
            yield from self._client.batch([BatchEntry("GET", one + suffix) for one in part])


def _resource(entry: Entry | None) -> Resource | None:
    if entry is None or not entry.response.status.startswith(_OK):
        return None
    return json.parse(bytes(entry.resource))


def _versions(entry: Entry | None) -> Iterator[Resource]:
    for version in (_resource(entry) or {}).get("entry", ()):
        if "resource" in version:
            yield version["resource"]


def own_ids(body: Resource) -> list[str]:
    """Our identifiers of a record; some types have no identifier at all."""
    return [
        identifier["value"]
        for identifier in body.get("identifier", ())
        if identifier.get("system") == systems.OWN_ID
    ]


def conflict_sides(tasks: Iterable[Resource]) -> dict[str, tuple[Resource, ...]]:
    """Base, mine and theirs out of conflict Tasks, by the record they are about."""
    sides: dict[str, tuple[Resource, ...]] = {}
    for task in tasks:
        found = conflict.from_task(task)
        whole = (found.base, found.mine.resource, found.theirs.resource)
        sides[found.focus] = (*sides.get(found.focus, ()), *filter(None, whole))
    return sides
