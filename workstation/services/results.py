"""Results of the laboratory: newest of each test with its trend, flags and origin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workstation.fhir import laboratory
from workstation.fhir.laboratory import Result, ResultFlag
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import View, flowsheet

__all__ = ["Result", "ResultFlag", "Test", "read_results", "results"]

_VOID = ("entered-in-error", "cancelled")
_AT_ONCE: Final = 50
"""Results that are read before it is looked whether they are enough."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test with all its results, newest first; there is at least one."""

    code: str
    results: tuple[Result, ...]

    @property
    def latest(self) -> Result:
        """The newest result."""
        return self.results[0]


def results(desk: Desk, patient: PatientId) -> tuple[Test, ...]:
    """Every test of a patient, that with the newest result first."""
    with desk.store.read() as view:
        return read_results(view, patient)


def read_results(view: View, patient: PatientId, *, newest: int | None = None) -> tuple[Test, ...]:
    """The same, inside a transaction.

    Args:
        view: The transaction.
        patient: Whose.
        newest: Only so many tests, those with the newest results; none of them need be whole.
            None for all of all.
    """
    tests: dict[str, list[Result]] = {}
    moments = flowsheet.results(view, patient)
    unread = {test for each in moments for own in each.values() for test in own}
    for part in _parts(moments, _AT_ONCE if newest else None):
        for stored in view.these("Observation", part):
            result = laboratory.read(stored.resource())
            if result.status not in _VOID:
                tests.setdefault(result.code or result.name, []).append(result)
        unread.difference_update(*part.values())
        if newest is not None and (len(tests) >= newest or not unread):
            break
    found = [
        Test(code, tuple(sorted(items, key=_newness, reverse=True)))
        for code, items in tests.items()
    ]
    return tuple(sorted(found, key=lambda test: _newness(test.latest), reverse=True)[:newest])


def _parts(
    moments: Iterable[dict[str, set[str]]], size: int | None
) -> Iterator[dict[str, set[str]]]:
    """Several moments at once, never part of one; without a size all."""
    part: dict[str, set[str]] = {}
    for each in moments:
        part = part | each
        if size is not None and len(part) >= size:
            yield part
            part = {}
    yield part


def _newness(result: Result) -> tuple[float, str]:
    return (result.at.timestamp() if result.at else 0.0, result.name)
