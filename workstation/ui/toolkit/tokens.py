"""The colours of both themes by what they mean, and the contrast that each pair must keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]

TEXT_RATIO = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA) for text."""
CLINICAL_RATIO = 7.0
"""WCAG 2.2 success criterion 1.4.6 (AAA), here for every clinical value."""
SHAPE_RATIO = 3.0
"""WCAG 2.2 success criterion 1.4.11 for focus rings, borders of inputs, icons, curves."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Names say what a colour is for; ``x_soft`` is the ground under ``x``."""

    canvas: str
    surface: str
    sunken: str
    hover: str
    selected: str
    line: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    focus: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    danger: str
    on_danger: str
    danger_soft: str
    bar: str
    on_bar: str
    bar_muted: str
    news_none: str
    news_low: str
    news_medium: str
    news_high: str
    on_news: str
    on_news_high: str
    band: str
    curve_1: str
    curve_2: str
    curve_3: str


LIGHT = Tokens(
    canvas="#F2F4F7",
    surface="#FFFFFF",
    sunken="#E8ECF1",
    hover="#EDF2F8",
    selected="#DCE9F8",
    line="#D9DFE7",
    border="#7C8899",
    text="#13202E",
    muted="#48566A",
    accent="#0A56A3",
    on_accent="#FFFFFF",
    accent_hover="#084784",
    accent_soft="#E2EDF9",
    focus="#0A6ED1",
    ok="#0B6439",
    ok_soft="#E0F2E7",
    warn="#7E4300",
    warn_soft="#FDEFD5",
    danger="#A8101B",
    on_danger="#FFFFFF",
    danger_soft="#FCE7E7",
    bar="#12283F",
    on_bar="#FFFFFF",
    bar_muted="#B4C4D6",
    news_none="#FFFFFF",
    news_low="#FFE45C",
    news_medium="#FFB14A",
    news_high="#AE0A1E",
    on_news="#13202E",
    on_news_high="#FFFFFF",
    band="#E3F1E8",
    curve_1="#0A56A3",
    curve_2="#A8101B",
    curve_3="#6B3FA0",
)

DARK = Tokens(
    canvas="#10151C",
    surface="#19202A",
    sunken="#0B0F15",
    hover="#222C39",
    selected="#1D3550",
    line="#2C3745",
    border="#7A8AA0",
    text="#EAEFF6",
    muted="#A9B6C6",
    accent="#74B6FF",
    on_accent="#06203B",
    accent_hover="#9CCBFF",
    accent_soft="#17304B",
    focus="#74B6FF",
    ok="#6BD79C",
    ok_soft="#11301F",
    warn="#FFC062",
    warn_soft="#39290B",
    danger="#FF9A9A",
    on_danger="#3A0508",
    danger_soft="#43181C",
    bar="#0A1521",
    on_bar="#EAEFF6",
    bar_muted="#A9B6C6",
    news_none="#E3E8EF",
    news_low="#FFE45C",
    news_medium="#FFB14A",
    news_high="#AE0A1E",
    on_news="#13202E",
    on_news_high="#FFFFFF",
    band="#16302A",
    curve_1="#74B6FF",
    curve_2="#FF9A9A",
    curve_3="#C5A3FF",
)

THEMES: dict[ThemeName, Tokens] = {"light": LIGHT, "dark": DARK}

_GROUNDS = ("canvas", "surface", "sunken", "hover", "selected")

PAIRS: tuple[tuple[str, str, float], ...] = (
    *(("text", ground, CLINICAL_RATIO) for ground in _GROUNDS),
    *(("muted", ground, TEXT_RATIO) for ground in _GROUNDS),
    *(("accent", ground, TEXT_RATIO) for ground in _GROUNDS),
    *(("focus", ground, SHAPE_RATIO) for ground in _GROUNDS),
    *(("border", ground, SHAPE_RATIO) for ground in ("canvas", "surface", "hover")),
    *(("text", f"{tone}_soft", CLINICAL_RATIO) for tone in ("accent", "ok", "warn", "danger")),
    *((tone, f"{tone}_soft", TEXT_RATIO) for tone in ("accent", "ok", "warn", "danger")),
    *((tone, ground, TEXT_RATIO) for tone in ("ok", "warn", "danger") for ground in _GROUNDS),
    ("danger", "surface", CLINICAL_RATIO),
    ("on_accent", "accent", TEXT_RATIO),
    ("on_accent", "accent_hover", TEXT_RATIO),
    ("on_danger", "danger", TEXT_RATIO),
    ("on_bar", "bar", CLINICAL_RATIO),
    ("bar_muted", "bar", TEXT_RATIO),
    ("on_news", "news_none", CLINICAL_RATIO),
    ("on_news", "news_low", CLINICAL_RATIO),
    ("on_news", "news_medium", CLINICAL_RATIO),
    ("on_news_high", "news_high", CLINICAL_RATIO),
    ("text", "band", CLINICAL_RATIO),
    *((curve, ground, SHAPE_RATIO) for curve in ("curve_1", "curve_2", "curve_3")
      for ground in ("surface", "band")),
)  # fmt: skip
"""Foreground, ground, least ratio: every pair that the style sheet and the widgets use."""

_LINEAR_UP_TO = 0.04045
"""Where the sRGB curve leaves its straight part (IEC 61966-2-1)."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#RRGGBB`` colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return (
        channel / 12.92 if channel <= _LINEAR_UP_TO else float(((channel + 0.055) / 1.055) ** 2.4)
    )
