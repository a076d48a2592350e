"""The hands of whoever sits at a terminal: every key goes through them and is counted by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.kit.ward_window import CTRL, NO, PIN, WardWindow, until
from workstation.ui.toolkit.screen import Screen

S = TypeVar("S", bound=Screen)
ALT = Qt.KeyboardModifier.AltModifier
DOWN, ENTER, TAB = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Tab


@dataclass(frozen=True, slots=True)
class Effort:
    """What one step took.

    Attributes:
        step: Its name.
        keys: Presses that command: Enter, arrows, shortcuts, letters that do something; a scan.
        typed: Characters of what is being said: digits, names, words, PINs.
    """

    step: str
    keys: int
    typed: int

    @property
    def all(self) -> int:
        """Every press."""
        return self.keys + self.typed


class Hands:
    """Presses the keys of one terminal.

    Args:
        at: The terminal.
        efforts: Where the steps are written down; both terminals share it.
    """

    def __init__(self, at: WardWindow, efforts: list[Effort]) -> None:
        self.at, self.efforts = at, efforts
        self._keys = self._typed = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is pressed meanwhile."""
        keys, typed = self._keys, self._typed
        yield
        self.efforts.append(Effort(name, self._keys - keys, self._typed - typed))

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
        """Keys that command, one after the other."""
        for key in keys:
            self._keys += 1
            self.at.press(key, modifier)

    def type(self, text: str) -> None:
        """What is being said, by plain keys."""
        self._typed += len(text)
        self.at.keys(text)

    def say(self, text: str) -> None:
        """Words through the input method."""
        self._typed += len(text)
        self.at.compose(text)

    def letter(self, letter: str) -> None:
        """A letter that commands."""
        self._keys += 1
        self.at.keys(letter)
        self.at.settle()

    def scan(self, code: str) -> None:
        """What a keyboard wedge sends, all characters and Enter: one pull of its trigger."""
        self._keys += 1
        self.at.keys(code)
        QTest.keyClick(self.at.focus(), ENTER)
        self.at.settle()

    def go(self, key: Qt.Key, kind: type[S]) -> S:
        """To a screen by its number."""
        self.press(key, modifier=CTRL)
        return self.at.screen(kind)

    def walk(self, key: Qt.Key, there: Callable[[], object], what: str, most: int = 14) -> None:
        """Press a key until it led there."""
        for _ in range(most):
            if there():
                return
            self.press(key)
        assert there(), f"no key leads to {what}"

    def prove(self) -> None:
        """The PIN of whoever is asked for it, and Enter."""
        self.type(PIN)
        self.press(ENTER)

    def relieve(self, name: str) -> None:
        """Lock; somebody else logs in."""
        self.at.press(Qt.Key.Key_L, CTRL)
        until(lambda: self.at.window.bench is None, "the locked terminal")
        self.at.log_in(name)

    def inside(self, widget: QWidget) -> bool:
        """Whether the keys go to a widget or into it."""
        focus = self.at.focus()
        return widget is focus or widget.isAncestorOf(focus)
