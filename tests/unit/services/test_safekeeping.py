"""Copies leave the machine whole, encrypted and under a name that tells nothing; and come back."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kit.people import NURSE
from tests.kit.store import KEY, make_store
from tests.kit.ward import WARD, make_desk
from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.ids import DeviceId
from workstation.security import recovery
from workstation.services import safekeeping
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.store import audit, copies, queue
from workstation.store.copies import Lock
from workstation.store.engine import FILE_NAME

PHRASE = "mưa rơi trên mái tôn"


def quiet(_done: int, _total: int) -> None:
    return None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path / "here", beds=2)
    yield desk
    desk.store.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def unsent(desk: Desk) -> int:
    with desk.store.read() as view:
        return queue.counts(view).unsent


def refusal(deed: object, *arguments: object) -> tuple[str, object]:
    assert callable(deed)
    with pytest.raises(Refused) as caught:
        deed(*arguments, quiet)
    return caught.value.code, caught.value.field


def test_a_bundle_comes_in_at_another_terminal(desk: Desk, stick: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    written = safekeeping.rescue_at(desk, str(stick), PHRASE, lambda *step: steps.append(step))
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert (written.records, written.drafts) == (unsent(desk), 0)
    assert unsent(desk) == 7
    with desk.store.read() as view:
        (entry,) = [e for e in audit.entries(view) if e.action == "export-rescue-bundle"]
    assert entry.person == desk.reference
    store = make_store(tmp_path / "there", device=DeviceId("other"))
    other = Desk(store, store.clock, NURSE, WARD)
    found = safekeeping.take_in(other, str(written.file), PHRASE, quiet)
    assert (found.taken, found.known, found.left) == (7, 0, ())
    assert found.changes.queue
    assert unsent(other) == 7
    again = safekeeping.take_in(other, str(written.file), PHRASE, quiet)
    assert (again.taken, again.known) == (0, 7)
    store.close()


def test_name_and_file_tell_nothing_of_a_patient(desk: Desk, stick: Path) -> None:
    written = safekeeping.rescue_at(desk, str(stick), PHRASE, quiet)
    assert re.fullmatch(r"ward-rescue-\d{4}-\d\d-\d\d-\d{6}\.rescue", written.file.name)
    assert written.file.parent == stick
    content = written.file.read_bytes()
    assert "Nguyễn".encode() not in content
    assert b"patient-1" not in content


def test_a_backup_is_the_whole_record(desk: Desk, stick: Path) -> None:
    target = stick / "before the repair.backup"
    written = safekeeping.back_up(desk, str(target), PHRASE, quiet)
    assert written.file == target
    assert written.size == target.stat().st_size > 0
    assert refusal(safekeeping.back_up, desk, str(target), PHRASE) == ("file-exists", "file")
    found = safekeeping.take_in(desk, str(target), PHRASE, quiet)
    assert (found.taken, found.known) == (0, 7), "what is unsent in a backup may be taken in too"


@pytest.mark.parametrize(
    ("path", "code"),
    [("", "required"), ("  ", "required"), ("here.rescue", "path-not-whole"),
     ("/no/such/folder/here.rescue", "no-such-folder")],
)  # fmt: skip
def test_where_it_cannot_be_written(desk: Desk, path: str, code: str) -> None:
    for deed in (safekeeping.rescue_at, safekeeping.back_up):
        assert refusal(deed, desk, path, PHRASE) == (code, "file")


def test_a_short_passphrase_leaves_no_file(desk: Desk, stick: Path) -> None:
    assert refusal(safekeeping.rescue_at, desk, str(stick), "short") == (
        "weak-passphrase", "passphrase",
    )  # fmt: skip
    assert list(stick.iterdir()) == []


def test_what_cannot_be_taken_in(desk: Desk, stick: Path) -> None:
    written = safekeeping.rescue_at(desk, str(stick), PHRASE, quiet)
    empty, cut = stick / "empty.rescue", stick / "cut.rescue"
    empty.write_bytes(b"short")
    content = bytearray(written.file.read_bytes())
    content[9000] ^= 0xFF
    cut.write_bytes(content)
    take_in = safekeeping.take_in
    assert refusal(take_in, desk, str(stick / "none"), PHRASE) == ("no-such-file", "file")
    assert refusal(take_in, desk, str(empty), PHRASE) == ("not-a-bundle", "file")
    assert refusal(take_in, desk, str(written.file), "nắng lên trên đồi") == (
        "wrong-passphrase", "passphrase",
    )  # fmt: skip
    assert refusal(take_in, desk, str(cut), PHRASE) == ("bundle-damaged", "file")
    assert unsent(desk) == 7


@dataclass
class Copies:
    """A bundle and a backup of one desk as bytes, made once: each key takes its time."""

    bundle: bytes
    backup: bytes
    locks: tuple[Lock, Lock]

    def altered(self, file: Path, statement: str, *, whole: bool = False) -> str:
        """One of them as a file, after a statement."""
        file.write_bytes(self.backup if whole else self.bundle)
        with copies.opened(file, self.locks[whole]) as raw:
            raw.execute(statement)
        return str(file)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    folder = tmp_path_factory.mktemp("copies")
    desk = make_desk(folder / "here", beds=2)
    bundle = safekeeping.rescue_at(desk, str(folder), PHRASE, quiet).file
    backup = safekeeping.back_up(desk, str(folder), PHRASE, quiet).file
    desk.store.close()
    return Copies(bundle.read_bytes(), backup.read_bytes(), (lock_of(bundle), lock_of(backup)))


def lock_of(file: Path) -> Lock:
    salt = copies.salt_of(file)
    return Lock(recovery.recovery_key(PHRASE, salt), salt)


def refused_by_another(tmp_path: Path, file: str) -> tuple[str, object]:
    """What a terminal says that has a record of its own; that record stays as it was."""
    other = make_desk(tmp_path / "there", beds=1)
    try:
        before = unsent(other)
        refused = refusal(safekeeping.take_in, other, file, PHRASE)
        assert unsent(other) == before == 4
        with other.store.read() as view:
            assert not [e for e in audit.entries(view) if e.action == "import-rescue-bundle"]
        return refused
    finally:
        other.store.close()


@pytest.mark.parametrize("whole", [False, True], ids=["bundle", "backup"])
@pytest.mark.parametrize(
    ("length", "code"),
    [(0, "not-a-bundle"), (15, "not-a-bundle"), (4095, "not-a-bundle"), (4096, "bundle-damaged"),
     (8192, "bundle-damaged"), (-4096, "bundle-damaged"), (-1, "bundle-damaged")],
)  # fmt: skip
def test_a_file_that_was_cut(
    made: Copies, tmp_path: Path, length: int, code: str, *, whole: bool
) -> None:
    file = tmp_path / "cut.rescue"
    file.write_bytes((made.backup if whole else made.bundle)[:length])
    assert refused_by_another(tmp_path, str(file)) == (code, "file")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER TABLE pending ADD COLUMN mood TEXT", "newer-bundle"),
        ("ALTER TABLE draft ADD COLUMN mood TEXT", "newer-bundle"),
        ("CREATE TABLE photograph (id TEXT)", "newer-bundle"),
        ("ALTER TABLE pending DROP COLUMN body", "not-a-bundle"),
        ("ALTER TABLE change DROP COLUMN txn", "not-a-bundle"),
        ("DROP TABLE draft", "not-a-bundle"),
        ("UPDATE pending SET body = '{'", "not-a-bundle"),
        ("UPDATE pending SET body = '[]'", "not-a-bundle"),
        ("UPDATE pending SET body = x'ff'", "not-a-bundle"),
        ("UPDATE pending SET id = 'another'", "not-a-bundle"),
        ("UPDATE pending SET state = 'dancing'", "not-a-bundle"),
        ("UPDATE pending SET operation = 'dance'", "not-a-bundle"),
        ("UPDATE change SET hlc = NULL", "not-a-bundle"),
    ],
)
def test_a_bundle_of_another_program(
    made: Copies, tmp_path: Path, statement: str, code: str
) -> None:
    file = made.altered(tmp_path / "a.rescue", statement)
    assert refused_by_another(tmp_path, file) == (code, "file")


def test_a_backup_of_a_newer_program_is_not_taken_in(made: Copies, tmp_path: Path) -> None:
    newer = "UPDATE alembic_version SET version_num = '9999'"
    file = made.altered(tmp_path / "a.backup", newer, whole=True)
    assert refused_by_another(tmp_path, file) == ("newer-bundle", "file")


def test_a_bundle_from_before_the_journal_knew_patients(made: Copies, tmp_path: Path) -> None:
    file = made.altered(tmp_path / "a.rescue", "ALTER TABLE change DROP COLUMN patient")
    store = make_store(tmp_path / "there", device=DeviceId("other"))
    other = Desk(store, store.clock, NURSE, WARD)
    assert safekeeping.take_in(other, file, PHRASE, quiet).taken == 7
    store.close()


def test_files_that_are_something_else(stick: Path, tmp_path: Path) -> None:
    plain, huge = stick / "plain.db", stick / "huge.iso"
    with contextlib.closing(sqlite3.connect(plain)) as raw:
        raw.execute("CREATE TABLE pending (id TEXT)")
    with huge.open("wb") as stream:
        stream.write(b"CD001" * 1000)
        stream.truncate(20 * 2**30)  # takes no room on the disk, and no time or memory to refuse
    assert refused_by_another(tmp_path / "1", str(plain)) == ("not-a-bundle", "file")
    assert refused_by_another(tmp_path / "2", str(huge)) == ("wrong-passphrase", "passphrase")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that cannot be read")
def test_a_file_that_the_disk_does_not_give(tmp_path: Path) -> None:
    assert refused_by_another(tmp_path, "/proc/self/mem") == ("bundle-damaged", "file")


def test_a_record_that_does_not_open_says_so(desk: Desk, stick: Path) -> None:
    assert desk.safe is not None
    desk.store.close()
    (desk.safe.folder / FILE_NAME).write_bytes(b"not a database" * 1000)
    with pytest.raises(Damaged):
        safekeeping.rescue(desk.safe, str(stick), PHRASE, quiet)
    assert list(stick.iterdir()) == []


def test_no_key_no_copy(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    desk = Desk(store, store.clock, NURSE, WARD)
    assert refusal(safekeeping.back_up, desk, str(tmp_path), PHRASE)[0] == "key-not-known"
    store.close()


def test_the_key_is_in_no_text() -> None:
    assert KEY.hex() not in repr(Safe(Path("/x"), KEY, None))  # type: ignore[arg-type]
    assert repr(KEY) not in repr(Safe(Path("/x"), KEY, None))  # type: ignore[arg-type]
