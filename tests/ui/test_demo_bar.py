"""The bar of the demo offers only what can be done at the moment."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from workstation.ui.shell.demo_bar import DemoBar, DemoControls


@pytest.mark.parametrize("ready", [True, False])
def test_a_colleague_can_be_called_only_when_the_terminal_can_open(
    qtbot: QtBot, ready: bool
) -> None:
    called: list[str] = []
    bar = DemoBar(
        DemoControls(
            pin="246810",
            running=lambda: True,
            stop=lambda: None,
            start=lambda: None,
            colleague=lambda: called.append("B"),
            colleague_ready=lambda: ready,
        )
    )
    qtbot.addWidget(bar)
    button = bar.findChildren(QPushButton)[-1]
    button.click()
    assert called == (["B"] if ready else [])
    assert bool(button.toolTip()) is not ready
