"""Units of the ward as people write them, for the codes that the record keeps (UCUM)."""

from __future__ import annotations

from typing import Final

from workstation.kernel.words import tr

_SPOKEN: Final = {"Cel": "°C", "[degF]": "°F", "mm[Hg]": "mmHg", "{score}": ""}


def spoken_unit(code: str) -> str:
    """A unit as people write it; a code without such a spelling as it is."""
    translated = {"/min": tr("/min"), "L/min": tr("L/min")}
    return translated.get(code) or _SPOKEN.get(code, code)
