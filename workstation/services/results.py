"""Results of the laboratory: newest of each test with its trend, flags and origin."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.fhir import laboratory
from workstation.fhir.laboratory import Result, ResultFlag
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.store import View

__all__ = ["Result", "ResultFlag", "Test", "read_results", "results"]

_VOID = ("entered-in-error", "cancelled")


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


def read_results(view: View, patient: PatientId) -> tuple[Test, ...]:
    """The same, inside a transaction."""
    tests: dict[str, list[Result]] = {}
    for stored in view.find("Observation", patient=patient):
        resource = stored.resource()
        if laboratory.is_result(resource):
            result = laboratory.read(resource)
            if result.status not in _VOID:
                tests.setdefault(result.code or result.name, []).append(result)
    found = [
        Test(code, tuple(sorted(items, key=_newness, reverse=True)))
        for code, items in tests.items()
    ]
    return tuple(sorted(found, key=lambda test: _newness(test.latest), reverse=True))


def _newness(result: Result) -> tuple[float, str]:
    return (result.at.timestamp() if result.at else 0.0, result.name)
