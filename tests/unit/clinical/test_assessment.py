"""Glasgow, Braden, Morse, FLACC against their publications; for whom, and when due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.clinical.assessment import FIRST_WITHIN, SCALES, Assessment, due_at, scales_for
from workstation.clinical.early_warning import Facts
from workstation.clinical.scores.scale import AssessmentScale
from workstation.kernel import words
from workstation.kernel.errors import Refused

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def filled(scale_id: str, keys: str) -> Assessment:
    scale = SCALES[scale_id]
    return Assessment(scale, AT, dict(zip((i.id for i in scale.items), keys, strict=True)))


@pytest.mark.parametrize(
    ("scale", "keys", "total", "meaning", "shade"),
    [
        ("glasgow", "456", 15, "Fully conscious", 0),
        ("glasgow", "446", 14, "Mildly reduced", 1),
        ("glasgow", "346", 13, "Mildly reduced", 1),
        ("glasgow", "345", 12, "Moderately reduced", 2),
        ("glasgow", "234", 9, "Moderately reduced", 2),
        ("glasgow", "224", 8, "Severe: coma", 3),
        ("glasgow", "111", 3, "Severe: coma", 3),
        ("glasgow", "4N6", None, None, None),
        ("glasgow-child", "456", 15, "Fully conscious", 0),
        ("braden", "444443", 23, "No risk", 0),
        ("braden", "333334", None, None, None),
        ("braden", "333343", 19, "No risk", 0),
        ("braden", "333333", 18, "At risk", 1),
        ("braden", "332223", 15, "At risk", 1),
        ("braden", "322223", 14, "Moderate risk", 2),
        ("braden", "222223", 13, "Moderate risk", 2),
        ("braden", "222222", 12, "High risk", 3),
        ("braden", "222211", 10, "High risk", 3),
        ("braden", "222111", 9, "Very high risk", 3),
        ("braden", "111111", 6, "Very high risk", 3),
        ("morse", "000000", 0, "Low risk of falling", 0),
        ("morse", "000110", 30, "Moderate risk of falling", 2),
        ("morse", "100000", 25, "Moderate risk of falling", 2),
        ("morse", "110000", 40, "Moderate risk of falling", 2),
        ("morse", "100100", 45, "High risk of falling", 3),
        ("morse", "112121", 125, "High risk of falling", 3),
        ("flacc", "00000", 0, "Relaxed", 0),
        ("flacc", "11100", 3, "Mild discomfort", 1),
        ("flacc", "11110", 4, "Moderate pain", 2),
        ("flacc", "22200", 6, "Moderate pain", 2),
        ("flacc", "22210", 7, "Severe pain", 3),
        ("flacc", "22222", 10, "Severe pain", 3),
    ],
)
def test_totals_and_what_they_mean(scale, keys, total, meaning, shade):
    found = filled(scale, keys)
    assert found.total == total
    assert (found.meaning.words if found.meaning else None) == meaning
    assert (found.meaning.shade if found.meaning else None) == shade


RANGES = {"glasgow": (3, 15), "glasgow-child": (3, 15), "braden": (6, 23), "morse": (0, 125),
          "flacc": (0, 10)}  # fmt: skip


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_the_range_is_the_published_one_and_every_total_means_something(scale: AssessmentScale):
    points = [[o.points for o in item.options if o.points is not None] for item in scale.items]
    low, high = sum(map(min, points)), sum(map(max, points))
    assert (low, high) == RANGES[scale.id]
    assert all(scale.meaning(total) for total in range(low, high + 1))


@given(st.sampled_from(list(SCALES.values())), st.data())
def test_every_filled_scale_is_accepted_and_has_all_its_parts(scale, data):
    answers = {i.id: data.draw(st.sampled_from([o.key for o in i.options])) for i in scale.items}
    scale.check(answers)
    untested = any(i.option(answers[i.id]).points is None for i in scale.items)
    assert (scale.total(answers) is None) == untested


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
def test_every_word_of_a_scale_has_vietnamese(scale: AssessmentScale):
    said = {scale.words, *(i.words for i in scale.items)}
    said |= {o.words for i in scale.items for o in i.options}
    said |= {meaning.words for _, meaning in scale.meanings}
    assert said <= words.vietnamese().keys()


def test_what_cannot_be_tested_leaves_its_letters_and_no_total():
    found = filled("glasgow", "4n6")
    assert found.formula == "E4 VNT M6"
    assert filled("glasgow", "456").formula == "E4 V5 M6"
    assert filled("morse", "000000").formula == ""


@pytest.mark.parametrize(
    ("answers", "code", "field"),
    [({}, "answer-missing", "eye"), ({"eye": "7"}, "no-such-answer", "eye"),
     ({"eye": "4", "verbal": "5", "motor": " "}, "answer-missing", "motor")],
)  # fmt: skip
def test_half_a_scale_is_refused_at_the_line_at_fault(answers, code, field):
    with pytest.raises(Refused) as refused:
        SCALES["glasgow"].check(answers)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("months", "scales"),
    [
        (None, ["glasgow", "braden", "morse"]),
        (192, ["glasgow", "braden", "morse"]),
        (191, ["glasgow"]),
        (84, ["glasgow"]),
        (83, ["glasgow", "flacc"]),
        (60, ["glasgow", "flacc"]),
        (59, ["glasgow-child", "flacc"]),
        (2, ["glasgow-child", "flacc"]),
        (1, ["glasgow-child"]),
    ],
)
def test_which_scales_are_made_for_an_age(months, scales):
    assert [scale.id for scale in scales_for(Facts(months))] == scales


@pytest.mark.parametrize(
    ("scale", "keys", "hours"),
    [("braden", "444443", 72), ("braden", "333333", 24), ("braden", "222222", 12),
     ("morse", "000000", 72), ("morse", "100100", 12), ("glasgow", "456", None),
     ("glasgow", "111", 1), ("flacc", "22222", 0.5), ("glasgow", "4N6", None)],
)  # fmt: skip
def test_when_the_next_one_is_due(scale, keys, hours):
    last = filled(scale, keys)
    expected = AT + timedelta(hours=hours) if hours else None
    assert due_at(last.scale, last, AT) == expected


def test_on_admission_those_of_everybody_are_due():
    assert due_at(SCALES["braden"], None, AT) == AT + FIRST_WITHIN
    assert due_at(SCALES["morse"], None, AT) == AT + FIRST_WITHIN
    assert due_at(SCALES["glasgow"], None, AT) is None
    assert due_at(SCALES["braden"], None, None) is None
