"""Where the packaged files are: forms, fonts, icons, words, the guide."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """The folder of packaged files, in a wheel as well as in a checkout."""
    packaged = _PACKAGE / "_resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources"


def guide() -> Path:
    """The folder of the users' guide, with a folder for each language."""
    packaged = _PACKAGE / "_resources" / "guide"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "docs" / "guide"
