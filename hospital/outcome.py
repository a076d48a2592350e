"""Failures that a client is told about, and the OperationOutcome that tells."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from workstation.kernel.errors import Unavailable

Outcome = dict[str, Any]


class Issue(NamedTuple):
    """One line of an OperationOutcome.

    Attributes:
        code: An R4 issue type (https://hl7.org/fhir/R4/valueset-issue-type.html).
        diagnostics: What is wrong, for an engineer; never a value of a resource.
        expression: The element it is about; empty when it is none.
        severity: ``fatal``, ``error``, ``warning``, ``information``.
    """

    code: str
    diagnostics: str
    expression: str = ""
    severity: str = "error"


class Fault(Exception):
    """A request that cannot be carried out.

    Args:
        status: HTTP status to answer with.
        code: R4 issue type.
        diagnostics: What is wrong.
        headers: Headers that belong to the answer, such as ``Retry-After``.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        diagnostics: str,
        *,
        issues: Iterable[Issue] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.issues = list(issues) or [Issue(code, diagnostics)]
        self.headers = headers or {}

    @property
    def outcome(self) -> Outcome:
        """The OperationOutcome of this failure."""
        return outcome(self.issues)


def outcome(issues: Iterable[Issue]) -> Outcome:
    """An OperationOutcome of the issues."""
    lines = []
    for issue in issues:
        line: dict[str, Any] = {
            "severity": issue.severity,
            "code": issue.code,
            "diagnostics": issue.diagnostics,
        }
        if issue.expression:
            line["expression"] = [issue.expression]
        lines.append(line)
    return {"resourceType": "OperationOutcome", "issue": lines}


def bad_request(diagnostics: str, code: str = "invalid") -> Fault:
    """The request itself makes no sense: 400."""
    return Fault(HTTPStatus.BAD_REQUEST, code, diagnostics)


def not_found(what: str) -> Fault:
    """Nothing is there, and never was as far as is known: 404."""
    return Fault(HTTPStatus.NOT_FOUND, "not-found", f"{what} is not known")


def unsupported(what: str) -> Fault:
    """The server does not do this: 405."""
    return Fault(HTTPStatus.METHOD_NOT_ALLOWED, "not-supported", f"{what} is not supported")


def not_now(error: Unavailable) -> Fault:
    """The database cannot take it just now: 503, and when to come again."""
    code, seconds = _PATIENCE.get(error.code, ("no-store", 10))
    return Fault(
        HTTPStatus.SERVICE_UNAVAILABLE,
        code,
        f"nothing was changed, unless it was being committed just then: {error.code}",
        headers={"Retry-After": str(seconds)},
    )


_PATIENCE: Final = {
    "database-busy": ("lock-error", 2),
    "database-away": ("no-store", 5),
    "database-full": ("no-store", 60),
    "database-read-only": ("no-store", 60),
}
"""R4 issue type and seconds to wait, by the code of what went wrong."""
