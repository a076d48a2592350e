"""The style sheet of the program: a few rules on tokens, the rest is Fusion with our palette."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from string import Template

from workstation.ui.toolkit.tokens import Tokens

_SHEET = Template(
    """
QToolTip { background: $bar; color: $on_bar; border: 1px solid $border; padding: ${p4}px; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: ${p8}px; }
QFrame[rule="true"] { background: $line; border: 0; }
QWidget[ground="surface"] { background: $surface; }
QWidget[ground="canvas"] { background: $canvas; }
QWidget[ground="sunken"] { background: $sunken; }
QWidget[ground="bar"] { background: $bar; }
QWidget[ground="bar"] QLabel { color: $on_bar; }

QLabel { background: transparent; }
QLabel[role="caption"] { font-size: ${caption}px; color: $muted; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="value"] { font-size: ${value}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="display"] { font-size: ${display}px; font-weight: 700; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="danger"] { color: $danger; }
QWidget[ground="bar"] QLabel[tone="muted"] { color: $bar_muted; }

QPushButton { background: $surface; color: $text; border: 1px solid $border;
  border-radius: ${p6}px; padding: ${p5}px ${p14}px; min-height: ${p22}px; outline: 0; }
QPushButton[pad="true"] { min-height: ${p34}px; font-size: ${heading}px; font-weight: 600; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $selected; border-color: $accent; }
QPushButton:focus { border: 2px solid $focus; padding: ${p4}px ${p13}px; }
QPushButton:disabled { color: $muted; background: $canvas; border: 1px dashed $border; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent;
  font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $muted;
  border: 1px dashed $border; }
QPushButton[kind="danger"] { background: $danger; color: $on_danger; border-color: $danger;
  font-weight: 600; }
QPushButton[kind="danger"]:focus { border: 2px solid $text; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $accent;
  padding: ${p5}px ${p8}px; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; padding: ${p4}px ${p7}px; }
QPushButton[kind="quiet"]:disabled { color: $muted; border: 1px dashed transparent; }
QWidget[ground="bar"] QPushButton { background: transparent; color: $on_bar;
  border-color: transparent; padding: ${p5}px ${p8}px; }
QWidget[ground="bar"] QPushButton:hover { border-color: $bar_muted; }
QWidget[ground="bar"] QPushButton:focus { border: 2px solid $on_bar;
  padding: ${p4}px ${p7}px; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $surface; color: $text; border: 1px solid $border; border-radius: ${p5}px;
  padding: ${p4}px ${p8}px; selection-background-color: $selected; selection-color: $text;
  placeholder-text-color: $muted; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: ${p22}px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid $focus; padding: ${p3}px ${p7}px; }
QLineEdit:read-only { background: $canvas; }
QLineEdit:disabled, QComboBox:disabled { background: $canvas; color: $muted;
  border: 1px dashed $border; }
QLineEdit[state="invalid"], QComboBox[state="invalid"] { border: 2px solid $danger;
  background: $danger_soft; padding: ${p3}px ${p7}px; }
QLineEdit[state="doubtful"] { border: 2px solid $warn; background: $warn_soft;
  padding: ${p3}px ${p7}px; }
QComboBox::drop-down { border: 0; width: ${p28}px; }
QComboBox::down-arrow { image: url($chevron); width: ${p13}px; height: ${p13}px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border;
  selection-background-color: $selected; selection-color: $text; outline: 0; }
QCheckBox, QRadioButton { spacing: ${p8}px; padding: ${p3}px; border: 2px solid transparent;
  border-radius: ${p5}px; }
QCheckBox:focus, QRadioButton:focus { border-color: $focus; }
QCheckBox::indicator { width: ${p14}px; height: ${p14}px; border: ${p2}px solid $border;
  border-radius: ${p3}px; background: $surface; }
QCheckBox::indicator:checked { border-color: $accent; background: $accent; image: url($tick); }
QCheckBox::indicator:disabled { border-color: $line; }
QRadioButton::indicator { width: ${p12}px; height: ${p12}px; border: ${p2}px solid $border;
  border-radius: ${p7}px; background: $surface; }
QRadioButton::indicator:checked { border: ${p4}px solid $accent; width: ${p8}px; height: ${p8}px; }
QRadioButton::indicator:disabled { border-color: $line; }

QTableView, QListView, QTreeView { background: $surface; alternate-background-color: $surface;
  border: 1px solid $line; border-radius: ${p6}px; gridline-color: $line; outline: 0;
  selection-background-color: $selected; selection-color: $text; }
QTableView::item { border: 0; border-bottom: 1px solid $line; padding: 0 ${p5}px; }
QTableView::item:selected { background: $selected; }
QListView::item { padding: ${p3}px 0 ${p2}px 0; }
QListView::item:selected { background: $selected; color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border: 2px solid $focus; }
QHeaderView { background: $canvas; }
QHeaderView::section { background: $canvas; color: $muted; border: 0;
  border-bottom: 1px solid $border; padding: ${p5}px ${p8}px; font-size: ${caption}px;
  font-weight: 600; }
QHeaderView::section:vertical { padding: 0 ${p8}px; border-bottom-color: $line; }
QTableCornerButton::section { background: $canvas; border: 0; }

QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: ${p7}px ${p12}px;
  border: 0; border-bottom: 3px solid transparent; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom: 3px solid $accent; }
QTabBar::tab:selected:focus { color: $accent; border: 2px solid $focus;
  border-radius: ${p5}px; padding: ${p5}px ${p10}px; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }

QScrollArea { border: 0; background: transparent; }
QScrollArea:focus { border: 2px solid $focus; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: ${p4}px; margin: ${p2}px; }
QScrollBar::handle:vertical { min-height: ${p28}px; }
QScrollBar::handle:horizontal { min-width: ${p28}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $sunken; border: 0; border-radius: ${p4}px; max-height: ${p8}px;
  text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: ${p4}px; }
QMenu { background: $surface; border: 1px solid $border; padding: ${p4}px; }
QMenu::item { padding: ${p6}px ${p18}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $selected; }
QMenu::separator { background: $line; height: 1px; margin: ${p4}px; }
QFrame[floating="true"] { background: $surface; border: 1px solid $border;
  border-radius: ${p8}px; }
QFrame[toast="true"] { background: $bar; border-radius: ${p8}px; }
QFrame[toast="true"] QLabel { color: $on_bar; }
QFrame[toast="true"] QPushButton { background: transparent; color: $on_bar;
  border-color: $bar_muted; }
QFrame[toast="true"] QPushButton:focus { border: 2px solid $on_bar; }
QWidget[ground="bar"] QPushButton:checked { background: $on_bar; color: $bar; font-weight: 600; }
QWidget[strip="true"] { background: $surface; border-top: 1px solid $line; }
QPushButton[mark="true"] { background: transparent; border: 1px solid transparent;
  padding: ${p2}px ${p7}px; min-height: ${p18}px; font-size: ${p13}px; }
QPushButton[mark="true"]:hover { background: $hover; }
QPushButton[mark="true"]:focus { border: 2px solid $focus; padding: 1px ${p6}px; }
QPushButton[mark="true"][tone="muted"] { color: $muted; }
QPushButton[mark="true"][tone="ok"] { color: $ok; font-weight: 600; }
QPushButton[mark="true"][tone="accent"] { color: $accent; font-weight: 600; }
QPushButton[mark="true"][tone="warn"] { background: $warn_soft; color: $warn; font-weight: 600;
  border-color: $warn; }
QPushButton[mark="true"][tone="danger"] { background: $danger_soft; color: $danger;
  font-weight: 600; border-color: $danger; }
QWidget[strip="true"] QPushButton[kind="quiet"] { padding: ${p2}px ${p7}px; min-height: ${p18}px;
  font-size: ${p13}px; }
QLabel[news="true"] { background: $warn_soft; border-bottom: 1px solid $warn; }
QFrame[danger="true"] { border: 2px solid $danger; }
QSplitter::handle { background: $line; }
"""
)

_LENGTHS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 18, 22, 28, 34)


def sheet(
    tokens: Tokens, px: Callable[[float], int], sizes: dict[str, int], pictures: Mapping[str, Path]
) -> str:
    """The style sheet for one theme.

    Args:
        tokens: The colours.
        px: Scales a length in pixels.
        sizes: Font heights in pixels at 100 %, by role.
        pictures: The ``chevron`` of lists that open and the ``tick`` of boxes.
    """
    return _SHEET.substitute(
        asdict(tokens)
        | {picture: path.as_posix() for picture, path in pictures.items()}
        | {f"p{length}": px(length) for length in _LENGTHS}
        | {role: px(size) for role, size in sizes.items()}
    )
