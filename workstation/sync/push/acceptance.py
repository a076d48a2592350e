"""Reads out of an accepting answer what is to be remembered: version, time, body, chosen id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.fhir.elements import mapping, text
from workstation.fhir.json import dump, equal, parse
from workstation.kernel.errors import Refused, Unavailable
from workstation.store import mirror, sync_state
from workstation.store.queue import Answer, Waiting
from workstation.store.record import Unit
from workstation.sync.client import Entry
from workstation.sync.look_up import LookUp
from workstation.sync.probe import version_of
from workstation.sync.push.outgoing import Outgoing
from workstation.sync.server import Server


class Acceptance:
    """Reads accepting answers of one server.

    Args:
        server: The other side.
        look_up: Reads single records, where an answer does not say enough.
    """

    def __init__(self, server: Server, look_up: LookUp) -> None:
        self._base = server.client.transport.base
        self._types = frozenset(server.capabilities.types)
        self._names = server.names
        self._look_up = look_up

    def read(self, out: Outgoing, entry: Entry, status: int) -> tuple[Answer, str] | None:
        """The answer to write, and the id that the server chose where it chose one.

        Returns:
            None where the server still has the version that the edit started from, and says
            something else than was sent: it accepted and did nothing.

        Raises:
            Unavailable: ``not-fhir``: the answer does not say enough; it is looked up next time.
        """
        row = out.row
        theirs = _resource_in(entry, row.type)
        self._check_owner(out, theirs, entry.response.location)
        version = version_of(theirs, entry.response.etag, entry.response.location)
        stamp = text(mapping(theirs.get("meta")).get("lastUpdated"))
        updated = stamp or entry.response.lastModified
        there = ""
        if out.entry.method == "POST":
            id_ = text(theirs.get("id")) or _id_in(entry.response.location)
            if not id_:
                raise Unavailable("not-fhir", reason="created-without-id")
            there = f"{row.type}/{id_}"
            self._names.learn(row.reference, there)
        if not version or (version == row.base_version and not theirs):
            theirs, version, updated = self._read_again(row)
        if theirs and self._names:
            theirs = self._names.incoming(theirs)
        body = dump(theirs) if theirs and not _says_the_same(theirs, out.text) else None
        if body is not None and version == row.base_version:
            return None
        return Answer(row.type, row.id, version, updated or None, body, status), there

    def _check_owner(self, out: Outgoing, theirs: Mapping[str, Any], location: str) -> None:
        """Never take the answer to another change for the one to this.

        Raises:
            Unavailable: ``not-fhir``: answers are mixed up; all are looked up before anything else.
        """
        there = f"{out.row.type}/{theirs.get('id')}" if theirs else self._named_in(location)
        if not there:
            return
        asked = self._names.there(out.row.reference)
        if there != asked and (out.entry.method != "POST" or asked != out.row.reference):
            raise Unavailable("not-fhir", reason="other-record")

    def _named_in(self, location: str) -> str:
        """``Type/id`` of the record that an address leads to; empty where it does not say."""
        parts = location.partition("/_history/")[0].split("/")
        return "/".join(parts[-2:]) if parts[-2:-1] and parts[-2] in self._types else ""

    def _read_again(self, row: Waiting) -> tuple[dict[str, Any], str, str]:
        _, found = self._look_up.now([row.reference])[row.reference]
        if found is None or found.fault or found.resource is None:
            raise Unavailable("not-fhir", reason="accepted-but-not-there")
        return found.resource, found.version, found.last_updated

    def learn(self, unit: Unit, chosen: Mapping[str, str]) -> None:
        """Keep the ids that the server chose; copies that came under those ids give way to ours.

        A copy comes so when the answer to a create was lost and a pull brought it meanwhile; what
        a colleague has charted on it refers to it by the server's id until then.

        Args:
            unit: A writing transaction.
            chosen: ``Type/id`` here to ``Type/id`` there.
        """
        sync_state.map_ids(unit, self._base, chosen)
        for here, there in chosen.items():
            self._names.learn(here, there)
            type_, _, id_ = there.partition("/")
            if there != here and mirror.drop(unit, (type_, id_)):
                mirror.refer_anew(unit, there, self._names.incoming)


def _resource_in(entry: Entry, type_: str) -> dict[str, Any]:
    """The resource in an answer; empty where it brings none, or one that cannot be read."""
    try:
        found = parse(bytes(entry.resource)) if entry.resource else {}
    except Refused:
        return {}
    return found if found.get("resourceType") == type_ else {}


def _says_the_same(theirs: dict[str, Any], sent: str) -> bool:
    """Whether the server stored what was sent; then our own text, digit by digit, is kept."""
    ours = parse(sent)
    plain = {key: value for key, value in theirs.items() if key not in ("meta", "text")}
    if plain == {key: value for key, value in ours.items() if key not in ("meta", "text")}:
        return True
    return equal(theirs, ours)


def _id_in(location: str) -> str:
    return location.partition("/_history/")[0].rpartition("/")[2]
