"""Everything that only reads, by its address: for single requests and entries of a Bundle."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from hospital.interactions.call import Answer, Call
from hospital.interactions.everything import everything
from hospital.interactions.history import history
from hospital.interactions.read import read, vread
from hospital.interactions.search import search
from hospital.outcome import Fault, not_found
from hospital.search.query import Pairs
from hospital.store.view import View


def fetch(call: Call, view: View, parts: Sequence[str], pairs: Pairs) -> Answer:
    """Answer a reading request.

    Args:
        call: The request.
        view: The record.
        parts: The steps of the path behind the base.
        pairs: The query, decoded.

    Raises:
        Fault: when it cannot be answered.
    """
    if any("\0" in part for part in parts):
        raise not_found("this address")
    match list(parts):
        case ["_history"]:
            return history(call, view, None, None, pairs)
        case [type_, "_history"]:
            return history(call, view, type_, None, pairs)
        case [type_, id_, "_history"]:
            return history(call, view, type_, id_, pairs)
        case [type_, id_, "_history", tag]:
            return vread(call, view, type_, id_, tag)
        case _:
            return _found(call, view, parts, pairs)


def _found(call: Call, view: View, parts: Sequence[str], pairs: Pairs) -> Answer:
    match list(parts):
        case ["Patient", id_, "$everything"]:
            return everything(call, view, id_, pairs)
        case ["Patient", id_, type_] if not type_.startswith(("$", "_")):
            return search(call, view, type_, pairs, patient=id_)
        case [type_, id_] if not id_.startswith(("$", "_")):
            return read(call, view, type_, id_)
        case [type_] if not type_.startswith(("$", "_")):
            return search(call, view, type_, pairs)
        case _:
            raise Fault(HTTPStatus.NOT_FOUND, "not-supported", "there is nothing at this address")
