"""The hospital's command line does what its help says."""

from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hospital.cli import main
from hospital.service import Hospital
from hospital.store.accounts import Accounts
from hospital.wire import Request
from workstation.fhir.json import dump_bytes, parse
from workstation.kernel import words


@pytest.fixture
def nowhere(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'hospital.db'}"


@pytest.fixture
def database(nowhere: str) -> str:
    Hospital(nowhere).close()
    return nowhere


def test_a_person_is_added_with_a_practitioner_and_can_log_in(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    person = ["person", "add", "--database", database, "--login", "hoa", "--role", "nurse"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main([*person, "--name", "Trần Thị Hoa"]) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO("135790\n"))
    assert main([*person, "--name", "Trần Thị Hoa"]) == 0
    assert "135790" not in "".join(capsys.readouterr())
    hospital = Hospital(database)
    body = dump_bytes({"login": "hoa", "password": "135790"})
    given = parse(hospital.handle(Request("POST", "/auth/login", "", {}, body)).body)
    headers = {"authorization": f"Bearer {given['access_token']}"}
    read = hospital.handle(Request("GET", f"/fhir/{given['practitioner']}", "", headers))
    assert parse(read.body)["name"] == [{"text": "Trần Thị Hoa"}]
    hospital.close()


def test_a_device_is_registered_and_barred(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words.use("en")
    key = ec.generate_private_key(ec.SECP384R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    jwks = tmp_path / "keys.json"
    jwks.write_text(json.dumps({"keys": [{**public, "kid": "k"}]}), "utf-8")
    device = ["--database", database, "--id", "t1"]
    add = ["device", "add", *device, "--name", "Khoa Nội", "--jwks", str(jwks)]
    assert main([*add, "--scope", "everything"]) == 2
    assert main(add) == 0
    hospital = Hospital(database)
    assert Accounts(hospital.database).device("t1") is not None
    assert main(["device", "remove", *device[:2], "--id", "nosuch"]) == 2
    assert "Nothing was removed" in capsys.readouterr().err
    assert Accounts(hospital.database).device("t1") is not None
    assert main(["device", "remove", *device]) == 0
    assert Accounts(hospital.database).device("t1") is None
    hospital.close()
    jwks.write_text("{}", "utf-8")
    assert main(add) == 2


@pytest.mark.parametrize(
    "command",
    [
        ["reindex"],
        ["backup", "copy.db"],
        ["device", "remove", "--id", "x"],
        ["device", "add", "--id", "x", "--name", "x", "--jwks", "keys.json"],
        ["person", "add", "--login", "x", "--name", "X", "--role", "nurse"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_database_that_is_not_there_is_not_made(
    command: list[str],
    nowhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("135790\n"))
    key = ec.generate_private_key(ec.SECP384R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    Path("keys.json").write_text(json.dumps({"keys": [{**public, "kid": "k"}]}), "utf-8")
    assert main(["--language", "en", *command, "--database", nowhere]) == 2
    said = capsys.readouterr().err
    assert "There is no hospital's database at" in said
    assert "[no-database]" in said
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]
    Path("hospital.db").touch()  # a file, but no database of ours
    monkeypatch.setattr("sys.stdin", io.StringIO("135790\n"))
    assert main([*command, "--database", nowhere]) == 2
    assert "[no-database]" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_reads_the_database_and_its_copies(database: str, tmp_path: Path):
    assert main(["backup", "--database", database, str(tmp_path / "copy.db")]) == 0
    files = list(tmp_path.iterdir())
    assert len(files) >= 2
    assert {file.name: file.stat().st_mode & 0o777 for file in files} == dict.fromkeys(
        (file.name for file in files), 0o600
    )


def test_records_are_loaded_and_backed_up(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source = tmp_path / "a.ndjson"
    source.write_text('{"resourceType":"Patient","id":"an"}\n', "utf-8")
    assert main(["load", "--database", database, str(source)]) == 0
    assert "stored 1" in capsys.readouterr().out
    copy = tmp_path / "copy.db"
    assert main(["backup", "--database", database, str(copy)]) == 0
    assert main(["backup", "--database", database, str(copy)]) == 2
    saved = Hospital(f"sqlite:///{copy}", demo=True)
    original = Hospital(database, demo=True)
    assert saved.handle(Request("GET", "/fhir/Patient/an")).status == 200
    assert saved.database.epoch == original.database.epoch
    saved.close()
    original.close()
    source.write_text("no json", "utf-8")
    assert main(["load", "--database", database, str(source)]) == 2


def test_it_does_not_serve_the_network_in_the_clear(
    database: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["serve", "--database", database, "--host", "0.0.0.0", "--port", "0"]) == 2
    assert "--tls-certificate" in capsys.readouterr().err


def test_a_database_of_a_newer_program_is_left_alone(database: str):
    hospital = Hospital(database)
    with hospital.database.accounts() as connection:
        connection.exec_driver_sql("UPDATE fact SET value = '99' WHERE name = 'schema'")
    hospital.close()
    assert main(["device", "remove", "--database", database, "--id", "x"]) == 2


@pytest.mark.parametrize(
    ("content", "vietnamese", "english"),
    [
        (b"Xin chao", "không phải JSON", "not even JSON"),
        (b"[1, 2]", "không phải JSON", "not even JSON"),
        (b'{"name": "An"}', "thiếu resourceType", "no resourceType"),
        (None, "Không có tệp này", "no such file"),
    ],
)
def test_what_is_not_fhir_is_refused_in_words_of_both_languages(
    tmp_path: Path,
    database: str,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    vietnamese: str,
    english: str,
):
    file = tmp_path / "theirs.json"
    if content is not None:
        file.write_bytes(content)
    before = words.language()
    try:
        for language, said in (("vi", vietnamese), ("en", english)):
            arguments = ["--language", language, "load", str(file), "--database", database]
            assert main(arguments) == 2
            told = capsys.readouterr().err
            assert said in told
            assert "theirs.json" in told
            assert "[not-fhir]" in told
    finally:
        words.use(before)


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_told_at_once(
    port: str, nowhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--database", nowhere, f"--port={port}"])
    assert ended.value.code == 2
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def english() -> Iterator[None]:
    before = words.language()
    words.use("en")
    yield
    words.use(before)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    "command",
    [
        ["device", "add", "--id", "t1", "--name", "x", "--jwks"],
        ["serve", "--port", "0", "--tls-certificate"],
        ["backup"],
        ["demo", "--patients", "1", "--ndjson"],
    ],
)
def test_a_file_that_is_not_there_is_named(
    command: list[str], database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    missing = str(tmp_path / "stick" / "file")
    assert main([*command, missing, "--database", database]) == 2
    told = capsys.readouterr()
    assert told.err == f"{missing}: there is no such file or folder.\n"
    assert "listening" not in told.out


@pytest.mark.usefixtures("english")
def test_a_certificate_that_is_none_is_named_before_it_listens(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "own.pem"
    file.write_text("no certificate", "utf-8")
    serve = ["serve", "--database", database, "--port", "0"]
    assert main([*serve, "--tls-certificate", str(file)]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"{file} is no certificate")
    assert told.out == ""


@pytest.mark.usefixtures("english")
def test_a_port_that_is_taken_is_named_and_nothing_is_made(
    nowhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert main(["serve", "--database", nowhere, "--port", port]) == 2
    assert f"Port {port} on 127.0.0.1 is taken" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_to_load_what_is_not_there_makes_no_database(nowhere: str, tmp_path: Path):
    assert main(["load", "--database", nowhere, str(tmp_path / "none.json")]) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("english")
def test_what_is_left_out_of_a_load_is_named(
    nowhere: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    source = tmp_path / "a.ndjson"
    lines = (
        '{"resourceType":"Patient","id":"an"}',
        '{"resourceType":"Unheard","id":"1"}',
        '{"resourceType":"Patient"}',
    )
    source.write_text("\n".join(lines), "utf-8")
    assert main(["load", "--database", nowhere, str(source)]) == 1
    told = capsys.readouterr()
    assert "stored 1, unusable 2" in told.out
    assert told.err.splitlines() == [
        "a.ndjson, line 2: Unheard/1: Left out: R4 knows no such type.",
        "a.ndjson, line 3: Patient/: Left out: it has no id that R4 allows.",
    ]
