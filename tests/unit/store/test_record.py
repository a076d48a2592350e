from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.store import NURSE, make_store, reopen
from workstation.kernel.errors import Damaged, Refused
from workstation.store import Store, forbid_thread, permit_thread


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def patient(**more: object) -> dict[str, object]:
    return {"resourceType": "Patient", "id": "p1", "birthDate": "1980-01-02", **more}


def test_a_save_is_in_pending_journal_and_index(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient(name=[{"family": "Nguyễn", "given": ["Văn", "An"]}]))
        assert unit.changes.references == {"Patient/p1"}
        assert unit.changes.patients == {"p1"}
    with store.read() as view:
        found = view.get("Patient", "p1")
        assert found is not None
        assert found.pending
        assert found.version is None
        rows = view.connection.exec_driver_sql("SELECT author, operation, hlc FROM change").all()
        assert [(row[0], row[1]) for row in rows] == [(NURSE.person, "create")]
        named = view.connection.exec_driver_sql("SELECT folded FROM patient_index").scalars()
        assert list(named) == ["nguyen van an"]


def several(*ids: str) -> list[dict[str, object]]:
    return [{"resourceType": "Patient", "id": each} for each in ids]


def test_several_new_ones_are_journalled_and_pending_each_for_itself(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient())
        unit.create(*several("p2", "p3", "p4"))
        unit.create()
    with store.read() as view:
        run = view.connection.exec_driver_sql
        journal = run("SELECT seq, id, body, hlc FROM change ORDER BY seq").all()
        waiting = run("SELECT first_seq, id, body FROM pending ORDER BY last_seq").all()
        named = run("SELECT id FROM patient_index ORDER BY id").scalars()
        assert [row[:3] for row in journal] == [tuple(row) for row in waiting]
        assert [row[1] for row in journal] == ["p1", "p2", "p3", "p4"]
        assert len({row[3] for row in journal}) == 4
        assert list(named) == ["p1", "p2", "p3", "p4"]


@pytest.mark.parametrize("ids", [("p2", "p1", "p3"), ("p2", "p3", "p2")])
def test_of_several_of_which_one_is_known_none_is_saved(store: Store, ids: tuple[str, ...]) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient())
        with pytest.raises(Refused) as refusal:
            unit.create(*several(*ids))
    assert refusal.value.code == "already-exists"
    assert refusal.value.data["reference"] in ("Patient/p1", "Patient/p2")
    with store.read() as view:
        rows = view.connection.exec_driver_sql("SELECT id FROM change").scalars()
        assert list(rows) == ["p1"]


def test_an_exception_leaves_nothing(store: Store) -> None:
    def fails() -> None:
        with store.write(NURSE) as unit:
            unit.create(patient())
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with store.read() as view:
        assert view.get("Patient", "p1") is None
        assert view.connection.exec_driver_sql("SELECT count(*) FROM change").scalar() == 0


def test_updates_merge_into_one_pending_row(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient())
    for year in ("1981-01-02", "1982-01-02"):
        with store.write(NURSE) as unit:
            seen = unit.get("Patient", "p1")
            assert seen is not None
            unit.update({**seen.resource(), "birthDate": year}, seen=seen)
    with store.read() as view:
        row = view.connection.exec_driver_sql(
            "SELECT operation, first_seq, last_seq FROM pending"
        ).one()
        assert tuple(row) == ("create", 1, 3)


def test_a_stale_edit_is_refused(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient())
        seen = unit.get("Patient", "p1")
    assert seen is not None
    with store.write(NURSE) as unit:
        unit.update(patient(gender="male"), seen=seen)
    with pytest.raises(Refused, match="stale-edit"), store.write(NURSE) as unit:
        unit.update(patient(gender="female"), seen=seen)


def test_a_deleted_resource_is_not_found_but_known(store: Store) -> None:
    with store.write(NURSE) as unit:
        unit.create(patient())
        seen = unit.get("Patient", "p1")
        assert seen is not None
        unit.delete("Patient", "p1", seen=seen)
    with store.read() as view:
        assert view.find("Patient") == []
        gone = view.get("Patient", "p1")
        assert gone is not None
        assert gone.deleted


def test_a_store_is_never_created_over(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    before = (tmp_path / "ward.db").read_bytes()
    with pytest.raises(Refused, match="store-exists"):
        make_store(tmp_path)
    assert (tmp_path / "ward.db").read_bytes() == before


def test_what_was_saved_is_there_after_reopening(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write(NURSE) as unit:
        unit.create(patient())
    stamp = store.hybrid.stamp()
    store.close()
    store = reopen(tmp_path)
    with store.read() as view:
        assert view.get("Patient", "p1") is not None
    assert store.device == "terminal-1"
    assert store.hybrid.stamp() >= stamp
    store.close()


def test_wrong_key_and_no_store_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="record-missing"):
        reopen(tmp_path)
    make_store(tmp_path).close()
    with pytest.raises(Damaged, match="wrong-key"):
        reopen(tmp_path, key=b"x" * 32)


def test_sql_on_the_windows_thread_raises(store: Store) -> None:
    forbid_thread()
    try:
        with pytest.raises(RuntimeError, match="window"), store.read():
            pass
    finally:
        permit_thread()
    with store.read() as view:
        assert view.find("Patient") == []
