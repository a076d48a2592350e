"""What is said about a copy that left this machine, or came back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.number_entry import number_text

if TYPE_CHECKING:  # services bring the store along, which the log-in window does without
    from workstation.services.safekeeping import TakenIn, Written

_MB = Decimal(1_000_000)


def steps() -> tuple[str, str]:
    """What is said of each step of writing or reading a copy."""
    return tr("Making the key from the passphrase…"), tr("Writing, reading back and checking…")


def rescue_words(written: Written) -> str:
    """A rescue bundle was written."""
    if not written.records and not written.drafts:
        return tr(
            "Written and checked; it is empty, everything is sent.\n{file}", file=written.file
        )
    return tr(
        "Written and checked: unsent records {records}, drafts {drafts}.\n{file}",
        records=written.records,
        drafts=written.drafts,
        file=written.file,
    )


def backup_words(written: Written) -> str:
    """A backup was written."""
    size = number_text((written.size / _MB).quantize(Decimal("0.1")))
    return tr("Copied and checked: {size} MB.\n{file}", size=size, file=written.file)


def taken_words(found: TakenIn) -> str:
    """A rescue bundle was taken in."""
    words = tr(
        "Taken in: records {taken}, drafts {drafts}. They are sent with the next sync. "
        "Here already: {known}.",
        taken=found.taken,
        drafts=found.drafts,
        known=found.known,
    )
    if not found.left:
        return words
    kinds = ", ".join(tr(kind) for kind in dict.fromkeys(found.left))
    left = tr(
        "Still in the bundle, because another change of the same record waits here: {count} "
        "({kinds}). Take it in again when that one is sent.",
        count=len(found.left),
        kinds=kinds,
    )
    return f"{words}\n{left}"
