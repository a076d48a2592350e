"""What a reader can hold in the head: how long modules, classes and functions may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path for package in ("workstation", "hospital") for path in (ROOT / package).rglob("*.py")
)
MOST_LINES = 400
MOST_CLASS_LINES = 200
MOST_FUNCTION_LINES = 40
MEANINGLESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base"}


def too_long(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            most = MOST_CLASS_LINES if isinstance(node, ast.ClassDef) else MOST_FUNCTION_LINES
            if lines > most:
                yield f"line {node.lineno}: {node.name} has {lines} lines, {most} are allowed"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_held_in_the_head(module: Path) -> None:
    text = module.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module opens with a sentence that says what it is for"
    problems = list(too_long(tree))
    if text.count("\n") > MOST_LINES:
        problems.append(f"{text.count(chr(10))} lines, {MOST_LINES} are allowed")
    if module.stem in MEANINGLESS:
        problems.append(f"'{module.stem}' says nothing about what is inside")
    assert not problems


def test_the_limits_are_kept_by_a_checker_that_sees() -> None:
    long = ast.parse("def f():\n" + "    x = 1\n" * (MOST_FUNCTION_LINES + 1))
    assert list(too_long(long))
