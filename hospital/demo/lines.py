"""What lies in the patients of the demo, their wounds, and what nurses saw of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.staff import NURSES
from hospital.demo.stay import DemoStay
from workstation.clinical.body_site import SITES
from workstation.clinical.care_site import KINDS, Look, Site
from workstation.fhir import care_look, care_site
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel.words import say

_EVERY: Final = 3
"""So many patients one has a cannula of which something is charted."""
_HANDS: Final = ("hand-left", "hand-right", "forearm-left", "forearm-right")
_SIZES: Final = ("18G", "20G", "22G")
_CATHETER: Final = (1, 21)
"""Those whose urine runs through a catheter in the fluid balance."""
_ULCER: Final = 1
_LOOKED_AT: Final = timedelta(hours=12)


def lines(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """By dice of their own, so that nothing else of the demo falls differently."""
    dice = Dice(seed, "lines", number)
    if number % _EVERY == 1:
        site = _site("peripheral-cannula", dice.pick(_HANDS), dice.pick(_SIZES), stay, dice)
        worst = "2" if number == _ULCER else dice.pick(("0", "0", "0", "1"))
        yield from _watched(stay, dice, site, ("0", worst))
    if number in _CATHETER:
        site = _site("urinary-catheter", "urethra", "Foley 16", stay, dice)
        yield from _watched(stay, dice, site, ("0", "0"))
    if number == _ULCER:
        yield from _ulcer(stay, dice)


def _site(kind: str, place: str, detail: str, stay: DemoStay, dice: Dice) -> Site:
    began = max(stay.course.start, stay.course.now - timedelta(hours=60))
    since = began + timedelta(minutes=dice.whole(20, 50))
    return Site(KINDS[kind], SITES[place], SITES[place].point, since, detail)


def _watched(stay: DemoStay, dice: Dice, site: Site, grades: tuple[str, ...]) -> Iterator[Resource]:
    """Put in, and looked at in each of the last shifts; not of somebody who has just come."""
    if site.since > stay.course.now - timedelta(hours=1):
        return
    made = care_site.write(_entry(stay, dice, site), site, _vietnamese)
    yield made
    for ago, grade in zip(range(len(grades), 0, -1), grades, strict=True):
        at = stay.course.now - ago * _LOOKED_AT + timedelta(minutes=dice.whole(30, 500))
        if at > site.since:
            yield _look(stay, dice, made, site, Look(at, site_grade=grade))


def _ulcer(stay: DemoStay, dice: Dice) -> Iterator[Resource]:
    site = _site("pressure-ulcer", "sacrum", "độ 2", stay, dice)
    made = care_site.write(_entry(stay, dice, site), site, _vietnamese)
    yield made
    at = site.since + timedelta(minutes=15)
    look = Look(
        at, length_cm=Decimal("3.5"), width_cm=Decimal("2.0"), depth_cm=Decimal("0.2"),
        tissue="2", exudate="1", remark="Bờ rõ, không hôi",
    )  # fmt: skip
    yield _look(stay, dice, made, site, look)


def _look(stay: DemoStay, dice: Dice, made: Resource, site: Site, look: Look) -> Resource:
    of = f"{made['resourceType']}/{made['id']}"
    words = f"{_vietnamese(site.kind.words)}, {_vietnamese(site.place.words)}"
    entry = Entry(
        own=dice.uuid(look.at),
        patient=stay.patient.id,
        encounter=stay.id,
        author=dice.pick(NURSES).reference,
        at=look.at + timedelta(minutes=2),
    )
    return care_look.write(entry, of, words, look)


def _entry(stay: DemoStay, dice: Dice, site: Site) -> Entry:
    return Entry(
        own=dice.uuid(site.since),
        patient=stay.patient.id,
        encounter=stay.id,
        author=dice.pick(NURSES).reference,
        at=site.since + timedelta(minutes=5),
    )


def _vietnamese(words: str) -> str:
    return say("vi", words)
