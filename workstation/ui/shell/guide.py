"""The users' guide as it ships with the program: its pages, read without a network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from workstation.kernel import resources, words
from workstation.kernel.folding import fold

_PICTURE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)\n*")
_WORD: Final = re.compile(r"[^\W_]+")
_MARKS: Final = re.compile(r"[*_`#|>\[\]]|\([^)]*\.md[^)]*\)")


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page.

    Attributes:
        name: Its file without the ending, such as ``ward_board``.
        title: Its first heading.
        text: Markdown, without pictures.
    """

    name: str
    title: str
    text: str

    def tells(self, parts: list[str]) -> int:
        """How often words that begin with the folded parts stand on it; 0 if one part never does.

        Words of the title count ten times.
        """
        found = [_WORD.findall(fold(_MARKS.sub(" ", self.text)))]
        found += [_WORD.findall(fold(self.title))] * 9
        counts = [sum(word.startswith(part) for words in found for word in words) for part in parts]
        return sum(counts) if all(counts) else 0


@cache
def pages(language: words.Language) -> tuple[GuidePage, ...]:
    """All pages in a language, the table of contents last."""
    files = sorted((resources.guide() / language).glob("*.md"))
    found = [_page(file.stem, file.read_text("utf-8")) for file in files]
    return tuple(sorted(found, key=lambda page: (page.name == "README", page.title)))


def page(name: str) -> GuidePage | None:
    """A page in the language spoken now; None if there is none of that name."""
    return next((each for each in pages(words.language()) if each.name == name), None)


def _page(name: str, text: str) -> GuidePage:
    title = next((line[2:] for line in text.splitlines() if line.startswith("# ")), name)
    return GuidePage(name, title.strip(), _PICTURE.sub("", text))
