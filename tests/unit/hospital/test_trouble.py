"""When its database is away, busy, full or read-only the server says 503, and then recovers."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from hospital.cli import main
from hospital.search.criteria import Criteria
from hospital.service import Hospital
from hospital.wire import Request, Response
from tests.contract.fhir_server.people import bundle, patient, pulse, put
from tests.kit.postgres import PostgresServer, name_of, running
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel.errors import Unavailable

PERSON = patient("an")


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.create()


@pytest.fixture
def hospital(url: str) -> Iterator[Hospital]:
    made = Hospital(url, demo=True)
    assert write(made).status == 201
    yield made
    made.close()


def write(hospital: Hospital) -> Response:
    return hospital.handle(Request("PUT", "/fhir/Patient/an", "", {}, dump_bytes(PERSON)))


def send(hospital: Hospital, count: int = 1) -> Response:
    """A batch, since one that fails must fail whole."""
    body = dump_bytes(bundle("batch", *(put(pulse(PERSON)) for _ in range(count))))
    return hospital.handle(Request("POST", "/fhir", "", {}, body))


def read(hospital: Hospital) -> Response:
    return hospital.handle(Request("GET", "/fhir/Observation", "patient=an&_summary=count"))


def assert_put_off(response: Response, code: str) -> None:
    assert response.status == 503
    assert int(response.headers["Retry-After"]) > 0
    outcome = parse(response.body)
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["code"] == code


def count(hospital: Hospital) -> int:
    return int(parse(read(hospital).body)["total"])


def test_the_database_is_restarted_and_the_server_goes_on() -> None:
    with running() as server:
        hospital = Hospital(server.create(), demo=True)
        assert write(hospital).status == 201
        assert send(hospital, 3).status == 200
        server.stop(signal.SIGQUIT)
        for response in (read(hospital), send(hospital), write(hospital)):
            assert_put_off(response, "no-store")
        assert hospital.handle(Request("GET", "/health")).status == 503
        server.start()
        assert hospital.handle(Request("GET", "/health")).status == 200
        assert count(hospital) == 3
        assert send(hospital).status == 200
        hospital.close()


def test_every_connection_is_cut_between_two_requests(
    hospital: Hospital, postgres: PostgresServer, url: str
) -> None:
    for _ in range(3):
        cut(postgres, url)
        assert send(hospital).status == 200
    assert count(hospital) == 3


@pytest.mark.parametrize("statement", ["COPY token", "UPDATE counter"])
def test_the_connection_is_cut_inside_a_unit_of_work(
    hospital: Hospital, postgres: PostgresServer, url: str, statement: str
) -> None:
    with postgres.connect(url) as aside:
        table = statement.split()[1]
        aside.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
        )
        when = "INSERT" if statement.startswith("COPY") else "UPDATE"
        aside.execute(
            f"CREATE TRIGGER cut BEFORE {when} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION cut()".encode()
        )
        assert_put_off(send(hospital, 2), "no-store")
        aside.execute(f"DROP TRIGGER cut ON {table}".encode())
    assert count(hospital) == 0
    assert send(hospital, 2).status == 200
    assert count(hospital) == 2


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("53100", "no-store"),
        ("40P01", "lock-error"),
        ("40001", "lock-error"),
        ("58030", "no-store"),
    ],
    ids=["disk full", "deadlock", "serialization", "input/output"],
)
def test_a_failure_that_waiting_mends(
    hospital: Hospital, postgres: PostgresServer, url: str, sqlstate: str, code: str
) -> None:
    with postgres.connect(url) as aside:
        aside.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$".encode()
        )
        aside.execute(
            "CREATE TRIGGER fail BEFORE INSERT ON link FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        assert_put_off(send(hospital, 2), code)
        aside.execute("DROP TRIGGER fail ON link")
    assert send(hospital, 2).status == 200
    assert count(hospital) == 2


def test_a_read_only_database_is_read_and_not_written(
    hospital: Hospital, postgres: PostgresServer, url: str
) -> None:
    name = name_of(url)
    with postgres.connect(url) as aside:
        aside.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'.encode())
    cut(postgres, url)
    assert_put_off(send(hospital), "no-store")
    assert count(hospital) == 0
    with postgres.connect(url) as aside:
        aside.execute("SET default_transaction_read_only = off")
        aside.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'.encode())
    cut(postgres, url)
    assert send(hospital).status == 200


def test_a_lock_that_is_held_too_long(
    hospital: Hospital, postgres: PostgresServer, url: str
) -> None:
    @event.listens_for(hospital.database.engine, "connect")
    def hurry(connection, _record) -> None:
        connection.execute("SET lock_timeout = '100ms'")
        connection.commit()

    cut(postgres, url)
    with postgres.connect(url) as aside, aside.transaction():
        aside.execute("SELECT * FROM counter FOR UPDATE")
        assert_put_off(send(hospital), "lock-error")
        assert count(hospital) == 0
    assert send(hospital).status == 200


def test_a_writer_that_stands_still_loses_its_turn(
    hospital: Hospital, postgres: PostgresServer, url: str
) -> None:
    @event.listens_for(hospital.database.engine, "connect")
    def hurry(connection, _record) -> None:
        connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
        connection.commit()

    cut(postgres, url)
    other = Hospital(url, demo=True)

    def stand_still() -> None:
        with hospital.database.write() as unit:
            assert send(other).status == 200, "it waits until the first has lost the lock"
            unit.put({**PERSON, "gender": "male"}, method="PUT")

    with pytest.raises(Unavailable, match="database-"):
        stand_still()
    assert send(hospital).status == 200
    assert count(other) == 2
    kept = parse(hospital.handle(Request("GET", "/fhir/Patient/an")).body)
    assert kept["meta"]["versionId"] == "1"
    other.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "database-url"),
        ("mariadb+pymysql://hospital@db/hospital", "database-driver"),
        ("postgresql+psycopg://hospital@127.0.0.1:1/hospital", "database-away"),
    ],
)
def test_a_database_that_is_not_there_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    assert main(["reindex", "--database", url]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_nobody_waits_for_ever_and_a_commit_is_on_the_disk(
    hospital: Hospital,
) -> None:
    with hospital.database.accounts() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in (
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "synchronous_commit",
                "transaction_isolation",
            )
        }
    assert found == {
        "lock_timeout": "30s",
        "idle_in_transaction_session_timeout": "1min",
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_look_sees_one_moment(kind: str, tmp_path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'hospital.db'}"
    if kind == "postgres":
        url = request.getfixturevalue("url")
    hospital = Hospital(url, demo=True)
    everyone = Criteria("Observation")
    with hospital.database.read() as view:
        assert view.count(everyone) == 0
        assert send(hospital, 2).status == 200
        assert view.count(everyone) == 0
        assert view.change() == (0, 0)
    with hospital.database.read() as view:
        assert view.count(everyone) == 2
    hospital.close()


def test_sqlite_that_is_full_or_read_only() -> None:
    hospital = Hospital("sqlite://", demo=True)
    with hospital.database.look() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    assert_put_off(send(hospital, 500), "no-store")
    assert count(hospital) == 0
    with hospital.database.look() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert_put_off(send(hospital), "no-store")
    with hospital.database.look() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    assert send(hospital).status == 200
    hospital.close()


def test_postgresql_is_told_how_much_a_first_load_has_brought(
    hospital: Hospital, postgres: PostgresServer, url: str
) -> None:
    """Else each batch of it takes longer than the last: it walks through what is there."""
    with postgres.connect(url) as aside:
        counted = "SELECT reltuples FROM pg_class WHERE relname = 'resource'"
        assert aside.execute(counted).fetchall() == [(-1,)], "not yet"
        for _ in range(6):
            assert send(hospital, 100).status == 200
        ((known,),) = aside.execute(counted).fetchall()
    assert known >= 512


def cut(postgres: PostgresServer, url: str) -> None:
    """End every session of the server."""
    with postgres.connect(url) as aside:
        aside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
