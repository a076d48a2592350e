"""Words are painted whole: of a name no mark is lost."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.text import label

ROOM = 20


@pytest.fixture(params=theme.SCALES)
def scale(request, qapp):
    theme.use(QApplication.instance(), "light", request.param)
    yield request.param
    theme.use(QApplication.instance(), "light")


def ink(widget, above):
    """How many pixels of the words are painted, with more room above them or without."""
    widget.setContentsMargins(0, above, 0, 0)
    widget.resize(widget.sizeHint())
    image = QImage(widget.size(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image, QPoint())
    rows, columns = range(image.height()), range(image.width())
    return sum(image.pixelColor(x, y).alpha() > 127 for x in columns for y in rows)


@pytest.mark.parametrize("role", theme.SIZES)
def test_both_marks_of_a_capital_are_seen(qtbot, scale, role):
    made = label("NGUYỄN ẨN Ộ", role)
    qtbot.addWidget(made)
    room = made.contentsMargins().top()
    assert ink(made, room) == ink(made, room + ROOM)
    assert ink(made, 0) < ink(made, room)
