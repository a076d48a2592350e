"""How long a search among very many people takes: in the record, and from a key to the list."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt

from benchmarks.measure import Result, percentile, slow
from benchmarks.seat import Seat, until, until_painted
from benchmarks.small_ward import NURSE
from benchmarks.years import BEDS, NOW, PIN, WARD, house, person, take_in
from workstation.fhir import systems
from workstation.fhir.json import Resource
from workstation.founding import found_terminal
from workstation.kernel import settings as table
from workstation.kernel.clock import ManualClock
from workstation.kernel.folding import fold
from workstation.kernel.settings import Settings
from workstation.services import patient_search
from workstation.services.desk import Desk
from workstation.ui.screens.patient_search.screen import PatientSearchScreen

TARGET_MS: Final = 30
SEED: Final = 20261125
_FAMILIES: Final = (
    *("Nguyễn",) * 38, *("Trần",) * 11, *("Lê",) * 10, *("Phạm",) * 7, *("Hoàng",) * 5,
    *("Phan",) * 5, *("Vũ",) * 4, *("Đặng",) * 3, *("Bùi",) * 3, *("Đỗ",) * 3, *("Hồ",) * 2,
    "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Trịnh", "Mai", "Cao", "Lương",
)  # fmt: skip
"""As often as in the country."""
_MIDDLE: Final = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Xuân", "Thu")
_GIVEN: Final = (
    "An", "Anh", "Bình", "Chi", "Cường", "Dũng", "Đạt", "Giang", "Hà", "Hạnh", "Hằng", "Hiếu",
    "Hoa", "Hòa", "Hùng", "Huy", "Hương", "Khánh", "Khuê", "Lâm", "Lan", "Linh", "Long", "Mai",
    "Nam", "Nga", "Nghĩa", "Nhung", "Oanh", "Phong", "Phúc", "Phương", "Quân", "Quỳnh", "Sơn",
    "Tâm", "Thảo", "Thắng", "Thủy", "Trang", "Trung", "Tuấn", "Tùng", "Uyên", "Vân", "Việt", "Yến",
)  # fmt: skip


def measure(*, quick: bool) -> tuple[Result, Result]:
    """Type names letter by letter, as a person does."""
    patients, searches, typed = (500, 20, 3) if quick else (100_000, 200, 25)
    chance = random.Random(SEED)
    texts = [_wanted(chance) for _ in range(searches)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder, patients)
        seat = Seat(folder, ManualClock(NOW))
        try:
            seat.log_in()
            found = [_service(seat.desk, part) for text in texts for part in _prefixes(text)]
            shown = [taken for text in texts[:typed] for taken in _typed(seat, text)]
        finally:
            seat.close()
    conditions = {
        "names": "as common as in Viet Nam, without diacritics, after each letter typed",
        "seed": SEED,
        "cache": "warm",
    }
    return (
        slow(
            "search",
            f"search among {patients:,} patients by any part of a name, through the service layer",
            found,
            TARGET_MS,
            measured="p95",
            conditions={**conditions, "mean": f"{statistics.fmean(found):.1f} ms"},
        ),
        slow(
            "search_shown",
            f"search among {patients:,} patients, from the key to the list on the screen",
            shown,
            TARGET_MS,
            measured="p95",
            conditions={
                **conditions,
                "window": "real, offscreen, 1366 x 768",
                "p90": f"{percentile(shown, 0.9):.1f} ms",
            },
        ),
    )


def _wanted(chance: random.Random) -> str:
    """What somebody may type: parts of a name in any order, sometimes with a year of birth."""
    family, middle, given = (chance.choice(each) for each in (_FAMILIES, _MIDDLE, _GIVEN))
    return fold(
        chance.choice(
            (
                f"{family} {middle} {given}",
                f"{given} {family}",
                f"{given}",
                f"{middle} {given} {chance.randint(1935, 2005)}",
                f"{family} {chance.randint(1935, 2005)}",
            )
        )
    )


def _prefixes(text: str) -> Iterator[str]:
    return (text[:end] for end in range(1, len(text) + 1) if text[end - 1] != " ")


def _service(desk: Desk, text: str) -> float:
    started = time.perf_counter()
    patient_search.find(desk, text)
    return (time.perf_counter() - started) * 1000


def _typed(seat: Seat, text: str) -> list[float]:
    """Milliseconds of each letter, until the list of that letter is painted."""
    bench = seat.window.bench
    if bench is None:
        raise RuntimeError("nobody is logged in")
    bench.area.open_screen("patient_search")
    screen = seat.screen()
    if not isinstance(screen, PatientSearchScreen):
        raise TypeError(screen)
    screen.search.clear()
    until(screen.search.hasFocus)
    seat.settle()
    taken = []
    for letter in text:
        wanted = screen.search.text() + letter

        def ready(wanted: str = wanted) -> bool:
            return screen.shown() == wanted

        if letter == " ":
            seat.press(letter)
        else:
            taken.append(until_painted(partial(seat.press, letter), ready))
        seat.settle()
    seat.press(Qt.Key.Key_Escape)
    return taken


def _prepare(folder: Path, patients: int) -> None:
    """A terminal with that many people, a ward of whom are in the house."""
    settings = Settings(folder / "settings")
    settings.put(table.WARD, WARD)
    settings.put(table.WARD_NAME, "Khoa Nội")
    store = found_terminal(folder, [(NURSE, PIN)], ManualClock(NOW))
    take_in(store, house())
    take_in(store, _people(patients))
    for number in range(BEDS):
        take_in(store, person(number, 5, inside=True))
    store.close()


def _people(count: int) -> Iterator[Resource]:
    chance = random.Random(SEED)
    for number in range(count):
        given = [chance.choice(_MIDDLE), chance.choice(_GIVEN)]
        year, month, day = chance.randint(1930, 2010), chance.randint(1, 12), chance.randint(1, 28)
        yield {
            "resourceType": "Patient",
            "id": f"s{number}",
            "identifier": [
                {"system": systems.RECORD_NUMBER, "value": f"26.{number:07}"},
                {"system": systems.NATIONAL_ID, "value": f"0{chance.randint(10**10, 10**11 - 1)}"},
            ],
            "name": [{"family": chance.choice(_FAMILIES), "given": given}],
            "gender": chance.choice(("male", "female")),
            "birthDate": f"{year}-{month:02}-{day:02}",
        }
