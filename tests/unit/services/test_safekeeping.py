"""Copies leave the machine whole, encrypted and under a name that tells nothing; and come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.people import NURSE
from tests.kit.store import KEY, make_store
from tests.kit.ward import WARD, make_desk
from workstation.kernel.errors import Damaged, Refused
from workstation.kernel.ids import DeviceId
from workstation.services import safekeeping
from workstation.services.desk import Desk
from workstation.services.safe import Safe
from workstation.store import audit, queue
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
