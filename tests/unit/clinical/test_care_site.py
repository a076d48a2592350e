"""Lines and wounds: when they are due, how grave a look is, what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical import care_site as rules
from workstation.clinical.body_site import SITES, Point
from workstation.clinical.care_site import KINDS, Group, Look, Site
from workstation.kernel.errors import Refused

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def site(kind, since=AT, place="forearm-right"):
    return Site(KINDS[kind], SITES[place], SITES[place].point, since)


@pytest.mark.parametrize(
    ("kind", "hours"),
    [
        ("peripheral-cannula", 24),
        ("central-line", 24),
        ("urinary-catheter", 24),
        ("nasogastric-tube", 24),
        ("chest-drain", 24),
        ("pressure-ulcer", 168),
        ("surgical-wound", None),
        ("endotracheal-tube", None),
    ],
)
def test_each_kind_is_looked_at_as_its_guideline_says(kind, hours):
    expected = None if hours is None else AT + hours * HOUR
    assert rules.look_due(site(kind), None) == expected
    later = AT + 5 * HOUR
    assert rules.look_due(site(kind), later) == (None if hours is None else later + hours * HOUR)


def test_a_look_before_it_was_put_in_does_not_put_off_the_next():
    assert rules.look_due(site("picc"), AT - 30 * HOUR) == AT + 24 * HOUR


def test_only_a_peripheral_cannula_is_changed_by_the_clock():
    assert rules.change_due(site("peripheral-cannula")) == AT + 96 * HOUR
    others = [kind for kind in KINDS if kind != "peripheral-cannula"]
    assert [rules.change_due(site(kind)) for kind in others] == [None] * len(others)


@pytest.mark.parametrize(
    ("key", "shade"), [("0", 0), ("1", 1), ("2", 2), ("3", 2), ("4", 2), ("5", 2)]
)
def test_a_cannula_is_to_be_changed_from_vip_two_on(key, shade):
    found = rules.gravest(KINDS["peripheral-cannula"], Look(AT, site_grade=key))
    assert (found.key, found.shade) == (key, shade)


def test_the_gravest_of_a_wound_is_its_worst_tissue():
    look = Look(AT, tissue="4", exudate="2")
    assert rules.gravest(KINDS["pressure-ulcer"], look).words == "Necrotic tissue"
    assert rules.gravest(KINDS["pressure-ulcer"], Look(AT, remark="sạch")) is None


@pytest.mark.parametrize(
    ("kind", "look", "code", "field"),
    [
        ("peripheral-cannula", Look(AT, site_grade="6"), "no-such-answer", "site_grade"),
        ("urinary-catheter", Look(AT, site_grade="3"), "no-such-answer", "site_grade"),
        ("pressure-ulcer", Look(AT, site_grade="0"), "no-such-answer", "site_grade"),
        ("burn", Look(AT, tissue="9"), "no-such-answer", "tissue"),
        ("burn", Look(AT, exudate="4"), "no-such-answer", "exudate"),
        ("burn", Look(AT, length_cm=Decimal("60.1")), "impossible-value", "length_cm"),
        ("burn", Look(AT, depth_cm=Decimal("-1")), "impossible-value", "depth_cm"),
        ("burn", Look(AT), "nothing-measured", "site_grade"),
        ("picc", Look(AT, remark="  "), "nothing-measured", "site_grade"),
    ],
)
def test_nonsense_is_refused_beside_its_field(kind, look, code, field):
    with pytest.raises(Refused) as refused:
        rules.refuse_impossible(KINDS[kind], look)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_what_can_be_passes():
    rules.refuse_impossible(KINDS["picc"], Look(AT, site_grade="2", remark="mủ"))
    rules.refuse_impossible(KINDS["burn"], Look(AT, length_cm=Decimal(0)))


def test_large_and_deep_is_asked_twice():
    look = Look(AT, length_cm=Decimal("30.1"), width_cm=Decimal(30), depth_cm=Decimal("10.5"))
    assert rules.implausible(look) == ("length_cm", "depth_cm")
    assert look.area_cm2 == Decimal("903.0")
    assert Look(AT, length_cm=Decimal(2)).area_cm2 is None


def test_every_kind_has_a_scale_unless_it_is_a_wound():
    for kind in KINDS.values():
        assert bool(rules.site_scale(kind)) == (kind.group is not Group.WOUND)


@given(st.sampled_from(sorted(SITES)), st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9))))
def test_a_mark_never_leaves_the_picture(place, steps):
    point = SITES[place].point
    for across, down in steps:
        point = point.moved(across * 5, down * 5)
        assert 0 <= point.x <= 1
        assert 0 <= point.y <= 1


@given(st.decimals(0, 1, places=2), st.decimals(0, 1, places=2))
def test_turned_twice_is_where_it_was(x, y):
    point = Point("front", x, y)
    assert point.turned() != point
    assert point.turned().turned() == point


def test_the_person_s_right_is_left_in_front_and_right_behind():
    for site in SITES.values():
        is_left_half = site.point.x < Decimal("0.5")
        if site.words.lower().startswith("right") or "the right" in site.words:
            assert is_left_half == (site.point.face == "front"), site.id
        if site.words.lower().startswith("left") or "the left" in site.words:
            assert is_left_half == (site.point.face == "back"), site.id
