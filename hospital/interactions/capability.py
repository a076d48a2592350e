"""The CapabilityStatement, made from the same tables that drive the code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from hospital import __version__
from hospital.interactions.call import Answer, Call
from hospital.schema.r4 import r4
from hospital.search.parameters import parameters
from hospital.search.times import instant
from hospital.store.view import View
from workstation.fhir import systems

EPOCH: Final = f"{systems.BASE}/StructureDefinition/server-epoch"
"""Extension with the id of this database (valueUuid): it changes when that is made anew."""
CHANGE: Final = f"{systems.BASE}/StructureDefinition/server-change"
"""Extension with the number of versions ever committed (valueString of digits): it only grows,
so that one that shrank tells of a restored backup."""

_INTERACTIONS: Final = (
    "read",
    "vread",
    "update",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
)
_ONLY_KEPT: Final = frozenset({"Subscription"})
"""Stored if somebody sends one, but never acted on: so it is not claimed."""
_SYSTEM: Final = ("batch", "transaction", "history-system")


def capabilities(call: Call, view: View, *, started: int, demo: bool) -> Answer:
    """What this server does.

    Args:
        call: The request.
        view: The record.
        started: When this process began, in ms since 1970.
        demo: Whether it may be used without log-in.
    """
    change, _ = view.change()
    statement = {
        "resourceType": "CapabilityStatement",
        "extension": [
            {"url": EPOCH, "valueUuid": f"urn:uuid:{call.database.epoch}"},
            {"url": CHANGE, "valueString": str(change)},
        ],
        "status": "active",
        "date": instant(started),
        "kind": "instance",
        "software": {"name": "Ward Workstation reference hospital", "version": __version__},
        "implementation": {"description": "Reference hospital server", "url": call.base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [_rest(call.base, demo=demo)],
    }
    return Answer(HTTPStatus.OK, statement)


def _rest(base: str, *, demo: bool) -> Mapping[str, Any]:
    return {
        "mode": "server",
        "security": _security(base, demo=demo),
        "resource": [_resource(type_) for type_ in r4().resources if type_ not in _ONLY_KEPT],
        "interaction": [{"code": code} for code in _SYSTEM],
    }


def _security(base: str, *, demo: bool) -> Mapping[str, Any]:
    service = {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                "code": "SMART-on-FHIR",
            }
        ]
    }
    text = "SMART Backend Services; people log in at /auth/login."
    note = " Demonstration: anonymous requests are allowed." if demo else ""
    origin = base.removesuffix("/fhir")
    return {
        "extension": [
            {
                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                "extension": [{"url": "token", "valueUri": f"{origin}/auth/token"}],
            }
        ],
        "service": [service],
        "description": text + note,
    }


@cache
def _resource(type_: str) -> Mapping[str, Any]:
    known = sorted(parameters(type_).values(), key=lambda parameter: parameter.name)
    shown: dict[str, Any] = {
        "type": type_,
        "interaction": [{"code": code} for code in _INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": True,
        "conditionalDelete": "not-supported",
    }
    references = [parameter.name for parameter in known if parameter.kind == "reference"]
    if references:
        shown["searchInclude"] = [f"{type_}:{name}" for name in references]
    shown["searchParam"] = [
        {"name": "_id", "type": "token"},
        {"name": "_lastUpdated", "type": "date"},
        *({"name": parameter.name, "type": parameter.kind} for parameter in known),
    ]
    if type_ == "Patient":
        shown["operation"] = [
            {
                "name": "everything",
                "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
            }
        ]
    return shown
