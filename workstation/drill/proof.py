"""The proof at the end of a rehearsal: is every value that anyone saved still to be found?

Pure: it compares what the terminals remember having saved (their journals) and what they show now
with what the server holds (current versions, their history, and conflicts with both sides whole).

- *lost*: a saved record that the server does not have at all.
- *silently overwritten*: a saved value that is neither current, nor in the history, nor in a
  conflict, nor replaced later by the same terminal itself.
- *duplicated*: one record of ours that the server has twice.
- *converged*: every terminal shows, for each record in its scope, just what the server holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workstation.fhir import json, systems
from workstation.fhir.json import Resource

Value = tuple[str, str]
"""Where in a resource (list positions left out), and the value there, exactly."""


@dataclass(frozen=True, slots=True)
class Saved:
    """One save that a terminal acknowledged to a person.

    Attributes:
        terminal: Which terminal.
        sequence: Its place in that terminal's journal.
        reference: ``Type/id``.
        body: The record as it was saved; None for a deletion.
    """

    terminal: str
    sequence: int
    reference: str
    body: Resource | None


@dataclass(frozen=True, slots=True)
class ServerRecord:
    """What the server holds of one record: current version (None when deleted) and every older."""

    current: Resource | None
    history: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What the comparison found; references only, never a value of a patient."""

    acknowledged_writes: int
    lost: tuple[str, ...] = ()
    silently_overwritten: tuple[str, ...] = ()
    duplicated: tuple[str, ...] = ()
    differing: tuple[str, ...] = field(default_factory=tuple)

    @property
    def converged(self) -> bool:
        """Whether every terminal and the server show the same."""
        return not self.differing

    @property
    def holds(self) -> bool:
        """Whether nothing at all went wrong."""
        return self.converged and not (self.lost or self.silently_overwritten or self.duplicated)


def prove(
    saved: Iterable[Saved],
    shown: Mapping[str, Mapping[str, Resource]],
    server: Mapping[str, ServerRecord],
    kept_aside: Mapping[str, tuple[Resource, ...]],
    everything: Iterable[Resource] = (),
) -> Proof:
    """Compare memories, screens and server.

    Args:
        saved: Every acknowledged save of every terminal.
        shown: For each terminal, what it shows now, by ``Type/id``.
        server: What the server holds, by ``Type/id``.
        kept_aside: Sides of conflicts that a person can see, by ``Type/id`` of the record.
        everything: Every record of ours on the server, to find one stored twice.
    """
    saves = sorted(saved, key=lambda one: (one.terminal, one.sequence))
    lost = [save.reference for save in saves if save.body and not _known(save, server)]
    overwritten = [
        save.reference
        for save in saves
        if save.body and _known(save, server) and _missing(save, saves, server, kept_aside)
    ]
    differing = [
        f"{terminal}: {reference}"
        for terminal, records in sorted(shown.items())
        for reference, body in sorted(records.items())
        if not _same(body, server.get(reference))
    ]
    return Proof(
        acknowledged_writes=len(saves),
        lost=tuple(sorted(set(lost))),
        silently_overwritten=tuple(sorted(set(overwritten))),
        duplicated=tuple(_twice(everything)),
        differing=tuple(differing),
    )


def values(resource: Resource) -> set[Value]:
    """Every value in a resource, with the place it stands at; ``meta`` and narrative aside."""
    plain = {key: item for key, item in resource.items() if key not in ("meta", "text")}
    found: set[Value] = set()
    _collect("", plain, found)
    return found


def _collect(path: str, value: object, found: set[Value]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _collect(f"{path}.{key}" if path else key, item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(path, item, found)
    else:
        found.add((path, json.canonical({"value": value})))


def _known(save: Saved, server: Mapping[str, ServerRecord]) -> bool:
    record = server.get(save.reference)
    return record is not None and bool(record.current is not None or record.history)


def _missing(
    save: Saved,
    saves: list[Saved],
    server: Mapping[str, ServerRecord],
    kept_aside: Mapping[str, tuple[Resource, ...]],
) -> bool:
    """Whether some value of this save is nowhere to be found any more."""
    record = server[save.reference]
    witnesses = [*record.history, *kept_aside.get(save.reference, ())]
    if record.current is not None:
        witnesses.append(record.current)
    wanted = values(save.body or {})
    for witness in witnesses:
        wanted -= values(witness)
    return bool(wanted) and not _replaced_at_home(save, saves)


def _replaced_at_home(save: Saved, saves: list[Saved]) -> bool:
    """Whether the same terminal itself saved this record again later: its journal is history."""
    return any(
        later.terminal == save.terminal
        and later.reference == save.reference
        and later.sequence > save.sequence
        for later in saves
    )


def _same(body: Resource, record: ServerRecord | None) -> bool:
    return record is not None and record.current is not None and json.equal(body, record.current)


def _twice(everything: Iterable[Resource]) -> list[str]:
    owners = Counter(
        (resource["resourceType"], identifier.get("value"))
        for resource in everything
        for identifier in resource.get("identifier", ())
        if isinstance(identifier, dict) and identifier.get("system") == systems.OWN_ID
    )
    return sorted(f"{kind} {value}" for (kind, value), count in owners.items() if count > 1)
