"""How a fluid goal is said, on the screen and on paper alike."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from workstation.clinical.fluid_goal import Measure, Target, Track

_MINUS: Final = "\u2212"
_FIXED: Final = "\N{NO-BREAK SPACE}"


def goal_text(tr: Callable[..., str], target: Target, value_ml: Decimal, track: Track) -> str:
    """What is wanted of 24 hours, what it comes to, and how that stands.

    Args:
        tr: Says a text in the language of the screen or the paper.
        target: What is wanted.
        value_ml: What it comes to.
        track: How that stands to it.
    """
    what = {
        Measure.BALANCE: tr("balance"),
        Measure.INTAKE: tr("all in"),
        Measure.OUTPUT: tr("all out"),
    }[target.measure]
    low, high = _ml(tr, target.low, target.measure), _ml(tr, target.high, target.measure)
    if target.low is not None and target.high is not None:
        bounds = tr("{low} to {high} mL", low=low, high=high)
    elif target.low is not None:
        bounds = tr("at least {low} mL", low=low)
    else:
        bounds = tr("at most {high} mL", high=high)
    wanted = tr("Goal for 24 h: {what} {bounds}", what=what, bounds=bounds)
    if track is Track.UNKNOWN:
        return f"{wanted} · {tr('nothing charted yet')}"
    so_far = tr("so far {value} mL", value=_ml(tr, value_ml, target.measure))
    state = {
        Track.ON: f"✓{_FIXED}{tr('on pace')}",
        Track.LOW: f"▲{_FIXED}{tr('below the pace of the goal')}",
        Track.HIGH: f"▲{_FIXED}{tr('above the pace of the goal')}",
    }[track]
    return f"{wanted} · {so_far} · {state}"


def _ml(tr: Callable[..., str], value: Decimal | None, measure: Measure) -> str:
    if value is None:
        return ""
    number = f"{abs(value).normalize():f}".replace(".", tr("decimal mark|."))
    sign = _MINUS if value < 0 else "+" if value > 0 and measure is Measure.BALANCE else ""
    return f"{sign}{number}"
