"""Draws the pictures that README and guides show: ``python -m tests.guide_pictures``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 300_000
_SHOWN = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")


def pages() -> list[Path]:
    """README and every guide page."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def shown() -> Iterator[tuple[Path, Path]]:
    """Each page with each picture it shows."""
    for page in pages():
        for target in _SHOWN.findall(page.read_text("utf-8")):
            yield page, (page.parent / target).resolve()


def main() -> int:
    """Draw every picture that is shown, and remove those that no page shows any more."""
    from tests.gallery import render, scenes, variants

    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = {picture.name for _, picture in shown()}
    for scene in scenes():
        for file, language, theme, scale in variants(scene):
            if file in wanted:
                render(scene, language, theme, scale).save(str(PICTURES / file), "PNG", 10)
                wanted.discard(file)
                print(file)
    for old in PICTURES.glob("*.png"):
        if old.name not in {picture.name for _, picture in shown()}:
            old.unlink()
    if wanted:
        print("no scene draws:", ", ".join(sorted(wanted)), file=sys.stderr)
    return 1 if wanted else 0


if __name__ == "__main__":
    sys.exit(main())
