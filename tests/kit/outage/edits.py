"""What people change in a record, by name: one element, a list's element, a clinical group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from workstation.fhir import systems

Json = dict[str, Any]
Change = Callable[[Json, str], None]
"""Puts a token into a resource."""
Edit = Callable[[str], tuple[str, str, Change]]
"""For a patient: type and id of the record, and what is done to it."""


def _phone(use: str) -> Change:
    def change(resource: Json, token: str) -> None:
        numbers = resource.get("telecom", [])
        mine = {"system": "phone", "use": use, "value": token}
        resource["telecom"] = [*(n for n in numbers if n.get("use") != use), mine]

    return change


def _phone_in_place(resource: Json, token: str) -> None:
    """The number of the first entry, which stays where it is."""
    numbers = resource.get("telecom") or [{"system": "phone", "use": "home"}]
    resource["telecom"] = [{**numbers[0], "value": token}, *numbers[1:]]


def _put(element: str, value: Callable[[str], Any]) -> Change:
    def change(resource: Json, token: str) -> None:
        resource[element] = value(token)

    return change


def _remark(resource: Json, token: str) -> None:
    resource["note"] = [*resource.get("note", []), {"text": token}]


def _level(resource: Json, token: str) -> None:
    others = [e for e in resource.get("extension", []) if e["url"] != systems.CARE_LEVEL]
    resource["extension"] = [*others, {"url": systems.CARE_LEVEL, "valueCode": token}]


def _reaction(resource: Json, token: str) -> None:
    kept = resource.get("reaction", [])
    resource["reaction"] = [*kept, {"manifestation": [{"text": token}]}]


def _stop(resource: Json, token: str) -> None:
    resource["status"] = "stopped"
    resource["statusReason"] = {"text": token}


def _relative(name: str) -> Change:
    def change(resource: Json, token: str) -> None:
        others = [c for c in resource.get("contact", []) if c["name"]["text"] != name]
        mine = {
            "relationship": [{"text": "next of kin"}],
            "name": {"text": name},
            "telecom": [{"system": "phone", "value": token}],
        }
        resource["contact"] = [*others, mine]

    return change


def _admitted_from(token: str) -> Json:
    return {"admitSource": {"text": token}}


EDITS: Final[dict[str, Edit]] = {
    "home phone": lambda p: ("Patient", p, _phone("home")),
    "mobile phone": lambda p: ("Patient", p, _phone("mobile")),
    "first phone": lambda p: ("Patient", p, _phone_in_place),
    "wife": lambda p: ("Patient", p, _relative("Lan")),
    "brother": lambda p: ("Patient", p, _relative("Minh")),
    "marital status": lambda p: ("Patient", p, _put("maritalStatus", lambda t: {"text": t})),
    "name": lambda p: ("Patient", p, _put("name", lambda t: [{"family": t}])),
    "care level": lambda p: ("Encounter", f"stay-{p}", _level),
    "stay": lambda p: ("Encounter", f"stay-{p}", _put("hospitalization", _admitted_from)),
    "dose": lambda p: (
        "MedicationRequest", f"order-{p}", _put("dosageInstruction", lambda t: [{"text": t}]),
    ),
    "stop": lambda p: ("MedicationRequest", f"order-{p}", _stop),
    "reason": lambda p: (
        "MedicationRequest", f"order-{p}", _put("reasonCode", lambda t: [{"text": t}]),
    ),
    "remark": lambda p: ("MedicationRequest", f"order-{p}", _remark),
    "substance": lambda p: (
        "AllergyIntolerance", f"allergy-{p}", _put("code", lambda t: {"text": t}),
    ),
    "reaction": lambda p: ("AllergyIntolerance", f"allergy-{p}", _reaction),
    "allergy remark": lambda p: ("AllergyIntolerance", f"allergy-{p}", _remark),
    "flag": lambda p: ("Flag", f"flag-{p}", _put("period", lambda t: {"id": t})),
}  # fmt: skip
