"""Sends one change by itself, and gives its answer the shape of an entry in a batch."""

from __future__ import annotations

import msgspec

from workstation.sync.client import BatchEntry, Entry, EntryResponse, FhirClient
from workstation.sync.wire import Request, raise_for


def send_single(client: FhirClient, entry: BatchEntry) -> Entry:
    """Send one create or update.

    Raises:
        Unavailable: The server went away, throttles, or wants a sign-in.
    """
    headers = {}
    if entry.if_match:
        headers["If-Match"] = entry.if_match
    if entry.if_none_match:
        headers["If-None-Match"] = entry.if_none_match
    if entry.if_none_exist:
        headers["If-None-Exist"] = entry.if_none_exist
    answer = client.send(Request(entry.method, entry.url, entry.body, headers))
    if answer.status in _ENDS_THE_PUSH:
        raise_for(answer)
    body = msgspec.Raw(answer.body) if answer.body else msgspec.Raw()
    response = EntryResponse(
        status=str(answer.status),
        etag=answer.headers.get("etag", ""),
        location=answer.headers.get("location") or answer.headers.get("content-location", ""),
        lastModified="",
        outcome=msgspec.Raw() if answer.success else msgspec.Raw(answer.body),
    )
    return Entry(resource=body if answer.success else msgspec.Raw(), response=response)


_ENDS_THE_PUSH = (401, 429, 503)
