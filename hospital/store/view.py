"""Reading the hospital's database: current resources, versions, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, false, func, select

from hospital.search.criteria import Criteria
from hospital.search.parameters import member_labels
from hospital.store.query import belonging, counting, matching, reaching
from hospital.store.tables import counter, history, resource

CHUNK = 500
"""Values in one IN list: every database takes as many."""


class Version(NamedTuple):
    """One version of one resource.

    Attributes:
        key: Number of the resource.
        type: Its type.
        id: Its id.
        version: Number of this version, from 1.
        seq: Place in the order of commits.
        at: When, in ms since 1970.
        method: ``POST``, ``PUT`` or ``DELETE``.
        body: The resource as JSON; absent for a deletion.
    """

    key: int
    type: str
    id: str
    version: int
    seq: int
    at: int
    method: str
    body: str | None

    @property
    def deleted(self) -> bool:
        """Whether this version is a deletion."""
        return self.body is None


_COLUMNS = (
    resource.c.key,
    resource.c.type,
    resource.c.id,
    history.c.version,
    history.c.seq,
    history.c.at,
    history.c.method,
    history.c.body,
)
_CURRENT = select(*_COLUMNS).join(history, history.c.seq == resource.c.seq)
_EVERY = select(*_COLUMNS).join(history, history.c.key == resource.c.key)


class View:
    """One consistent look at the record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, type_: str, id_: str) -> Version | None:
        """The newest version of a resource, which may be its deletion."""
        return self._one(_CURRENT.where(resource.c.type == type_, resource.c.id == id_))

    def several(self, type_: str, ids: Sequence[str]) -> list[Version]:
        """The newest versions of those that are known, deletions among them."""
        found: list[Version] = []
        for at in range(0, len(ids), CHUNK):
            part = ids[at : at + CHUNK]
            found += self._all(_CURRENT.where(resource.c.type == type_, resource.c.id.in_(part)))
        return found

    def version(self, type_: str, id_: str, version: int) -> Version | None:
        """One version of a resource."""
        return self._one(
            _EVERY.where(
                resource.c.type == type_, resource.c.id == id_, history.c.version == version
            )
        )

    def history(
        self,
        type_: str | None,
        id_: str | None,
        *,
        since: int,
        before: int | None,
        count: int,
    ) -> list[Version]:
        """Versions from the newest to the oldest.

        Args:
            type_: Only of this type.
            id_: Only of this resource.
            since: Only from this time on, in ms since 1970.
            before: Only those that were committed before this ``seq``.
            count: At most so many.
        """
        asked = self._history(_EVERY, type_, id_, since)
        if before is not None:
            asked = asked.where(history.c.seq < before)
        return self._all(asked.order_by(history.c.seq.desc()).limit(count))

    def history_size(self, type_: str | None, id_: str | None, *, since: int) -> int:
        """How many versions `history` has in all."""
        number = select(func.count()).select_from(resource)
        number = number.join(history, history.c.key == resource.c.key)
        return int(self._connection.execute(self._history(number, type_, id_, since)).scalar_one())

    def search(self, criteria: Criteria) -> list[tuple[Version, tuple[object, ...]]]:
        """A page of matches and one more if there are more, each with its place in the order."""
        rows = self._connection.execute(matching(_CURRENT, criteria)).all()
        width = len(_COLUMNS)
        return [(Version._make(row[:width]), tuple(row[width:])) for row in rows]

    def count(self, criteria: Criteria) -> int:
        """How many match."""
        return int(self._connection.execute(counting(criteria)).scalar_one())

    def reached(self, labels: Sequence[str], keys: Sequence[int]) -> set[str]:
        """What the resources of `keys` refer to by the paths of `labels`."""
        wanted = set(labels)
        found: set[str] = set()
        for at in range(0, len(keys), CHUNK):
            rows = self._connection.execute(reaching(keys[at : at + CHUNK]))
            found.update(row.target for row in rows if row.label in wanted)
        return found

    def everything(
        self, patient: str, types: Sequence[str], *, since: int, after: int, count: int
    ) -> list[Version]:
        """A patient and what belongs to him or her, oldest first.

        Args:
            patient: Id of the patient.
            types: Which resource types; empty for all.
            since: Only what changed from this time on, in ms since 1970.
            after: Only resources whose key is greater.
            count: At most so many.
        """
        asked = belonging(
            _CURRENT,
            member_labels(),
            patient,
            types=types,
            since=since,
            after=after,
            count=count,
        )
        return self._all(asked)

    def living(self, *, after: int, count: int) -> list[Version]:
        """Resources that are not deleted, by key.

        Args:
            after: Only those whose key is greater.
            count: At most so many.
        """
        asked = _CURRENT.where(resource.c.deleted == false(), resource.c.key > after)
        return self._all(asked.order_by(resource.c.key).limit(count))

    def change(self) -> tuple[int, int]:
        """The newest ``seq`` and its time in ms since 1970."""
        row = self._connection.execute(select(counter.c.seq, counter.c.at)).one()
        return int(row.seq), int(row.at)

    def _history(
        self, asked: Select[Any], type_: str | None, id_: str | None, since: int
    ) -> Select[Any]:
        if type_ is not None:
            asked = asked.where(history.c.type == type_)
        if id_ is not None:
            asked = asked.where(resource.c.id == id_)
        return asked.where(history.c.seq >= self._first_since(since)) if since else asked

    def _first_since(self, since: int) -> int:
        """The first ``seq`` of a time: both grow together."""
        first = select(history.c.seq).where(history.c.at >= since)
        first = first.order_by(history.c.at, history.c.seq).limit(1)
        found = self._connection.execute(first).scalar()
        return self.change()[0] + 1 if found is None else int(found)

    def _one(self, asked: Select[Any]) -> Version | None:
        row = self._connection.execute(asked).first()
        return Version(*row) if row else None

    def _all(self, asked: Select[Any]) -> list[Version]:
        return [Version._make(row) for row in self._connection.execute(asked).all()]
