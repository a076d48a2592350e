"""Labels, rules and buttons by their role, so that screens name meanings and not sizes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.icons import icon, icon_size


def label(text: str, role: str = "body", tone: str = "", *, wrap: bool = False) -> QLabel:
    """A piece of text.

    Args:
        text: Translated words; always plain text, whatever is in them.
        role: ``caption``, ``body``, ``strong``, ``value``, ``heading``, ``title``, ``display``.
        tone: ``muted``, ``accent``, ``ok``, ``warn``, ``danger`` or nothing.
        wrap: Whether it may take several lines.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(role))
    made.setContentsMargins(0, theme.marks_above(role), 0, 0)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and restyle the widget if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def button(
    text: str, clicked: Callable[[], object], *, kind: str = "", symbol: str = "", hint: str = ""
) -> QPushButton:
    """A push button with words.

    Args:
        text: Translated words.
        clicked: What it does.
        kind: ``primary``, ``danger``, ``quiet``, ``bar`` (on the dark bar) or nothing.
        symbol: Name of an icon beside the words.
        hint: Tool tip, such as its shortcut.
    """
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    made.setToolTip(hint)
    if symbol:
        token = {
            "primary": "on_accent",
            "danger": "on_danger",
            "quiet": "accent",
            "bar": "on_bar",
        }.get(kind, "text")
        made.setIcon(icon(symbol, token))
        made.setIconSize(icon_size())
    made.clicked.connect(lambda _checked: clicked())
    return made


def rule(*, vertical: bool = False) -> QFrame:
    """A hairline between two things."""
    line = QFrame()
    line.setProperty("rule", True)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def card(*contents: QWidget, margin: int = 16, spacing: int = 10) -> QFrame:
    """A raised surface with things below each other; lengths in pixels at 100 %."""
    frame = QFrame()
    frame.setProperty("card", True)
    box = QVBoxLayout(frame)
    gap = theme.px(margin)
    box.setContentsMargins(gap, gap, gap, gap)
    box.setSpacing(theme.px(spacing))
    for widget in contents:
        box.addWidget(widget)
    return frame
