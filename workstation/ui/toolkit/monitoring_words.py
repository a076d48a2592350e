"""Why vital signs are due when they are: by the score, by the care level, or by order."""

from __future__ import annotations

from workstation.clinical.monitoring import Due
from workstation.kernel.words import tr

_HOUR = 60


def reason_text(due: Due) -> str:
    """How often, and what says so: ``every 2 h by order: …``."""
    minutes = int(due.every.total_seconds()) // 60
    if minutes % _HOUR:
        often = tr("every {count} min", count=minutes)
    else:
        often = tr("every {count} h", count=minutes // _HOUR)
    if due.by == "order":
        return tr("{often} by order: {words}", often=often, words=due.words)
    if due.by == "care-level":
        said = tr("{often} by the care level", often=often)
    else:
        said = tr("{often} by the score", often=often)
    return tr("{said} (set by this hospital)", said=said) if due.hospital else said
