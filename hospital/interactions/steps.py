"""Reads the entries of a batch or transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from hospital.interactions.call import Call
from hospital.interactions.write import Sent
from hospital.outcome import Fault, bad_request

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
_MOST_OF_WRITE = 2


@dataclass(slots=True)
class Step:
    """One entry.

    Attributes:
        method: ``GET``, ``HEAD``, ``POST``, ``PUT`` or ``DELETE``.
        parts: The steps of the path behind the base.
        query: What follows the ``?``.
        content: The resource that it brings.
        full_url: Under what other entries may refer to it.
        if_match: The version that must be current.
        if_none_match: ``*`` when it must not be there.
        if_none_exist: A query that must find nothing.
        given_id: For a create: the id decided before, so that others can refer to it.
        sent: The resource, looked at; or why it cannot be taken.
    """

    method: str
    parts: list[str]
    query: str
    content: Any
    full_url: str = ""
    if_match: str = ""
    if_none_match: str = ""
    if_none_exist: str = ""
    given_id: str = ""
    sent: Sent | Fault | None = None

    @property
    def type(self) -> str:
        """The resource type in the address; empty for none."""
        return self.parts[0] if self.parts else ""

    @property
    def id(self) -> str:
        """The id in the address; empty for none."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def target(self) -> tuple[str, str]:
        """Type and id."""
        return self.type, self.id


def read_step(call: Call, entry: Any) -> Step:
    """Read one entry.

    Raises:
        Fault: 400 when it asks for nothing sensible.
    """
    asked = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(asked, dict):
        raise bad_request("the entry has no request", "required")
    texts = {name: value for name, value in asked.items() if isinstance(value, str)}
    method = texts.get("method", "")
    if method not in _METHODS:
        raise bad_request("the entry's method is not supported", "not-supported")
    path, _, query = texts.get("url", "").removeprefix(f"{call.base}/").partition("?")
    full_url = entry.get("fullUrl", "")
    step = Step(
        method,
        [unquote(part) for part in path.split("/") if part],
        query,
        entry.get("resource"),
        full_url if isinstance(full_url, str) else "",
        texts.get("ifMatch", ""),
        texts.get("ifNoneMatch", ""),
        texts.get("ifNoneExist", ""),
    )
    _check_address(step)
    return step


def _check_address(step: Step) -> None:
    needs = {"POST": 1, "DELETE": _MOST_OF_WRITE}.get(step.method)
    if step.method == "PUT":
        needs = 1 if step.query else _MOST_OF_WRITE
    if any("\0" in part for part in step.parts):
        raise bad_request("an address has no character NUL")
    if needs is not None and len(step.parts) != needs:
        raise bad_request(f"the entry's url does not suit {step.method}")
    if step.content is not None and not isinstance(step.content, dict):
        raise bad_request("the entry's resource is no JSON object", "structure")
    if step.method == "POST" and step.query:
        raise bad_request("searches by POST are not supported inside a Bundle", "not-supported")
