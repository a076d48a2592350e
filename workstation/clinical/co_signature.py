"""The second signature under a note: who is to give it, and whether it stands under these words.

A signature is of one version. Words that change afterwards are not signed by it, and say so: the
facility's rules tell who must sign (Circular 13/2025/TT-BYT, Art. 3 and 6), the program tells what
was signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from workstation.kernel.errors import Refused

Post = Literal["chair", "second"]
"""What somebody signs as: chair of a consultation, or second beside the author."""
State = Literal["none", "waiting", "outdated", "signed"]
"""Nobody else is to sign; not signed yet; an earlier version was signed; this version is signed."""
WANTED_ROLES: Final = ("doctor", "nurse", "head-nurse")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose signature is wanted: that of one person, or of anybody with a role.

    Attributes:
        post: What they sign as.
        role: One of `WANTED_ROLES`; empty when a person is named.
        person: Id of the Practitioner; empty when a role is named.
        name: Of that person.
    """

    post: Post = "second"
    role: str = ""
    person: str = ""
    name: str = ""

    @property
    def whom(self) -> str:
        """Id of the person, or the role."""
        return self.person or self.role


@dataclass(frozen=True, slots=True)
class Signature:
    """That somebody signed one version of a note: a fact.

    Attributes:
        task: Id of its record.
        note: Id of the DocumentReference.
        version: Which version of its words.
        post: As what.
        person: Id of the Practitioner.
        name: As shown.
        at: When (aware).
    """

    task: str
    note: str
    version: str
    post: Post
    person: str
    name: str
    at: datetime | None


def state_of(wanted: Wanted | None, version: str, given: Iterable[Signature]) -> State:
    """Where the second signature of a note stands.

    Args:
        wanted: Whose is wanted.
        version: What the note says now.
        given: All signatures under it, of whatever version.
    """
    if wanted is None:
        return "none"
    fitting = [
        each
        for each in given
        if each.post == wanted.post and wanted.person in ("", each.person)
    ]  # fmt: skip
    if any(each.version == version for each in fitting):
        return "signed"
    return "outdated" if fitting else "waiting"


def answers(wanted: Wanted, person: str, role: str) -> bool:
    """Whether somebody is the one who is asked, or one of those; a head nurse is a nurse too."""
    if wanted.person:
        return wanted.person == person
    return wanted.role == role or (wanted.role == "nurse" and role == "head-nurse")


def check(
    wanted: Wanted | None, person: str, role: str, *, author: str, amended_by: str = ""
) -> None:
    """Refuse a signature of somebody who must not give it.

    Args:
        wanted: Whose is wanted.
        person: Id of whoever signs.
        role: Theirs.
        author: Id of whoever wrote the note: two signatures are those of two people.
        amended_by: Id of whoever wrote these words last; if anybody of a role may sign, it is
            somebody else than they.

    Raises:
        Refused: ``no-signature-wanted``; ``own-note``; ``not-asked-to-sign``.
    """
    if wanted is None:
        raise Refused("no-signature-wanted")
    if person == author or (not wanted.person and person == amended_by):
        raise Refused("own-note", field="person")
    if not answers(wanted, person, role):
        raise Refused("not-asked-to-sign", field="person")
