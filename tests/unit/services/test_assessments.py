"""Assessments on a real store: charting, correcting, taking back, what is due."""

import random
from datetime import timedelta

import pytest

from tests.kit.people import DOCTOR
from tests.kit.ward import advance, colleague, patient_id
from workstation.clinical.assessment import SCALES
from workstation.kernel.errors import Refused
from workstation.services import assessments, ward_board

PATIENT = patient_id(1)
BRADEN, MORSE, GLASGOW = SCALES["braden"], SCALES["morse"], SCALES["glasgow"]


def answers(scale, keys):
    return dict(zip((item.id for item in scale.items), keys, strict=True))


def charted(desk, scale, keys):
    changes = assessments.record(desk, PATIENT, scale, answers(scale, keys), desk.now())
    (reference,) = changes.references
    return reference.removeprefix("Observation/")


def history(desk, scale):
    return next(h for h in assessments.read(desk, PATIENT).scales if h.scale is scale)


def due(desk):
    with desk.store.read() as view:
        items = assessments.due(view, [PATIENT], desk.now())
    return {(item.words, item.at) for item in items}


def test_an_assessment_is_one_observation_of_the_stay(desk):
    own = charted(desk, BRADEN, "222222")
    with desk.store.read() as view:
        resource = view.get("Observation", own).resource()
    assert resource["encounter"] == {"reference": "Encounter/stay-1"}
    assert resource["performer"][0]["reference"] == "Practitioner/nurse-1"
    last = history(desk, BRADEN).last
    assert (last.record.assessment.total, last.unsent) == (12, True)


def test_newest_first_and_an_error_does_not_count(desk):
    first = charted(desk, MORSE, "000000")
    advance(desk, hours=2)
    second = charted(desk, MORSE, "100100")
    found = history(desk, MORSE)
    assert [row.record.id for row in found.rows] == [second, first]
    assessments.enter_in_error(desk, second, reason="Nhầm người bệnh")
    found = history(desk, MORSE)
    assert [row.record.status for row in found.rows] == ["entered-in-error", "final"]
    assert found.last.record.id == first


def test_a_correction_needs_a_reason_and_keeps_the_time(desk):
    own = charted(desk, GLASGOW, "456")
    with pytest.raises(Refused) as refused:
        assessments.amend(desk, own, answers(GLASGOW, "346"), reason=" ")
    assert (refused.value.code, refused.value.field) == ("reason-missing", "reason")
    at = desk.now()
    advance(desk, hours=1)
    assessments.amend(colleague(desk, DOCTOR), own, answers(GLASGOW, "346"), reason="Gọi mới mở")
    record = history(desk, GLASGOW).last.record
    assert (record.assessment.formula, record.status, record.reason) == (
        "E3 V4 M6", "corrected", "Gọi mới mở",
    )  # fmt: skip
    assert record.assessment.at == at


@pytest.mark.parametrize(
    ("keys", "ahead", "code", "field"),
    [
        ({}, 0, "answer-missing", "sensory"),
        ({"sensory": "5"}, 0, "no-such-answer", "sensory"),
        (answers(BRADEN, "222222"), 3, "in-future", "at"),
    ],
)
def test_what_is_refused(desk, keys, ahead, code, field):
    at = desk.now() + timedelta(minutes=ahead)
    with pytest.raises(Refused) as refused:
        assessments.record(desk, PATIENT, BRADEN, keys, at)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert history(desk, BRADEN).rows == ()


def test_undo_is_for_ones_own_and_for_a_while(desk):
    own = charted(desk, BRADEN, "222222")
    with pytest.raises(Refused) as refused:
        assessments.undo(colleague(desk, DOCTOR), own)
    assert refused.value.code == "not-own-entry"
    assessments.undo(desk, own)
    assert history(desk, BRADEN).last is None
    late = charted(desk, BRADEN, "222222")
    advance(desk, minutes=11)
    with pytest.raises(Refused) as refused:
        assessments.undo(desk, late)
    assert refused.value.code == "too-late-to-undo"


def test_a_draft_is_ones_own_and_ends_with_the_assessment(desk):
    assessments.keep_draft(desk, PATIENT, BRADEN, {"sensory": "3", "moisture": " "})
    kept = assessments.read(desk, PATIENT).draft
    assert (kept.scale, kept.answers) == (BRADEN, {"sensory": "3"})
    assert assessments.read(colleague(desk, DOCTOR), PATIENT).draft is None
    charted(desk, BRADEN, "333333")
    assert assessments.read(desk, PATIENT).draft is None


def test_an_empty_draft_is_forgotten(desk):
    assessments.keep_draft(desk, PATIENT, BRADEN, {"sensory": "3"})
    assessments.keep_draft(desk, PATIENT, BRADEN, {})
    assert assessments.read(desk, PATIENT).draft is None


def test_on_admission_and_then_by_what_the_last_one_says(desk):
    admitted = desk.now() - timedelta(days=2)
    words = {"Thang Braden (loét tì đè)", "Thang Morse (té ngã)"}
    assert due(desk) == {(each, admitted + timedelta(hours=8)) for each in words}
    at = desk.now()
    charted(desk, BRADEN, "222222")
    charted(desk, GLASGOW, "224")
    assert due(desk) == {
        ("Thang Braden (loét tì đè)", at + timedelta(hours=12)),
        ("Thang Morse (té ngã)", admitted + timedelta(hours=8)),
        ("Thang hôn mê Glasgow", at + timedelta(hours=1)),
    }
    assert history(desk, BRADEN).due == at + timedelta(hours=12)


def test_one_of_an_earlier_stay_is_shown_and_does_not_stand_for_this_one(desk):
    at = desk.now() - timedelta(days=30)
    assessments.record(desk, PATIENT, BRADEN, answers(BRADEN, "333333"), at)
    found = history(desk, BRADEN)
    assert found.last is not None
    assert found.due == desk.now() - timedelta(days=2) + timedelta(hours=8)


@pytest.mark.parametrize("born", ["2023-05-01", "2023-05", "2023"])
def test_a_child_has_the_scales_of_children(desk, born):
    with desk.store.write() as unit:
        seen = unit.get("Patient", PATIENT)
        unit.update({**seen.resource(), "birthDate": born}, seen=seen)
    found = [history.scale.id for history in assessments.read(desk, PATIENT).scales]
    assert found == ["glasgow-child", "flacc"]
    occupants = [bed.occupant for bed in ward_board.board(desk).beds if bed.occupant]
    (who,) = [each.who for each in occupants if each.who.patient == PATIENT]
    assert who.facts.scale == "PEWS"
    assert (who.age is None) == (len(born) < len("2023-05-01"))
    assert due(desk) == set()


def test_one_without_a_total_is_found_by_its_items(desk):
    own = charted(desk, GLASGOW, "4N6")
    last = history(desk, GLASGOW).last
    assert (last.record.id, last.record.assessment.total) == (own, None)


@pytest.mark.parametrize(("keys", "hours"), [("4N6", None), ("2N4", 2), ("N11", 1)])
def test_one_without_a_total_stands_for_the_one_before_it(desk, keys, hours):
    """What could not be tested may be at its best: E2 VNT M4 is 11 at most."""
    charted(desk, GLASGOW, "224")
    advance(desk, minutes=50)
    at = desk.now()
    charted(desk, GLASGOW, keys)
    wanted = at + timedelta(hours=hours) if hours else None
    coma = [due_at for words, due_at in due(desk) if "Glasgow" in words]
    assert coma == ([wanted] if wanted else [])
    assert history(desk, GLASGOW).due == wanted


@pytest.mark.parametrize("seed", range(3))
def test_the_newest_assessments_are_the_end_of_all(desk, seed):
    chance, own = random.Random(seed), []
    for _ in range(40):
        scale = chance.choice([BRADEN, MORSE, MORSE, GLASGOW])
        keys = {BRADEN: "222222", MORSE: "100100", GLASGOW: "456"}[scale]
        own.append(charted(desk, scale, keys))
        if chance.random() < 0.3:
            assessments.enter_in_error(desk, own.pop(), reason="Nhầm người bệnh")
        advance(desk, minutes=chance.randint(1, 300))
    whole = assessments.read(desk, PATIENT)
    assert whole.whole
    for newest in (1, 7, 15, 40, 41):
        found = assessments.read(desk, PATIENT, newest=newest)
        assert found.whole == (newest > 40)
        rows = {scale.scale.id: scale.rows for scale in whole.scales}
        shown = [row for scale in found.scales for row in scale.rows]
        everything = [row for each in rows.values() for row in each]
        everything.sort(key=lambda row: row.record.assessment.at, reverse=True)
        assert all(row in shown for row in everything[:newest])
        for scale in found.scales:
            of_all = next(each for each in whole.scales if each.scale is scale.scale)
            assert (scale.last, scale.due, scale.offered) == (
                of_all.last,
                of_all.due,
                of_all.offered,
            )
            assert [row for row in of_all.rows if row in scale.rows] == list(scale.rows)
        assert {each.scale.id for each in whole.scales if each.last} <= {
            each.scale.id for each in found.scales
        }
