"""What a barcode says: the number of a wristband, or the code of a drug.

Scanners type like a keyboard, and a Vietnamese input method changes letters as they are typed.
Digits come through as they are: a code of digits is compared by its digits alone.
"""

from __future__ import annotations

import re
from typing import Final

from workstation.kernel.folding import fold

_FEWEST: Final = 6
"""Fewer digits than this name nobody: they may be a strength or a bed."""
_GTIN: Final = re.compile(r"01(\d{14})")
"""GS1 application identifier 01: the article number of a drug stands behind it."""


def digits(text: str) -> str:
    """The ASCII digits of a text."""
    return "".join(letter for letter in text if letter in "0123456789")


def same_code(scanned: str, known: str) -> bool:
    """Whether what was scanned is a number or code that is known.

    Args:
        scanned: As the scanner typed it.
        known: Of the record, such as ``26.000001`` or ``8936001234567``.
    """
    own, read = digits(known), digits(scanned)
    if len(own) < _FEWEST:
        return bool(known) and fold(scanned) == fold(known)
    if own == read:
        return True
    article = _GTIN.match(read)
    return article is not None and article[1].lstrip("0") == own.lstrip("0")
