"""Loads the knowledge of drugs and tests: the shipped files, and a hospital's own on top.

Collisions between terminals are judged by the shipped knowledge alone, so that all terminals
conclude the same whatever folder one of them was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from workstation.clinical.knowledge import Knowledge
from workstation.clinical.knowledge_reading import TABLES, Reading, read
from workstation.kernel import resources
from workstation.kernel.errors import Damaged

_ODD: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_LARGEST: Final = 4_000_000
"""Bytes of a file; a longer one is no list that people keep."""


@cache
def shipped() -> Knowledge:
    """What this version of the program knows.

    Raises:
        Damaged: ``bad-knowledge`` (``problems``): the installation is broken.
    """
    reading = _read(resources.folder() / "knowledge", None)
    if reading.problems:
        raise Damaged("bad-knowledge", problems=reading.problems)
    return reading.knowledge


def load(folder: str) -> Knowledge:
    """The shipped knowledge with a hospital's own on top.

    Args:
        folder: Where the hospital's files are, named as the shipped ones; empty for none.

    Returns:
        The whole; where a file has a problem the shipped knowledge alone, with all `problems`.
    """
    if not folder:
        return shipped()
    path = Path(folder)
    try:
        problem = "" if path.is_dir() else "not-a-folder"
        problem = problem or ("" if any(_named(path)) else "no-file")
    except (OSError, ValueError) as error:  # a share that is down, a name that cannot be
        problem = f"unreadable: {type(error).__name__}"
    if problem:
        return replace(shipped(), problems=(f"knowledge_folder: {problem}",))
    try:
        reading = _read(path, shipped())
    except _ODD as error:  # whatever a file holds, people can log in
        return replace(shipped(), problems=(f"knowledge_folder: {type(error).__name__}",))
    return replace(reading.knowledge, problems=reading.problems)


def _read(folder: Path, base: Knowledge | None) -> Reading:
    files: dict[str, Any] = {}
    problems: list[str] = []
    for path in _named(folder):
        try:
            if path.stat().st_size > _LARGEST:
                problems.append(f"{path.name}: too-large")
                continue
            files[path.name] = _parsed(path.read_text("utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            problems.append(f"{path.name}: unreadable: {type(error).__name__}")
    found = read(files, hospital=base is not None, base=base)
    problems += found.problems
    return Reading(base or Knowledge(), tuple(problems)) if problems else found


def _parsed(text: str) -> Any:
    """JSON of which every word can be shown and stored, and nothing takes the place of another.

    Raises:
        ValueError: It is not that.
        RecursionError: It is nested as nothing is that people write.
    """
    content = json.loads(
        text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_distinct
    )
    json.dumps(content, ensure_ascii=False, default=str).encode()
    return content


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _named(folder: Path) -> Iterator[Path]:
    """The files of knowledge in a folder; whatever else lies there is not ours."""
    yield from (folder / name for name in TABLES if (folder / name).is_file())


if __name__ == "__main__":
    import sys

    found = load(sys.argv[1] if len(sys.argv) > 1 else "").problems
    sys.stdout.writelines(f"{problem}\n" for problem in found or ("no problem",))
    sys.exit(bool(found))
