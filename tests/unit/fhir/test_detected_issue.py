"""An alert is the same whoever finds it, and two versions of it make one without a person."""

from __future__ import annotations

from workstation.fhir import systems
from workstation.fhir.detected_issue import (
    Alert,
    acknowledged,
    alert_id,
    from_issue,
    is_alert,
    reconcile,
    to_issue,
    with_state,
)

ALERT = Alert(
    id=alert_id("two-in-one-bed", "Location/b1|e1|e2"),
    rule="two-in-one-bed",
    severity="high",
    records=("Encounter/e1", "Encounter/e2"),
    patient="p1",
    since="2026-11-20T08:00:00+07:00",
)
LAN = ("Practitioner/1", "Lan")


def test_an_alert_survives_the_round_trip() -> None:
    assert from_issue(to_issue(ALERT)) == ALERT
    assert is_alert(to_issue(ALERT))
    assert not is_alert({"resourceType": "DetectedIssue", "code": {"text": "theirs"}})
    assert not is_alert(None)


def test_the_same_collision_has_the_same_id() -> None:
    assert alert_id("r", "k") == alert_id("r", "k") != alert_id("r", "l")


def test_an_acknowledgement_says_who_when_and_why() -> None:
    done = from_issue(acknowledged(to_issue(ALERT), person=LAN, at="2026-11-20", reason="moved"))
    assert (done.state, done.acknowledged_by, done.reason) == ("acknowledged", "Lan", "moved")


def test_both_acknowledgements_stay_and_resolved_is_the_last_word() -> None:
    issue = to_issue(ALERT)
    mine = acknowledged(issue, person=LAN, at="2026-11-20", reason="a")
    theirs = acknowledged(issue, person=("Practitioner/2", "Hoa"), at="2026-11-19", reason="b")
    merged = reconcile(mine, theirs)
    assert [m["action"]["text"] for m in merged["mitigation"]] == ["b", "a"]
    assert merged == reconcile(theirs, mine)
    gone = reconcile(mine, with_state(issue, "resolved"))
    assert from_issue(gone).state == "resolved"
    assert len(gone["mitigation"]) == 1


def test_what_others_wrote_is_read_as_far_as_it_goes() -> None:
    found = from_issue(
        {
            "resourceType": "DetectedIssue",
            "id": "x",
            "status": "registered",
            "code": {"coding": [{"system": systems.ISSUE, "code": "r"}]},
        }
    )
    assert (found.state, found.records, found.patient) == ("open", (), None)
