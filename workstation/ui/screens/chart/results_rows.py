"""What the rows and cells of the cumulative table say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workstation.kernel.words import tr
from workstation.services.result_table import Line, Value
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit.result_words import (
    analyte_name,
    change_text,
    flag_words,
    flagged_text,
    measured_text,
    noted_text,
    range_text,
    unit_text,
)
from workstation.ui.toolkit.widgets.moment import moment_text

AMENDED: Final = "†"


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a panel, above its analytes."""

    words: str


Row = Heading | Line


def row_words(row: Row) -> str:
    """What a row is called, for those who hear it."""
    return row.words if isinstance(row, Heading) else f"{line_name(row)} {line_range(row)}"


def line_name(line: Line) -> str:
    """What a row is called."""
    return analyte_name(line.analyte, line.name)


def line_range(line: Line) -> str:
    """Range and unit of the newest value."""
    newest = line.newest
    return f"{range_text(newest)} {unit_text(newest.unit)}".strip()


def cell_text(line: Line, values: Sequence[Value]) -> str:
    """One value with its flag; its unit only where it is another than that of the row."""
    if not values:
        return ""
    value = values[0]
    unit = f" {unit_text(value.unit)}" if value.unit != line.newest.unit else ""
    more = " …" if len(values) > 1 else ""
    return f"{flagged_text(value, value.flag)}{unit}{AMENDED if value.amended else ''}{more}"


def hint(line: Line, value: Value) -> str:
    """All that is known of a value, a line each."""
    limits = range_text(value)
    lines = (
        f"{line_name(line)}: {measured_text(value)}",
        tr("Normal {range}", range=limits) if limits else "",
        flag_words(value.flag),
        moment_text(value.at) if value.at else "",
        *remarks(value),
    )
    return "\n".join(filter(None, lines))


def remarks(value: Value) -> list[str]:
    """What must be known beside the number."""
    state = "" if value.status in ("final", "unknown") else status_text(value.status)
    said = [
        tr("Made elsewhere: {facility}", facility=value.foreign) if value.foreign else value.maker,
        state,
        tr("Before the correction: {value}", value=measured_text(value.before))
        if value.before
        else "",
        change_text(value.change),
        value.note,
        tr("On this terminal only") if value.unsent else "",
        tr("Not acknowledged") if value.waits else "",
        *(noted_text(each) for each in value.acknowledged),
    ]
    return [words for words in said if words]
