"""Places on the body by name, and where each is on the picture of a body.

The picture is a figure from the front and one from the back, each in a box twice as high as wide;
a point counts from the box's upper left corner, 0 to 1 across and down. From the front the
person's right side is at the left of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Face = Literal["front", "back"]
_STEP: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the picture.

    Attributes:
        face: On which figure.
        x: Across, 0 to 1.
        y: Down, 0 to 1.
    """

    face: Face
    x: Decimal
    y: Decimal

    def moved(self, across: int, down: int) -> Point:
        """So many hundredths further; it stays inside of the picture."""
        return Point(self.face, _inside(self.x + across * _STEP), _inside(self.y + down * _STEP))

    def turned(self) -> Point:
        """The same height on the other figure; left stays left of the person."""
        return Point("back" if self.face == "front" else "front", 1 - self.x, self.y)


@dataclass(frozen=True, slots=True)
class BodySite:
    """One place.

    Attributes:
        id: Stable code.
        words: In English, key of the translation.
        point: Its middle.
    """

    id: str
    words: str
    point: Point


def _inside(value: Decimal) -> Decimal:
    return min(max(value, Decimal(0)), Decimal(1))


def _front(id: str, words: str, x: str, y: str) -> BodySite:
    return BodySite(id, words, Point("front", Decimal(x), Decimal(y)))


def _back(id: str, words: str, x: str, y: str) -> BodySite:
    return BodySite(id, words, Point("back", Decimal(x), Decimal(y)))


SITES: Final[dict[str, BodySite]] = {
    site.id: site
    for site in (
        _back("hand-right", "Back of the right hand", "0.88", "0.53"),
        _back("hand-left", "Back of the left hand", "0.12", "0.53"),
        _front("forearm-right", "Right forearm", "0.18", "0.42"),
        _front("forearm-left", "Left forearm", "0.82", "0.42"),
        _front("elbow-right", "Right elbow crease", "0.22", "0.36"),
        _front("elbow-left", "Left elbow crease", "0.78", "0.36"),
        _front("wrist-right", "Right wrist", "0.14", "0.48"),
        _front("wrist-left", "Left wrist", "0.86", "0.48"),
        _front("arm-right", "Right upper arm", "0.27", "0.28"),
        _front("arm-left", "Left upper arm", "0.73", "0.28"),
        _front("neck-right", "Right side of the neck", "0.45", "0.155"),
        _front("neck-left", "Left side of the neck", "0.55", "0.155"),
        _front("collarbone-right", "Below the right collarbone", "0.40", "0.20"),
        _front("collarbone-left", "Below the left collarbone", "0.60", "0.20"),
        _front("groin-right", "Right groin", "0.44", "0.49"),
        _front("groin-left", "Left groin", "0.56", "0.49"),
        _front("urethra", "Urethra", "0.50", "0.505"),
        _front("nose-right", "Right nostril", "0.485", "0.085"),
        _front("nose-left", "Left nostril", "0.515", "0.085"),
        _front("mouth", "Mouth", "0.50", "0.105"),
        _front("throat", "Front of the neck", "0.50", "0.165"),
        _front("forehead", "Forehead", "0.50", "0.05"),
        _front("chest-right", "Right side of the chest", "0.38", "0.26"),
        _front("chest-left", "Left side of the chest", "0.62", "0.26"),
        _front("abdomen-upper", "Upper abdomen", "0.50", "0.34"),
        _front("abdomen-lower", "Lower abdomen", "0.50", "0.44"),
        _front("abdomen-right", "Right side of the abdomen", "0.40", "0.39"),
        _front("abdomen-left", "Left side of the abdomen", "0.60", "0.39"),
        _front("thigh-right", "Right thigh", "0.42", "0.58"),
        _front("thigh-left", "Left thigh", "0.58", "0.58"),
        _front("knee-right", "Right knee", "0.41", "0.70"),
        _front("knee-left", "Left knee", "0.59", "0.70"),
        _front("shin-right", "Right lower leg", "0.41", "0.81"),
        _front("shin-left", "Left lower leg", "0.59", "0.81"),
        _front("foot-right", "Right foot", "0.395", "0.955"),
        _front("foot-left", "Left foot", "0.605", "0.955"),
        _back("sacrum", "Sacrum", "0.50", "0.45"),
        _back("buttock-left", "Left buttock", "0.43", "0.49"),
        _back("buttock-right", "Right buttock", "0.57", "0.49"),
        _back("hip-left", "Left hip", "0.35", "0.47"),
        _back("hip-right", "Right hip", "0.65", "0.47"),
        _back("heel-left", "Left heel", "0.40", "0.955"),
        _back("heel-right", "Right heel", "0.60", "0.955"),
        _back("occiput", "Back of the head", "0.50", "0.08"),
        _back("shoulder-blade-left", "Left shoulder blade", "0.41", "0.24"),
        _back("shoulder-blade-right", "Right shoulder blade", "0.59", "0.24"),
        _back("spine", "Spine", "0.50", "0.32"),
        _back("ankle-left", "Left ankle", "0.40", "0.92"),
        _back("ankle-right", "Right ankle", "0.60", "0.92"),
    )
}
"""Where lines are put in most often stands first, then what lies on a mattress."""
