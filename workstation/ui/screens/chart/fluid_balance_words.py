"""How the chart says fluids: kinds, amounts, balances, and how a person types them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from workstation.clinical.dosage import Rate
from workstation.clinical.fluid_balance import Fluid, Kind, Row, Totals, kind_words
from workstation.clinical.fluid_goal import Measure
from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold
from workstation.kernel.words import tr
from workstation.services import fluid_goal_words
from workstation.services.fluid_balance_sheet import Running, Span
from workstation.services.fluid_goal import GoalLine
from workstation.ui.toolkit.order_words import amount_text
from workstation.ui.toolkit.widgets.moment import time_text
from workstation.ui.toolkit.widgets.number_entry import number_text, parse_number

_NOT_MEASURED: Final = re.compile(r"[x×?](\d{0,2})", re.IGNORECASE)
_MINUS: Final = "\u2212"


def kind_name(kind: Kind) -> str:
    """What a kind is called."""
    return kind_words(kind, tr)


def number_of(kind: Kind) -> int:
    """The number by which a kind is chosen, from 1."""
    return list(Kind).index(kind) + 1


def find_kind(typed: str) -> Kind | None:
    """The kind that a person means.

    Args:
        typed: Its number, its name, the first letters of its words, or the beginning of a word;
            without diacritics too.
    """
    wanted = fold(typed)
    if not wanted:
        return None
    if wanted.isdecimal():
        return next((kind for kind in Kind if str(number_of(kind)) == wanted), None)
    names = {kind: fold(kind_name(kind)) for kind in Kind}
    tests = (
        lambda name: name == wanted,
        lambda name: "".join(word[0] for word in name.split()) == wanted,
        lambda name: name.startswith(wanted),
        lambda name: any(word.startswith(wanted) for word in name.split()),
    )
    return next((kind for test in tests for kind, name in names.items() if test(name)), None)


def row_name(row: Row) -> str:
    """What a line of the sheet is called; of a drain its own name."""
    kind, name = row
    return f"{kind_name(kind)}: {name}" if name else kind_name(kind)


def fluid_name(fluid: Fluid) -> str:
    """What one amount is of, with what was said of it."""
    return f"{kind_name(fluid.kind)}: {fluid.name}" if fluid.name else kind_name(fluid.kind)


def read_volume(text: str) -> tuple[Decimal | None, int] | None:
    """What a person typed as an amount.

    Args:
        text: mL, or ``x`` or ``x2`` for what was not measured.

    Returns:
        The mL, or None and how often; None altogether for an empty text.

    Raises:
        Refused: ``not-a-number`` or ``too-many-decimals`` (field ``volume``).
    """
    bare = text.strip()
    if not bare:
        return None
    unmeasured = _NOT_MEASURED.fullmatch(bare)
    if unmeasured:
        return None, int(unmeasured[1] or 1)
    try:
        return parse_number(bare, 1), 1
    except Refused as refused:
        raise Refused(refused.code, field="volume", **refused.data) from refused


def volume_text(fluid: Fluid) -> str:
    """An amount with its unit, or how often it came without being measured."""
    if fluid.volume_ml is None:
        return tr("{times}× not measured", times=fluid.times)
    return f"{number_text(fluid.volume_ml)} mL"


def typed_volume(fluid: Fluid) -> str:
    """An amount as a person types it."""
    return f"x{fluid.times}" if fluid.volume_ml is None else number_text(fluid.volume_ml)


def cell_text(row: Row, sums: Totals) -> str:
    """What stands in one cell: mL, and ``×2`` for what came twice without being measured."""
    said = [number_text(sums.measured[row])] if row in sums.measured else []
    if row in sums.unmeasured:
        said.append(f"×{sums.unmeasured[row]}")
    return " ".join(said)


def signed(volume_ml: Decimal) -> str:
    """A balance with its sign, also when it is positive."""
    sign = "+" if volume_ml > 0 else _MINUS if volume_ml < 0 else ""
    return f"{sign}{number_text(abs(volume_ml))}"


def span_text(span: Span) -> str:
    """From when to when, in whole hours where they are whole."""
    return f"{_hour(time_text(span.start))}–{_hour(time_text(span.end))}"


def sums_text(sums: Totals) -> str:
    """In, out and balance in one line; nothing charted is not zero."""
    if not sums:
        return tr("Nothing charted on this day")
    return tr(
        "In {intake} · out {output} · balance {balance} mL",
        intake=number_text(sums.intake_ml),
        output=number_text(sums.output_ml),
        balance=signed(sums.balance_ml),
    )


def measure_name(measure: Measure) -> str:
    """What a goal is about."""
    return {
        Measure.BALANCE: tr("Balance"),
        Measure.INTAKE: tr("All in"),
        Measure.OUTPUT: tr("All out"),
    }[measure]


def goal_text(line: GoalLine) -> str:
    """What is wanted of 24 hours, what it comes to, and how that stands."""
    return fluid_goal_words.goal_text(tr, line.goal.target, line.value_ml, line.track)


def gaps_text(sums: Totals) -> str:
    """How much was not measured; empty when all was."""
    if sums.complete:
        return ""
    count = sum(sums.unmeasured.values())
    return tr("not complete: {count}× not measured", count=count)


def rate_text(running: Running) -> str:
    """How fast an infusion runs, or that it does not."""
    if not running.record.running:
        return tr("ended")
    if running.rate_ml_h == 0:
        return tr("paused")
    return amount_text(Rate(running.rate_ml_h, "mL/h"))


def _hour(text: str) -> str:
    return text.removesuffix(":00")
