"""The hospital's lists of high-risk and time-critical drugs, read once from the packaged files."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from workstation.clinical.drug_lists import DrugLists, HighRisk
from workstation.kernel import resources


@cache
def lists() -> DrugLists:
    """The lists in force at this terminal."""
    return DrugLists(
        high_risk=tuple(
            HighRisk(
                id=each["id"],
                vietnamese=each["vi"],
                english=each["en"],
                second_person=each["second_person"],
                names=tuple(each["names"]),
                injected_only=each.get("injected_only", False),
            )
            for each in _read("high_risk.json")["classes"]
        ),
        time_critical=tuple(_read("time_critical.json")["names"]),
    )


def _read(name: str) -> Any:
    return json.loads((resources.folder() / "drugs" / name).read_text("utf-8"))
