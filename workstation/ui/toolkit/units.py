"""Units of the ward as people write them, for the codes that the record keeps (UCUM)."""

from __future__ import annotations

import re
from typing import Final

from workstation.kernel.words import tr

_APART: Final = re.compile(r"(?<=\d) (?=[^\W\d]|[°%/])|(?<=[≥≤<>]) (?=\d)")
_STROKE: Final = re.compile(r"(?<=[^\W\d]|\N{NO-BREAK SPACE})/(?=\w)")
_JOINER: Final = "\N{WORD JOINER}"
_SPOKEN: Final = {"Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "{score}": ""}


def spoken_unit(code: str) -> str:
    """A unit as people write it; a code without such a spelling as it is."""
    translated = {"/min": tr("/min"), "L/min": tr("L/min"), "mL/h": tr("mL/h")}
    return translated.get(code) or _SPOKEN.get(code, code)


def unbroken(text: str) -> str:
    """A text in which no line ends between a number and its unit (ISMP), or within ``mg/mL``."""
    together = _APART.sub("\N{NO-BREAK SPACE}", text).replace("đơn vị", "đơn\N{NO-BREAK SPACE}vị")
    return _STROKE.sub(f"/{_JOINER}", together)


def as_written(shown: str) -> str:
    """What `unbroken` was made of, of a text that Qt gives with plain spaces."""
    return shown.replace(_JOINER, "")
