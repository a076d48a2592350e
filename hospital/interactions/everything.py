"""``Patient/$everything``: a patient's whole record, and what it needs to be read."""

from __future__ import annotations

import re
from http import HTTPStatus

from hospital.interactions.bundles import address, bundle, found
from hospital.interactions.call import Answer, Call
from hospital.interactions.plain import known, since, whole
from hospital.interactions.read import read
from hospital.interactions.search import referred
from hospital.outcome import bad_request
from hospital.schema.r4 import r4, resource_types
from hospital.search.query import AFTER, Pairs
from hospital.store.view import Version, View

USUAL_PAGE = 500
_REFERENCE = re.compile(r'"reference":"([A-Z][A-Za-z]+/[^"\\:]+)"')
"""A relative reference in JSON as we write it; inside a text each quote has a backslash."""


def everything(call: Call, view: View, id_: str, pairs: Pairs) -> Answer:
    """A page of the patient's compartment, oldest first, with what that page refers to.

    Args:
        call: The request.
        view: The record.
        id_: Id of the patient.
        pairs: ``_since``, ``_type`` and ``_count``.

    Raises:
        Fault: 404 or 410 when there is no such patient, 400 for a wrong parameter.
    """
    read(call, view, "Patient", id_)
    asked = known(call, pairs, ("_since", "_count", "_type"))
    types = sorted({part for part in asked.get("_type", "").split(",") if part})
    if not resource_types().issuperset(types):
        raise bad_request("_type names what is no resource type")
    count = max(1, min(whole(asked, "_count", USUAL_PAGE), call.limits.page))
    rows = view.everything(
        id_,
        types,
        since=since(asked),
        after=whole(asked, AFTER, 0),
        count=count + 1,
    )
    page = rows[:count]
    path = f"Patient/{id_}/$everything"
    kept = [(name, value) for name, value in pairs if name in ("_since", "_count", "_type")]
    links = [("self", address(call.base, path, kept))]
    if len(rows) > count:
        links.append(("next", address(call.base, path, [*kept, (AFTER, str(page[-1].key))])))
    entries = [found(call, version) for version in page if call.principal.may(version.type, "r")]
    if not types:
        entries += [found(call, extra, mode="include") for extra in _support(call, view, page)]
    return Answer(HTTPStatus.OK, bundle("searchset", entries, links))


def _support(call: Call, view: View, page: list[Version]) -> list[Version]:
    """Practitioners, locations, drugs … that the page refers to and no patient owns."""
    targets: set[str] = set()
    for version in page:
        targets.update(_REFERENCE.findall(version.body or ""))
    owned = r4().compartment.keys() | {"Patient"}
    free = {
        "/".join(target.split("/")[:2]) for target in targets if target.split("/")[0] not in owned
    }
    return [item for item in referred(view, free) if call.principal.may(item.type, "r")]
