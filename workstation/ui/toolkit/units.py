"""Units of the ward as people write them, for the codes that the record keeps (UCUM)."""

from __future__ import annotations

import re
from typing import Final

from workstation.kernel.words import tr

_APART: Final = re.compile(r"(?<=\d) (?=[^\W\d]|[°%])")
_SPOKEN: Final = {"Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "{score}": ""}


def spoken_unit(code: str) -> str:
    """A unit as people write it; a code without such a spelling as it is."""
    translated = {"/min": tr("/min"), "L/min": tr("L/min"), "mL/h": tr("mL/h")}
    return translated.get(code) or _SPOKEN.get(code, code)


def unbroken(text: str) -> str:
    """A text in which no line ends between a number and its unit (ISMP)."""
    return _APART.sub("\N{NO-BREAK SPACE}", text)
