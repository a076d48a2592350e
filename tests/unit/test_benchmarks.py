"""One benchmark that fails takes none of the others with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.measure import Result, slow


def one_fails(name: str, *, quick: bool) -> list[Result]:
    if name == "stall":
        raise OSError(f"no disk, quick={quick}")
    return [slow(name, "promise", [1.0] * 9, 25, measured="p99")]


def test_the_others_are_measured_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "results.json"
    asked = ["search", "stall", "push", "--quick", "--json", str(kept)]
    assert benchmarks.main(asked, one_fails) == 1
    told = capsys.readouterr()
    assert "no disk, quick=True" in told.err
    assert "failed: stall" in told.err
    assert [each["name"] for each in json.loads(kept.read_text("utf-8"))] == ["search", "push"]
    assert benchmarks.main(["search"], one_fails) == 0
