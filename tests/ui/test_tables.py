"""How a table of rows dresses its cells."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from tests.kit.workplace import until
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


def test_columns_whose_words_wrap_give_way_before_one_scrolls(qtbot: QtBot) -> None:
    columns: tuple[Column[str], ...] = (
        Column("What", lambda row: row), Column("When", lambda row: row, 200),
        Column("By", lambda row: row, 150),
    )  # fmt: skip
    model: RowsModel[str] = RowsModel(columns)
    model.replace(["Catheter removed because of a fever"])
    view = RowsView(model)
    view.wrap_rows(34)
    qtbot.addWidget(view)
    view.show()
    bar = view.horizontalScrollBar()
    for wide, scrolls in ((700, False), (450, False), (300, True), (450, False), (700, False)):
        view.resize(theme.px(wide), 200)
        until(lambda scrolls=scrolls: (bar.maximum() > 0) is scrolls)
    assert view.columnWidth(1) == theme.px(200)
