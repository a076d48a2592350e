"""Read single elements of FHIR JSON that others wrote: what is absent or odd gives ``None``.

No function here raises, whatever value it is given: a record from elsewhere may be strange,
but it must still be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_YEAR_ONLY = 4
_YEAR_AND_MONTH = 7
_DATE_ONLY = 10
_MOST_PLACES = 300
_YEARS = range(1800, 2300)


def text(value: Any) -> str | None:
    """A string that is not blank, without the blanks around it."""
    if not isinstance(value, str):
        return None
    return value.strip() or None


def mapping(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; a lone object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def first(value: Any) -> dict[str, Any]:
    """The first object of a list, or an empty one."""
    found = objects(value)
    return found[0] if found else {}


def decimal(value: Any) -> Decimal | None:
    """A finite number, exact; one of more than `_MOST_PLACES` places is none.

    ``1e999999`` is a few letters in JSON and a million on paper.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite():
        return None
    _, digits, exponent = number.as_tuple()
    places = len(digits) + abs(int(exponent))
    return number if places <= _MOST_PLACES else None


def boolean(value: Any) -> bool | None:
    """``True`` or ``False``, nothing that only looks like it."""
    return value if isinstance(value, bool) else None


def instant(value: Any) -> datetime | None:
    """An aware time out of a FHIR dateTime, instant or date.

    A time without offset, or a mere date, is read as UTC, for midnight UTC is the same day in
    Viet Nam; a year or a month is read as its first day. A time outside of `_YEARS` is none: others
    write the year 1 for "unknown" and 9999 for "for ever", and no calendar reckons beyond them.
    """
    raw = text(value)
    if raw is None:
        return None
    padded = {_YEAR_ONLY: f"{raw}-01-01", _YEAR_AND_MONTH: f"{raw}-01"}.get(len(raw), raw)
    try:
        found = datetime.fromisoformat(padded)
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day(value: Any) -> date | None:
    """A whole date out of a FHIR date or dateTime; a year or a month alone is none."""
    raw = text(value)
    if raw is None or len(raw) < _DATE_ONLY:
        return None
    try:
        return date.fromisoformat(raw[:_DATE_ONLY])
    except ValueError:
        return None


def earliest_day(value: Any) -> date | None:
    """The first day that a FHIR date may mean, which may be a year or a month alone."""
    found = instant(value)
    return found.date() if found else None


def codings(concept: Any) -> Iterator[tuple[str | None, str]]:
    """System and code of each coding of a CodeableConcept (or of a list of them)."""
    for item in objects(concept):
        for coding in objects(item.get("coding")):
            code = text(coding.get("code"))
            if code is not None:
                yield text(coding.get("system")), code


def code_of(concept: Any, system: str) -> str | None:
    """The first code of one system in a CodeableConcept (or in a list of them)."""
    return next((code for found, code in codings(concept) if found == system), None)


def any_code(concept: Any) -> str | None:
    """The first code of any system in a CodeableConcept (or in a list of them)."""
    return next((code for _, code in codings(concept)), None)


def has_code(concept: Any, system: str, *codes: str) -> bool:
    """Whether a CodeableConcept (or a list of them) holds one of the codes of a system."""
    return any(found == system and code in codes for found, code in codings(concept))


def concept_text(concept: Any) -> str | None:
    """The words of a CodeableConcept: its text, else a display, else a code."""
    for item in objects(concept):
        found = text(item.get("text")) or _display(item)
        if found is not None:
            return found
    return None


def _display(concept: dict[str, Any]) -> str | None:
    shown = (text(coding.get("display")) for coding in objects(concept.get("coding")))
    return next((words for words in shown if words), None) or any_code(concept)


def reference(value: Any) -> str | None:
    """``Type/id`` out of a Reference (relative, absolute or with a version)."""
    raw = text(mapping(value).get("reference"))
    if raw is None or raw.startswith(("#", "urn:")):
        return None
    steps = raw.split("/_history/")[0].split("/")
    kind, found = steps[-2:] if len(steps) > 1 else ("", "")
    return f"{kind}/{found}" if kind and found else None


def reference_id(value: Any, kind: str) -> str | None:
    """The id out of a Reference to one type of resource."""
    found = reference(value)
    if found is None or not found.startswith(f"{kind}/"):
        return None
    return found.removeprefix(f"{kind}/")


def display(value: Any) -> str | None:
    """The words that stand beside a Reference."""
    return text(mapping(value).get("display"))


def identifier(resource: Any, *systems: str) -> str | None:
    """The value of the first identifier of one of the systems, old ones left out."""
    for item in objects(mapping(resource).get("identifier")):
        if item.get("system") in systems and item.get("use") != "old":
            found = text(item.get("value"))
            if found is not None:
                return found
    return None


def extensions(resource: Any) -> dict[str, dict[str, Any]]:
    """The extensions of an element by their addresses; of two with one address the last."""
    found = objects(mapping(resource).get("extension"))
    return {url: item for item in found if (url := text(item.get("url"))) is not None}


def extension(resource: Any, url: str) -> dict[str, Any]:
    """The first extension with an address, or an empty object."""
    for item in objects(mapping(resource).get("extension")):
        if item.get("url") == url:
            return item
    return {}
