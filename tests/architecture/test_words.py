"""Every sentence, action and code has Vietnamese, with the same values to fill in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from workstation.kernel import words
from workstation.kernel.settings import TABLE
from workstation.ui.toolkit import actions
from workstation.ui.toolkit.error_words import WORDS

ROOT = Path(__file__).resolve().parents[2]
SPEAKERS = {"tr": 0, "say": 1}


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("words.")
            if name in SPEAKERS and len(node.args) > SPEAKERS[name]:
                yield node, node.args[SPEAKERS[name]]


def modules(*packages: str) -> Iterator[tuple[Path, ast.AST]]:
    for package in packages or ("workstation",):
        for path in (ROOT / package).rglob("*.py"):
            yield path, ast.parse(path.read_text("utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def spoken() -> set[str]:
    literals = {
        text.value
        for _, tree in modules("workstation", "hospital")
        for _, text in calls(tree)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    }
    codes = {words for pair in WORDS.values() for words in pair if words}
    return literals | codes | {action.words for action in actions.ACTIONS}


def test_every_sentence_has_vietnamese() -> None:
    missing = sorted(spoken() - words.vietnamese().keys())
    assert not missing


def test_both_languages_fill_in_the_same_values() -> None:
    wrong = [
        key for key, word in words.vietnamese().items() if placeholders(key) != placeholders(word)
    ]
    assert not wrong


NUMBERS = (
    "after|count|days|fewest|hours|minimum|minutes|missing|most|older|points|saves|size|terminals"
)
PLURAL = re.compile(
    rf"\{{({NUMBERS})\}}( of \{{\w+\}})?( (?!is |was |has |in )\w+){{0,2}}"
    r" (\w+[^su ]s|are|were|have)\b"
)
NEVER_ONE = {
    "A drill needs at least {fewest} terminals.",
    "At most {most} letters; write a note instead.",
    "Copied and checked: {size} bytes.",
    "From 1 to {most} times a day.",
    "Use at least {minimum} characters, not all alike.",
    "{terminals} terminals, seed {seed}, {minutes} minutes of ward work without the server",
}
"""Numbers that are fixed, or never 1."""


def test_what_is_counted_says_what_one_of_it_is_called() -> None:
    english = {text.rpartition("|")[2] for text in spoken()}
    asked = {text for text in english if PLURAL.search(text)} - NEVER_ONE
    assert not sorted(asked - words.counted().keys())


def test_what_is_said_of_one_thing_is_said_somewhere_and_fills_in_the_same_values() -> None:
    english = {text.rpartition("|")[2] for text in spoken()}
    assert not sorted(words.counted().keys() - english)
    for text, ones in words.counted().items():
        for name, one in ones.items():
            assert name in placeholders(text)
            assert placeholders(one) <= placeholders(text)


def test_no_sentence_is_put_together_inside_tr() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in modules()
        for call, text in calls(tree)
        if isinstance(text, ast.JoinedStr | ast.BinOp)
    ]
    assert not found


def test_every_value_of_a_sentence_is_given() -> None:
    wrong = []
    for path, tree in modules():
        for call, text in calls(tree):
            given = {keyword.arg for keyword in call.keywords}
            if not isinstance(text, ast.Constant) or None in given:
                continue
            if placeholders(str(text.value)) != given:
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}: {text.value!r}")
    assert not wrong


def codes() -> Iterator[tuple[str, str]]:
    families = {"Refused", "Unavailable", "Rejected", "Damaged"}
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in families and node.args and isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_error_code_has_words() -> None:
    assert not [f"{where}: {code}" for code, where in codes() if code not in WORDS]
    assert ("stale-edit") in {code for code, _ in codes()}


def test_settings_have_words() -> None:
    shown = {"language", "theme", "scale"}
    missing = [
        row.help for row in TABLE if row.name in shown and row.help not in words.vietnamese()
    ]
    assert not missing
