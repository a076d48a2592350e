"""The record of a terminal, cared for from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.people import CHEAP, NURSE, NoKeystore
from tests.kit.store import DEVICE, author
from workstation import cli
from workstation.kernel import words
from workstation.kernel.clock import SystemClock
from workstation.kernel.errors import Damaged, Refused
from workstation.security import wiping
from workstation.security.keys import KeyRing
from workstation.services import downtime_pack
from workstation.store import Store
from workstation.store.engine import connect
from workstation.store_commands import StoreCommands
from workstation.sync.lease import Lease

PIN = "135790"
PHRASE = "chín con chim sẻ đậu"


@pytest.fixture
def folder(tmp_path):
    words.use("en")
    place = tmp_path / "terminal"
    clock = SystemClock()
    ring, key = KeyRing.found(place, clock, keystore=NoKeystore())
    ring.add(key, NURSE, PIN, cost=CHEAP)
    store = Store.create(place, key, device=DEVICE, clock=clock)
    with store.write(author()) as unit:
        unit.create({"resourceType": "Patient", "id": "p1", "gender": "male"})
    store.close()
    yield place
    words.use("vi")


@pytest.fixture
def said():
    return []


def commands(folder, said, *secrets):
    answers = iter(secrets)
    return StoreCommands(folder, "", said.append, ask=lambda _question: next(answers))


def test_a_whole_record_is_called_whole(folder, said):
    assert commands(folder, said, PIN).check() == 0
    assert said == ["The record is whole.", "Only on this terminal: 1 record."]


def test_a_damaged_record_is_named(folder, said):
    with (folder / "ward.db").open("r+b") as file:
        file.seek(5 * 4096 + 100)
        file.write(b"\xff" * 64)
    assert commands(folder, said, PIN).check() == 1
    assert any("6" in line for line in said)


def test_the_index_is_made_anew(folder, said):
    assert commands(folder, said, PIN).reindex() == 0
    assert said[-1] == "1 record indexed."


def test_a_backup_comes_back_and_what_was_unsent_is_kept(folder, said, tmp_path):
    copy, bundle = tmp_path / "copy.wardbackup", tmp_path / "unsent.wardrescue"
    assert commands(folder, said, PIN, PHRASE, PHRASE).backup(copy) == 0
    with pytest.raises(Refused, match="unsent-changes"):
        commands(folder, said, PIN, PHRASE).restore(copy, None)
    assert commands(folder, said, PIN, PHRASE).restore(copy, bundle) == 0
    assert "Restored." in said
    assert bundle.exists()
    assert commands(folder, said, PIN).check() == 0
    assert said[-1] == "Only on this terminal: 1 record."


def test_a_rescue_bundle_goes_out_and_in(folder, said, tmp_path):
    bundle = tmp_path / "unsent.wardrescue"
    commands(folder, said, PIN, PHRASE, PHRASE).rescue(bundle)
    commands(folder, said, PIN, PHRASE).take_in(bundle)
    assert said == [
        "1 record is in the bundle.",
        f"File: {bundle}",
        "0 records were taken in.",
        "1 was here already.",
    ]


def test_two_different_passphrases_are_refused(folder, said, tmp_path):
    with pytest.raises(Refused, match="passphrases-differ"):
        commands(folder, said, PIN, PHRASE, "another passphrase").backup(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_stranger_cannot_unlock(folder, said):
    with pytest.raises(Refused, match="unknown-person"):
        StoreCommands(folder, "Somebody", said.append, ask=lambda _: PIN).check()


def test_a_record_is_read_out_into_a_new_one(folder, said):
    assert commands(folder, said, PIN).rebuild() == 0
    assert any("put aside" in line for line in said)
    assert commands(folder, said, PIN).check() == 0


def emptied(folder):
    (folder / "ward.db").write_bytes(b"")


def without_tables(folder):
    (folder / "ward.db").unlink()
    ring = KeyRing.load(folder, SystemClock())
    raw = connect(folder / "ward.db", ring.unlock(NURSE.id, PIN))
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("CREATE TABLE one (two)")
    raw.execute("DROP TABLE one")
    raw.close()


@pytest.mark.parametrize("harm", [emptied, without_tables])
class TestAnEmptyRecord:
    """It is found, called so, left as it is, and a backup takes its place."""

    def test_the_check_says_it(self, folder, said, harm):
        harm(folder)
        before = (folder / "ward.db").read_bytes()
        assert commands(folder, said, PIN).check() == 1
        assert said == ["The record cannot be used: empty-record."]
        assert (folder / "ward.db").read_bytes() == before

    def test_nothing_else_uses_it(self, folder, said, tmp_path, harm):
        harm(folder)
        before = (folder / "ward.db").read_bytes()
        out = tmp_path / "out"
        deeds = (
            lambda do: do.rescue(out),
            lambda do: do.reindex(),
            lambda do: do.backup(out),
            lambda do: do.rebuild(),
        )
        for deed in deeds:
            with pytest.raises(Damaged, match="empty-record"):
                deed(commands(folder, said, PIN, PHRASE, PHRASE))
        with pytest.raises(Refused, match="wipe-uncounted"):
            commands(folder, said, PIN).wipe()
        assert (folder / "ward.db").read_bytes() == before
        assert not out.exists()

    def test_a_backup_takes_its_place(self, folder, said, tmp_path, harm):
        copy = tmp_path / "copy.wardbackup"
        commands(folder, said, PIN, PHRASE, PHRASE).backup(copy)
        harm(folder)
        assert commands(folder, said, PIN, PHRASE).restore(copy, None) == 0
        assert commands(folder, said, PIN).check() == 0


def test_a_missing_file_and_a_wrong_passphrase_are_called_so(folder, said, tmp_path):
    for deed in (lambda do, file: do.take_in(file), lambda do, file: do.restore(file, None)):
        with pytest.raises(Damaged, match="no-such-file"):
            deed(commands(folder, said, PIN, PHRASE), tmp_path / "missing")
    bundle, copy = tmp_path / "bundle", tmp_path / "copy"
    commands(folder, said, PIN, PHRASE, PHRASE).rescue(bundle)
    commands(folder, said, PIN, PHRASE, PHRASE).backup(copy)
    with pytest.raises(Damaged, match="wrong-passphrase"):
        commands(folder, said, PIN, "another passphrase").take_in(bundle)
    with pytest.raises(Damaged, match="wrong-passphrase"):
        commands(folder, said, PIN, "another passphrase").restore(copy, None)


def test_a_record_that_is_gone_is_not_to_be_set_up_anew(folder, said):
    (folder / "ward.db").unlink()
    assert commands(folder, said, PIN).check() == 1
    assert said == ["The record cannot be used: record-missing."]
    with pytest.raises(Damaged, match="record-missing"):
        commands(folder, said, PIN).reindex()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("below", ["", "deeper"])
@pytest.mark.parametrize("command", [["store", "check"], ["enrol"], ["store", "wipe"]])
def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys, command, below):
    file = tmp_path / "file"
    file.write_text("kept", "utf-8")
    assert cli.run(["--language", "en", *command, "--folder", str(file / below)]) == 2
    assert capsys.readouterr().err.startswith(f"workstation: {file} is a file, not a folder.")
    assert file.read_text("utf-8") == "kept"


class Interrupted:
    """A keyboard at which Ctrl+C is pressed instead of an answer."""

    def isatty(self):
        return False

    def readline(self):
        raise KeyboardInterrupt


@pytest.mark.parametrize("command", [["store", "check"], ["enrol"]])
def test_stopped_at_the_pin_it_says_so_in_one_line(folder, capsys, monkeypatch, command):
    monkeypatch.setattr("sys.stdin", Interrupted())
    assert cli.run(["--language", "en", *command, "--folder", str(folder)]) == 130
    said = capsys.readouterr().err
    assert said.strip() == "workstation: Stopped. What was saved before is kept."


class TestWiping:
    @pytest.fixture
    def sent(self, folder):
        """Nothing is only here; a sealed pack, a log and settings lie beside the record."""
        ring = KeyRing.load(folder, SystemClock(), keystore=NoKeystore())
        store = Store.open(folder, ring.unlock(NURSE.id, PIN), clock=SystemClock())
        with store.write(author()) as unit:
            run = unit.connection.exec_driver_sql
            run("DELETE FROM pending")
            run("UPDATE change SET answered_at = 1, answer_status = 201")
        store.close()
        (folder / downtime_pack.FILE).write_bytes(b"sealed")
        for name in ("logs", "settings"):
            (folder / name).mkdir()
            (folder / name / "file").write_text("x")
        return folder

    def test_everything_goes_the_sealed_pack_too(self, sent, said):
        assert commands(sent, said, PIN, " WIPE ").wipe() == 0
        assert list(sent.iterdir()) == []
        assert said == ["This terminal is wiped. Withdraw its device at the hospital too."]

    def test_another_word_or_another_pin_wipes_nothing(self, sent, said):
        before = sorted(path.name for path in sent.iterdir())
        for secrets, code in (((PIN, "yes"), "wipe-not-meant"), (("000000",), "wrong-pin")):
            with pytest.raises(Refused) as caught:
                commands(sent, said, *secrets).wipe()
            assert caught.value.code == code
        assert sorted(path.name for path in sent.iterdir()) == before

    def test_what_is_only_here_is_kept_unless_it_may_be_lost(self, folder, said):
        with pytest.raises(Refused) as caught:
            commands(folder, said, PIN, "WIPE").wipe()
        assert (caught.value.code, caught.value.data["count"]) == ("wipe-unsent", 1)
        assert (folder / "ward.db").exists()
        assert commands(folder, said, PIN, "WIPE").wipe(lose_unsent=True) == 0
        assert list(folder.iterdir()) == []

    def test_a_damaged_record_is_wiped_only_when_that_is_said(self, sent, said):
        (sent / "ward.db").write_bytes(b"\xff" * 8192)
        with pytest.raises(Refused) as caught:
            commands(sent, said, PIN, "WIPE").wipe()
        assert caught.value.code == "wipe-uncounted"
        assert commands(sent, said, PIN, "WIPE").wipe(lose_unsent=True) == 0
        assert list(sent.iterdir()) == []

    def test_a_terminal_that_syncs_is_not_wiped(self, sent, said):
        lease = Lease(sent)
        assert lease.take()
        with pytest.raises(Refused) as caught:
            commands(sent, said, PIN, "WIPE").wipe()
        lease.give_back()
        assert caught.value.code == "wipe-in-use"
        assert (sent / "people.json").exists()

    def test_the_keys_go_first(self, sent, monkeypatch):
        gone = []
        unlink = Path.unlink
        monkeypatch.setattr(
            Path, "unlink", lambda path, **how: (gone.append(path.name), unlink(path, **how))[1]
        )
        wiping.wipe(sent)
        assert set(gone[:2]) == {"people.json", "device.secret"}


@pytest.mark.parametrize("kind", ["backup", "rescue"])
def test_a_copy_names_its_file_and_makes_no_folder_for_it(folder, said, tmp_path, kind):
    missing = tmp_path / "stick" / "copy"
    with pytest.raises(Refused, match="no-such-folder"):
        getattr(commands(folder, said, PIN, PHRASE, PHRASE), kind)(missing)
    assert not missing.parent.exists()
    missing.parent.mkdir()
    assert getattr(commands(folder, said, PIN, PHRASE, PHRASE), kind)(missing) == 0
    assert said[-1] == f"File: {missing}"
