"""The copy of what the server has said: pulled versions come in here, many at a time.

Rows and the cursor that vouches for them are written in the caller's one transaction. A version
that is here already is skipped, which is what makes an overlapping pull cheap and a repeated one
harmless: the mirror itself is the set of what was seen. A resource with pending changes is stored
like any other, but handed back, so that the change is laid on its new base. One that cannot be
read is put aside (`workstation.store.unreadable`) and stops none of the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import msgspec

from workstation.fhir.compartment import patient_of
from workstation.fhir.json import Resource, dump, parse
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, Unavailable
from workstation.store import seen, unreadable
from workstation.store.index import IndexRow, refresh
from workstation.store.keys import KEYS, Key, encoded
from workstation.store.queue import Waiting, waiting
from workstation.store.record import Unit, View

_WARD_TYPES: Final = frozenset(
    {"Encounter", "Location", "Patient", "Observation", "AllergyIntolerance", "Flag", "Condition"}
)


@dataclass(frozen=True)
class Pulled:
    """One resource as the server has it now.

    Attributes:
        type: FHIR resource type.
        id: Logical id, as it is here.
        version: The server's version; empty if it did not say.
        last_updated: The server's time of it.
        body: JSON text, verbatim; of a deleted one the empty text. Bytes that are no UTF-8 stand
            in it as surrogates.
        odd: Why it cannot be read, where that is known already; empty if it is not.
        owner: Of one that cannot be read, whose record it seems to belong to.
    """

    type: str
    id: str
    version: str
    last_updated: str
    body: str
    odd: str = ""
    owner: str | None = None

    @cached_property
    def resource(self) -> Resource | None:
        """The body, read when it is first needed; None when it was deleted.

        Raises:
            Unavailable: ``not-fhir``: what came cannot be read.
        """
        try:
            return parse(self.body) if self.body else None
        except Refused as error:
            raise Unavailable("not-fhir", reason=error.data["reason"]) from error

    @cached_property
    def fault(self) -> str:
        """Why it cannot be read, as a code; empty when it can."""
        if self.odd:
            return self.odd
        try:
            return "" if self.resource is None or self.resource.get("id") == self.id else "other-id"
        except Unavailable as error:
            return str(error.data["reason"])

    @cached_property
    def patient(self) -> str | None:
        """Whose record it belongs to."""
        if self.fault:
            return self.owner or _seeming_owner(self.body)
        return None if self.resource is None else patient_of(self.resource)

    @property
    def key(self) -> Key:
        """Type and id."""
        return self.type, self.id

    @property
    def deleted(self) -> bool:
        """Whether the server deleted it."""
        return not self.body


_SUBJECT: Final = re.compile(
    r'"(?:subject|patient|for)"\s*:\s*\{[^{}]{0,200}?\bPatient/([A-Za-z0-9\-._~]{1,128})"'
)
_PATIENT: Final = re.compile(r"\bPatient/([A-Za-z0-9\-._~]{1,128})")


def _seeming_owner(body: str) -> str | None:
    """Whose record one that cannot be read seems to be: its subject's, else who is named first."""
    found = _SUBJECT.search(body) or _PATIENT.search(body)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Applied:
    """What one page of pulled resources did.

    Attributes:
        fresh: Those that were new or newer here.
        before: What stood here before, of those that were here: version and time.
        meeting: Those of them that have pending changes, with the change.
        aside: Those that cannot be read and were put aside.
        changes: For the screens.
    """

    fresh: list[Pulled] = field(default_factory=list)
    before: dict[Key, tuple[str, str]] = field(default_factory=dict)
    meeting: list[tuple[Pulled, Waiting]] = field(default_factory=list)
    aside: list[Pulled] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)


def apply(
    unit: Unit,
    pulled: Iterable[Pulled],
    wanted: Callable[[Pulled], bool] = lambda _each: True,
) -> Applied:
    """Store what the server has now.

    Args:
        unit: A writing transaction; the cursor goes into the same one.
        pulled: In the order of the server; the last of equal ids counts.
        wanted: Whether something new concerns this terminal; asked only of what is new.

    Returns:
        What was new. Changes that met a newer version are for the caller to rebase.
    """
    latest = {each.key: each for each in pulled}
    fresh, aside, before = news(unit, latest.values(), wanted)
    moved = _put_aside(unit, aside, [*fresh, *(e for e in latest.values() if e.deleted)])
    if not fresh:
        return Applied(aside=aside, changes=_changes(aside, queue=moved))
    seen.note_arrivals(unit, ((e.patient, e.resource) for e in fresh), {key[1] for key in before})
    unit.connection.exec_driver_sql(
        _STORE,
        [
            (e.type, e.id, e.version, e.last_updated, e.body, int(e.deleted), e.patient)
            for e in fresh
        ],
    )
    changed = waiting(unit, [each.key for each in fresh])
    refresh(
        unit.connection,
        [IndexRow(e.type, e.id, e.resource) for e in fresh if e.key not in changed],
    )
    return Applied(
        fresh=fresh,
        before={key: (old[0], old[1]) for key, old in before.items()},
        meeting=[(each, changed[each.key]) for each in fresh if each.key in changed],
        aside=aside,
        changes=_changes([*fresh, *aside], queue=moved),
    )


def news(
    view: View, pulled: Iterable[Pulled], wanted: Callable[[Pulled], bool]
) -> tuple[list[Pulled], list[Pulled], dict[Key, tuple[str, str, bool]]]:
    """Which of some pulled resources are new here.

    Returns:
        Those that are new, those that are new and cannot be read, and what stood here before of
        all of them.
    """
    latest = {each.key: each for each in pulled}
    before = _versions(view, latest)
    found = [
        each
        for key, each in latest.items()
        if _is_news(each, before.get(key)) and (key in before or wanted(each))
    ]
    fresh = [each for each in found if not each.fault]
    odd = {each.key: each for each in found if each.fault}
    unknown = unreadable.unknown(view, [_came(each) for each in odd.values()]) if odd else []
    return fresh, [odd[each.key] for each in unknown], before


def _put_aside(unit: Unit, odd: Sequence[Pulled], mended: Sequence[Pulled]) -> bool:
    """Keep what cannot be read, forget what can be read now or is gone; whether anything moved."""
    unreadable.keep(unit, map(_came, odd), unit.now())
    return bool(unreadable.forget(unit, [each.key for each in mended]) or odd)


def _came(each: Pulled) -> unreadable.Came:
    body = each.body.encode("utf-8", "surrogateescape")
    return unreadable.Came(each.type, each.id, each.version, each.patient, each.fault, body)


_STORE: Final = (
    "INSERT INTO resource (type, id, version, last_updated, body, deleted, patient)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (type, id) DO UPDATE SET version = excluded.version,"
    " last_updated = excluded.last_updated, deleted = excluded.deleted,"
    " body = CASE WHEN excluded.deleted THEN resource.body ELSE excluded.body END,"
    " patient = coalesce(excluded.patient, resource.patient)"
)


def counts(view: View, patients: Sequence[str]) -> dict[str, int]:
    """How many of each type the server is known to have of some patients."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, count(*) FROM resource WHERE NOT deleted AND patient IN"
        " (SELECT value FROM json_each(?)) GROUP BY type",
        (msgspec.json.encode(list(patients)).decode(),),
    )
    return {row[0]: row[1] for row in rows}


def held_versions(view: View, patients: Sequence[str]) -> dict[Key, str]:
    """Version of everything that the server is known to have of some patients."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, coalesce(version, '') FROM resource WHERE NOT deleted AND patient IN"
        " (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(patients)).decode(),),
    )
    return {(row[0], row[1]): row[2] for row in rows}


@dataclass(frozen=True, slots=True)
class Known:
    """What the server was last known to have: enough to recognise it by."""

    type: str
    id: str
    version: str
    last_updated: str

    @property
    def reference(self) -> str:
        """``Type/id``."""
        return f"{self.type}/{self.id}"


def newest(view: View, limit: int) -> list[Known]:
    """What came here last and the server has, the newest first."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, coalesce(version, ''), coalesce(last_updated, '') FROM resource"
        " WHERE NOT deleted ORDER BY rowid DESC LIMIT ?",
        (limit,),
    )
    return [Known(*row) for row in rows]


def at_stake(view: View, limit: int) -> list[Known]:
    """What was sent from here last, and the latest versions that waiting changes stand on.

    This is what a server that was set back would lose first, and what would be written over.

    Args:
        view: Of the store.
        limit: At most so many of either.
    """
    rows = view.connection.exec_driver_sql(_AT_STAKE, (limit * 4, limit, limit))
    return [Known(*row) for row in rows]


_AT_STAKE: Final = """
WITH last AS (SELECT type, id, seq FROM change WHERE answer_status BETWEEN 200 AND 299
              ORDER BY seq DESC LIMIT ?),
sent AS (SELECT type, id FROM last GROUP BY type, id ORDER BY max(seq) DESC LIMIT ?),
based AS (SELECT type, id FROM pending JOIN resource USING (type, id)
          WHERE base_version IS NOT NULL ORDER BY last_updated DESC LIMIT ?)
SELECT r.type, r.id, coalesce(r.version, ''), coalesce(r.last_updated, '')
FROM (SELECT * FROM sent UNION SELECT * FROM based) k
CROSS JOIN resource r ON r.type = k.type AND r.id = k.id
WHERE NOT r.deleted ORDER BY r.type, r.id
"""
"""CROSS JOIN: these few are looked up; SQLite would rather walk through the whole record."""


def everything(view: View) -> list[Known]:
    """All that the server is known to have."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, coalesce(version, ''), coalesce(last_updated, '') FROM resource"
        " WHERE NOT deleted ORDER BY type, id"
    )
    return [Known(*row) for row in rows]


def known(view: View, keys: Iterable[Key]) -> dict[str, Known]:
    """What is known of some resources, by ``Type/id``."""
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, coalesce(version, ''), coalesce(last_updated, '') FROM resource"
        f" WHERE NOT deleted AND (type, id) IN {KEYS}",
        (encoded(keys),),
    )
    return {found.reference: found for found in (Known(*row) for row in rows)}


def drop(unit: Unit, key: Key) -> bool:
    """Remove a copy that is known here under another id; whether there was one."""
    gone = unit.connection.exec_driver_sql("DELETE FROM resource WHERE type = ? AND id = ?", key)
    refresh(unit.connection, [IndexRow(*key, None)])
    return gone.rowcount > 0


def refer_anew(unit: Unit, old: str, renamed: Callable[[Resource], Resource]) -> None:
    """Write anew what refers to a record by another name than it has here.

    Args:
        unit: A writing transaction.
        old: ``Type/id`` that is not to be used any more.
        renamed: Gives a resource with the right names.
    """
    connection, mark = unit.connection, f'%"{old}%'
    for table, column in (("resource", "body"), ("pending", "body"), ("pending", "base_body")):
        rows = connection.exec_driver_sql(
            f"SELECT type, id, {column} FROM {table} WHERE {column} LIKE ?", (mark,)
        ).all()
        for type_, id_, body in rows:
            connection.exec_driver_sql(
                f"UPDATE {table} SET {column} = ? WHERE type = ? AND id = ?",
                (dump(renamed(parse(body))), type_, id_),
            )
        effective = [unit.get(type_, id_) for type_, id_, _ in rows]
        refresh(
            connection,
            [IndexRow(e.type, e.id, e.resource()) for e in effective if e and not e.deleted],
        )


def _versions(view: View, keys: Iterable[Key]) -> dict[Key, tuple[str, str, bool]]:
    rows = view.connection.exec_driver_sql(
        "SELECT type, id, coalesce(version, ''), coalesce(last_updated, ''), deleted"
        f" FROM resource WHERE (type, id) IN {KEYS}",
        (encoded(keys),),
    )
    return {(row[0], row[1]): (row[2], row[3], bool(row[4])) for row in rows}


_SECOND: Final = len("2026-11-20T07:00:00")


def _is_news(each: Pulled, before: tuple[str, str, bool] | None) -> bool:
    """Whether this is another version than the one here; a server without versions is believed.

    A server that was set back gives numbers anew: another second is another version.
    """
    if before is None:
        return not each.deleted
    version, at, deleted = before
    if deleted != each.deleted or version != each.version or not version:
        return True
    return bool(at and each.last_updated) and at[:_SECOND] != each.last_updated[:_SECOND]


def _changes(fresh: list[Pulled], *, queue: bool) -> Changes:
    types = frozenset(each.type for each in fresh)
    return Changes(
        types=types,
        references=frozenset(f"{each.type}/{each.id}" for each in fresh),
        patients=frozenset(each.patient for each in fresh if each.patient),
        ward=not types.isdisjoint(_WARD_TYPES),
        queue=queue,
    )
