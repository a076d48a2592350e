"""How a table of rows dresses its cells."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView


def test_what_is_red_stays_red_under_the_cursor(qtbot: QtBot) -> None:
    column: Column[str] = Column("State", lambda row: row, tone=lambda _row: "danger")
    model: RowsModel[str] = RowsModel((column,))
    model.replace(["late", "later"])
    view = RowsView(model)
    qtbot.addWidget(view)
    for selected in (False, True):
        option = QStyleOptionViewItem()
        view.initViewItemOption(option)
        if selected:
            option.state |= QStyle.StateFlag.State_Selected
        view.itemDelegate().initStyleOption(option, model.index(0, 0))
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        assert option.palette.color(role).name() == theme.colour("danger").name()
