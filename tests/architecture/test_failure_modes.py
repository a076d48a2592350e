"""Each failure mode that the sync must survive has its test, under its own number."""

import re
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[1] / "faults"


@pytest.mark.parametrize("number", [f"{number:02d}" for number in range(1, 21)])
def test_the_failure_mode_has_its_test(number: str) -> None:
    modules = list(FAULTS.glob(f"test_f{number}_*.py"))
    assert len(modules) == 1, f"F{number}: one module tests/faults/test_f{number}_*.py"
    text = modules[0].read_text("utf-8")
    assert re.search(rf'^"""F{number}\b', text), f"{modules[0].name} says which mode it proves"
    assert re.search(r"^(    )?def test_|TestCase$", text, re.MULTILINE), "and has a test"
