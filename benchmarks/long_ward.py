"""``python -m benchmarks.long_ward [--hours 72] [--beds 36] [--json FILE]``: does anything grow?

Plays hours of a ward at one terminal and its hospital, a minute at a time: rounds of vital signs,
doses, notes, admissions and discharges, half of the work at other terminals, two hours a day
without a network. Each hour it notes the memory of the terminal's process, the size of its files
and the number of rows. The hospital is a process of its own; both live by a clock of the play.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_double
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from benchmarks.small_ward import KEY, NURSE, WARD, place
from hospital.service import Hospital
from hospital.web import listen, serve
from workstation.clinical.dosage import Amount, Prescription, Timing
from workstation.clinical.names import PersonName
from workstation.clinical.stays import Disposition, Outcome
from workstation.clinical.vital_signs import Consciousness, VitalSigns
from workstation.fhir import systems
from workstation.fhir import vital_signs as mapping
from workstation.fhir.json import Resource, dump_bytes
from workstation.kernel.errors import Unavailable
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId, EncounterId, PatientId, PersonId
from workstation.security.people import Person
from workstation.services import (
    chart,
    discharges,
    medication,
    notes,
    orders,
    registration,
    stays,
    vital_signs,
    ward_board,
)
from workstation.services.desk import Desk
from workstation.services.discharges import Departure, Diagnosis
from workstation.services.notes import NoteDraft, NoteText
from workstation.services.registration import Registrant
from workstation.services.stays import Admission
from workstation.store import Store
from workstation.store.engine import FILE_NAME
from workstation.store.index_tables import INDEX_TABLES
from workstation.store.tables import metadata
from workstation.sync.engine import SyncEngine
from workstation.sync.pull.scope import Scope
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request, Response

BEGIN: Final = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DOCTOR: Final = Person(PersonId("doctor-1"), "Đỗ Quang Huy", "doctor")
SIGNS_EVERY, DOSE_EVERY, NOTE_EVERY = 120, 360, 480
"""Minutes between two of a kind for each patient."""
CUT: Final = range(20 * 60, 22 * 60)
"""Minutes of each day, from its beginning in the play, in which there is no network."""
_PAGE: Final = 4096
_CURED: Final = Departure(Disposition.DISCHARGED, Outcome.CURED, Diagnosis("Viêm phổi", "J18.9"))


class PlayClock:
    """A clock that two processes share and only the play moves."""

    def __init__(self, seconds: Any) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        """The time of the play."""
        return BEGIN + timedelta(seconds=self._seconds.value)

    def monotonic(self) -> float:
        """Seconds since the play began."""
        return float(self._seconds.value)

    def advance(self, minutes: int) -> None:
        """Let time pass in both processes."""
        self._seconds.value += 60 * minutes


def _serve(database: str, seconds: Any, answer: Connection) -> None:
    hospital = Hospital(database, clock=PlayClock(seconds), demo=True)
    listener = listen("127.0.0.1", 0)
    answer.send(listener.getsockname()[1])
    threading.Thread(target=_end_with, args=(answer,), daemon=True).start()
    serve(hospital, listener, largest_body=hospital.limits.body)


def _end_with(other: Connection) -> None:
    """End this process when the other side is gone, however it went."""
    other.poll(None)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _hospital(folder: Path, seconds: Any) -> Iterator[str]:
    """A hospital in a process of its own, by the clock of the play; gives its FHIR base."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    database = f"sqlite:///{folder / 'hospital.db'}"
    process = context.Process(target=_serve, args=(database, seconds, theirs))
    process.start()
    try:
        yield f"http://127.0.0.1:{mine.recv()}/fhir"
    finally:
        process.terminate()
        process.join()
        mine.close()
        theirs.close()


class Cable:
    """The way to the hospital, which can be pulled out."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport
        self.base = transport.base
        self.plugged = True

    def send(self, request: Request) -> Response:
        """Carry a request, or nothing at all."""
        if not self.plugged:
            raise Unavailable("offline")
        return self._transport.send(request)


@dataclass(frozen=True, slots=True)
class Sample:
    """One hour's end.

    Attributes:
        hour: Of the play.
        rss_mb: Memory of the terminal's process that is in use, in MB (10^6 bytes).
        store_mb: ``ward.db``, in MB.
        free_mb: Of it in pages that are free for new rows.
        log_mb: ``ward.db-wal``, in MB.
        patients: In scope, and those who left it less than a day ago.
        unsent: Before the round of that minute.
        rows: Of each table.
        round_ms: Processor time of the hour's rounds of sync, each, in ms.
    """

    hour: int
    rss_mb: float
    store_mb: float
    free_mb: float
    log_mb: float
    patients: int
    unsent: int
    rows: dict[str, int]
    round_ms: float


@dataclass
class Guest:
    """Somebody in a bed.

    Attributes:
        stay: Id of the Encounter.
        until: Minute of the play in which they leave.
        order: Id of the drug order; empty while there is none.
    """

    patient: PatientId
    stay: EncounterId
    until: int
    order: str = ""


@dataclass
class LongWard:
    """The play.

    Attributes:
        desk: The nurse's, at the terminal that is measured.
        engine: Its sync.
        cable: To the hospital.
        clock: Of the play.
        beds: How many.
        stay_hours: The shortest and the longest stay.
        seed: Of every choice.
        guests: Who lies in which bed now.
        left: Who was discharged.
    """

    desk: Desk
    engine: SyncEngine
    cable: Cable
    clock: PlayClock
    beds: int
    stay_hours: tuple[int, int]
    seed: int
    largest_log: int = 0
    most_unsent: int = 0
    guests: dict[int, Guest] = field(default_factory=dict)
    left: list[Guest] = field(default_factory=list)
    _rounds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare what every choice comes from."""
        self._random = random.Random(self.seed)
        self._numbers = itertools.count(1)
        self._doctor = Desk(self.desk.store, self.clock, DOCTOR, WARD)

    def open_ward(self) -> None:
        """Beds, people who work here, and the first round."""
        made = [place(WARD, "wa", None)]
        made += [place(f"bed-{bed}", "bd", WARD) for bed in range(1, self.beds + 1)]
        made += [
            {"resourceType": "Practitioner", "id": who.id, "name": [{"text": who.name}]}
            for who in (NURSE, DOCTOR)
        ]
        self._elsewhere(made)
        self.sync()
        for bed in range(1, self.beds + 1):
            self._admit(bed, 0)

    def play(self, hours: int, step: int) -> Iterator[Sample]:
        """So many hours, a step of minutes at a time; a sample for each."""
        for minute in range(0, hours * 60, step):
            self.cable.plugged = minute % (24 * 60) not in CUT
            for bed in range(1, self.beds + 1):
                self._care(bed, minute, step)
            ward_board.board(self.desk)
            unsent = self.engine.status().unsent
            self.most_unsent = max(self.most_unsent, unsent)
            self.sync()
            self.clock.advance(step)
            if (minute + step) % 60 == 0:
                yield self._sample((minute + step) // 60, unsent)

    def sync(self) -> None:
        """One round; without a network it may only say so."""
        before = time.process_time()
        report = self.engine.run_once()
        self._rounds.append(time.process_time() - before)
        expected = "complete" if self.cable.plugged else "offline"
        if report.outcome != expected:
            raise RuntimeError(f"a round ended with {report.outcome}")
        self.largest_log = max(self.largest_log, self._size("-wal"))

    def _care(self, bed: int, minute: int, step: int) -> None:
        guest = self.guests.get(bed)
        if guest is None:
            if _due(minute, bed, 60, step):
                self._admit(bed, minute)
            return
        if minute >= guest.until:
            discharges.discharge(self._doctor, guest.stay, _CURED)
            self.left.append(self.guests.pop(bed))
            return
        if _due(minute, bed, SIGNS_EVERY, step):
            self._round(guest)
            chart.summary(self.desk, guest.patient)
        if _due(minute, bed, DOSE_EVERY, step):
            self._dose(guest)
        if _due(minute, bed, NOTE_EVERY, step):
            self._note(guest)

    def _round(self, guest: Guest) -> None:
        vitals = VitalSigns(
            at=self.desk.now(),
            respiratory_rate=Decimal(self._random.randint(12, 22)),
            spo2=Decimal(self._random.randint(93, 99)),
            oxygen_flow=Decimal(0),
            systolic=Decimal(self._random.randint(100, 150)),
            diastolic=Decimal(self._random.randint(60, 90)),
            heart_rate=Decimal(self._random.randint(60, 110)),
            temperature=Decimal(self._random.randint(362, 384)) / 10,
            consciousness=Consciousness.ALERT,
            pain=Decimal(self._random.randint(0, 4)),
        )
        if self.cable.plugged and self._random.random() < 0.5:
            made = mapping.write(
                vitals,
                patient=guest.patient,
                encounter=guest.stay,
                performer={"reference": f"Practitioner/{NURSE.id}", "display": NURSE.name},
                new_id=uuid7,
            )
            self._elsewhere(made)
        else:
            vital_signs.record(self.desk, guest.patient, vitals)

    def _dose(self, guest: Guest) -> None:
        if guest.order:
            medication.give(self.desk, guest.order)
            return
        prescription = Prescription(
            drug="Paracetamol 500 mg",
            amount=Amount(Decimal(500), "mg"),
            route="Uống",
            timing=Timing(times_a_day=4),
        )
        changes = orders.order_drug(self._doctor, guest.patient, prescription)
        guest.order = next(iter(changes.references)).partition("/")[2]

    def _note(self, guest: Guest) -> None:
        draft = NoteDraft(uuid7(), "doctor", NoteText("Ổn định. " * 20), self.desk.now())
        notes.keep_draft(self._doctor, guest.patient, draft)
        notes.sign(self._doctor, guest.patient, draft)

    def _admit(self, bed: int, minute: int) -> None:
        until = minute + 60 * self._random.randint(*self.stay_hours)
        number = next(self._numbers)
        if self.cable.plugged and number % 2:
            patient, stay = PatientId(uuid7()), EncounterId(uuid7())
            self._elsewhere(_admission(patient, stay, bed, number, self.desk.now()))
        else:
            registered = registration.register(self.desk, _person(number))
            patient = PatientId(next(iter(registered.patients)))
            changes = stays.admit(self.desk, patient, Admission(f"bed-{bed}", "Viêm phổi"))
            names = (name.partition("/") for name in changes.references)
            stay = EncounterId(next(id_ for type_, _, id_ in names if type_ == "Encounter"))
        self.guests[bed] = Guest(patient, stay, until)
        if number % 2:
            self.sync()

    def _elsewhere(self, resources: list[Resource]) -> None:
        """Another terminal's work, as the hospital has it."""
        entries = [
            {
                "resource": each,
                "request": {"method": "PUT", "url": f"{each['resourceType']}/{each['id']}"},
            }
            for each in resources
        ]
        body = {"resourceType": "Bundle", "type": "batch", "entry": entries}
        answer = self.cable.send(Request("POST", "", dump_bytes(body)))
        if not answer.success or b'"20' not in answer.body:
            raise RuntimeError(f"the hospital answered {answer.status}")

    def _sample(self, hour: int, unsent: int) -> Sample:
        names = sorted({*metadata.tables, *(table.name for table in INDEX_TABLES)})
        with self.desk.store.read() as view:
            run = view.connection.exec_driver_sql
            rows = {name: run(f"SELECT count(*) FROM {name}").scalar_one() for name in names}  # noqa: S608
            rows["patient_words"] = run("SELECT count(*) FROM patient_words").scalar_one()
            free = run("PRAGMA freelist_count").scalar_one()
        rounds, self._rounds = self._rounds, []
        return Sample(
            hour=hour,
            rss_mb=_memory() / 1e6,
            store_mb=self._size("") / 1e6,
            free_mb=free * _PAGE / 1e6,
            log_mb=self._size("-wal") / 1e6,
            patients=rows["scope_member"],
            unsent=unsent,
            rows=rows,
            round_ms=1000 * sum(rounds) / len(rounds),
        )

    def _size(self, end: str) -> int:
        file = self.desk.store.folder / (FILE_NAME + end)
        return file.stat().st_size if file.exists() else 0


def _due(minute: int, bed: int, every: int, step: int) -> bool:
    """Whether something that each bed needs every so many minutes falls into this step."""
    return (minute + 7 * bed) % every < step


def _memory() -> int:
    """Bytes of memory of this process that are in use."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE


def _person(number: int) -> Registrant:
    names = ("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Khánh", "Lan")
    given = f"{names[number % 8]} {names[number // 8 % 8]}"
    born = date(1930, 1, 1) + timedelta(days=number * 97)
    return Registrant(PersonName.from_text(f"Nguyễn {given}"), "female", born)


def _admission(patient: str, stay: str, bed: int, number: int, at: datetime) -> list[Resource]:
    who = _person(number)
    return [
        {
            "resourceType": "Patient",
            "id": patient,
            "name": [{"use": "official", "family": "Nguyễn", "given": who.name.given.split()}],
            "gender": "female",
            "birthDate": str(who.birth_date),
        },
        {
            "resourceType": "Encounter",
            "id": stay,
            "status": "in-progress",
            "class": {"system": systems.ACT_CODE, "code": "IMP"},
            "subject": {"reference": f"Patient/{patient}"},
            "period": {"start": at.isoformat()},
            "location": [{"location": {"reference": f"Location/bed-{bed}"}, "status": "active"}],
        },
    ]


@contextmanager
def long_ward(
    folder: Path, *, beds: int, stay_hours: tuple[int, int], seed: int = 1
) -> Iterator[LongWard]:
    """A ward with its hospital and one terminal, all its beds taken."""
    seconds = multiprocessing.get_context("spawn").Value(c_double, 0.0)
    clock = PlayClock(seconds)
    with _hospital(folder, seconds) as base:
        store = Store.create(folder / "terminal", KEY, device=DeviceId("terminal-1"), clock=clock)
        transport = HttpTransport(base)
        cable = Cable(transport)
        engine = SyncEngine(store, cable, Scope(WARD), clock)
        ward = LongWard(
            Desk(store, clock, NURSE, WARD), engine, cable, clock, beds, stay_hours, seed
        )
        try:
            ward.open_ward()
            yield ward
        finally:
            engine.stop()
            store.close()
            transport.close()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.long_ward", description=__doc__)
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--beds", type=int, default=36)
    parser.add_argument("--step", type=int, default=1, metavar="MINUTES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    samples = []
    with (
        tempfile.TemporaryDirectory() as folder,
        long_ward(Path(folder), beds=options.beds, stay_hours=(24, 72), seed=options.seed) as ward,
    ):
        print("| hour | memory | ward.db | free in it | log | patients | unsent | round |")
        for sample in ward.play(options.hours, options.step):
            samples.append(sample)
            print(
                f"| {sample.hour} | {sample.rss_mb:.1f} | {sample.store_mb:.1f} |"
                f" {sample.free_mb:.1f} | {sample.log_mb:.2f} | {sample.patients} |"
                f" {sample.unsent} | {sample.round_ms:.0f} |",
                flush=True,
            )
        print(f"largest log {ward.largest_log / 1e6:.2f} MB, most unsent {ward.most_unsent}")
        for name, count in sorted(samples[-1].rows.items()):
            print(f"  {count:8} {name} (in the middle {samples[len(samples) // 2].rows[name]})")
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in samples], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
