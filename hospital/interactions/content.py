"""Takes in what a client sent: JSON, its shape, its conformity to R4."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from hospital.outcome import Fault, Issue, bad_request
from hospital.schema.primitives import is_id
from hospital.schema.validate import Invalid, Problem, validate
from workstation.fhir.json import parse
from workstation.kernel.errors import Refused


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        Fault: 400 when it is none.
    """
    try:
        return parse(body)
    except Refused as error:
        raise bad_request("the body is no JSON object in UTF-8", "structure") from error


def problems(resource: dict[str, Any]) -> frozenset[Problem]:
    """Every rule of R4 that a resource breaks."""
    try:
        validate(resource)
    except Invalid as error:
        return frozenset(error.problems)
    return frozenset()


def named(resource: Any, type_: str, id_: str | None) -> dict[str, Any]:
    """The resource, if it is what the address says.

    Args:
        resource: As sent.
        type_: The type in the address.
        id_: The id in the address; absent for a create.

    Raises:
        Fault: 400 when they do not agree.
    """
    if not isinstance(resource, dict) or resource.get("resourceType") != type_:
        raise bad_request(f"the body is no {type_}", "structure")
    if id_ is not None:
        if not is_id(id_):
            raise bad_request("the id is not allowed", "value")
        if resource.get("id") != id_:
            raise bad_request("the id in the body is not that of the address", "value")
    return resource


def invalid(found: frozenset[Problem]) -> Fault:
    """The answer to a resource that breaks rules: 422, with each of them."""
    issues = [Issue(code, reason, path) for code, reason, path in sorted(found)]
    return Fault(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "not valid R4", issues=issues)
