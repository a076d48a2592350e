"""Any FHIR value in the words of a form: no paths, no codes where there is a word for them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from workstation.fhir import elements, systems
from workstation.fhir.json import dump

Say = Callable[[str], str]
"""Gives the word of the current language for an English one."""
NameOf = Callable[[str], str | None]
"""Gives the name of what a reference ``Type/id`` points to; None when it is not here."""

CODES: Final = {
    "male": "code|Male",
    "female": "code|Female",
    "active": "code|Active",
    "inactive": "code|Inactive",
    "stopped": "code|Stopped",
    "on-hold": "code|On hold",
    "completed": "code|Completed",
    "revoked": "code|Revoked",
    "cancelled": "code|Cancelled",
    "draft": "code|Draft",
    "entered-in-error": "code|Entered in error",
    "in-progress": "code|In progress",
    "finished": "code|Finished",
    "planned": "code|Planned",
    "arrived": "code|Arrived",
    "onleave": "code|On leave",
    "final": "code|Final",
    "preliminary": "code|Preliminary",
    "amended": "code|Amended",
    "corrected": "code|Corrected",
    "current": "code|Current",
    "superseded": "code|Superseded",
    "not-done": "code|Not done",
    "resolved": "code|Resolved",
    "confirmed": "code|Confirmed",
    "unconfirmed": "code|Unconfirmed",
    "refuted": "code|Refuted",
    "provisional": "code|Provisional",
    "recurrence": "code|Recurrence",
    "remission": "code|Remission",
    "low": "code|Low",
    "high": "code|High",
    "unable-to-assess": "code|Unable to assess",
    "mild": "code|Mild",
    "moderate": "code|Moderate",
    "severe": "code|Severe",
    "home": "code|Home",
    "work": "code|Work",
    "mobile": "code|Mobile",
    "phone": "code|Telephone",
    "email": "code|E-mail",
    "official": "code|Official",
    "usual": "code|Usual",
    "routine": "code|Routine",
    "urgent": "code|Urgent",
    "stat": "code|At once",
    "order": "code|Order",
    "food": "code|Food",
    "medication": "code|Medication",
    "environment": "code|Environment",
    "biologic": "code|Biologic",
    "IMP": "code|Inpatient stay",
}
"""Key of the word of a code, with its context before the bar."""
DECIMAL_SIGN: Final = "decimal sign|."
"""Key of what stands before the decimals; a comma in Vietnamese."""


def shown(value: Any, say: Say, name_of: NameOf = lambda _reference: None) -> str:
    """One value as a person writes it on a form; the empty text when there is none."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return say("code|Yes") if value else say("code|No")
    if isinstance(value, str):
        return _text(value, say)
    if isinstance(value, list):
        return _joined((shown(item, say, name_of) for item in value), "; ")
    if isinstance(value, dict):
        return _object(value, say, name_of)
    return number(value, say)


def number(value: Decimal | int | float, say: Say) -> str:
    """A number with all the digits it was written with, and the language's decimal sign."""
    return format(Decimal(value), "f").replace(".", say(DECIMAL_SIGN))


def moment(text: str) -> str:
    """A FHIR date or time as ``dd/MM/yyyy HH:mm``, as far as it is known.

    It stands at the offset it was written with; one in UTC, which no clock on a ward shows, stands
    at this machine's.
    """
    try:
        if len(text) == len("2026-11"):
            return date.fromisoformat(f"{text}-01").strftime("%m/%Y")
        if len(text) == len("2026-11-20"):
            return date.fromisoformat(text).strftime("%d/%m/%Y")
        at = datetime.fromisoformat(text)
        local = at if at.utcoffset() else at.astimezone()
        return local.strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return text


def _text(value: str, say: Say) -> str:
    if value in CODES:
        return say(CODES[value])
    return moment(value) if value[:4].isdigit() and value[4:5] == "-" else value


def _object(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    for known, write in _SHAPES:
        if not known.isdisjoint(value):
            text = write(value, say, name_of)
            if text:
                return text
    parts = [shown(item, say, name_of) for key, item in value.items() if key not in _SILENT]
    inner = value.get("extension") if "url" in value else None  # a value made of several
    return _joined(parts, ", ") or (inner and shown(inner, say, name_of)) or dump(value)


_SILENT: Final = frozenset({"id", "system", "url", "extension", "contentType", "type", "rank"})


def _concept(value: Mapping[str, Any], say: Say, _: NameOf) -> str:
    if elements.text(value.get("text")):
        return str(value["text"])
    return _joined((_coding(c, say, _) for c in elements.objects(value.get("coding"))), ", ")


def _coding(value: Mapping[str, Any], say: Say, _: NameOf) -> str:
    code = str(value.get("code") or "")
    if code in CODES and value.get("system") == systems.ACT_CODE:
        return say(CODES[code])
    return elements.text(value.get("display")) or (say(CODES[code]) if code in CODES else code)


def _quantity(value: Mapping[str, Any], say: Say, _: NameOf) -> str:
    found = value.get("value")
    if isinstance(found, str):
        return ""
    amount = "" if found is None else number(found, say)
    return _joined((value.get("comparator"), amount, value.get("unit") or value.get("code")), " ")


def _reference(value: Mapping[str, Any], _say: Say, name_of: NameOf) -> str:
    target = str(value.get("reference") or "")
    return name_of(target) or str(value.get("display") or target)


def _period(value: Mapping[str, Any], _say: Say, _: NameOf) -> str:
    return " – ".join(moment(str(value[key])) if key in value else "…" for key in ("start", "end"))


def _name(value: Mapping[str, Any], _say: Say, _: NameOf) -> str:
    given = value.get("given")
    names = [str(n) for n in given] if isinstance(given, list) else []
    return _joined((value.get("family"), *names), " ")


def _telecom(value: Mapping[str, Any], say: Say, _: NameOf) -> str:
    kind = _joined((_text(str(value.get(k) or ""), say) for k in ("system", "use")), ", ")
    number = str(value.get("value") or "")
    return f"{number} ({kind})" if kind and "use" in value else number


def _dosage(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    if elements.text(value.get("text")):
        return str(value["text"])
    doses = [dose.get("doseQuantity") for dose in elements.objects(value.get("doseAndRate"))]
    parts = [value.get("dose"), *doses, value.get("route"), value.get("timing")]
    return _joined((shown(part, say, name_of) for part in parts), ", ")


def _attachment(value: Mapping[str, Any], _say: Say, _: NameOf) -> str:
    if str(value.get("contentType") or "").startswith("text/plain"):
        try:
            return base64.b64decode(str(value.get("data") or ""), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return str(value["contentType"])
    return str(value.get("title") or value.get("contentType") or "")


def _located(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    parts = (value.get("location"), value.get("status"), value.get("period"))
    return _joined((shown(part, say, name_of) for part in parts), ", ")


def _component(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    if not isinstance(value.get("code"), dict):
        return ""
    values = [shown(item, say, name_of) for key, item in value.items() if key.startswith("value")]
    return _joined((shown(value["code"], say, name_of), *values), " ")


def _remark(value: Mapping[str, Any], _say: Say, _: NameOf) -> str:
    return str(value.get("text") or "")


def _extension(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    values = [shown(item, say, name_of) for key, item in value.items() if key.startswith("value")]
    return _joined(values, " ")


def _planned(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    """An intervention of a plan: what, and every how many hours."""
    detail = elements.mapping(value.get("detail"))
    repeat = elements.mapping(elements.mapping(detail.get("scheduledTiming")).get("repeat"))
    every = _joined((shown(repeat.get("period"), say), repeat.get("periodUnit")), " ")
    return _joined((shown(detail.get("code"), say, name_of), every), " / ")


def _inside(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    """A contained resource by what it is about."""
    return shown(value.get("code") or value.get("description"), say, name_of)


def _meeting(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    """What a document was written in: when, and of a meeting who took part."""
    parts = (value.get("period"), value.get("extension"))
    return _joined((shown(part, say, name_of) for part in parts if part), ", ")


def _wrapped(value: Mapping[str, Any], say: Say, name_of: NameOf) -> str:
    return shown(value["attachment"], say, name_of)


Write = Callable[[Mapping[str, Any], Say, NameOf], str]

_SHAPES: Final[tuple[tuple[frozenset[str], Write], ...]] = (
    (frozenset({"resourceType"}), _inside),
    (frozenset({"attachment"}), _wrapped),
    (frozenset({"encounter"}), _meeting),
    (frozenset({"detail"}), _planned),
    (frozenset({"data", "contentType"}), _attachment),
    (frozenset({"url"}), _extension),
    (frozenset({"family", "given"}), _name),
    (frozenset({"doseAndRate", "route", "dose", "timing"}), _dosage),
    (frozenset({"coding"}), _concept),
    (frozenset({"location"}), _located),
    (frozenset({"reference"}), _reference),
    (frozenset({"start", "end"}), _period),
    (frozenset({"use"}), _telecom),
    (frozenset({"code", "component"}), _component),
    (frozenset({"value", "comparator"}), _quantity),
    (frozenset({"code", "display"}), _coding),
    (frozenset({"text"}), _remark),
    (frozenset({"value"}), _telecom),
)
"""What an object is, told by the elements it has: FHIR JSON does not say its types."""


def _joined(parts: Iterable[Any], between: str) -> str:
    return between.join(str(part) for part in parts if part not in (None, ""))
