"""One table of commands: no id, no shortcut and no words twice, each icon is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtGui import QKeySequence

from workstation.kernel import resources, words
from workstation.security.rights import RIGHTS
from workstation.ui.screens.chart.tabs import TABS, WRITES
from workstation.ui.shell import screens
from workstation.ui.toolkit.actions import ACTIONS
from workstation.ui.toolkit.screen import Screen


def twice(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_nothing_stands_twice() -> None:
    assert not twice([action.id for action in ACTIONS])
    assert not twice([action.shortcut for action in ACTIONS if action.shortcut])
    for language in words.LANGUAGES:
        assert not twice([words.say(language, action.words) for action in ACTIONS])


def test_every_shortcut_is_one_that_qt_knows() -> None:
    for action in ACTIONS:
        if action.shortcut:
            keys = QKeySequence(action.shortcut, QKeySequence.SequenceFormat.PortableText)
            assert keys.count() == 1, action.id
            assert keys.toString(QKeySequence.SequenceFormat.PortableText) == action.shortcut


def test_icons_and_rights_exist() -> None:
    folder: Path = resources.folder() / "icons"
    for action in ACTIONS:
        assert not action.icon or (folder / f"{action.icon}.svg").exists(), action.id
        assert not action.right or action.right in RIGHTS, action.id


def test_every_screen_can_be_imported() -> None:
    import importlib

    for target in screens.SCREENS.values():
        module, _, name = target.partition(":")
        assert issubclass(getattr(importlib.import_module(module), name), Screen)


def test_every_tab_of_the_chart_has_its_actions() -> None:
    ids = {action.id for action in ACTIONS}
    assert {tab.action for tab in TABS} | WRITES.keys() <= ids
    assert not twice([tab.id for tab in TABS])
