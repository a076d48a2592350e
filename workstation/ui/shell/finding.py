"""What the palette lists for a text: beds, people, commands, and commands for one person.

Pure: everything that can be found is given. Who lies in a bed that is typed whole stands first;
what a text of two words means is tried both ways, as ``3012 thuoc`` and as ``thuoc 3012``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from workstation.kernel.folding import fold, natural
from workstation.kernel.words import LANGUAGES, say, tr
from workstation.services.patient_search import AtHand, Hit
from workstation.ui.toolkit.actions import ActionSpec

MOST: Final = 60
_FEW: Final = 6
"""For so many people at most a command is offered with each of them."""
_LEAST_OF_A_NUMBER: Final = 3
_LEAST_INITIALS: Final = 2
_LEAST_INSIDE: Final = 3
"""Two letters stand inside of nearly every command."""
_APART: Final = re.compile(r"[^\W_]+")
(
    BED, BED_OTHER, EXACT, NAME, LEADING, WHOLE, NAME_OTHER, PLACE, NUMBER, COMMAND, INITIALS,
    INSIDE, BEYOND, CANNOT,
) = range(14)  # fmt: skip
"""In what order things are listed.

`BED_OTHER` is a command for who lies in a bed typed whole. A command that fits all of several
words (`EXACT` is its name, `LEADING` how that begins, `WHOLE` the words anyhow) comes before one
that fits some of them for somebody whom the others name: ``plan an`` is no plan for An.
"""
_NEVER_HIDDEN: Final = (EXACT, LEADING)
"""A command typed so stays in its place when it needs a patient, and says it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the palette.

    Attributes:
        spec: The command, or what is to be opened of the person; None for the chart.
        hit: The person; None for a command that concerns none.
        bed: An empty bed that was typed whole.
        obstacle: Why it cannot be done now, as `commands.obstacle` names it; ``whom`` if it has
            to be asked first for whom; empty if it can.
    """

    spec: ActionSpec | None = None
    hit: Hit | None = None
    bed: str = ""
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that can be found.

    Attributes:
        commands: Every command, with what keeps it from being done now, or nothing.
        at_hand: Who is on the ward, and whom one looked at last.
        used: Ids of the commands used last, the newest first.
        about: What can be opened of a person who is not in front.
        wanted: What was chosen already, while it is asked of whom.
    """

    commands: Sequence[tuple[ActionSpec, str]] = ()
    at_hand: AtHand = field(default_factory=AtHand)
    used: Sequence[str] = ()
    about: Sequence[ActionSpec] = ()
    wanted: ActionSpec | None = None


def offers(known: Field, typed: str, beyond: Sequence[Hit] = ()) -> list[Offer]:
    """The lines for a text, the likeliest first.

    Args:
        known: What can be found here.
        typed: What stands in the field.
        beyond: People of the record whom a search found for the text.
    """
    parts = fold(typed).split()
    if not parts:
        return _at_first(known)
    if known.wanted is not None:
        return _of_whom(known, known.wanted, parts, beyond)
    people = sorted(known.at_hand.ward, key=lambda hit: (natural(hit.bed), hit.name.sort_key))
    found = [*_empty_beds(known.at_hand.empty_beds, parts)]
    found += [(rank, Offer(hit=hit)) for hit in people if (rank := _person(hit, parts)) is not None]
    found += _of_somebody(known, people, parts)
    # What shows a part of a chart comes before what is done there under a name like it.
    for spec, obstacle in sorted(known.commands, key=lambda each: not _shows(each[0])):
        rank = _command(spec, parts)
        if rank is not None:
            asks = obstacle in ("patient", "screen") and spec in known.about
            way = "whom" if asks else obstacle
            stays = way in ("", "whom") or (way == "patient" and rank in _NEVER_HIDDEN)
            found.append((rank if stays else CANNOT, Offer(spec, obstacle=way)))
    here = {hit.patient for hit in people}
    found += [(BEYOND, Offer(hit=hit)) for hit in beyond if hit.patient not in here]
    return [offer for _, offer in sorted(found, key=lambda each: each[0])][:MOST]


def _shows(spec: ActionSpec) -> bool:
    return spec.id.startswith("chart_")


def _of_whom(
    known: Field, wanted: ActionSpec, parts: Sequence[str], beyond: Sequence[Hit]
) -> list[Offer]:
    """Beds and people alone, each with what was chosen before."""
    people = known.at_hand.ward
    found = [*_empty_beds(known.at_hand.empty_beds, parts)]
    ranked = ((_person(hit, parts), hit) for hit in people)
    found += [(rank, Offer(wanted, hit)) for rank, hit in ranked if rank is not None]
    here = {hit.patient for hit in people}
    found += [(BEYOND, Offer(wanted, hit)) for hit in beyond if hit.patient not in here]
    return [offer for _, offer in sorted(found, key=lambda each: each[0])][:MOST]


def _at_first(known: Field) -> list[Offer]:
    recent = known.at_hand.recent
    if known.wanted is not None:
        others = [hit for hit in known.at_hand.ward if hit not in recent]
        return [Offer(known.wanted, hit) for hit in (*recent, *others)][:MOST]
    able = {spec.id: spec for spec, obstacle in known.commands if not obstacle}
    used = [able[each] for each in known.used if each in able]
    rest = [spec for spec in able.values() if spec not in used]
    return [Offer(hit=hit) for hit in recent] + [Offer(spec) for spec in (*used, *rest)]


def _empty_beds(beds: Iterable[str], parts: Sequence[str]) -> Iterator[tuple[int, Offer]]:
    """A bed typed whole in which nobody lies: else Enter would open the neighbour's chart."""
    for bed in beds:
        if any(is_bed(bed, part) for part in parts):
            yield BED, Offer(bed=bed, obstacle="empty")


def _of_somebody(
    known: Field, people: Sequence[Hit], parts: Sequence[str]
) -> Iterator[tuple[int, Offer]]:
    """A part of the text says who, the other what."""
    for cut in range(1, len(parts)):
        for who, what in ((parts[:cut], parts[cut:]), (parts[-cut:], parts[:-cut])):
            ranked = [(_person(hit, who), hit) for hit in people]
            fit = [(rank, hit) for rank, hit in ranked if rank is not None]
            best = min((rank for rank, _ in fit), default=CANNOT)
            meant = [hit for rank, hit in fit if rank == best]
            if best >= INITIALS or len(meant) > _FEW:
                continue
            for spec in known.about:
                if _of_a_chart(spec, what):
                    rank = {BED: BED_OTHER, NAME: NAME_OTHER}.get(best, best)
                    yield from ((rank, Offer(spec, hit)) for hit in meant)


def is_bed(bed: str, part: str) -> bool:
    """Whether a text is the whole name of a bed: ``3012`` and ``301-2``; ``2`` and ``02``."""
    whole, typed = _compact(bed), _compact(part)
    if not whole or not typed:
        return False
    digits = "".join(each for each in whole if each.isdecimal())
    same_number = typed.isdecimal() and digits.lstrip("0") == typed.lstrip("0")
    return whole == typed or (bool(digits) and same_number)


def _compact(text: str) -> str:
    return "".join(_APART.findall(fold(text)))


def _person(hit: Hit, parts: Sequence[str]) -> int | None:
    """How well somebody fits: as well as the part that says most, if every part fits."""
    ranks = [_person_part(hit, part) for part in parts]
    known = [rank for rank in ranks if rank is not None]
    return min(known) if len(known) == len(ranks) else None


def _person_part(hit: Hit, part: str) -> int | None:
    words, bed, typed = hit.name.folded.split(), _compact(hit.bed), _compact(part)
    if is_bed(hit.bed, part):
        return BED
    if any(word.startswith(part) for word in words):
        return NAME
    if typed.isdecimal():
        if bed.startswith(typed) or bed.endswith(typed):
            return PLACE
        numbers = (hit.record_number or "", hit.identity_tail)
        long_enough = len(typed) >= _LEAST_OF_A_NUMBER
        return NUMBER if long_enough and any(typed in each for each in numbers) else None
    return INITIALS if _begins_initials(words, part) else None


def _begins_initials(words: Sequence[str], part: str) -> bool:
    initials = "".join(word[0] for word in words)
    return len(part) >= _LEAST_INITIALS and initials.startswith(part)


def _command(spec: ActionSpec, parts: Sequence[str]) -> int | None:
    spoken = _spoken(spec)
    ranks = [rank for text in spoken if (rank := _words_fit(text, parts)) is not None]
    if ranks:
        return min(ranks)
    if len(parts) == 1 and any(_begins_initials(_APART.findall(t), parts[0]) for t in spoken):
        return INITIALS
    both = " ".join(spoken)
    long_enough = all(len(part) >= _LEAST_INSIDE for part in parts)
    return INSIDE if long_enough and all(part in both for part in parts) else None


def _spoken(spec: ActionSpec) -> tuple[str, ...]:
    """Its words in both languages, whichever is spoken: hands remember what they learnt first."""
    return tuple(fold(say(tongue, spec.words)) for tongue in LANGUAGES)


def _words_fit(text: str, parts: Sequence[str]) -> int | None:
    """How well the words of a command begin as those typed."""
    if not _begin_words(_APART.findall(text), parts):
        return None
    if len(parts) == 1:
        return COMMAND
    said = " ".join(_APART.findall(" ".join(parts)))
    names = {" ".join(_APART.findall(each)) for each in (text, text.rpartition(":")[2])}
    if said in names:
        return EXACT
    return LEADING if any(name.startswith(said) for name in names) else WHOLE


def _of_a_chart(spec: ActionSpec, parts: Sequence[str]) -> bool:
    """As a command, without the word before the colon that all tabs have."""
    for text in _spoken(spec):
        words = _APART.findall(text.rpartition(":")[2])
        if _begin_words(words, parts) or (len(parts) == 1 and _begins_initials(words, parts[0])):
            return True
    return False


def _begin_words(words: Sequence[str], parts: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in parts)


def why_not(offer: Offer) -> str:
    """Why a line cannot be chosen, in words; empty if it can."""
    return {
        "": "",
        "empty": tr("Nobody lies in this bed"),
        "right": tr("Your role may not do this"),
        "patient": tr("Needs a patient: type the bed first"),
        "whom": tr("Asks for whom"),
        "screen": tr("Not on this screen"),
    }.get(offer.obstacle, tr("Not now"))
