"""Which beds the board shows, and in what order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from workstation.clinical.scores.warning import Risk
from workstation.kernel.folding import fold, natural
from workstation.services.ward_board import Bed, WardBoard

Order = Literal["risk", "bed", "due"]
ORDERS: Final[tuple[Order, ...]] = ("risk", "bed", "due")

_FAR: Final = 3
_LATEST = datetime.max.replace(tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_RISKS: Final = (Risk.HIGH, Risk.MEDIUM, Risk.LOW_MEDIUM, Risk.LOW)
_UNKNOWN_RISK: Final = _RISKS.index(Risk.LOW_MEDIUM)


def arrange(board: WardBoard, order: Order, typed: str = "", person: str = "") -> tuple[Bed, ...]:
    """Choose and sort the beds to show.

    Args:
        board: The whole ward.
        order: ``risk``: the sickest first, never-measured people before healthy ones; ``due``:
            the longest overdue first; ``bed``: as the beds stand. Empty beds come last in the
            first two.
        typed: Words, each of which must occur in name, bed, number or diagnosis; without
            diacritics, in any order. A number alone is the end of a bed's or a record's: ``3012``
            is bed 301-2; whose bed it is comes first, for Enter opens the first line.
        person: Only the patients of this person (id), if there are any; empty for all beds.

    Returns:
        The beds in order.
    """
    words = fold(typed).split()
    chosen = [bed for bed in _beds_of(board, person) if all(_fits(bed, word) for word in words)]
    key = {"risk": _by_risk, "due": _by_due, "bed": _by_bed}[order]
    number = words[0] if len(words) == 1 and words[0].isdecimal() else ""
    return tuple(sorted(chosen, key=lambda bed: (_nearness(bed, number), key(bed))))


def has_own(board: WardBoard, person: str) -> bool:
    """Whether anybody on the ward is assigned to a person now."""
    return any(bed.occupant is not None and bed.occupant.belongs_to(person) for bed in board.beds)


def _beds_of(board: WardBoard, person: str) -> tuple[Bed, ...]:
    """A person's beds; all of them where there is no person, or none of theirs: never no bed."""
    if not person or not has_own(board, person):
        return board.beds
    return tuple(
        bed for bed in board.beds if bed.occupant is not None and bed.occupant.belongs_to(person)
    )


def _fits(bed: Bed, word: str) -> bool:
    return word in _haystack(bed) or (word.isdecimal() and _nearness(bed, word) < _FAR)


def _nearness(bed: Bed, number: str) -> int:
    """How near a number is to a bed: its name, the end of its name or of the record number."""
    if not number:
        return 0
    name = _digits(bed.name)
    if name == number:
        return 0
    if name.endswith(number):
        return 1
    known = bed.occupant.who.record_number if bed.occupant is not None else None
    return 2 if _digits(known or "").endswith(number) else _FAR


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _haystack(bed: Bed) -> str:
    if bed.occupant is None:
        return fold(bed.name)
    who = bed.occupant.who
    return fold(f"{bed.name} {who.name.plain} {who.record_number or ''} {who.diagnosis or ''}")


def _by_bed(bed: Bed) -> tuple[object, ...]:
    return (natural(bed.name), bed.id)


def _by_risk(bed: Bed) -> tuple[object, ...]:
    if bed.occupant is None:
        return (len(_RISKS), 0, _by_bed(bed))
    score = bed.occupant.score
    if score is None or score.risk is None or score.total is None:
        return (_UNKNOWN_RISK, 0, _by_bed(bed))
    return (_RISKS.index(score.risk), -score.total, _by_bed(bed))


def _by_due(bed: Bed) -> tuple[object, ...]:
    if bed.occupant is None:
        return (_LATEST, _by_bed(bed))
    tasks = bed.occupant.tasks
    calls = bool(tasks) and tasks[0].kind == "escalation"
    return (_EARLIEST if calls else tasks[0].at if tasks else _LATEST, _by_bed(bed))
