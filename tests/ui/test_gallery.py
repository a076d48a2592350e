"""Every registered scene can be drawn, in both languages and themes, without a warning of Qt."""

from __future__ import annotations

import pytest

from tests.gallery import Scene, render, scenes


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
@pytest.mark.parametrize(("language", "theme"), [("vi", "light"), ("en", "dark")])
def test_a_scene_draws_without_a_warning(qtbot, scene: Scene, language: str, theme: str) -> None:
    image = render(scene, language, theme)  # type: ignore[arg-type]
    assert (image.width(), image.height()) == scene.size
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, 760, 7)
               if y < image.height()}  # fmt: skip
    assert len(colours) > 3, "an empty picture"
