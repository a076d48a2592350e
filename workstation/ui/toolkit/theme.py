"""Puts one theme, one scale and the bundled fonts on the whole program."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from workstation.kernel import resources
from workstation.ui.toolkit.style import sheet
from workstation.ui.toolkit.tokens import LIGHT, THEMES, ThemeName, Tokens

FAMILIES = ("Inter Ward", "DejaVu Sans")
SCALES = (100, 125, 150, 175, 200)
"""Per cent, on top of what the desktop already scales."""

SIZES: dict[str, int] = {
    "caption": 12,
    "body": 14,
    "strong": 14,
    "value": 15,
    "heading": 16,
    "title": 20,
    "display": 30,
}
"""Font heights in pixels at 100 %, by role."""
_WEIGHTS: dict[str, QFont.Weight] = {
    "strong": QFont.Weight.DemiBold,
    "value": QFont.Weight.DemiBold,
    "heading": QFont.Weight.DemiBold,
    "title": QFont.Weight.DemiBold,
    "display": QFont.Weight.Bold,
}


class _Current:
    tokens: Tokens = LIGHT
    name: ThemeName = "light"
    scale: int = 100


def use(application: QApplication, name: ThemeName, scale: int = 100) -> None:
    """Dress the program; widgets that are already there follow, painted ones at their next paint.

    Args:
        application: The running program.
        name: ``light`` or ``dark``.
        scale: Size of text and controls in per cent, 100 to 200.
    """
    _Current.tokens, _Current.name, _Current.scale = THEMES[name], name, scale
    load_fonts()
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(_palette(_Current.tokens))
    application.setFont(font("body"))
    icons = resources.folder() / "icons"
    pictures = {picture: icons / f"{picture}_{name}.svg" for picture in ("chevron", "tick")}
    application.setStyleSheet(sheet(_Current.tokens, px, SIZES, pictures))


def tokens() -> Tokens:
    """The colours in use."""
    return _Current.tokens


def name() -> ThemeName:
    """The theme in use."""
    return _Current.name


def scale() -> int:
    """The size in use, in per cent."""
    return _Current.scale


def colour(token: str) -> QColor:
    """The colour of a token in the theme in use."""
    return QColor(_colour(str(getattr(_Current.tokens, token))))


@cache
def _colour(code: str) -> QColor:
    return QColor(code)


def px(length: float) -> int:
    """A length at the scale in use, from pixels at 100 %; never less than one."""
    return max(1, round(length * _Current.scale / 100))


def font(role: str = "body") -> QFont:
    """The font of a role in `SIZES`, at the scale in use, with tabular figures."""
    return QFont(_font(role, px(SIZES[role])))


def marks_above(role: str) -> int:
    """Room that a line needs above what its font asks for, lest NGUYỄN is read as NGUYÊN."""
    return _marks(role, px(SIZES[role]))


@cache
def _marks(role: str, height: int) -> int:
    metrics = QFontMetricsF(_font(role, height))
    return max(0, round(-metrics.tightBoundingRect("Ễ").top() - metrics.ascent()))


@cache
def _font(role: str, height: int) -> QFont:
    """One for each role: what is copied from it shares the glyphs that Qt has found for it."""
    made = QFont(list(FAMILIES))
    made.setPixelSize(height)
    made.setWeight(_WEIGHTS.get(role, QFont.Weight.Normal))
    return made


@cache
def load_fonts() -> tuple[str, ...]:
    """Load the bundled fonts once; the families that came of it.

    Raises:
        FileNotFoundError: A font file is missing or unreadable.
    """
    families: list[str] = []
    for file in sorted((resources.folder() / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        if number < 0:
            raise FileNotFoundError(file)
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(families)


def _palette(t: Tokens) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, value in {
        roles.Window: t.canvas,
        roles.WindowText: t.text,
        roles.Base: t.surface,
        roles.AlternateBase: t.canvas,
        roles.Text: t.text,
        roles.PlaceholderText: t.muted,
        roles.Button: t.surface,
        roles.ButtonText: t.text,
        roles.BrightText: t.danger,
        roles.ToolTipBase: t.bar,
        roles.ToolTipText: t.on_bar,
        roles.Highlight: t.selected,
        roles.HighlightedText: t.text,
        roles.Link: t.accent,
        roles.LinkVisited: t.accent,
        roles.Light: t.surface,
        roles.Midlight: t.hover,
        roles.Mid: t.line,
        roles.Dark: t.border,
        roles.Shadow: t.border,
        roles.Accent: t.accent,
    }.items():
        palette.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(t.muted))
    return palette
