"""Who made which version of a record out of what: merges and decisions, as FHIR Provenance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workstation.fhir import systems
from workstation.fhir.json import Resource

_UPDATE = {
    "coding": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "code": "UPDATE"}
    ]
}
_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance(
    id: str,
    *,
    target: str,
    recorded: str,
    device: str,
    person: tuple[str | None, str | None] = (None, None),
    sources: Iterable[tuple[str, str]] = (),
    fields: Iterable[str] = (),
    reason: str = "",
    patient: str | None = None,
) -> Resource:
    """Say how a version came about.

    Args:
        id: Of the Provenance.
        target: ``Type/id`` of the record.
        recorded: When, as FHIR instant text.
        device: The terminal that did it.
        person: ``Practitioner/<id>`` and name of who decided; nobody for a merge by itself.
        sources: Role and version of what went into it: ``base``, ``local``, ``remote``.
        fields: Names of the parts that came from this side.
        reason: In the person's words.
        patient: Id of the patient concerned.
    """
    resource: Resource = {
        "resourceType": "Provenance",
        "id": id,
        "meta": _own(id),
        "target": [{"reference": target}, *_patients(patient)],
        "recorded": recorded,
        "activity": _UPDATE,
        "agent": [*_person(*person), _agent("assembler", {"display": device})],
    }
    optional = {
        "reason": [{"text": reason}] if reason else [],
        "entity": [_entity(role, version, target) for role, version in sources],
        "extension": [{"url": systems.PROVENANCE_FIELD, "valueString": name} for name in fields],
    }
    return resource | {name: value for name, value in optional.items() if value}


def _own(id: str) -> Resource:
    """A Provenance has no identifier; a tag lets it be found again after a lost answer."""
    return {"tag": [{"system": systems.OWN_ID, "code": f"urn:uuid:{id}"}]}


def _patients(patient: str | None) -> list[Resource]:
    return [{"reference": f"Patient/{patient}"}] if patient else []


def _person(reference: str | None, display: str | None) -> list[Resource]:
    who = {"reference": reference, "display": display}
    found = {key: value for key, value in who.items() if value}
    return [_agent("author", found)] if found else []


def _agent(kind: str, who: dict[str, Any]) -> Resource:
    return {"type": {"coding": [{"system": _AGENT, "code": kind}]}, "who": who}


def _entity(role: str, version: str, target: str) -> Resource:
    display = f"{role} {target}/_history/{version}" if version else f"{role} {target}"
    return {"role": "revision" if role == "base" else "source", "what": {"display": display}}
