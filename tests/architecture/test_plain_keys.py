"""Plain keys: the table knows every letter that a screen takes, and none hides a window's key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from workstation.kernel import resources, words
from workstation.ui.screens.chart.tabs import TABS
from workstation.ui.shell import screens
from workstation.ui.toolkit.actions import ACTIONS
from workstation.ui.toolkit.plain_keys import GUIDE, PLAIN_KEYS, every_key

ROOT = Path(__file__).resolve().parents[2] / "workstation" / "ui" / "screens"
_LETTER = re.compile(r"\bKey\.Key_([A-Z])\b")


def letters() -> Iterator[tuple[str, str]]:
    """Screen, or chart tab's file, and each letter that its code takes."""
    for path in ROOT.rglob("*.py"):
        feature = path.relative_to(ROOT).parts[0]
        for letter in _LETTER.findall(path.read_text("utf-8")):
            yield feature, letter


def test_every_letter_that_a_screen_takes_is_in_the_table() -> None:
    told = {(key.where.partition("/")[0], key.keys) for key in PLAIN_KEYS}
    untold = sorted(set(letters()) - told)
    assert not untold, "write them into ui/toolkit/plain_keys.py: help and keyboard map show them"


def test_every_letter_in_the_table_is_taken_by_its_screen() -> None:
    told = {
        (key.where.partition("/")[0], key.keys)
        for key in PLAIN_KEYS
        if len(key.keys) == 1 and key.keys.isalpha()
    }
    assert not sorted(told - set(letters()))


def test_no_key_has_two_meanings_on_one_screen() -> None:
    found = Counter((key.where, key.keys) for key in PLAIN_KEYS)
    assert not [each for each, count in found.items() if count > 1]


def test_no_plain_key_is_one_of_the_windows() -> None:
    chords = {action.shortcut for action in ACTIONS if action.shortcut}
    assert not {key.keys for key in PLAIN_KEYS} & chords
    bare = [chord for chord in chords if "+" not in chord]
    assert all(re.fullmatch(r"F\d+", chord) for chord in bare)


def test_places_and_guide_pages_exist() -> None:
    known = set(screens.SCREENS) | {f"chart/{tab.id}" for tab in TABS}
    assert {key.where for key in PLAIN_KEYS} | GUIDE.keys() <= known
    for language in words.LANGUAGES:
        assert all(
            (resources.guide() / language / f"{page}.md").exists() for page in GUIDE.values()
        )


def test_every_screen_has_a_page_of_the_guide() -> None:
    assert not set(screens.SCREENS) - GUIDE.keys()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_key_has_words_in_both_languages(language: words.Language) -> None:
    vietnamese = words.vietnamese()
    assert not [key.words for key in PLAIN_KEYS if key.words not in vietnamese]
    words.use(language)
    assert all(heading and keys for heading, keys in every_key())
