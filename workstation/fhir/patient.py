"""Patients: the values that banners, lists and search need, out of any R4 Patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

from workstation.clinical.names import PersonName, nfc
from workstation.fhir import elements, systems
from workstation.fhir.json import Resource

Sex = Literal["male", "female", "other", "unknown"]

_IDENTIFIER_TYPE: Final = "http://terminology.hl7.org/CodeSystem/v2-0203"
_USES: Final = ("official", "usual", None, "temp", "nickname", "anonymous", "maiden", "old")


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """Who a patient is.

    Attributes:
        id: Id of the Patient.
        name: Empty when there is none.
        sex: Administrative sex.
        birth_date: ``None`` when it is unknown or only the year is known.
        born: The birth date as it stands in the record, such as ``1953``.
        record_number: Number of the hospital (mã người bệnh).
        national_id: Citizen number (số định danh).
        insurance_number: Health insurance card (thẻ BHYT).
        deceased: Whether the patient is dead.
        active: ``False`` for a record that is no longer used.
        merged_into: Id of the Patient that replaces this one.
        phone: First telephone number.
        address: One line.
    """

    id: str
    name: PersonName
    sex: Sex
    birth_date: date | None
    born: str | None
    record_number: str | None
    national_id: str | None
    insurance_number: str | None
    deceased: bool
    active: bool
    merged_into: str | None
    phone: str | None
    address: str | None


def read(resource: Mapping[str, Any]) -> PatientSummary:
    """Read a Patient; what is absent or odd is ``None``, empty or ``unknown``."""
    sex = elements.text(resource.get("gender"))
    return PatientSummary(
        id=elements.text(resource.get("id")) or "",
        name=name_of(resource),
        sex=sex if sex in get_args(Sex) else "unknown",  # type: ignore[arg-type]
        birth_date=elements.day(resource.get("birthDate")),
        born=elements.text(resource.get("birthDate")),
        record_number=_number(resource, systems.RECORD_NUMBER, "MR"),
        national_id=_number(resource, systems.NATIONAL_ID, "NI", "NNVNM"),
        insurance_number=_number(resource, systems.INSURANCE_NUMBER, "HC", "MB"),
        deceased=_deceased(resource),
        active=resource.get("active") is not False,
        merged_into=_merged_into(resource),
        phone=_phone(resource),
        address=_address(resource),
    )


def name_of(resource: Mapping[str, Any]) -> PersonName:
    """The name to show of a Patient or Practitioner: the official one, else the next best."""
    names = [item for item in elements.objects(resource.get("name")) if _has_words(item)]
    if not names:
        return PersonName("", "", "")
    best = min(names, key=lambda item: _rank(item.get("use")))
    given = best.get("given")
    words = [word for word in given if isinstance(word, str)] if isinstance(given, list) else []
    family = elements.text(best.get("family"))
    if family or words:
        return PersonName.of(family, " ".join(words))
    return PersonName.from_text(nfc(elements.text(best.get("text")) or ""))


def write_name(name: PersonName) -> Resource:
    """A HumanName: family, then middle and given names, and the whole name as text."""
    given = [part for part in (name.middle, name.given) if part]
    return {"use": "official", "text": name.plain, "family": name.family, "given": given}


def with_phone(resource: Mapping[str, Any], number: str) -> Resource:
    """The record with another first telephone number; everything else in it is kept."""
    telecom = [dict(item) for item in elements.objects(resource.get("telecom"))]
    for item in telecom:
        if item.get("system") in _PHONES:
            item["value"] = number
            return {**resource, "telecom": telecom}
    return {
        **resource,
        "telecom": [*telecom, {"system": "phone", "use": "mobile", "value": number}],
    }


def with_address(resource: Mapping[str, Any], text: str) -> Resource:
    """The record with another home address in one line; older addresses are kept behind it."""
    address = [dict(item) for item in elements.objects(resource.get("address"))]
    home = next((item for item in address if item.get("use") == "home"), None)
    others = [item for item in address if item is not home]
    kept = {key: value for key, value in (home or {}).items() if key not in (*_PARTS, "line")}
    return {**resource, "address": [{**kept, "use": "home", "text": text}, *others]}


def _has_words(item: Mapping[str, Any]) -> bool:
    return any(item.get(part) for part in ("family", "given", "text"))


def _rank(use: Any) -> int:
    return _USES.index(use) if use in _USES else len(_USES)


def _number(resource: Mapping[str, Any], system: str, *types: str) -> str | None:
    found = elements.identifier(resource, system)
    if found is not None:
        return found
    for item in elements.objects(resource.get("identifier")):
        if item.get("use") != "old" and elements.has_code(
            item.get("type"), _IDENTIFIER_TYPE, *types
        ):
            return elements.text(item.get("value"))
    return None


def _deceased(resource: Mapping[str, Any]) -> bool:
    return (
        resource.get("deceasedBoolean") is True
        or elements.text(resource.get("deceasedDateTime")) is not None
    )


def _merged_into(resource: Mapping[str, Any]) -> str | None:
    for item in elements.objects(resource.get("link")):
        if item.get("type") == "replaced-by":
            return elements.reference_id(item.get("other"), "Patient")
    return None


def _phone(resource: Mapping[str, Any]) -> str | None:
    for item in elements.objects(resource.get("telecom")):
        if item.get("system") in _PHONES:
            return elements.text(item.get("value"))
    return None


def _address(resource: Mapping[str, Any]) -> str | None:
    address = elements.first(resource.get("address"))
    whole = elements.text(address.get("text"))
    if whole is not None:
        return whole
    lines = address.get("line")
    parts = [*(lines if isinstance(lines, list) else []), *map(address.get, _PARTS)]
    return ", ".join(part for part in parts if elements.text(part)) or None


_PHONES: Final = ("phone", "sms")
_PARTS: Final = ("district", "city", "state", "country")
