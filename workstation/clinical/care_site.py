"""Lines, catheters, drains, tubes and wounds: what they are, when they are looked at, what is seen.

Each kind that has an interval names its source; a kind without a sure source has none, and then
nothing is ever called late. Sources:

- CDC: O'Grady NP et al. Guidelines for the prevention of intravascular catheter-related
  infections, 2011: look at or feel the site daily, take out what is not needed; peripheral
  cannulas of adults need not be replaced more often than every 72-96 h (the end of that range is
  where the question is put here); central and arterial lines are not replaced by the clock.
- CAUTI: Gould CV et al. (HICPAC). Guideline for prevention of catheter-associated urinary tract
  infections, 2009: daily review of the need, no change at fixed intervals.
- BTS: Havelock T et al. Pleural procedures (British Thoracic Society guideline 2010), Thorax
  2010;65 Suppl 2: a chest drain is checked daily.
- NPSA: National Patient Safety Agency, alert PSA002, 2011: the position of a nasogastric tube is
  checked at least once a day while it is in use.
- EPUAP: EPUAP/NPIAP/PPPIA. Prevention and treatment of pressure ulcers/injuries, 2019: a pressure
  ulcer is assessed anew at least once a week.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from workstation.clinical.body_site import BodySite, Point
from workstation.kernel.errors import Refused

_DAY: Final = timedelta(days=1)
LONGEST_CM: Final = Decimal(60)
"""No wound is longer than a limb."""
LARGE_CM: Final = Decimal(30)
"""A length above this is asked for twice."""
DEEP_CM: Final = Decimal(10)
"""A depth above this is asked for twice."""
LONGEST_WORDS: Final = 500


class Group(StrEnum):
    """What sort of thing it is."""

    LINE = "line"
    CATHETER = "catheter"
    DRAIN = "drain"
    TUBE = "tube"
    WOUND = "wound"


@dataclass(frozen=True, slots=True)
class SiteKind:
    """One kind.

    Attributes:
        id: Stable code.
        words: In English, key of the translation.
        group: What sort of thing it is.
        look_every: How often it is looked at at the latest; None where no guideline says.
        change_after: How long it lies until the question of changing it is put; None: not by clock.
        phlebitis: Whether its site is scored by `VIP`.
    """

    id: str
    words: str
    group: Group
    look_every: timedelta | None = None
    change_after: timedelta | None = None
    phlebitis: bool = False


KINDS: Final[dict[str, SiteKind]] = {
    kind.id: kind
    for kind in (
        SiteKind(
            "peripheral-cannula", "Peripheral cannula", Group.LINE, _DAY, 4 * _DAY, phlebitis=True
        ),
        SiteKind("midline", "Midline catheter", Group.LINE, _DAY, phlebitis=True),
        SiteKind("central-line", "Central venous line", Group.LINE, _DAY),
        SiteKind("picc", "PICC line", Group.LINE, _DAY),
        SiteKind("dialysis-catheter", "Dialysis catheter", Group.LINE, _DAY),
        SiteKind("arterial-line", "Arterial line", Group.LINE, _DAY),
        SiteKind("urinary-catheter", "Urinary catheter", Group.CATHETER, _DAY),
        SiteKind("suprapubic-catheter", "Suprapubic catheter", Group.CATHETER, _DAY),
        SiteKind("nasogastric-tube", "Nasogastric tube", Group.TUBE, _DAY),
        SiteKind("gastrostomy", "Gastrostomy tube", Group.TUBE),
        SiteKind("endotracheal-tube", "Endotracheal tube", Group.TUBE),
        SiteKind("tracheostomy", "Tracheostomy tube", Group.TUBE),
        SiteKind("chest-drain", "Chest drain", Group.DRAIN, _DAY),
        SiteKind("abdominal-drain", "Abdominal drain", Group.DRAIN),
        SiteKind("wound-drain", "Wound drain", Group.DRAIN),
        SiteKind("pressure-ulcer", "Pressure ulcer", Group.WOUND, 7 * _DAY),
        SiteKind("surgical-wound", "Surgical wound", Group.WOUND),
        SiteKind("injury", "Injury", Group.WOUND),
        SiteKind("burn", "Burn", Group.WOUND),
        SiteKind("leg-ulcer", "Leg or foot ulcer", Group.WOUND),
        SiteKind("stoma", "Stoma", Group.WOUND),
    )
}
"""In the order in which they are offered: the most frequent of a group first."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One step of a scale.

    Attributes:
        key: What is typed, and stored.
        words: In English, key of the translation.
        shade: 0 calm, 1 attention, 2 something has to be done.
    """

    key: str
    words: str
    shade: int = 0


VIP: Final = (
    Grade("0", "Site looks healthy: go on watching"),
    Grade("1", "Slight pain or redness: go on watching", 1),
    Grade("2", "Early phlebitis: change the cannula", 2),
    Grade("3", "Phlebitis: change the cannula, think of treatment", 2),
    Grade("4", "Advanced phlebitis: change the cannula, treat", 2),
    Grade("5", "Thrombophlebitis: take it out, begin treatment", 2),
)
"""Visual infusion phlebitis score. Source: Jackson A. Infection control: a battle in vein: infusion
phlebitis. Nurs Times 1998;94(4):68-71, with what it asks for at each step."""
STATE: Final = (
    Grade("0", "Dry and clean, lies well"),
    Grade("1", "Red, sore or wet", 1),
    Grade("2", "Pus, blocked or out of place", 2),
)
"""The place of a line, catheter, drain or tube for which there is no published score."""
EXUDATE: Final = (
    Grade("0", "No exudate"),
    Grade("1", "Light exudate"),
    Grade("2", "Moderate exudate", 1),
    Grade("3", "Heavy exudate", 1),
)
TISSUE: Final = (
    Grade("0", "Closed"),
    Grade("1", "Epithelial tissue"),
    Grade("2", "Granulation tissue"),
    Grade("3", "Slough", 1),
    Grade("4", "Necrotic tissue", 2),
)
"""Amount of exudate and worst tissue as PUSH names them. Source: Thomas DR et al. Pressure ulcer
scale for healing: derivation and validation of the PUSH tool. Adv Wound Care 1997;10:96-101."""


def grade(scale: Iterable[Grade], key: str) -> Grade | None:
    """The step that a key stands for."""
    return next((each for each in scale if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Site:
    """One line, catheter, drain, tube or wound.

    Attributes:
        kind: What it is.
        place: Where on the body, by name.
        point: The mark on the picture of the body.
        since: When it was put in, or when a wound was seen first (aware).
        detail: Size, number of lumina, stage, in the nurse's words; may be empty.
    """

    kind: SiteKind
    place: BodySite
    point: Point
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one time.

    Attributes:
        at: When (aware).
        site_grade: Key of `VIP` or `STATE`; of a wound empty.
        length_cm: Longest extent of a wound.
        width_cm: Extent across that.
        depth_cm: Depth.
        exudate: Key of `EXUDATE`; empty when not said.
        tissue: Key of `TISSUE`; empty when not said.
        remark: In the nurse's words; may be empty.
    """

    at: datetime
    site_grade: str = ""
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    depth_cm: Decimal | None = None
    exudate: str = ""
    tissue: str = ""
    remark: str = ""

    @property
    def area_cm2(self) -> Decimal | None:
        """Length by width, in cm², by which healing is followed; None when one is missing."""
        if self.length_cm is None or self.width_cm is None:
            return None
        return self.length_cm * self.width_cm


def site_scale(kind: SiteKind) -> tuple[Grade, ...]:
    """The scale by which the place of a kind is graded; of wounds none."""
    if kind.group is Group.WOUND:
        return ()
    return VIP if kind.phlebitis else STATE


def gravest(kind: SiteKind, look: Look) -> Grade | None:
    """The step of a look that matters most; None when nothing was graded."""
    pairs = (
        (site_scale(kind), look.site_grade), (TISSUE, look.tissue), (EXUDATE, look.exudate),
    )  # fmt: skip
    found = [step for scale, key in pairs if (step := grade(scale, key)) is not None]
    return max(found, key=lambda step: step.shade, default=None)


def day_in_place(site: Site, now: datetime) -> int:
    """Whole days since it was put in; 0 on the first."""
    return max((now - site.since) // _DAY, 0)


def look_due(site: Site, last: datetime | None) -> datetime | None:
    """When it has to be looked at again at the latest (aware); None where no guideline says."""
    every = site.kind.look_every
    return None if every is None else max(site.since, last or site.since) + every


def change_due(site: Site) -> datetime | None:
    """When the question of changing it is put (aware); None when not by the clock."""
    after = site.kind.change_after
    return None if after is None else site.since + after


def refuse_impossible(kind: SiteKind, look: Look) -> None:
    """Let a look pass that can be true.

    Raises:
        Refused: ``no-such-answer`` with the field; ``nothing-measured``; ``impossible-value``
            (``low``, ``high``) with the field.
    """
    scales = (
        ("site_grade", site_scale(kind), look.site_grade),
        ("exudate", EXUDATE, look.exudate),
        ("tissue", TISSUE, look.tissue),
    )
    for name, scale, key in scales:
        if key and grade(scale, key) is None:
            raise Refused("no-such-answer", field=name, keys=" ".join(each.key for each in scale))
    sizes = _sizes(look)
    for name, value in sizes:
        if value is not None and not 0 <= value <= LONGEST_CM:
            raise Refused(
                "impossible-value", field=name, low=Decimal(0), high=LONGEST_CM, unit="cm"
            )
    said = any(key for _, _, key in scales) or any(value is not None for _, value in sizes)
    if not said and not look.remark.strip():
        raise Refused("nothing-measured", field="site_grade")


def implausible(look: Look) -> tuple[str, ...]:
    """Fields of a look whose value is possible but so rare that it is asked for twice."""
    limits = {"depth_cm": DEEP_CM}
    return tuple(
        name
        for name, value in _sizes(look)
        if value is not None and value > limits.get(name, LARGE_CM)
    )


def _sizes(look: Look) -> tuple[tuple[str, Decimal | None], ...]:
    return (
        ("length_cm", look.length_cm),
        ("width_cm", look.width_cm),
        ("depth_cm", look.depth_cm),
    )
