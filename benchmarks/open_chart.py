"""How long the summary of a very long chart takes to show, from the key to the paint."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, slow
from benchmarks.seat import Seat, until_painted
from benchmarks.small_ward import NURSE
from benchmarks.years import BEDS, NOW, PIN, WARD, house, person, take_in
from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.fhir import systems
from workstation.fhir import vital_signs as mapping
from workstation.fhir.json import Resource
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import PatientId
from workstation.kernel.settings import Settings
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.chart.summary_page import SummaryPage

TARGET_MS: Final = 150
LONG: Final = PatientId("p0")
SHORT: Final = PatientId("p1")
_TESTS: Final = 40
_A_SET: Final = 8


def in_turns(
    observations: int, repetitions: int, open_: Callable[[Seat, PatientId], float]
) -> tuple[float, list[float]]:
    """Open a long chart in turns with a short one, so that nothing of it is on the page yet.

    Args:
        observations: In the long chart.
        repetitions: How often.
        open_: Opens one, and returns how long it took.

    Returns:
        How long the very first took, and each of the others.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, observations)
        seat = Seat(folder, ManualClock(NOW))
        try:
            seat.log_in()
            first = open_(seat, LONG)
            taken = []
            for _ in range(repetitions):
                open_(seat, SHORT)
                taken.append(open_(seat, LONG))
        finally:
            seat.close()
    return first, taken


def measure(*, quick: bool) -> Result:
    """Open the long chart in turns with a short one, so that nothing of it is on the page yet."""
    observations, repetitions = (500, 4) if quick else (20_000, 40)
    first, taken = in_turns(observations, repetitions, _open)
    return slow(
        "open_chart",
        f"open a chart with {observations:,} Observations, to the first paint of its summary",
        taken,
        TARGET_MS,
        measured="p99",
        conditions={
            "of them results of the laboratory": observations // 10,
            "first chart opened after the log-in": f"{first:.0f} ms",
            "window": "real, offscreen, 1366 x 768",
            "cache": "warm",
        },
    )


def _open(seat: Seat, patient: PatientId) -> float:
    """Open a chart from the board and wait for its summary; then let everything come to rest."""
    bench = seat.window.bench
    if bench is None:
        raise RuntimeError("nobody is logged in")
    page: list[SummaryPage] = []

    def ready() -> bool:
        if not page:
            screen = seat.screen()
            page.extend(screen.findChildren(SummaryPage) if isinstance(screen, ChartScreen) else ())
        return bool(page) and page[0].isVisible() and page[0].shown() == patient

    taken = until_painted(partial(bench.area.open_chart, patient), ready)
    seat.settle()
    return taken


def prepare(folder: Path, observations: int) -> None:
    """A terminal with a full ward, one of whose people has very many values."""
    settings = Settings(folder / "settings")
    settings.put(table.WARD, WARD)
    settings.put(table.WARD_NAME, "Khoa Nội")
    store = found_terminal(folder, [(NURSE, PIN)], ManualClock(NOW))
    take_in(store, house())
    for number in range(BEDS):
        take_in(store, person(number, 0 if number == 0 else 100, inside=True))
    take_in(store, _values(observations))
    store.close()


def _values(observations: int) -> Iterator[Resource]:
    """Full sets every two hours, and a tenth of results, the newest a quarter of an hour old."""
    results = observations // 10
    ids = count(1)
    for number in range(results):
        yield _result(f"r{number}", number)
    left = observations - results
    for number in range(left // _A_SET + 1):
        made = mapping.write(
            _vitals(number),
            patient=LONG,
            encounter="e0",
            performer={"reference": f"Practitioner/{NURSE.id}", "display": NURSE.name},
            new_id=lambda: f"v{next(ids)}",
        )
        yield from made[: left - number * _A_SET]


def _vitals(number: int) -> VitalSigns:
    return VitalSigns(
        at=NOW - timedelta(minutes=15, hours=2 * number),
        respiratory_rate=Decimal(14 + number % 9),
        spo2=Decimal(93 + number % 6),
        oxygen_flow=Decimal(number % 3),
        systolic=Decimal(108 + number % 40),
        diastolic=Decimal(62 + number % 25),
        heart_rate=Decimal(64 + number % 50),
        consciousness=Consciousness.ALERT,
        temperature=Decimal("36.4") + Decimal(number % 20) / 10,
        pain=Decimal(number % 4),
    )


def _result(own: str, number: int) -> Resource:
    test = number % _TESTS
    unit = "mmol/L"
    return {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "category": [{"coding": [{"system": systems.OBSERVATION_CATEGORY, "code": "laboratory"}]}],
        "code": {"coding": [{"system": "urn:tests", "code": f"t{test}"}], "text": f"Test {test}"},
        "subject": {"reference": f"Patient/{LONG}"},
        "encounter": {"reference": "Encounter/e0"},
        "effectiveDateTime": (NOW - timedelta(hours=3 * (number // _TESTS))).isoformat(),
        "valueQuantity": {"value": 3 + number % 5, "unit": unit, "system": systems.UCUM},
    }
