"""Every pair of colours keeps the contrast that WCAG 2.2 and our clinical values ask for."""

from __future__ import annotations

from dataclasses import fields

import pytest

from workstation.ui.toolkit.tokens import PAIRS, THEMES, Tokens, contrast


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_a_pair_of_colours_keeps_its_contrast(name, ink: str, ground: str, least: float) -> None:
    theme = THEMES[name]
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= least


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_every_colour_but_decoration_is_in_a_pair() -> None:
    used = {name for ink, ground, _ in PAIRS for name in (ink, ground)}
    assert {field.name for field in fields(Tokens)} - used == {"line"}
