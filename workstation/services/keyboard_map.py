"""The keyboard map as a paper: what the window knows of its keys, put on one page."""

from __future__ import annotations

from collections.abc import Sequence

from workstation import __version__
from workstation.documents import keyboard_map as paper
from workstation.documents.keyboard_map import KeyboardMap, KeyGroup
from workstation.kernel.words import tr

Group = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and keys with what they do."""


def draw(groups: Sequence[Group]) -> bytes:
    """The page as PDF, in the language spoken now; no patient stands on it."""
    return paper.keyboard_map(
        KeyboardMap(
            title=tr("Keyboard map"),
            system=f"Ward Workstation {__version__}",
            notes=(
                tr("Ctrl+K, then the bed and Enter: opens that chart from anywhere."),
                tr("Letters count while a list has the keys, not while you type."),
            ),
            groups=[KeyGroup(heading, keys) for heading, keys in groups if keys],
        )
    )
