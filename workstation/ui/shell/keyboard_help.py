"""Help (F1): the keys of the screen in front, every other key, and the guide, in one list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QKeyEvent, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QWidget

from workstation.kernel import words
from workstation.kernel.folding import fold
from workstation.kernel.words import tr
from workstation.ui.shell import guide
from workstation.ui.shell.guide import GuidePage
from workstation.ui.shell.overlay import Overlay
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.actions import ACTIONS, ActionSpec
from workstation.ui.toolkit.plain_keys import guide_of, of_place
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.widgets.text import button, label

_WALK: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up)
_TURN: Final = (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is when one asks for help.

    Attributes:
        title: Of the screen in front.
        screen: Its id.
        tab: Of the chart; else empty.
        known: Ids of the actions that can be done now.
        about: Page of the guide about what is being done there; empty for that of the place.
    """

    title: str
    screen: str
    tab: str
    known: frozenset[str]
    about: str = ""

    @property
    def page(self) -> str:
        """The page of the guide that tells about it."""
        return self.about or guide_of(self.screen, self.tab)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: keys and what they do, or a page of the guide."""

    keys: str
    words: str
    page: str = ""


def lines(place: Place, typed: str) -> list[Line]:
    """What is listed: the keys that work here now, the other keys, the guide's pages.

    Args:
        place: Where one is.
        typed: Words that must all stand in a line, or anywhere on a page of the guide.
    """
    plain = [Line(each.name(), each.label()) for each in of_place(place.screen, place.tab)]
    chords = sorted((each for each in ACTIONS if each.shortcut), key=ActionSpec.place)
    here = [each for each in chords if each.scope == "screen" and each.id in place.known]
    wide = [each for each in chords if each.scope == "window"]
    rest = [each for each in chords if each not in here and each not in wide]
    keyed = plain + [Line(each.keys(), each.label()) for each in (*here, *wide, *rest)]
    parts = fold(typed).split()
    fitting = [each for each in keyed if all(p in fold(f"{each.keys} {each.words}") for p in parts)]
    told, own = list(guide.pages(words.language())), place.page
    if parts:
        told = sorted(filter(lambda each: each.tells(parts), told), key=lambda e: -e.tells(parts))
    else:
        told.sort(key=lambda each: each.name != own)
    pages = [Line(tr("Guide"), each.title, each.name) for each in told]
    return fitting + pages


class KeyboardHelp(Overlay):
    """The list on the left, on the right the page of the guide about what is in front.

    The field has the keys: arrows walk the list, Enter opens a page, PageUp and PageDown turn it.
    """

    def __init__(self, over: QWidget, print_map: Callable[[], None]) -> None:
        """Lie hidden over the window.

        Args:
            over: The window's body.
            print_map: Prints the keyboard map.
        """
        super().__init__(over, 1180, 560)
        self.print_map = print_map
        self._place_in_front = Place("", "", "", frozenset())
        self._title = label("", "heading")
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(tr("Search the keys and the guide…"))
        self._typed.setAccessibleName(tr("Search the help"))
        self._typed.installEventFilter(self)
        self._typed.textChanged.connect(self._show)
        self._model: RowsModel[Line] = RowsModel(
            (
                Column(tr("Keys"), lambda line: line.keys, 128, role="strong",
                       tone=lambda line: "muted" if line.page else "accent"),
                Column(tr("Command"), lambda line: line.words),
            )
        )  # fmt: skip
        self._view = RowsView(self._model)
        self._view.wrap_rows(34)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.horizontalHeader().hide()
        self._view.setAccessibleName(tr("Keys"))
        self._view.opened.connect(self._on_opened)
        self._view.selectionModel().currentRowChanged.connect(self._on_row)
        self._none = label(tr("Nothing here has these words."), "caption")
        self._reader = QTextBrowser()
        self._reader.setOpenLinks(False)
        self._reader.setAccessibleName(tr("Guide"))
        self._reader.anchorClicked.connect(self._on_link)
        self._lay_out()

    def open_help(self, place: Place) -> None:
        """Show the keys of a place, and the page of the guide about it."""
        self._place_in_front = place
        self._title.setText(tr("Help: {screen}", screen=place.title))
        self._typed.clear()
        self._show("")
        self._open(place.page)
        self.open_at(self._typed)

    def rows(self) -> tuple[Line, ...]:
        """What is listed now."""
        return self._model.rows

    def page(self) -> str:
        """The words of the guide that can be read now."""
        return self._reader.toPlainText()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter go to the list, pages to the guide, while one types."""
        if watched is not self._typed or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if not isinstance(event, QKeyEvent):
            return False
        if event.key() in (*_WALK, *_ENTER):
            self._view.keyPressEvent(event)
        elif event.key() in _TURN:
            bar = self._reader.verticalScrollBar()
            step = bar.pageStep() if event.key() == _TURN[0] else -bar.pageStep()
            bar.setValue(bar.value() + step)
        else:
            return False
        return True

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(theme.px(12))
        sides.addWidget(self._view, 9)
        sides.addWidget(self._reader, 11)
        foot = QHBoxLayout()
        how = tr("↑ ↓ choose · Enter opens a page · PageUp PageDown turn it · Esc closes")
        foot.addWidget(label(how, "caption", "muted"), 1)
        foot.addWidget(button(tr("Print the keyboard map"), self.print_map, symbol="print"))
        foot.addWidget(button(tr("Close"), self.put_away, symbol="close"))
        for widget in (self._title, self._typed, self._none):
            self.box.addWidget(widget)
        self.box.addLayout(sides, 1)
        self.box.addLayout(foot)

    @Slot(str)
    def _show(self, typed: str) -> None:
        rows = lines(self._place_in_front, typed)
        self._model.replace(rows)
        self._none.setVisible(not rows)
        if rows:
            self._view.selectRow(0)
        self._say_row(rows, 0)
        self.fit()

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._say_row(self._model.rows, now.row())

    def _say_row(self, rows: Sequence[Line], row: int) -> None:
        """Tell a screen reader which line is chosen: the keys are in the field."""
        said = f"{rows[row].keys}: {rows[row].words}" if 0 <= row < len(rows) else ""
        self._typed.setAccessibleDescription(said)

    @Slot(object)
    def _on_opened(self, line: Line) -> None:
        if line.page:
            self._open(line.page)

    @Slot(QUrl)
    def _on_link(self, link: QUrl) -> None:
        self._open(link.fileName().removesuffix(".md"))

    def _open(self, name: str) -> None:
        found: GuidePage | None = guide.page(name)
        if found is not None:
            self._reader.setMarkdown(found.text)
            apart = QTextBlockFormat()
            apart.setBottomMargin(theme.px(4))
            whole = QTextCursor(self._reader.document())
            whole.select(QTextCursor.SelectionType.Document)
            whole.mergeBlockFormat(apart)
            self._reader.verticalScrollBar().setValue(0)
