"""The derived R4 definitions, read once and only when they are first needed."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import msgspec


class Element(msgspec.Struct, array_like=True, frozen=True):
    """One element that a type may have.

    Attributes:
        kind: Its datatype, or the path of the inner type, such as ``Observation.component``.
        repeats: Whether it is a list.
        required: Whether it, or one of its choice, must be there.
        codes: Which of `R4.codes` it is bound to, or -1.
        choice: ``value`` for ``valueQuantity``; empty when it is no choice of types.
    """

    kind: str
    repeats: int
    required: int
    codes: int
    choice: str


class Parameter(msgspec.Struct, array_like=True, frozen=True):
    """One search parameter of one resource type.

    Attributes:
        kind: ``token``, ``reference``, ``date``, ``string``, ``uri`` or ``quantity``.
        paths: Dotted element paths with the datatype found there.
        targets: For references: the resource types meant; empty for any.
    """

    kind: str
    paths: list[tuple[str, str]]
    targets: list[str]


class R4(msgspec.Struct, frozen=True):
    """FHIR R4 as far as this server needs to know it."""

    resources: list[str]
    codes: list[list[str]]
    types: dict[str, dict[str, Element]]
    parameters: dict[str, dict[str, Parameter]]
    compartment: dict[str, list[str]]


@cache
def r4() -> R4:
    """The definitions (https://hl7.org/fhir/R4/), derived by ``hospital.schema.derive``."""
    packed = Path(__file__).with_name("r4.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=R4)


@cache
def resource_types() -> frozenset[str]:
    """The names of every R4 resource type."""
    return frozenset(r4().resources)
