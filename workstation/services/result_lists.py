"""The lists of analytes and critical values that come with the program, read once."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any, Final

from workstation.clinical.results import Analyte, Catalogue, Limit, Panel
from workstation.kernel import resources

_EDGES: Final = ("below", "above", "at_most", "at_least")


@cache
def catalogue() -> Catalogue:
    """Panels, analytes and critical limits."""
    folder = resources.folder() / "knowledge"
    tests = json.loads((folder / "analytes.json").read_text("utf-8"))
    critical = json.loads((folder / "critical_values.json").read_text("utf-8"))
    return Catalogue(
        panels=tuple(Panel(**each) for each in tests["panels"]),
        analytes=tuple(_analyte(row, place) for place, row in enumerate(tests["analytes"])),
        limits=tuple(_limit(row) for row in critical["limits"]),
        adult_from_years=critical["adult_from_years"],
    )


def _analyte(row: dict[str, Any], place: int) -> Analyte:
    variation = row.get("within_subject_variation_percent")
    return Analyte(
        id=row["id"],
        panel=row["panel"],
        vi=row["vi"],
        en=row["en"],
        codes=tuple(row["loinc"]),
        unit=row["unit"],
        factors={unit: Decimal(factor) for unit, factor in row["units"].items()},
        variation=Decimal(variation) if variation else None,
        place=place,
    )


def _limit(row: dict[str, Any]) -> Limit:
    edges = {edge: Decimal(row[edge]) for edge in _EDGES if edge in row}
    return Limit(row["analyte"], row["source"], **edges)
