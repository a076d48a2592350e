"""Turns the table of actions into keys, and decides which of them can be done now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workstation.security.rights import holds
from workstation.ui.toolkit.actions import ACTIONS, ActionSpec

if TYPE_CHECKING:
    from workstation.security.people import Role
    from workstation.ui.toolkit.screen import Screen

BEFORE_LOG_IN = frozenset({"language", "theme"})


def install(window: QWidget, chosen: Callable[[ActionSpec], None]) -> None:
    """Give the window every shortcut there is.

    Args:
        window: Where the keys work.
        chosen: Does an action.
    """
    for spec in ACTIONS:
        action = QAction(window)
        action.setObjectName(spec.id)
        if spec.shortcut:
            action.setShortcut(
                QKeySequence(spec.shortcut, QKeySequence.SequenceFormat.PortableText)
            )
        action.triggered.connect(lambda _checked=False, spec=spec: chosen(spec))
        window.addAction(action)


def obstacle(
    spec: ActionSpec, screen: Screen | None, role: Role | None, screens: frozenset[str]
) -> str:
    """What keeps an action from being done now.

    Args:
        spec: The action.
        screen: The screen in front, None before log-in and while locked.
        role: What the person does, None before log-in and while locked.
        screens: Ids of the screens there are.

    Returns:
        ``log-in``, ``absent`` (there is no such screen), ``right``, ``patient``, ``screen`` (the
        one in front does not know it); empty when it can be done.
    """
    if role is None:
        return "" if spec.id in BEFORE_LOG_IN else "log-in"
    if spec.opens and spec.opens not in screens:
        return "absent"
    if not holds(role, spec.right):
        return "right"
    if spec.needs_patient and (screen is None or screen.patient() is None):
        return "patient"
    known = spec.scope == "window" or (screen is not None and spec.id in screen.offers())
    return "" if known else "screen"


def of_a_patient(role: Role) -> tuple[ActionSpec, ...]:
    """What can be opened of a patient who is not in front, for a role.

    Only what shows something or opens a form, what shows first; nothing that is done at once.
    """
    own = [spec for spec in ACTIONS if spec.needs_patient and holds(role, spec.right)]
    shows = [spec for spec in own if spec.id.startswith("chart_")]
    writes = [spec for spec in own if spec.id.startswith("add_") or (spec.opens and spec.deed)]
    return (*shows, *writes)
