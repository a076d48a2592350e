"""Every version of a resource, of a type, of everything, newest first."""

from __future__ import annotations

from http import HTTPStatus

from hospital.interactions.bundles import address, bundle, happened
from hospital.interactions.call import Answer, Call
from hospital.interactions.plain import known, since, whole
from hospital.outcome import not_found
from hospital.search.query import AFTER, USUAL_PAGE, Pairs
from hospital.store.view import View


def history(call: Call, view: View, type_: str | None, id_: str | None, pairs: Pairs) -> Answer:
    """A page of versions.

    Args:
        call: The request.
        view: The record.
        type_: Only of this type; absent for all.
        id_: Only of this resource.
        pairs: ``_since`` and ``_count``.

    Raises:
        Fault: 404 for a resource that never was, 400 for a parameter that makes no sense.
    """
    call.allow(type_, "r") if type_ else call.allow_reading_all()
    asked = known(call, pairs, ("_since", "_count"))
    start = since(asked)
    count = min(whole(asked, "_count", USUAL_PAGE), call.limits.page)
    before = whole(asked, AFTER, 0) or None
    if type_ and id_ and view.current(type_, id_) is None:
        raise not_found(f"{type_}/{id_}"[:100])
    path = "/".join(part for part in (type_, id_, "_history") if part)
    kept = [(name, value) for name, value in pairs if name in ("_since", "_count")]
    links = [("self", address(call.base, path, kept))]
    rows = view.history(type_, id_, since=start, before=before, count=count + 1)
    page = rows[:count]
    if len(rows) > count and page:
        place = str(page[-1].seq)
        links.append(("next", address(call.base, path, [*kept, (AFTER, place)])))
    total = None if before else view.history_size(type_, id_, since=start)
    entries = [happened(call, version) for version in page]
    return Answer(HTTPStatus.OK, bundle("history", entries, links, total))
