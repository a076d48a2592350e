"""A broad ``except`` hides bugs: it may stand at three places only."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = {
    "workstation/ui/toolkit/tasks.py",
    "workstation/sync/engine.py",
    "workstation/__main__.py",
}


def broad(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            names = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
            if any(
                name is None
                or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
                for name in names
            ) and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node)):
                return True
    return False


def test_broad_except_stands_at_three_places_only() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "workstation").rglob("*.py")
        if broad(ast.parse(path.read_text("utf-8")))
    }
    assert found <= ALLOWED
    assert broad(ast.parse("try:\n    x\nexcept Exception:\n    pass"))


def _written(file: str) -> list[str]:
    tree = ast.parse((ROOT / "workstation" / "ui" / "toolkit" / file).read_text("utf-8"))
    return [
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    ]


def test_no_error_has_words_twice_of_which_one_is_never_said() -> None:
    codes = [*_written("error_words.py"), *_written("command_error_words.py")]
    assert len(codes) > 100
    assert sorted({code for code in codes if codes.count(code) > 1}) == []
