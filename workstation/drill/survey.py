"""Looks, before a drill begins, whether its server is one that a drill can be played on."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.drill.server_side import ServerSide
from workstation.fhir import elements
from workstation.fhir.practitioner import Staff
from workstation.kernel.errors import Refused, Rejected, Unavailable
from workstation.sync import directory
from workstation.sync.client import FhirClient
from workstation.sync.directory import Ward
from workstation.sync.wire import Response, resource_of

_R4 = "4.0"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a drill needs to know of its server.

    Attributes:
        client: Speaks to it.
        software: Its name and version as it tells them; empty if it does not.
        ward: The fullest ward.
        staff: Who works there.
    """

    client: FhirClient
    software: str
    ward: Ward
    staff: tuple[Staff, ...]


def survey(server: ServerSide) -> Survey:
    """Open the server of a drill and look at it.

    Raises:
        Refused: With ``url`` and ``reason``: ``drill-address``, ``drill-unreachable``,
            ``drill-not-fhir``, ``drill-sign-in``, ``drill-search``, ``drill-no-ward``.
        Unavailable: ``hospital-did-not-start``.
    """
    try:
        client = server.open()
    except Refused as error:
        raise Refused("drill-address", url=server.base, reason=error.code) from error
    software = _software(client, server.base)
    try:
        wards = directory.wards(client)
        staff = directory.staff(client)
    except (Unavailable, Rejected) as error:
        code = "drill-sign-in" if error.code == "sign-in" else "drill-search"
        raise Refused(code, url=server.base, reason=_reason(error)) from error
    if not wards:
        raise Refused("drill-no-ward", url=server.base)
    return Survey(client, software, wards[0], staff)


def _software(client: FhirClient, url: str) -> str:
    try:
        response = client.get("metadata")
        statement = resource_of(response) if response.success else {}
    except Unavailable as error:
        code = "drill-not-fhir" if error.code == "not-fhir" else "drill-unreachable"
        raise Refused(code, url=url, reason=_reason(error)) from error
    if response.status in (401, 403):
        raise Refused("drill-sign-in", url=url, reason=_status(response))
    if statement.get("resourceType") != "CapabilityStatement":
        raise Refused("drill-not-fhir", url=url, reason=_status(response))
    version = elements.text(statement.get("fhirVersion")) or ""
    if not version.startswith(_R4):
        raise Refused("drill-not-fhir", url=url, reason=f"FHIR {version}")
    told = elements.mapping(statement.get("software"))
    parts = (elements.text(told.get("name")), elements.text(told.get("version")))
    return " ".join(part for part in parts if part)


def _status(response: Response) -> str:
    return f"HTTP {response.status}"


def _reason(error: Unavailable | Rejected) -> str:
    status = error.data.get("status")
    return f"{error.code}, HTTP {status}" if status else error.code
