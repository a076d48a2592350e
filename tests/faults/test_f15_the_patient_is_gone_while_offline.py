"""F15: the patient is moved, merged, deleted or discharged while I am offline; my work stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.kit.hospital_double import Behaviour
from tests.kit.outage import Outage, parked
from workstation.services import conflicts, sync_centre


def offline(folder: Path, behaviour: Behaviour | None = None) -> Outage:
    outage = Outage(folder, behaviour or Behaviour(), 1, 15)
    outage.all[0].line.cut = True
    return outage


def on_server(outage: Outage, name: str, **elements: Any) -> None:
    """Somebody else changes a record at the hospital."""
    current = outage.hospital.resource(name)
    assert current is not None
    assert outage.hospital.ask("PUT", name, {**current, **elements}).ok
    outage.pass_time()


def reconnect(outage: Outage) -> None:
    terminal = outage.all[0]
    terminal.line.cut = False
    for _ in range(3):
        outage.pass_time(400)
        terminal.sync()


@pytest.mark.fault
@pytest.mark.parametrize(
    "change",
    [
        {"status": "finished"},
        {"location": [{"location": {"reference": "Location/elsewhere"}, "status": "active"}]},
    ],
    ids=["discharged", "moved to another ward"],
)
def test_f15_work_on_a_patient_who_left_the_ward_arrives(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    outage = offline(tmp_path)
    outage.chart(outage.all[0], "anh")
    outage.edit(outage.all[0], "home phone", "anh")
    on_server(outage, "Encounter/stay-anh", **change)
    reconnect(outage)
    outage.check_once()
    assert all(saved.token in outage.told() for saved in outage.saved)
    assert outage.all[0].engine.status().unsent == 0
    outage.close()


@pytest.mark.fault
def test_f15_an_edit_of_a_deleted_patient_is_a_conflict_with_my_work_whole(
    tmp_path: Path,
) -> None:
    outage = offline(tmp_path)
    terminal = outage.all[0]
    outage.edit(terminal, "home phone", "anh")
    assert outage.hospital.ask("DELETE", "Patient/anh").ok
    reconnect(outage)
    (waiting,) = conflicts.waiting(terminal.desk)
    found = conflicts.detail(terminal.desk, waiting.id)
    assert found.reason == "deleted-there"
    shown = [line.mine for question in found.questions for line in question.lines]
    assert any(outage.saved[0].token in words for words in shown)
    outage.close()


@pytest.mark.fault
def test_f15_what_the_server_refuses_for_a_deleted_patient_is_parked_with_its_reason(
    tmp_path: Path,
) -> None:
    outage = offline(tmp_path, Behaviour(referential_integrity=422))
    terminal = outage.all[0]
    outage.chart(terminal, "anh")
    outage.hospital.behaviour = Behaviour(referential_integrity=422)
    assert outage.hospital.ask("DELETE", "Patient/anh").ok
    reconnect(outage)
    assert len(parked(terminal)) == 1
    (stuck,) = sync_centre.read(terminal.desk).stuck
    assert stuck.words
    assert any(outage.saved[0].token in str(r) for r in terminal.resources().values())
    assert terminal.engine.status().unsent == 1
    outage.close()


@pytest.mark.fault
def test_f15_work_is_never_merged_onto_the_person_a_record_was_moved_to(tmp_path: Path) -> None:
    outage = offline(tmp_path)
    terminal = outage.all[0]
    outage.edit(terminal, "allergy remark", "anh")
    on_server(outage, "AllergyIntolerance/allergy-anh", patient={"reference": "Patient/binh"})
    reconnect(outage)
    (waiting,) = conflicts.waiting(terminal.desk)
    assert conflicts.detail(terminal.desk, waiting.id).reason == "other-subject"
    current = outage.hospital.resource("AllergyIntolerance/allergy-anh")
    assert current is not None
    assert "note" not in current
    assert outage.saved[0].token in outage.told()
    outage.close()


@pytest.mark.fault
def test_f15_a_record_merged_into_another_keeps_both(tmp_path: Path) -> None:
    outage = offline(tmp_path)
    terminal = outage.all[0]
    outage.edit(terminal, "home phone", "anh")
    link = {"other": {"reference": "Patient/binh"}, "type": "replaced-by"}
    on_server(outage, "Patient/anh", active=False, link=[link])
    reconnect(outage)
    current = outage.hospital.resource("Patient/anh")
    assert current is not None
    assert current["link"] == [link]
    assert outage.saved[0].token in str(current["telecom"])
    outage.close()
