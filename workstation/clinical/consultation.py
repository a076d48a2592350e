"""A consultation (hội chẩn): who met when, what was said, and what it came to.

Its parts are those of form 27/BV2 "Trích biên bản hội chẩn" (Circular 32/2023/TT-BYT, Annex XXIX):
time, chair, secretary, those present, summary of course and treatment, conclusion, direction of
treatment. The opinions stand beside them, as in the book of consultations from which the form is
an extract. The secretary writes and signs it, the chair confirms it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from workstation.kernel.errors import Refused

Part = Literal["summary", "opinions", "conclusion", "treatment"]
PARTS: Final[tuple[Part, ...]] = ("summary", "opinions", "conclusion", "treatment")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who took part.

    Attributes:
        name: As written.
        person: Id of the Practitioner; empty for somebody from outside.
    """

    name: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Consultation:
    """What was discussed and decided.

    Attributes:
        at: When they met (aware).
        place: Where.
        chair: Who led it (chủ tọa).
        members: Who else took part, beside chair and secretary.
        summary: Course of the illness, treatment and care so far.
        opinions: What those present said.
        conclusion: What was concluded, with the diagnosis.
        treatment: How the treatment goes on.
    """

    at: datetime | None = None
    place: str = ""
    chair: Member | None = None
    members: tuple[Member, ...] = ()
    summary: str = ""
    opinions: str = ""
    conclusion: str = ""
    treatment: str = ""

    def __bool__(self) -> bool:
        """Whether anything is written or anybody named."""
        said = (self.place, *(getattr(self, part) for part in PARTS))
        return bool(any(text.strip() for text in said) or self.chair or self.members)


def check(said: Consultation, *, secretary: str, now: datetime) -> None:
    """Refuse what cannot be signed.

    Args:
        said: The consultation.
        secretary: Id of whoever writes and signs it.
        now: The present (aware).

    Raises:
        Refused: ``required`` and ``in-future`` (field ``at``); ``chair-missing`` and
            ``chair-is-secretary`` (field ``chair``); ``conclusion-missing`` (``conclusion``).
    """
    if said.at is None:
        raise Refused("required", field="at")
    if said.at > now:
        raise Refused("in-future", field="at")
    if said.chair is None:
        raise Refused("chair-missing", field="chair")
    if said.chair.person == secretary:
        raise Refused("chair-is-secretary", field="chair")
    if not said.conclusion.strip():
        raise Refused("conclusion-missing", field="conclusion")


def composed(said: Consultation) -> Consultation:
    """The same with every text in composed letters and without blanks around it."""
    return replace(
        said,
        place=_plain(said.place),
        summary=_plain(said.summary),
        opinions=_plain(said.opinions),
        conclusion=_plain(said.conclusion),
        treatment=_plain(said.treatment),
    )


def members_of(typed: str, known: Iterable[Member]) -> tuple[Member, ...]:
    """The people named in a line, divided by semicolons; each once.

    Args:
        typed: Such as ``BS Vũ Thị Mai; GS Trần Văn Nam (BV Bạch Mai)``.
        known: Whom the ward knows: a name that is exactly theirs, and nobody else's, is them.
    """
    ids: dict[str, set[str]] = {}
    for each in known:
        ids.setdefault(_plain(each.name).casefold(), set()).add(each.person)
    found: dict[str, Member] = {}
    for part in typed.split(";"):
        name = " ".join(_plain(part).split())
        if name:
            own = ids.get(name.casefold(), set())
            member = Member(name, next(iter(own)) if len(own) == 1 else "")
            found.setdefault(name.casefold(), member)
    return tuple(found.values())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
