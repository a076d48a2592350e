"""How results are said wherever they stand: names, numbers with flags, ranges, units, makers."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Protocol

from workstation.clinical.results import Analyte, Change, Flag, Panel
from workstation.kernel.words import language, tr
from workstation.services.critical_results import Acknowledged
from workstation.services.result_lists import catalogue
from workstation.ui.toolkit.units import spoken_unit
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text

_UNITS: Final = {
    "umol/L": "µmol/L",
    "10*9/L": "10⁹/L",
    "10*12/L": "10¹²/L",
    "mm[Hg]": "mmHg",
    "ug/L": "µg/L",
    "1": "",
    "[pH]": "",
    "{INR}": "",
}
_MARKS: Final[dict[Flag, str]] = {
    "low": "▼",
    "high": "▲",
    "critical-low": "▼▼",
    "critical-high": "▲▲",
    "critical": "◆◆",
    "abnormal": "◆",
}


class Said(Protocol):
    """What any result has, whichever read model it comes from."""

    @property
    def value(self) -> Decimal | None:
        """The number."""
        ...

    @property
    def words(self) -> str:
        """A result that is no number."""
        ...

    @property
    def unit(self) -> str:
        """As written."""
        ...

    @property
    def low(self) -> Decimal | None:
        """Lower end of the range."""
        ...

    @property
    def high(self) -> Decimal | None:
        """Upper end."""
        ...

    @property
    def range_words(self) -> str:
        """The range in words."""
        ...


def unit_text(code: str) -> str:
    """A unit of the laboratory as people write it; one without such a spelling as it is."""
    return _UNITS.get(code, spoken_unit(code))


def flag_mark(flag: Flag) -> str:
    """The sign of a flag; two of a kind are critical."""
    return _MARKS.get(flag, "")


def flag_words(flag: Flag) -> str:
    """A flag in words."""
    return {
        "low": tr("Low"),
        "high": tr("High"),
        "critical-low": tr("Critically low"),
        "critical-high": tr("Critically high"),
        "critical": tr("Critical result"),
        "abnormal": tr("Abnormal"),
    }.get(flag, "")


def value_text(result: Said) -> str:
    """The value; the digits are those of the laboratory."""
    said = number_text(result.value) if result.value is not None else result.words
    return said or tr("No value")


def flagged_text(result: Said, flag: Flag) -> str:
    """The value with the sign of its flag."""
    return f"{flag_mark(flag)} {value_text(result)}".lstrip()


def measured_text(result: Said, flag: Flag = "") -> str:
    """The value with the sign of its flag and its unit."""
    return f"{flagged_text(result, flag)} {unit_text(result.unit)}".rstrip()


def range_text(result: Said) -> str:
    """The reference range."""
    low, high = number_text(result.low), number_text(result.high)
    if low and high:
        return f"{low}–{high}"
    if low or high:
        return f"≥ {low}" if low else f"≤ {high}"
    return result.range_words


def analyte_name(analyte: Analyte | None, written: str) -> str:
    """What was measured: in the language spoken where the list knows it, else as written."""
    if analyte is None:
        return written
    return analyte.vi if language() == "vi" else analyte.en


def code_name(code: str, written: str) -> str:
    """The same, by a code."""
    return analyte_name(catalogue().analyte(code), written)


def panel_name(panel: Panel) -> str:
    """The name of a group."""
    return panel.vi if language() == "vi" else panel.en


def panel_named(id: str) -> str:
    """The name of a group, by its id."""
    return next((panel_name(each) for each in catalogue().panels if each.id == id), id)


def change_text(change: Change) -> str:
    """How it stands to the value before; only a change beyond chance is called one."""
    if not change.notable:
        return ""
    return tr("clear rise") if change.direction == "up" else tr("clear fall")


def noted_text(noted: Acknowledged) -> str:
    """Who took note, when, and what was done."""
    at = moment_text(noted.at) if noted.at else ""
    return f"{noted.by} {at}: {noted.done}".strip()
