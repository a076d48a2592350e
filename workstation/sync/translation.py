"""Two names for one thing: our id and the id that a server chose when it refuses ours.

On this terminal a record keeps the id it was born with. On the way out the record's own id and
every reference are put into the server's ids, on the way in back into ours. With a server that
takes our ids nothing is ever translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from workstation.fhir import systems
from workstation.fhir.conflict import is_conflict, with_attached
from workstation.fhir.elements import mapping, objects
from workstation.fhir.json import Resource, parse
from workstation.kernel.errors import Refused


class Translation:
    """The ids of one server.

    Args:
        pairs: ``Type/id`` here to ``Type/id`` there.
    """

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._there = dict(pairs)
        self._here = {there: here for here, there in pairs.items()}

    def __bool__(self) -> bool:
        """Whether anything has two names."""
        return bool(self._there)

    def learn(self, here: str, there: str) -> None:
        """Take note of an id that the server chose."""
        self._there[here] = there
        self._here[there] = here

    def there(self, reference: str) -> str:
        """What the server calls it."""
        return self._there.get(reference, reference)

    def here(self, reference: str) -> str:
        """What we call it."""
        return self._here.get(reference, reference)

    def outgoing(self, resource: Resource) -> Resource:
        """The resource as the server shall see it."""
        return _renamed(resource, self._there) if self._there else resource

    def incoming(self, resource: Resource) -> Resource:
        """The server's resource as it is known here."""
        return _renamed(resource, self._here) if self._here else resource


_WITHOUT_IDENTIFIERS: Final = frozenset(
    {"Provenance", "AuditEvent", "Binary", "Bundle", "Composition", "QuestionnaireResponse"}
)
"""Types of R4 that have no identifier, or only one."""


def own_key(resource: Resource) -> str:
    """The search that finds this resource on a server that chose its id.

    Records carry their own UUID as an identifier; where a type has no list of identifiers, a tag
    does the same service (`with_own_key` puts either there). It is the UUID that the record was
    born with, on whatever terminal: two that send it again mean the same.
    """
    name = "identifier" if resource["resourceType"] not in _WITHOUT_IDENTIFIERS else "_tag"
    return f"{name}={systems.OWN_ID}|{own_value(resource)}"


def own_value(resource: Resource) -> str:
    """The UUID that a record was born with, as ``urn:uuid:…``."""
    return next(
        (value for system, value in _marks(resource) if system == systems.OWN_ID and value),
        f"urn:uuid:{resource['id']}",
    )


def with_own_key(resource: Resource) -> Resource:
    """The resource with something on it by which `own_key` finds it."""
    value = own_value(resource)
    if (systems.OWN_ID, value) in _marks(resource):
        return resource
    if resource["resourceType"] not in _WITHOUT_IDENTIFIERS:
        own = {"system": systems.OWN_ID, "value": value}
        return {**resource, "identifier": [*objects(resource.get("identifier")), own]}
    meta = mapping(resource.get("meta"))
    tags = [*objects(meta.get("tag")), {"system": systems.OWN_ID, "code": value}]
    return {**resource, "meta": {**meta, "tag": tags}}


def carries_key(text: bytes | msgspec.Raw, value: str) -> bool:
    """Whether a resource of the server bears the key of a record of ours, see `own_value`."""
    try:
        resource = parse(bytes(text))
    except Refused:
        return False
    return (systems.OWN_ID, value) in _marks(resource)


def _marks(resource: Resource) -> list[tuple[Any, Any]]:
    """System and value where the key of a record stands: an identifier, or else a tag."""
    if resource.get("resourceType") not in _WITHOUT_IDENTIFIERS:
        identifiers = objects(resource.get("identifier"))
        return [(each.get("system"), each.get("value")) for each in identifiers]
    tags = objects(mapping(resource.get("meta")).get("tag"))
    return [(each.get("system"), each.get("code")) for each in tags]


def _renamed(resource: Resource, names: Mapping[str, str]) -> Resource:
    own = f"{resource.get('resourceType')}/{resource.get('id')}"
    renamed: Resource = _walked(resource, names)
    if own in names:
        renamed["id"] = names[own].partition("/")[2]
    if is_conflict(renamed):
        return with_attached(renamed, lambda each: _renamed(each, names))
    return renamed


def _walked(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _reference(item, names)
            if key == "reference" and isinstance(item, str)
            else _walked(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_walked(item, names) for item in value]
    return value


def _reference(text: str, names: Mapping[str, str]) -> str:
    plain, mark, version = text.partition("/_history/")
    return names.get(plain, plain) + mark + version
