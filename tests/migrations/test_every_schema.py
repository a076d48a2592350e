"""A store of each earlier schema is opened by this program, with everything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from tests.kit.earlier_store import BODY, CREATED, NEWER, store_of
from tests.kit.store import KEY, make_store, reopen
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import PatientId
from workstation.store import chart, engine, schema, search

EARLIER = schema.REVISIONS[:-1]


@pytest.mark.parametrize("revision", EARLIER)
def test_an_earlier_store_is_upgraded_with_everything_in_it(tmp_path: Path, revision: str) -> None:
    store_of(tmp_path, revision)
    store = reopen(tmp_path)
    with store.read() as view:
        found = view.get("Patient", "p1")
        assert found is not None
        assert (found.body, found.version, found.pending) == (NEWER, "7", True)
        copy = view.server_copy("Patient", "p1")
        assert copy is not None
        assert copy.body == BODY
        parked = view.get("Observation", "o1")
        assert parked is not None
        assert parked.parked
        rows = view.connection.exec_driver_sql("SELECT seq, body, patient FROM change").all()
        assert [tuple(row) for row in rows] == [(1, NEWER, "p1"), (2, CREATED, "p1")]
        drafts = view.connection.exec_driver_sql("SELECT body FROM draft").scalars()
        assert list(drafts) == ['{"text":"nửa câu"}']
        assert [each.identity.patient for each in search.find(view, "do lan")] == ["p1"]
        banner = chart.banner(view, PatientId("p1"))
        assert banner is not None
        assert (banner.waiting.unsent, banner.waiting.parked) == (2, 1)
        assert schema.revision(view.connection) == schema.HEAD
    store.close()


@pytest.mark.parametrize("revision", EARLIER)
def test_a_copy_of_the_earlier_store_stays(tmp_path: Path, revision: str) -> None:
    store_of(tmp_path, revision)
    reopen(tmp_path).close()
    copy = tmp_path / f"before-upgrade-{revision}.db"
    again = engine.open_engine(copy, KEY)
    with engine.transaction(again, writes=False) as connection:
        assert schema.revision(connection) == revision
        assert connection.exec_driver_sql("SELECT count(*) FROM pending").scalar() == 2
    again.dispose()


def _schema(folder: Path) -> dict[str, str]:
    opened = engine.open_engine(folder / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=False) as connection:
        rows = connection.exec_driver_sql(
            "SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).all()
    opened.dispose()
    return {row[0]: re.sub(r"[\s\"]+|(?<=[(),])", "", row[1]).lower() for row in rows}


def test_the_steps_lead_to_the_schema_of_a_new_store(tmp_path: Path) -> None:
    new, stepped = tmp_path / "new", tmp_path / "stepped"
    make_store(new).close()
    store_of(stepped, schema.HEAD)
    assert _schema(stepped) == _schema(new)


def test_the_revisions_are_those_of_the_steps() -> None:
    steps = ScriptDirectory(str(schema.MIGRATIONS))
    assert tuple(each.revision for each in steps.walk_revisions())[::-1] == schema.REVISIONS


def test_a_newer_store_is_refused_and_untouched(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    opened = engine.open_engine(tmp_path / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    opened.dispose()
    before = (tmp_path / engine.FILE_NAME).read_bytes()
    with pytest.raises(Damaged, match="newer-store"):
        reopen(tmp_path)
    assert (tmp_path / engine.FILE_NAME).read_bytes() == before


def test_a_step_that_loses_what_is_unsent_is_undone(tmp_path: Path) -> None:
    store_of(tmp_path, EARLIER[0])
    opened = engine.open_engine(tmp_path / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=True) as connection:
        # A broken file does what a broken step would: rows vanish as soon as the step writes.
        connection.exec_driver_sql(
            "CREATE TRIGGER bad AFTER UPDATE ON change BEGIN DELETE FROM pending; END"
        )
    opened.dispose()
    with pytest.raises(Damaged, match="upgrade-lost-changes"):
        reopen(tmp_path)
    opened = engine.open_engine(tmp_path / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=False) as connection:
        assert schema.revision(connection) == EARLIER[0]
        assert connection.exec_driver_sql("SELECT count(*) FROM pending").scalar() == 2
    opened.dispose()


def test_a_readable_file_that_is_no_store_is_said_to_be_none(tmp_path: Path) -> None:
    opened = engine.open_engine(tmp_path / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=True) as connection:
        connection.exec_driver_sql("CREATE TABLE something_else (a)")
    opened.dispose()
    with pytest.raises(Damaged, match="not-a-store"):
        reopen(tmp_path)
