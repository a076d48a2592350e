"""Writes a change as the request that the server at hand takes without risk.

Create: ``PUT`` of our own id, or ``POST`` with ``If-None-Exist`` where ids are refused. Update:
``PUT`` with ``If-Match``. What is frozen is the text in our own ids; the bytes on the wire follow
from it, so that a repeated request is the same request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.fhir.json import Resource, dump, dump_bytes, parse
from workstation.store.queue import Waiting
from workstation.sync.capabilities import Capabilities
from workstation.sync.client import BatchEntry, weak_tag
from workstation.sync.translation import Translation, own_key, with_own_key


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One change, ready for the wire.

    Attributes:
        row: As it was read from the queue.
        text: What is frozen.
        entry: The request.
    """

    row: Waiting
    text: str
    entry: BatchEntry


def prepare(row: Waiting, capabilities: Capabilities, names: Translation) -> Outgoing:
    """Write one create or update."""
    if row.operation == "create" and not capabilities.client_ids:
        return _by_post(row, names)
    text = row.frozen_body or _without_server_meta(row.body)
    body = text.encode()
    if names:
        body = dump_bytes(names.outgoing(parse(text)))
    return Outgoing(
        row,
        text,
        BatchEntry(
            "PUT",
            names.there(row.reference),
            body,
            if_match=weak_tag(row.base_version) if row.base_version else "",
            if_none_match="*" if _is_guarded_create(row, capabilities) else "",
        ),
    )


def prepare_circle(
    rows: Sequence[Waiting], capabilities: Capabilities, names: Translation
) -> list[Outgoing]:
    """Write changes that refer to each other, for one transaction.

    Where the server chooses ids, siblings refer to each other by ``urn:uuid`` until it has.
    """
    if capabilities.client_ids:
        return [prepare(row, capabilities, names) for row in rows]
    inside = Translation({row.reference: f"urn:uuid:{row.id}" for row in rows})
    prepared = []
    for row in rows:
        out = prepare(row, capabilities, names)
        body = _without_id(inside.outgoing(names.outgoing(parse(out.text))))
        entry = BatchEntry(
            "POST",
            row.type,
            dump_bytes(body),
            if_none_exist=out.entry.if_none_exist,
            full_url=f"urn:uuid:{row.id}",
        )
        prepared.append(Outgoing(row, out.text, entry))
    return prepared


def _by_post(row: Waiting, names: Translation) -> Outgoing:
    resource = with_own_key(parse(row.frozen_body or _without_server_meta(row.body)))
    return Outgoing(
        row,
        dump(resource),
        BatchEntry(
            "POST",
            row.type,
            dump_bytes(_without_id(names.outgoing(resource))),
            if_none_exist=own_key(resource),
        ),
    )


def _is_guarded_create(row: Waiting, capabilities: Capabilities) -> bool:
    return row.operation == "create" and capabilities.honours_none_match


def _without_id(resource: Resource) -> Resource:
    return {key: value for key, value in resource.items() if key != "id"}


def _without_server_meta(body: str) -> str:
    """Leave out version and time, which some servers would believe from a client."""
    if '"meta"' not in body:
        return body
    resource = parse(body)
    meta = {
        key: value
        for key, value in (resource.get("meta") or {}).items()
        if key not in ("versionId", "lastUpdated")
    }
    if meta:
        resource["meta"] = meta
    else:
        resource.pop("meta", None)
    return dump(resource)
