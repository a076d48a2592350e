"""The hospital's database: searches use their indexes, the SQL suits PostgreSQL too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, insert
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.schema import CreateTable

from hospital.search.query import read_query
from hospital.service import Hospital
from hospital.store.query import counting, matching
from hospital.store.tables import history, metadata, token
from hospital.store.view import _CURRENT
from hospital.wire import Request
from tests.contract.fhir_server.people import patient, pulse, stay
from workstation.fhir.json import dump_bytes, parse

PERSON = patient("an")


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[Hospital]:
    made = Hospital(f"sqlite:///{tmp_path / 'hospital.db'}", demo=True)
    for each in (PERSON, {**pulse(PERSON), "id": "pulse"}, stay(PERSON, "bed-1")):
        path = f"/fhir/{each['resourceType']}/{each['id']}"
        assert made.handle(Request("PUT", path, "", {}, dump_bytes(each))).status == 201
    yield made
    made.close()


def ask(hospital: Hospital, path: str) -> dict[str, Any]:
    address, _, query = path.partition("?")
    response = hospital.handle(Request("GET", f"/fhir/{address}", query))
    assert response.status == 200
    return parse(response.body)


@pytest.mark.parametrize(
    "path",
    [
        "Patient/an",
        "Patient?name=dang",
        "Patient?identifier=x|1",
        "Observation?patient=an",
        "Observation?patient=an&code=8867-4&date=ge2026-11-01&_sort=-date&_count=20",
        "Observation?patient=an&_lastUpdated=ge2026-01-01&_sort=_lastUpdated",
        "Observation?_lastUpdated=ge2026-01-01&_sort=_lastUpdated",
        "Observation?patient=an&_include=Observation:patient&_summary=count",
        "Encounter?location=bed-1&status=in-progress&_include=Encounter:patient",
        "Encounter?location=bed-1&_revinclude=Observation:encounter",
        "Patient/an/$everything",
        "Patient/an/Observation",
        "Patient/an/_history",
        "Observation/_history?_since=2026-01-01T00:00:00Z",
        "_history?_since=2026-01-01T00:00:00Z",
    ],
)
def test_no_request_of_the_ward_walks_through_a_table(hospital: Hospital, path: str):
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    event.listen(hospital.database.engine, "before_cursor_execute", note)
    ask(hospital, path)
    event.remove(hospital.database.engine, "before_cursor_execute", note)
    for statement, values in asked:
        if statement.startswith("SELECT") and "FROM counter" not in statement:
            with hospital.database.look() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[3] for row in plan]
            walks = [step for step in steps if step.startswith("SCAN") and step != "SCAN page"]
            assert not walks, (statement, steps)
            if "patient=" in path and "IN (SELECT" in statement:
                assert not [step for step in steps if "resource_by_change" in step], steps


def test_the_index_is_made_anew(hospital: Hospital):
    before = ask(hospital, "Observation?patient=an&code=8867-4&date=2026-11-20")["total"]
    with hospital.database.accounts() as connection:
        connection.execute(delete(token))
    assert ask(hospital, "Observation?code=8867-4")["total"] == 0
    assert hospital.database.reindex() == 3
    assert ask(hospital, "Observation?patient=an&code=8867-4&date=2026-11-20")["total"] == before
    assert before == 1


def test_the_sql_is_postgresqls_too():
    dialect = PGDialect_psycopg()
    for table in metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect))
        assert "WITHOUT ROWID" not in made
        assert "AUTOINCREMENT" not in made.upper()
        assert "RETURNING" not in str(insert(table).compile(dialect=dialect))
    assert 'COLLATE "C"' in str(CreateTable(history).compile(dialect=dialect))
    pairs = [("patient", "an"), ("date", "ge2026"), ("status:not", "final"), ("_sort", "-date")]
    criteria = read_query("Observation", pairs, base="http://hospital.test/fhir")
    for statement in (matching(_CURRENT, criteria), counting(criteria)):
        assert "EXISTS" in str(statement.compile(dialect=dialect))
