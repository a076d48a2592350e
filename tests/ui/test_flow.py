"""A row that breaks into more rows knows its height after every change of what is in it."""

from __future__ import annotations

import random

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from workstation.ui.toolkit.widgets.flow import FlowLayout

WORDS = ("Penicillin", "Nguy cơ ngã", "03/05/1939", "Phân cấp chăm sóc 1", "N3-12")
GAP = 8
WIDTHS = (120, 300, 640)


def height_of(labels: list[QLabel], width: int) -> int:
    """By the rules alone: left to right, on below, half a gap between rows."""
    rows: list[list[int]] = [[]]
    used = 0
    for hint in (label.sizeHint() for label in labels if not label.isHidden()):
        if rows[-1] and used + hint.width() > width:
            rows.append([])
            used = 0
        rows[-1].append(hint.height())
        used += hint.width() + GAP
    return sum(max(row, default=0) for row in rows) + (len(rows) - 1) * (GAP // 2)


@pytest.mark.parametrize("seed", range(3))
def test_the_height_follows_every_change(qtbot: QtBot, seed: int) -> None:
    chance, outside = random.Random(seed), QWidget()
    qtbot.addWidget(outside)
    flow, labels = FlowLayout(GAP), [QLabel(word) for word in WORDS]
    QVBoxLayout(outside).addLayout(flow)
    for label in labels:
        flow.addWidget(label)
    outside.show()
    seen = set()
    for _ in range(40):
        label = chance.choice(labels)
        deed = chance.choice(["say", "hide", "show", "add", "take"])
        if deed == "say":
            label.setText(" ".join(chance.choices(WORDS, k=chance.randint(1, 4))))
        elif deed in ("hide", "show"):
            label.setHidden(deed == "hide")
        elif deed == "add":
            labels.append(QLabel(chance.choice(WORDS)))
            flow.addWidget(labels[-1])
        elif len(labels) > 1:
            labels.remove(label)
            flow.removeWidget(label)
            label.deleteLater()
        QApplication.processEvents()
        heights = [flow.heightForWidth(width) for width in WIDTHS]
        assert heights == [height_of(labels, width) for width in WIDTHS]
        assert heights == [flow.heightForWidth(width) for width in WIDTHS]
        seen.add(tuple(heights))
    assert len(seen) > 3
