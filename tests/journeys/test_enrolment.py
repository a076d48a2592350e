"""A terminal comes to belong to a hospital that asks who comes, is barred, and comes back."""

from __future__ import annotations

import ipaddress
import json
import shlex
from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hospital.auth.people import hashed
from hospital.cli import main as hospital_command
from hospital.store.accounts import Accounts, Person
from hospital.store.database import Database
from tests.kit.hospital_process import HospitalProcess
from tests.kit.ward import WARD, patient, places, stay
from tests.kit.ward_terminal import pulse
from workstation.enrol_commands import EnrolCommand
from workstation.kernel import settings as table
from workstation.kernel import words
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Refused, Unavailable
from workstation.kernel.settings import Settings
from workstation.services.desk import Desk
from workstation.terminal import WardTerminal
from workstation.ui.shell.terminal import NewPerson, SetUp, Voucher, WardChoice

pytestmark = pytest.mark.journey

PIN = "739184"
FIRST = SetUp("", "", "", "Vũ Thị Lan Anh", "head-nurse", PIN)


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HospitalProcess]:
    """A server that lets nobody in unknown, with a ward of two patients."""
    folder = tmp_path_factory.mktemp("hospital")
    process = HospitalProcess(folder, demo=False)
    record = folder / "ward.ndjson"
    ward = [*places(2), patient(1), patient(2), stay(1), stay(2)]
    record.write_text("\n".join(json.dumps(each, default=str) for each in ward), "utf-8")
    assert hospital_command(["load", "--database", process.database, str(record)]) == 0
    with process:
        yield process


def enrolled(hospital: HospitalProcess, client: str, keys: Path) -> None:
    command = ["device", "add", "--database", hospital.database, "--id", client]
    assert hospital_command([*command, "--name", "Khoa Nội", "--jwks", str(keys)]) == 0


def barred(hospital: HospitalProcess, client: str) -> None:
    command = ["device", "remove", "--database", hospital.database, "--id", client]
    assert hospital_command(command) == 0


def set_up(folder: Path, server: str) -> tuple[WardTerminal, Desk]:
    settings = Settings(folder / "settings")
    terminal = WardTerminal(folder, settings, SystemClock())
    person = terminal.set_up(FIRST)
    settings.put(table.SERVER, server)
    return terminal, terminal.unlock(person, PIN)


def chart(desk: Desk, value: int) -> str:
    """A heart rate that somebody saves."""
    measured = pulse("patient-1", value=value)
    with desk.store.write(desk.author) as unit:
        unit.create(measured)
    return str(measured["id"])


def one_round(terminal: WardTerminal) -> str:
    """A round of sync now, in this thread."""
    assert terminal._engine is not None
    return terminal._engine.run_once().outcome


def test_enrolled_barred_and_enrolled_again(
    hospital: HospitalProcess, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal, desk = set_up(tmp_path / "terminal", hospital.base)
    told = []
    terminal.on_status = told.append
    first = terminal.enrolment()
    assert (first.admission, first.wards) == ("waiting", ())
    assert (told[-1].link, told[-1].unsent) == ("sign-in", 1)
    keys = tmp_path / "keys" / "device.jwks.json"
    keys.parent.mkdir()
    command = terminal.write_key_set(keys)
    assert f"--id {first.client}" in command
    enrolled(hospital, first.client, keys)
    assert first.thumbprint in capsys.readouterr().out

    second = terminal.enrolment()
    assert told[-1].link == "never", "let in, and no ward chosen yet"
    assert (second.admission, [ward.id for ward in second.wards]) == ("accepted", [WARD])
    assert second.thumbprint == first.thumbprint
    terminal.join(hospital.base, second.wards[0])
    terminal._engine.stop()
    assert one_round(terminal) == "complete"
    assert terminal.status().synced
    chart(desk, 81)

    barred(hospital, first.client)
    assert one_round(terminal) == "sign-in"
    assert (terminal.status().link, terminal.status().unsent) == ("sign-in", 1)
    late = chart(desk, 82)
    assert one_round(terminal) == "sign-in"
    assert terminal.status().unsent == 2
    with desk.store.read() as view:
        assert len(view.find("Observation")) == 2

    enrolled(hospital, first.client, keys)
    assert one_round(terminal) == "complete"
    assert terminal.status().unsent == 0
    with desk.store.read() as view:
        sent = view.server_copy("Observation", late)
    assert sent is not None
    assert sent.version
    terminal.close()


def test_no_file_of_the_terminal_holds_the_private_key(
    hospital: HospitalProcess, tmp_path: Path
) -> None:
    terminal, desk = set_up(tmp_path, hospital.base)
    terminal.write_key_set(tmp_path / "device.jwks.json")
    terminal.enrolment()
    with desk.store.read() as view:
        secret = view.connection.exec_driver_sql(
            "SELECT value FROM meta WHERE key = 'device-key'"
        ).scalar()
    terminal.close()
    private = json.loads(str(secret))["pem"].splitlines()[1].encode()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) > 3
    for file in files:
        content = file.read_bytes()
        assert private not in content, file.name
        assert b"PRIVATE KEY" not in content, file.name
    assert "d" not in json.loads((tmp_path / "device.jwks.json").read_text("utf-8"))["keys"][0]


def test_the_command_line_enrols_a_new_terminal(
    hospital: HospitalProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keys = tmp_path / "terminal", tmp_path / "device.jwks.json"

    def run(ward: str = "", server: str = "") -> tuple[int, list[str]]:
        said: list[str] = []
        options = Namespace(
            server=server, out=keys, person=FIRST.name, role="nurse", client="khoa-noi-9", ward=ward
        )
        return EnrolCommand(folder, said.append, ask=lambda _question: PIN).run(options), said

    words.use("en")
    code, said = run(server=hospital.base)
    assert code == 3
    command = next(line.strip() for line in said if "device add" in line)
    assert "--id khoa-noi-9" in command
    python, *words_after = shlex.split(command)
    assert python == ".venv/bin/python"
    assert words_after[:5] == ["-m", "hospital", "device", "add", "--database"]
    monkeypatch.chdir(tmp_path)
    assert hospital_command([*words_after[2:], "--database", hospital.database]) == 0
    assert run()[0] == 3
    code, said = run(ward=WARD)
    assert code == 0, said
    assert Settings(folder / "settings").get(table.WARD) == WARD
    barred(hospital, "khoa-noi-9")
    assert run()[0] == 3
    words.use("vi")


def test_a_server_that_asks_nobody_needs_no_enrolment(tmp_path: Path) -> None:
    with HospitalProcess(tmp_path) as open_to_all:
        terminal, _desk = set_up(tmp_path / "terminal", open_to_all.base)
        assert terminal.enrolment().admission == "open"
        terminal.join(open_to_all.base, WardChoice(WARD, "Khoa Nội"))
        terminal._engine.stop()
        assert one_round(terminal) == "complete"
        terminal.close()


def test_a_hospital_with_an_authority_of_its_own_is_trusted_only_through_it(
    tmp_path: Path,
) -> None:
    certificate, key = self_signed(tmp_path)
    secured = ("--tls-certificate", str(certificate), "--tls-key", str(key))
    with HospitalProcess(tmp_path, *secured, demo=False) as hospital:
        assert hospital.base.startswith("https://")
        folder = tmp_path / "terminal"
        terminal, desk = set_up(folder, hospital.base)
        stranger = terminal.enrolment()
        assert (stranger.admission, stranger.problem) == ("unreachable", "untrusted-server")
        terminal.close()
        (folder / "settings/site.toml").write_text(f"ca_file = '{certificate}'\n", "utf-8")
        terminal = WardTerminal(folder, Settings(folder / "settings"), SystemClock())
        terminal.unlock(desk.person.id, PIN)
        keys = tmp_path / "device.jwks.json"
        terminal.write_key_set(keys)
        enrolled(hospital, terminal.enrolment().client, keys)
        assert terminal.enrolment().admission == "accepted"
        terminal.close()
        certificate.unlink()
        terminal.unlock(desk.person.id, PIN)
        assert terminal.enrolment().problem == "untrusted-server"
        terminal.close()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that no public authority knows, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benh-vien.test")])
    now = SystemClock().now()
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "hospital.pem", folder / "hospital.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, secret


def test_the_hospital_says_who_a_new_person_is(hospital: HospitalProcess, tmp_path: Path) -> None:
    database = Database(hospital.database, SystemClock())
    for login, role in (("hoa", "doctor"), ("khach", "reader")):
        known = Person(login, f"practitioner-{login}", "Trần Thị Hoa", role, hashed("bi-mat-2"))
        Accounts(database).add_person(known)
    database.close()
    terminal, desk = set_up(tmp_path, hospital.base)
    voucher = Voucher(desk.person.id, PIN)
    new = NewPerson("", "nurse", "582047", "hoa", "bi-mat-2")
    with pytest.raises(Refused, match="wrong-pin") as caught:
        terminal.add_person(voucher, NewPerson("", "nurse", "582047", "hoa", "sai"))
    assert caught.value.field == "password"
    with pytest.raises(Refused, match="role-unknown"):
        terminal.add_person(voucher, NewPerson("", "nurse", "582047", "khach", "bi-mat-2"))
    assert terminal.add_person(voucher, new) == "practitioner-hoa"
    entered = terminal.unlock(desk.person.id, PIN)
    assert entered.store is desk.store
    hoa = terminal.unlock(terminal.front().people[1].id, "582047").person
    assert (hoa.id, hoa.name, hoa.role) == ("practitioner-hoa", "Trần Thị Hoa", "doctor")
    with desk.store.read() as view:
        assert view.get("Practitioner", "practitioner-hoa") is None
    hospital.stop()
    try:
        with pytest.raises(Unavailable, match="offline"):
            terminal.add_person(voucher, new)
    finally:
        hospital.start()
    terminal.close()
