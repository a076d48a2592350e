"""Reads the record for the cumulative sheet of results on paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from workstation.clinical.results import Flag
from workstation.documents.result_sheet import (
    PrintedLine,
    PrintedSample,
    PrintedValue,
    ResultSheet,
    result_sheet,
)
from workstation.kernel.words import Language, say
from workstation.services import result_table
from workstation.services.paper import Content, Order
from workstation.services.result_table import Line, Moment, Value

_MARKS: Final[dict[Flag, str]] = {
    "low": "▼",
    "high": "▲",
    "critical-low": "▼▼",
    "critical-high": "▲▲",
    "critical": "◆◆",
    "abnormal": "◆",
}
_UNITS: Final = {"umol/L": "µmol/L", "10*9/L": "10⁹/L", "10*12/L": "10¹²/L", "mm[Hg]": "mmHg"}


def gather(order: Order) -> Content:
    """Read every result that is asked for; those in error are not printed."""
    table = result_table.table(order.desk, order.patient)
    moments = tuple(moment for moment in table.moments if _wanted(moment, order))
    numbers = {moment: number for number, moment in enumerate(moments)}
    zone, tongue = order.now.tzinfo, order.request.language
    samples = tuple(
        PrintedSample(each.at.astimezone(zone) if each.at else None, each.foreign)
        for each in moments
    )
    rows: list[PrintedLine] = []
    for panel in table.panels:
        lines = (line for line in table.lines if line.panel == panel.id)
        printed = [row for line in lines if (row := _line(line, numbers, tongue)).values]
        if printed:
            rows += [PrintedLine(panel.vi if tongue == "vi" else panel.en), *printed]
    content = tuple(rows)
    return Content(
        (samples, content),
        lambda imprint: result_sheet(ResultSheet(order.head, order.box, samples, content, imprint)),
    )


def _wanted(moment: Moment, order: Order) -> bool:
    if order.since is None or moment.at is None:
        return True
    return moment.at.astimezone(order.now.tzinfo).date() >= order.since


def _line(line: Line, numbers: dict[Moment, int], tongue: Language) -> PrintedLine:
    newest = line.newest
    values = tuple(
        (numbers[moment], _value(found[0], newest, tongue))
        for moment, several in line.values.items()
        if moment in numbers and (found := [each for each in several if not each.void])
    )
    name = line.name
    if line.analyte is not None:
        name = line.analyte.vi if tongue == "vi" else line.analyte.en
    return PrintedLine(name, f"{_limits(newest, tongue)} {_unit(newest.unit)}".strip(), values)


def _value(value: Value, newest: Value, tongue: Language) -> PrintedValue:
    said = value.words if value.value is None else _number(value.value, tongue)
    unit = f" {_unit(value.unit)}" if value.unit != newest.unit else ""
    mark = _MARKS.get(value.flag, "")
    amended = "†" if value.amended else ""
    return PrintedValue(f"{mark} {said}{unit}{amended}".strip(), bool(value.flag))


def _limits(value: Value, tongue: Language) -> str:
    low = _number(value.low, tongue) if value.low is not None else ""
    high = _number(value.high, tongue) if value.high is not None else ""
    if low and high:
        return f"{low}–{high}"
    if low or high:
        return f"≥ {low}" if low else f"≤ {high}"
    return value.range_words


def _unit(code: str) -> str:
    return "" if code in ("1", "[pH]", "{INR}") else _UNITS.get(code, code)


def _number(value: Decimal, tongue: Language) -> str:
    text = format(value, "f")
    return text.replace(".", ",") if say(tongue, "decimal mark|.") == "," else text
