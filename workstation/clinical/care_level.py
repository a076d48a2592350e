"""Nursing care level (phân cấp chăm sóc, Circular 31/2021/TT-BYT): 1 is the most dependent."""

from __future__ import annotations

from enum import StrEnum


class CareLevel(StrEnum):
    """How much of the care the staff must do."""

    ONE = "1"
    """Severe or critical; watched and cared for all the time."""
    TWO = "2"
    """Limited; largely dependent on the staff."""
    THREE = "3"
    """Does most by himself or herself."""

    @classmethod
    def of(cls, code: object) -> CareLevel | None:
        """The level of a code as found in a record, ``None`` if it is none."""
        return next((level for level in cls if level.value == code), None)
