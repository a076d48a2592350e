from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.kit.records import admit, laboratory, sign
from tests.kit.store import KEY, NURSE, START, author, make_store, reopen
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged, Refused, Unavailable
from workstation.kernel.ids import PatientId
from workstation.store import (
    Store,
    audit,
    drafts,
    maintenance,
    numbers,
    purge,
    rescue,
    search,
    seen,
)
from workstation.store.copies import Lock, opened, put_aside, salt_of
from workstation.store.engine import FILE_NAME

LOCK = Lock(b"k" * 32, b"s" * 16)
OTHER = Lock(b"o" * 32, b"s" * 16)


def quiet(*_: object) -> None:
    return


def filled(folder: Path, *, count: int = 3) -> Store:
    """A store with a patient on the server, a dirty queue and a draft."""
    store = make_store(folder)
    person, stay = admit("p1", "Nguyễn", "Thị Đào", bed=None, ward=None)
    with store.write(NURSE) as unit:
        unit.create(person)
        unit.create(stay)
        for number in range(count):
            unit.create(sign(f"o{number}", "p1", "8867-4", "80", START))
        drafts.keep(unit, drafts.Draft("d1", "nurse-1", "p1", "nurse-note", "nửa câu", START))
    return store


def waiting(store: Store) -> list[str]:
    with store.read() as view:
        return sorted(view.connection.exec_driver_sql("SELECT id FROM pending").scalars())


def accept_everything(store: Store) -> None:
    """As if the server had said yes to all."""
    with store.write() as unit:
        run = unit.connection.exec_driver_sql
        run(
            "INSERT OR REPLACE INTO resource SELECT type, id, '1', 'now', body, 0, patient"
            " FROM pending"
        )
        run("UPDATE change SET answered_at = 1, answer_status = 201")
        run("DELETE FROM pending")


def test_a_backup_taken_while_in_use_restores_everything(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    size = maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    assert size == (tmp_path / "backup.db").stat().st_size
    assert salt_of(tmp_path / "backup.db") == LOCK.salt
    before = waiting(store)
    store.close()
    new_key = b"n" * 32
    done = maintenance.restore(
        tmp_path / "b", new_key, tmp_path / "backup.db", LOCK, clock=ManualClock(START)
    )
    assert (done.aside, done.bundle, done.imported) == (None, None, None)
    restored = reopen(tmp_path / "b", key=new_key)
    assert waiting(restored) == before
    with restored.read() as view:
        assert len(search.find(view, "dao")) == 1
        assert audit.broken_at(view) is None
        assert [entry.action for entry in audit.entries(view)] == ["restore"]
    restored.close()


def test_a_backup_does_not_open_with_another_key(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    store.close()
    with pytest.raises(Damaged, match="wrong-passphrase"):
        maintenance.restore(
            tmp_path / "b", KEY, tmp_path / "backup.db", OTHER, clock=ManualClock(START)
        )
    assert not (tmp_path / "b" / FILE_NAME).exists()


def test_a_backup_is_never_written_over_a_file(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    (tmp_path / "backup.db").write_text("precious")
    with pytest.raises(Refused, match="file-exists"):
        maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    assert (tmp_path / "backup.db").read_text() == "precious"
    store.close()


def test_restoring_over_unsent_changes_is_refused(tmp_path: Path) -> None:
    store = filled(tmp_path)
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    store.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(Refused, match="unsent-changes") as caught:
        maintenance.restore(tmp_path, KEY, tmp_path / "backup.db", LOCK, clock=ManualClock(START))
    assert caught.value.data == {"unsent": 5, "drafts": 1}
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_restoring_with_a_bundle_keeps_what_was_unsent(tmp_path: Path) -> None:
    store = filled(tmp_path)
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    with store.write(NURSE) as unit:
        unit.create(sign("later", "p1", "8867-4", "99", START))
        seen = unit.get("Patient", "p1")
        assert seen is not None
        unit.update({**seen.resource(), "gender": "male"}, seen=seen)
    store.close()
    done = maintenance.restore(
        tmp_path,
        KEY,
        tmp_path / "backup.db",
        LOCK,
        clock=ManualClock(START),
        bundle=tmp_path / "rescue.db",
    )
    assert done.imported is not None
    assert done.imported.left == []
    assert done.aside is not None
    assert (done.aside / FILE_NAME).exists()
    restored = reopen(tmp_path)
    assert "later" in waiting(restored)
    with restored.read() as view:
        found = view.get("Patient", "p1")
        assert found is not None
        assert found.resource()["gender"] == "male"
    restored.close()


def test_restoring_a_store_in_use_is_refused(tmp_path: Path) -> None:
    store = filled(tmp_path)
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    with pytest.raises(Unavailable, match="store-busy"):
        maintenance.restore(tmp_path, KEY, tmp_path / "backup.db", LOCK, clock=ManualClock(START))
    assert waiting(store)
    store.close()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer-store"),
        ("DROP TABLE alembic_version", "not-a-store"),
        ("DELETE FROM meta", "not-a-store"),
    ],
)
def test_a_backup_that_would_not_open_replaces_nothing(
    tmp_path: Path, statement: str, code: str
) -> None:
    folder, copy = tmp_path / "store", tmp_path / "copy.db"
    store = filled(folder)
    maintenance.backup(store, KEY, copy, LOCK)
    store.close()
    with opened(copy, LOCK) as raw:
        raw.execute(statement)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    for _ in range(2):  # and what the first try left behind is not in the way of the second
        with pytest.raises(Damaged) as caught:
            maintenance.restore(
                folder, KEY, copy, LOCK, clock=ManualClock(START), bundle=tmp_path / "unsent"
            )
        assert caught.value.code == code
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
        assert not (tmp_path / "unsent").exists()


def test_a_restore_whose_bundle_is_in_the_way_can_be_tried_again(tmp_path: Path) -> None:
    folder, copy, there = tmp_path / "store", tmp_path / "copy.db", tmp_path / "there"
    store = filled(folder)
    maintenance.backup(store, KEY, copy, LOCK)
    store.close()
    there.write_text("something else")
    clock = ManualClock(START)
    with pytest.raises(Refused, match="file-exists"):
        maintenance.restore(folder, KEY, copy, LOCK, clock=clock, bundle=there)
    assert there.read_text() == "something else"
    maintenance.restore(folder, KEY, copy, LOCK, clock=clock, bundle=tmp_path / "unsent")


def test_a_restore_gives_up_leased_numbers(tmp_path: Path) -> None:
    store = make_store(tmp_path / "a")
    with store.write() as unit:
        numbers.add(unit, numbers.Block("b1", "record", "BA", 1, 10), START)
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    with store.write() as unit:
        assert numbers.take(unit, "record") == "BA00000001"
    store.close()
    maintenance.restore(tmp_path / "b", KEY, tmp_path / "backup.db", LOCK, clock=ManualClock(START))
    restored = reopen(tmp_path / "b")
    with pytest.raises(Refused, match="no-numbers-left"), restored.write() as unit:
        numbers.take(unit, "record")
    restored.close()


def test_a_bundle_is_taken_in_twice_without_harm(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    found = maintenance.export_bundle(tmp_path / "a", KEY, tmp_path / "rescue.db", LOCK)
    assert (found.resources, found.changes, found.drafts) == (5, 5, 1)
    store.close()
    other = make_store(tmp_path / "b")
    first = maintenance.import_bundle(other, tmp_path / "rescue.db", LOCK)
    again = maintenance.import_bundle(other, tmp_path / "rescue.db", LOCK)
    assert (len(first.taken), first.drafts) == (5, 1)
    assert (again.taken, len(again.known), again.left, again.drafts) == ([], 5, [], 0)
    assert waiting(other) == ["o0", "o1", "o2", "p1", "stay-p1"]
    with other.read() as view:
        assert len(search.find(view, "dao")) == 1
        rows = view.connection.exec_driver_sql("SELECT author, device FROM change").all()
        assert {tuple(row) for row in rows} == {(NURSE.person, "terminal-1")}
    other.close()


def test_a_bundle_does_not_overwrite_somebody_elses_unsent_change(tmp_path: Path) -> None:
    store = filled(tmp_path / "a")
    maintenance.export_bundle(tmp_path / "a", KEY, tmp_path / "rescue.db", LOCK)
    store.close()
    other = make_store(tmp_path / "b")
    with other.write(author(2)) as unit:
        unit.create({"resourceType": "Patient", "id": "p1", "gender": "other"})
    imported = maintenance.import_bundle(other, tmp_path / "rescue.db", LOCK)
    assert imported.left == ["Patient/p1"]
    with other.read() as view:
        kept = view.get("Patient", "p1")
        assert kept is not None
        assert kept.resource()["gender"] == "other"
    other.close()


def test_a_bundle_does_not_repeat_what_the_server_has(tmp_path: Path) -> None:
    store = filled(tmp_path)
    maintenance.export_bundle(tmp_path, KEY, tmp_path / "rescue.db", LOCK)
    accept_everything(store)
    imported = maintenance.import_bundle(store, tmp_path / "rescue.db", LOCK)
    assert (imported.taken, imported.left) == ([], [])
    assert waiting(store) == []
    store.close()


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    store = filled(tmp_path)
    maintenance.backup(store, KEY, tmp_path / "backup.db", LOCK)
    (tmp_path / "text").write_text("not encrypted, and long enough to have a salt")
    with pytest.raises(Damaged, match="wrong-passphrase"):
        maintenance.import_bundle(store, tmp_path / "text", LOCK)
    with pytest.raises(Damaged, match="no-such-file"):
        maintenance.import_bundle(store, tmp_path / "missing", LOCK)
    store.close()


def test_a_sound_store_is_said_to_be_sound(tmp_path: Path) -> None:
    store = filled(tmp_path)
    health = maintenance.check(tmp_path, KEY)
    assert health.sound
    assert health.unsent == rescue.Unsent(5, 5, 1)
    store.close()


def flip(file: Path, page: int) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * (page - 1) + 200] ^= 1
    file.write_bytes(content)


def page_of(folder: Path, table: str) -> int:
    """A leaf page of a table."""
    store = reopen(folder)
    with store.read() as view:
        root = view.connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).scalar_one()
    store.close()
    return int(root)


def damaged(folder: Path, table: str, *, count: int = 3) -> None:
    filled(folder, count=count).close()
    flip(folder / FILE_NAME, page_of(folder, table))


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    damaged(tmp_path, "pending")
    health = maintenance.check(tmp_path, KEY)
    assert not health.sound
    assert (len(health.pages), health.problem) == (1, "damaged-page")
    store = reopen(tmp_path)
    with pytest.raises(Damaged, match="damaged-page") as caught, store.read() as view:
        view.find("Observation")
    assert caught.value.data["page"] == health.pages[0]
    with store.read() as view:
        assert list(audit.entries(view)) == []
    store.close()


def test_a_damaged_first_page_is_not_taken_for_a_wrong_key(tmp_path: Path) -> None:
    filled(tmp_path).close()
    flip(tmp_path / FILE_NAME, 1)
    with pytest.raises(Damaged, match="damaged-page") as caught:
        reopen(tmp_path)
    assert caught.value.data["page"] == 1
    with pytest.raises(Damaged, match="wrong-key"):
        reopen(tmp_path, key=b"x" * 32)


@pytest.mark.parametrize("table", ["pending", "change", "observation_index", "draft"])
def test_a_damaged_store_is_read_out_and_put_aside(tmp_path: Path, table: str) -> None:
    damaged(tmp_path, table)
    whole = (tmp_path / FILE_NAME).read_bytes()
    found = maintenance.rebuild(tmp_path, KEY, START, quiet)
    assert (found.aside / FILE_NAME).read_bytes() == whole
    assert len(found.pages) == 1
    store = reopen(tmp_path)
    assert maintenance.check(tmp_path, KEY).sound
    assert waiting(store) == ["o0", "o1", "o2", "p1", "stay-p1"]
    assert found.from_journal == (5 if table == "pending" else 0)
    with store.read() as view:
        assert len(search.find(view, "dao")) == 1
    store.close()


def test_a_broken_page_in_a_large_table_takes_only_its_own_rows_along(tmp_path: Path) -> None:
    filled(tmp_path, count=400).close()
    flip(tmp_path / FILE_NAME, (tmp_path / FILE_NAME).stat().st_size // 4096 // 3)
    found = maintenance.rebuild(tmp_path, KEY, START, quiet)
    store = reopen(tmp_path)
    assert len(waiting(store)) >= 402 - 40
    assert found.rows["change"] >= 402 - 40
    store.close()


def test_a_store_without_a_readable_list_of_tables_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path).close()
    flip(tmp_path / FILE_NAME, 1)
    whole = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(Damaged, match="beyond-salvage"):
        maintenance.rebuild(tmp_path, KEY, START, quiet)
    assert (tmp_path / FILE_NAME).read_bytes() == whole
    with pytest.raises(Damaged, match="wrong-key"):
        maintenance.rebuild(tmp_path, b"x" * 32, START, quiet)


def test_files_put_aside_never_meet_those_put_aside_before(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        (tmp_path / FILE_NAME).write_text("x")
        names.add(put_aside(tmp_path, datetime(2026, 1, 1, tzinfo=UTC), "damaged"))
    assert len(names) == 3
    assert all((name / FILE_NAME).exists() for name in names)


def test_reindexing_restores_a_spoilt_index(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with store.write() as unit:
        unit.create(laboratory("l1", "p1", "2823-3", "4.1", START))
        tables = ("patient_index", "record_index", "observation_index", "encounter_index")
        rows = {t: unit.connection.exec_driver_sql(f"SELECT * FROM {t}").all() for t in tables}
    with store.write() as unit:
        rows = {t: unit.connection.exec_driver_sql(f"SELECT * FROM {t}").all() for t in tables}
        for table in tables:
            unit.connection.exec_driver_sql(f"DELETE FROM {table}")
    told: list[tuple[int, int]] = []
    assert maintenance.reindex(store, lambda done, total: told.append((done, total))) == 6
    assert told[-1] == (6, 6)
    with store.read() as view:
        for table in tables:
            found = view.connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert sorted(map(repr, found)) == sorted(map(repr, rows[table]))
        assert len(search.find(view, "dao nguyen")) == 1
    store.close()


def left_at(store: Store, moment: datetime) -> None:
    with store.write() as unit:
        unit.connection.exec_driver_sql(
            "INSERT INTO scope_member VALUES ('p1', 'ward-1', 0, ?)",
            (int(moment.timestamp() * 1000),),
        )


def test_who_left_a_day_ago_is_purged_when_nothing_is_unsent(tmp_path: Path) -> None:
    store = filled(tmp_path)
    accept_everything(store)
    left_at(store, START - timedelta(hours=24))
    with store.write() as unit:
        assert purge.expired(unit, START - timedelta(seconds=1)) == ()
        assert purge.expired(unit, START) == ("p1",)
        unit.connection.exec_driver_sql("DELETE FROM draft")
        seen.mark(unit, "nurse-1", PatientId("p1"), "chart", START)
        seen.note_arrivals(unit, [("p1", {"resourceType": "DiagnosticReport", "id": "r1"})])
        assert purge.purge(unit, PatientId("p1")).patients == {"p1"}
        seen.mark(unit, "nurse-1", PatientId("p1"), "chart", START)  # a chart was still open
    with store.read() as view:
        for table in (
            *("resource", "change", "scope_member", "record_index", "observation_index"),
            *("seen", "arrival"),
        ):
            count = view.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            assert count == 0, table
        assert search.find(view, "dao") == ()
    store.close()


@pytest.mark.parametrize("left_over", ["pending", "change", "draft"])
def test_a_purge_refuses_what_is_unsent(tmp_path: Path, left_over: str) -> None:
    store = filled(tmp_path)
    if left_over != "pending":
        accept_everything(store)
    with store.write() as unit:
        run = unit.connection.exec_driver_sql
        if left_over != "draft":
            run("DELETE FROM draft")
        if left_over == "change":
            run("UPDATE change SET answered_at = NULL WHERE id = 'o1'")
    with pytest.raises(Refused, match="unsent-changes"), store.write() as unit:
        purge.purge(unit, PatientId("p1"))
    with store.read() as view:
        assert view.get("Patient", "p1") is not None
    store.close()


def test_the_audit_chain_shows_every_kind_of_tampering(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with store.write() as unit:
        for number in range(5):
            audit.write(unit, START, store.device, "open-chart", reference=f"Patient/p{number}")
    with store.read() as view:
        assert audit.broken_at(view) is None
    for damage, place in (
        ("UPDATE audit SET reference = 'Patient/other' WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 4),
        ("DELETE FROM audit WHERE seq = 5", 5),
    ):
        assert broken_after(store, damage) == place
    store.close()


def broken_after(store: Store, damage: str) -> int | None:
    """Where the chain is broken after somebody wrote past the triggers; then it is undone."""
    found: list[int | None] = []
    with suppress(InterruptedError), store.write() as unit:
        for trigger in ("audit_is_append_only", "audit_is_kept"):
            unit.connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        unit.connection.exec_driver_sql(damage)
        found.append(audit.broken_at(unit))
        raise InterruptedError
    return found[0]
