"""No patient datum stands in any file that a session leaves, in whatever encoding."""

from __future__ import annotations

import base64
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.people import CHEAP, DOCTOR, NURSE, NoKeystore
from tests.kit.records import admit, sign
from tests.kit.store import START, author
from workstation.fhir import systems
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import DeviceId
from workstation.security.device import device_key
from workstation.security.keys import KeyRing
from workstation.store import Store, drafts, maintenance, search
from workstation.store.copies import Lock
from workstation.store.memory import Vault

pytestmark = pytest.mark.fault

FAMILY = "Tôn Nữ Quỳnh"
GIVEN = "Hương Giang"
CITIZEN = "079153004217"
NOTE = "Bệnh nhân lo lắng vì con trai"
KNOWN = (FAMILY, GIVEN, "Quỳnh", CITIZEN, NOTE, "ton nu quynh", "BEGIN PRIVATE KEY")
LOCK = Lock(b"k" * 32, b"s" * 16)


def encodings(text: str) -> Iterator[bytes]:
    """How a text may stand in a file; base64 at each of its three offsets."""
    escaped = text.encode("unicode_escape")
    for plain in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), escaped):
        yield plain
        yield plain.lower()
        for offset in range(3):
            shifted = base64.b64encode(b"\0" * offset + plain)
            start, end = (0, 2, 3)[offset], len(shifted) - 4
            yield shifted[start:end]


def leaks(folder: Path) -> list[str]:
    """Every file below a folder that holds something known, and what."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes() + file.name.encode()
        found += [
            f"{file.relative_to(folder)}: {known}"
            for known in KNOWN
            if any(each in content for each in encodings(known))
        ]
    return found


def patient() -> dict[str, object]:
    person, _ = admit("p1", FAMILY, GIVEN, bed=None, ward=None)
    person["identifier"] = [{"system": systems.NATIONAL_ID, "value": CITIZEN}]
    return person


def test_the_search_finds_what_is_plain(tmp_path: Path) -> None:
    for number, known in enumerate(KNOWN):
        for offset in range(3):
            text = base64.b64encode(b"x" * offset + known.encode() + b"yz")
            (tmp_path / f"{number}-{offset}").write_bytes(text)
        (tmp_path / f"{number}-16").write_bytes(known.encode("utf-16-le"))
    assert len({line.split(":")[0] for line in leaks(tmp_path)}) == 4 * len(KNOWN)


def session(folder: Path, *, leave_open: bool) -> Store:
    """A session with everything that writes files, errors included."""
    clock = ManualClock(START)
    ring, key = KeyRing.found(folder, clock, keystore=NoKeystore())
    ring.add(key, NURSE, "135790", cost=CHEAP)
    ring.add(key, DOCTOR, "246802", cost=CHEAP)
    store = Store.create(folder, key, device=DeviceId("terminal-1"), clock=clock)
    logging.getLogger("sqlalchemy").setLevel(logging.INFO)
    handler = logging.FileHandler(folder / "session.log", encoding="utf-8")
    logging.getLogger().addHandler(handler)
    try:
        device_key(Vault(store))
        with store.write(author()) as unit:
            unit.create(patient())
            for number in range(300):
                at = START + timedelta(minutes=number)
                unit.create(sign(f"o{number}", "p1", "8867-4", "80", at))
            drafts.keep(unit, drafts.Draft("d1", "nurse-1", "p1", "nurse-note", NOTE, START))
        for mistake in (patient(), {"resourceType": "Patient", "name": [{"family": FAMILY}]}):
            with pytest.raises(Refused) as caught, store.write(author()) as unit:
                unit.create(mistake)
            logging.getLogger().error("refused", exc_info=caught.value)
        with pytest.raises(Exception, match="CHECK") as bug, store.write() as unit:
            unit.connection.exec_driver_sql("UPDATE pending SET state = ?", (FAMILY,))
        logging.getLogger().error("bug", exc_info=bug.value)
        with store.read() as view:
            assert len(search.find(view, "quynh giang")) == 1
            view.connection.exec_driver_sql(
                "SELECT * FROM change a, change b ORDER BY a.body, b.body LIMIT 5"
            ).all()
        maintenance.backup(store, key, folder / "backup.db", LOCK)
        maintenance.export_bundle(folder, key, folder / "rescue.db", LOCK)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
        handler.close()
    if not leave_open:
        store.close()
    return store


@pytest.mark.parametrize("leave_open", [True, False])
def test_a_session_leaves_nothing_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, leave_open: bool
) -> None:
    places = tmp_path / "all"
    temporary = places / "temporary"
    temporary.mkdir(parents=True)
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    store = session(places / "store", leave_open=leave_open)
    names = {file.name for file in (places / "store").iterdir()}
    assert names >= {"ward.db", "people.json", "device.secret", "session.log", "rescue.db"}
    assert ("ward.db-wal" in names) == leave_open
    assert leaks(places) == []
    store.close()


def test_an_errors_own_text_holds_no_patient_datum() -> None:
    error: WorkstationError = Refused("already-exists", reference="Patient/p1")
    assert FAMILY not in str(error)
    assert os.linesep not in str(error)
