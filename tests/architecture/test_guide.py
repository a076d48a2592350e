"""README and guides: every picture is there, small, and drawn by a scene; links lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.gallery import scenes, variants
from tests.guide_pictures import MOST_BYTES, PICTURES, pages, shown

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#:]+)\)")


def test_every_picture_is_there_and_small() -> None:
    missing = [f"{page.name}: {picture.name}" for page, picture in shown() if not picture.exists()]
    assert not missing
    assert not [file.name for file in PICTURES.glob("*.png") if file.stat().st_size > MOST_BYTES]


def test_every_picture_comes_from_the_gallery() -> None:
    drawn = {file for scene in scenes() for file, *_ in variants(scene)}
    assert {picture.name for _, picture in shown()} <= drawn


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(page) -> None:
    targets = _LINK.findall(page.read_text("utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_the_guide_has_the_same_pages_in_both_languages() -> None:
    guide = PICTURES.parent / "guide"
    assert {page.name for page in (guide / "vi").glob("*.md")} == {
        page.name for page in (guide / "en").glob("*.md")
    }
