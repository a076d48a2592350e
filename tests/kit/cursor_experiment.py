"""The cursor experiment: many write, several cursors follow, and each is asked what it missed.

Against the hostile double in one thread, repeatable by its seed (`interleaved`), or against any
server in threads (`concurrently`)::

    connect = lambda _number: HttpTransport("http://127.0.0.1:8080/fhir")
    print(table(concurrently(connect, folder, writers=4, writes=200)))

``connect`` is given the number of who asks, so that with several processes of one server each
participant can be sent to another. ``python -m tests.kit.cursor_experiment [URL ...]`` prints the
table, without an address that of the hostile double.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import Behaviour, HospitalDouble
from tests.kit.late_server import Lag, LateServer, mostly_short
from tests.kit.records import admit, place_beds, sign
from tests.kit.store import KEY, START
from workstation.fhir.json import dump_bytes
from workstation.kernel.clock import Clock, ManualClock, SystemClock
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import DeviceId, WardId
from workstation.store import Store
from workstation.sync import incoming
from workstation.sync.acquaintance import meet_server
from workstation.sync.client import FhirClient
from workstation.sync.pull.census import Census
from workstation.sync.pull.cursor import instant, newest
from workstation.sync.pull.following import Following
from workstation.sync.pull.pulling import Pull
from workstation.sync.pull.reading import last_stamps, linked
from workstation.sync.pull.scope import Scope
from workstation.sync.pull.taking import Taking
from workstation.sync.transport import HttpTransport
from workstation.sync.wire import Request, Transport

Connect = Callable[[int], Transport]
SETTLE_ROUNDS: Final = 3
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one cursor came to.

    Attributes:
        cursor: Its name.
        written: Records that the server acknowledged to the writers.
        missed: How many of them it never brought.
        flagged: Whether the audit of counts says that something is missing.
        rounds: How often it asked.
    """

    cursor: str
    written: int
    missed: int
    flagged: bool
    rounds: int

    @property
    def share(self) -> float:
        """Missed of written, 0 to 1."""
        return self.missed / self.written if self.written else 0.0


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a cursor."""
    lines = [
        f"{o.cursor:28} missed {o.missed:5d} of {o.written:5d} ({o.share:6.1%})"
        f"  audit {'flags it' if o.flagged else 'is content'}  ({o.rounds} rounds)"
        for o in outcomes
    ]
    return "\n".join(lines)


class Ground:
    """A ward with one patient, made anew on any server, whose record is written and followed.

    Args:
        transport: To the server.
        clock: Of who makes it.
    """

    def __init__(self, transport: Transport, clock: Clock) -> None:
        mark = uuid7()
        self.ward = WardId(f"ward-{mark[-12:]}")
        self.patient = f"patient-{mark[-12:]}"
        ward = place_beds(self.ward, 0)
        patient, stay = admit(self.patient, "Trần", "Thị Theo", bed=None, ward=self.ward)
        client = FhirClient(transport, clock)
        for resource in (*ward, patient, stay):
            name = f"{resource['resourceType']}/{resource['id']}"
            answer = client.send(Request("PUT", name, dump_bytes(resource)))
            assert answer.success, answer.body


class Writer:
    """Writes measurements, one at a time."""

    def __init__(self, transport: Transport, clock: Clock, ground: Ground) -> None:
        self._client = FhirClient(transport, clock)
        self._clock = clock
        self._patient = ground.patient
        self.written: set[str] = set()

    def write(self) -> None:
        """One more; it counts only when the server has said so."""
        made = sign(uuid7(), self._patient, "8867-4", "80", self._clock.now())
        path = f"Observation/{made['id']}"
        answer = self._client.send(Request("PUT", path, dump_bytes(made)))
        assert answer.success, answer.body
        self.written.add(str(made["id"]))


class Follower(ABC):
    """Follows one patient's record into a store of its own.

    Args:
        name: Of its cursor.
        transport: To the server.
        clock: This terminal's.
        folder: For its store.
        ground: What to follow.
    """

    def __init__(
        self, name: str, transport: Transport, clock: Clock, folder: Path, ground: Ground
    ) -> None:
        self.name = name
        self.clock = clock
        self.patient = ground.patient
        self.scope = Scope(ground.ward)
        device = DeviceId(f"follower-{name.replace(' ', '-')}")
        self.store = Store.create(folder / device, KEY, device=device, clock=clock)
        self.client = FhirClient(transport, clock)
        self.server = meet_server(self.store, self.client, clock)
        self.taking = Taking(self.store, clock)
        self.rounds = 0

    def poll(self) -> None:
        """Ask once what is new."""
        self.rounds += 1
        self.ask()

    @abstractmethod
    def ask(self) -> None:
        """As the cursor does it."""

    def outcome(self, written: set[str]) -> Outcome:
        """What was missed of what was written, and what the audit says."""
        with self.store.read() as view:
            held = {stored.id for stored in view.find("Observation")}
        different = Census(self.store, self.server, self.taking).audit([self.patient])
        missed = len(written - held)
        return Outcome(self.name, len(written), missed, "Observation" in different, self.rounds)


class Policy(Protocol):
    """From when on to ask, given the newest time seen: ``gt…``, ``ge…`` or nothing."""

    def __call__(self, watermark: str) -> str: ...


class Naive(Follower):
    """A cursor such as one writes in an afternoon."""

    policy: Policy
    watermark = ""

    def ask(self) -> None:
        since = self.policy(self.watermark) if self.watermark else ""
        when = f"&_lastUpdated={since}" if since else ""
        path = f"Observation?patient={self.patient}{when}&_sort=_lastUpdated&_count={PAGE}"
        for page in linked(self.client, self.client.bundle(path)):
            self.taking.take(incoming.of_page(page, self.server.names))
            self.watermark = newest([self.watermark, *last_stamps(page)])


class OurCursor(Follower):
    """The arithmetic of the workstation's cursor, without the audit that comes after it."""

    def ask(self) -> None:
        if self.rounds == 1:
            self.client.get("metadata")
            self._start = self.client.server_date
        following = Following(self.store, self.server, self.taking)
        following.patients(self.scope, [self.patient], self._start)


class OurPull(Follower):
    """The workstation's whole pull, as a round of sync does it."""

    def ask(self) -> None:
        Pull(self.store, self.server, self.scope, self.clock).run()


def overlapping(seconds: int) -> Policy:
    """Asks from so long before the newest time seen on; what is here already is left out."""

    def since(watermark: str) -> str:
        start = instant(watermark)
        assert start is not None
        return f"ge{_written(start - timedelta(seconds=seconds))}"

    return since


def after(watermark: str) -> str:
    """What a well-known SDK does."""
    return f"gt{watermark}"


def from_(watermark: str) -> str:
    """The same with the newest time itself."""
    return f"ge{watermark}"


NAIVE: Final[dict[str, Policy]] = {
    "gt newest": after,
    "ge newest": from_,
    "ge newest - 10 s": overlapping(10),
    "ge newest - 120 s": overlapping(120),
}
OURS: Final[dict[str, type[Follower]]] = {"our cursor": OurCursor, "our pull": OurPull}


def followers(connect: Connect, clock: Clock, folder: Path, ground: Ground) -> list[Follower]:
    """One of each cursor."""
    found: list[Follower] = []
    for number, (name, policy) in enumerate(NAIVE.items()):
        one = Naive(name, connect(number), clock, folder, ground)
        one.policy = policy
        found.append(one)
    for number, (name, kind) in enumerate(OURS.items(), start=len(NAIVE)):
        found.append(kind(name, connect(number), clock, folder, ground))
    return found


def interleaved(
    folder: Path,
    *,
    lag: Lag,
    seed: int,
    writes: int = 300,
    pace_s: float = 1.0,
    behaviour: Behaviour | None = None,
) -> list[Outcome]:
    """Against the hostile double, in one thread; equal seeds give equal outcomes.

    Args:
        folder: For the stores.
        lag: How late rows show.
        seed: Of every choice.
        writes: How many records.
        pace_s: Seconds between two bursts of writing, in the mean.
        behaviour: What else the server does differently.
    """
    print(f"cursor experiment: seed {seed}")
    chance, clock = random.Random(seed), ManualClock(START)
    double = HospitalDouble(clock=clock)
    ground = Ground(DirectTransport(double), clock)
    double.behaviour = behaviour or Behaviour()
    late = LateServer(double, lag, seed)
    all_ = followers(lambda _number: DirectTransport(late), clock, folder, ground)
    writers = [Writer(DirectTransport(late), clock, ground) for _ in range(4)]
    for one in all_:
        one.poll()
    for _ in range(writes):
        chance.choice(writers).write()
        if chance.random() < 0.6:
            clock.advance(timedelta(seconds=chance.expovariate(1 / pace_s)))
        if chance.random() < 0.3:
            for one in all_:
                one.poll()
    for _ in range(SETTLE_ROUNDS):
        clock.advance(timedelta(seconds=1000))
        for one in all_:
            one.poll()
    written = set().union(*(writer.written for writer in writers))
    try:
        return [one.outcome(written) for one in all_]
    finally:
        for one in all_:
            one.store.close()
        double.close()


def concurrently(
    connect: Connect,
    folder: Path,
    *,
    writers: int = 4,
    writes: int = 100,
    pause_s: float = 0.05,
    clock: Clock | None = None,
) -> list[Outcome]:
    """Against any server, everybody in a thread of their own.

    Args:
        connect: Makes a transport for each who asks, by number.
        folder: For the stores.
        writers: How many write at once.
        writes: Records of each.
        pause_s: Seconds between two questions of one cursor.
        clock: The terminals' clock; the machine's if not given.
    """
    clock = clock or SystemClock()
    ground = Ground(connect(0), clock)
    all_ = followers(connect, clock, folder, ground)
    hands = [Writer(connect(len(all_) + n), clock, ground) for n in range(writers)]
    finished = threading.Event()

    def write(writer: Writer) -> None:
        for _ in range(writes):
            writer.write()

    def follow(one: Follower) -> None:
        left = SETTLE_ROUNDS
        while left:
            left -= finished.is_set()
            one.poll()
            time.sleep(pause_s)

    for one in all_:
        one.poll()
    with ThreadPoolExecutor(len(all_) + writers) as pool:
        reading: list[Future[None]] = [pool.submit(follow, one) for one in all_]
        try:
            for done in [pool.submit(write, writer) for writer in hands]:
                done.result()
        finally:
            finished.set()
        for each in reading:
            each.result()
    written = set().union(*(writer.written for writer in hands))
    try:
        return [one.outcome(written) for one in all_]
    finally:
        for one in all_:
            one.store.close()


def _written(at: datetime) -> str:
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def main(addresses: Sequence[str]) -> None:
    """Print the table of the hostile double, or of the server at some addresses."""
    with tempfile.TemporaryDirectory(prefix="cursor-") as folder:
        if addresses:
            print(table(concurrently(_round_robin(addresses), Path(folder))))
            return
        for longest, pace in ((3, 1.0), (90, 1.0), (1500, 20.0)):
            print(f"\nrows show up to {longest} s late, a burst every {pace:.0f} s")
            where, lag = Path(folder) / str(longest), mostly_short(longest)
            print(table(interleaved(where, lag=lag, seed=20261125, pace_s=pace)))


def _round_robin(addresses: Sequence[str]) -> Connect:
    return lambda number: HttpTransport(addresses[number % len(addresses)])


if __name__ == "__main__":
    main(sys.argv[1:])
