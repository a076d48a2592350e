"""Whose a result is: this hospital's, or another facility's, which is always said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.fhir import elements
from workstation.kernel.ids import WardId
from workstation.store import View

_HIGHEST = 8
"""Levels of an organisation that are climbed at most."""


@dataclass(frozen=True)
class Facilities:
    """The organisations that this terminal knows.

    Attributes:
        names: By id.
        own: Ids of those that belong to this hospital; empty when it is not known which do.
    """

    names: Mapping[str, str]
    own: frozenset[str]

    def foreign(self, performers: Any, contained: Any = None) -> str:
        """The name of the other facility that made a record; empty if this hospital did.

        A person is of this hospital unless the record names an organisation that is not.

        Args:
            performers: ``performer`` of the record.
            contained: ``contained`` of the record.
        """
        for performer in elements.objects(performers):
            name = self._foreign(performer, contained)
            if name:
                return name
        return ""

    def _foreign(self, performer: Mapping[str, Any], contained: Any) -> str:
        raw = elements.text(performer.get("reference")) or ""
        if raw.startswith("#"):
            return _named_inside(raw[1:], contained)
        organisation = elements.reference_id(performer, "Organization")
        if organisation is None or not self.own or organisation in self.own:
            return ""
        shown = elements.display(performer)
        return self.names.get(organisation) or shown or organisation


def facilities(view: View, ward: WardId) -> Facilities:
    """The organisations, and which of them the ward belongs to."""
    resources = [stored.resource() for stored in view.find("Organization")]
    names = {each["id"]: elements.text(each.get("name")) or each["id"] for each in resources}
    above = {
        each["id"]: elements.reference_id(each.get("partOf"), "Organization") for each in resources
    }
    stored = view.get("Location", ward)
    place = stored.resource() if stored else {}
    house = elements.reference_id(place.get("managingOrganization"), "Organization")
    if house is None:
        return Facilities(names, frozenset())
    top = _top(house, above)
    return Facilities(names, frozenset({top, *(id for id in above if _top(id, above) == top)}))


def _top(organisation: str, above: Mapping[str, str | None]) -> str:
    for _ in range(_HIGHEST):
        higher = above.get(organisation)
        if higher is None:
            return organisation
        organisation = higher
    return organisation


def _named_inside(own: str, contained: Any) -> str:
    for each in elements.objects(contained):
        if each.get("id") == own and each.get("resourceType") == "Organization":
            return elements.text(each.get("name")) or "?"
    return ""
