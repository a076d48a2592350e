"""A row of alerts never hides one without saying so."""

from __future__ import annotations

import pytest

from workstation.ui.screens.ward_board.brush import fitting


@pytest.mark.parametrize(
    ("widths", "room", "count"),
    [
        ([], 100, 0),
        ([100], 100, 1),
        ([140], 100, 1),
        ([40, 40], 80, 2),
        ([40, 41], 80, 1),
        ([40, 30, 40], 86, 2),
        ([40, 31, 40], 86, 1),
        ([90, 40], 100, 1),
    ],
)
def test_what_does_not_fit_is_counted(widths: list[int], room: int, count: int) -> None:
    assert fitting(widths, room, 16) == count
