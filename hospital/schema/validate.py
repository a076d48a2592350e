"""Checks a resource against R4: elements, datatypes, repetition, required codes, references.

Each type becomes, on first use, a table of element checks; a sound resource is walked once with
no path kept, and only a failure pays for saying where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache, partial
from typing import Any, Final, NamedTuple

from hospital.schema.primitives import PRIMITIVES, Primitive, is_reference
from hospital.schema.r4 import Element, r4, resource_types

Check = Callable[[Any, int], None]
"""Raises `Invalid` for a bad value; the number is how many levels down it stands."""

DEEPEST: Final = 40
"""Levels of elements within each other; extensions within extensions need a bound."""


class Problem(NamedTuple):
    """One broken rule.

    Attributes:
        code: An R4 issue type: ``structure``, ``required``, ``value``, ``code-invalid``.
        reason: What is wrong, without any value of the resource.
        path: Where it is, such as ``Observation.component[1].code``.
    """

    code: str
    reason: str
    path: str


class Invalid(Exception):
    """A resource breaks one rule of R4 or several.

    Args:
        code: An R4 issue type.
        reason: What is wrong, without any value of the resource.
        at: The name of the element, when it is not that of the caller.
    """

    def __init__(self, code: str, reason: str, at: str = "") -> None:
        super().__init__(reason)
        self.problems = [Problem(code, reason, at)]

    def inside(self, part: str) -> Invalid:
        """Note one more step outwards, while the failure travels up."""
        self.problems = [
            problem._replace(path=_joined(part, problem.path)) for problem in self.problems
        ]
        return self


def validate(resource: dict[str, Any]) -> None:
    """Check a whole resource.

    Raises:
        Invalid: with every rule that it breaks.
    """
    try:
        _resource(resource, 0)
    except Invalid as error:
        kind = resource.get("resourceType")
        raise error.inside(kind) if isinstance(kind, str) and kind.isalnum() else error from None


def _joined(outer: str, inner: str) -> str:
    return outer + inner if not inner or inner.startswith("[") else f"{outer}.{inner}"


def _resource(value: Any, depth: int) -> None:
    if not isinstance(value, dict):
        raise Invalid("structure", "a resource must be a JSON object")
    kind = value.get("resourceType")
    if not isinstance(kind, str) or kind not in resource_types():
        raise Invalid("structure", "resourceType is missing or is no R4 resource type")
    _complex(kind)(value, depth)


@cache
def _complex(kind: str) -> Check:
    """The check of one complex type; inner types are made when they are first met."""
    elements = r4().types[kind]
    known = {name: _element(element) for name, element in elements.items()}
    known |= {
        f"_{name}": _companion(element.repeats)
        for name, element in elements.items()
        if element.kind in PRIMITIVES
    }
    if kind in resource_types():
        known["resourceType"] = _nothing
    return partial(_object, known, _demands(elements), _choices(elements))


def _object(
    known: dict[str, Check],
    demands: tuple[tuple[str, frozenset[str]], ...],
    choices: dict[str, str],
    value: Any,
    depth: int,
) -> None:
    if type(value) is not dict or not value:
        raise Invalid("structure", "must be a JSON object that is not empty")
    if depth > DEEPEST:
        raise Invalid("structure", "elements are nested too deeply")
    found = _each(known, value, depth + 1)
    for label, names in demands:
        if names.isdisjoint(value):
            found = _together(found, Invalid("required", "this element is required", label))
    if choices:
        found = _together(found, _one_of_each(choices, value))
    if found:
        raise found


def _each(known: dict[str, Check], value: dict[str, Any], depth: int) -> Invalid | None:
    found: Invalid | None = None
    for name, item in value.items():
        try:
            known.get(name, _unknown)(item, depth)
        except Invalid as error:
            found = _together(found, error.inside(name if name.isidentifier() else "?"))
    return found


def _together(one: Invalid | None, other: Invalid | None) -> Invalid | None:
    if one and other:
        one.problems += other.problems
    return one or other


def _unknown(_value: Any, _depth: int) -> None:
    raise Invalid("structure", "this element is not known here in FHIR R4")


def _one_of_each(choices: dict[str, str], value: dict[str, Any]) -> Invalid | None:
    seen: dict[str, str] = {}
    for name in value:
        choice = choices.get(name)
        if choice and seen.setdefault(choice, name.lstrip("_")) != name.lstrip("_"):
            return Invalid("structure", "only one of this choice is allowed", f"{choice}[x]")
    return None


def _demands(elements: dict[str, Element]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Groups of names of which one must be there; a primitive may be only its companion."""
    groups: dict[str, set[str]] = {}
    for name, element in elements.items():
        if element.required:
            label = f"{element.choice}[x]" if element.choice else name
            groups.setdefault(label, set()).update({name, f"_{name}"})
    return tuple((label, frozenset(names)) for label, names in groups.items())


def _choices(elements: dict[str, Element]) -> dict[str, str]:
    found = {name: element.choice for name, element in elements.items() if element.choice}
    return found | {f"_{name}": choice for name, choice in found.items()}


def _element(element: Element) -> Check:
    check = _single(element)
    if not element.repeats:
        return check
    return partial(_many, _or_gap(check) if element.kind in PRIMITIVES else check)


def _single(element: Element) -> Check:
    if element.kind in PRIMITIVES:
        codes = frozenset(r4().codes[element.codes]) if element.codes >= 0 else None
        return _primitive(PRIMITIVES[element.kind], element.kind, codes)
    if element.kind == "Resource":
        return _resource
    if element.kind == "Reference":
        return _reference
    inner: list[Check] = []

    def check(value: Any, depth: int) -> None:
        if not inner:
            inner.append(_complex(element.kind))
        inner[0](value, depth)

    if element.codes >= 0 and element.kind == "CodeableConcept":
        return partial(_concept, check, frozenset(r4().codes[element.codes]))
    return check


def _or_gap(check: Check) -> Check:
    """Lists of primitives may have gaps, which their companions fill."""

    def gap_or_value(value: Any, depth: int) -> None:
        if value is not None:
            check(value, depth)

    return gap_or_value


def _many(check: Check, value: Any, depth: int) -> None:
    if type(value) is not list or not value:
        raise Invalid("structure", "must be a list that is not empty")
    found: Invalid | None = None
    for at, item in enumerate(value):
        try:
            check(item, depth)
        except Invalid as error:
            found = _together(found, error.inside(f"[{at}]"))
    if found:
        raise found


def _primitive(sound: Primitive, kind: str, codes: Collection[str] | None) -> Check:
    def check(value: Any, _depth: int) -> None:
        if not sound(value):
            raise Invalid("value", f"is no valid {kind}")

    def check_code(value: Any, _depth: int) -> None:
        if type(value) is not str or value not in codes:  # type: ignore[operator]
            raise Invalid("code-invalid", "the code is not in the required value set")

    return check if codes is None else check_code


def _concept(check: Check, codes: frozenset[str], value: Any, depth: int) -> None:
    check(value, depth)
    codings = value.get("coding")
    if codings and not any(coding.get("code") in codes for coding in codings):
        raise Invalid("code-invalid", "no coding is in the required value set")


def _reference(value: Any, depth: int) -> None:
    _complex("Reference")(value, depth)
    literal = value.get("reference")
    if literal is not None and not is_reference(literal):
        raise Invalid("value", "is no well-formed reference", "reference")


def _companion(repeats: int) -> Check:
    """The check of ``_name``: the id and extensions of a primitive."""

    def check(value: Any, depth: int) -> None:
        if not repeats:
            _complex("Element")(value, depth)
            return
        if type(value) is not list or not value:
            raise Invalid("structure", "must be a list")
        for item in value:
            if item is not None:
                _complex("Element")(item, depth)

    return check


def _nothing(_value: Any, _depth: int) -> None:
    """The resource type was looked at before."""
