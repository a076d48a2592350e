"""A whole shift of a ward: two nurses and a doctor, two terminals, by keys alone, in three forms.

Online; with the server away from log-in on; and with an outage in the middle of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.kit import shift_drug_steps as drugs
from tests.kit import shift_ward_steps as ward
from tests.kit.hospital_process import HospitalProcess, running
from tests.kit.shift_hands import Effort, Hands
from tests.kit.shift_outcome import knows_the_shift
from tests.kit.shift_ward import (
    NEWCOMER,
    NIGHT,
    TAKEN,
    WITHHELD,
    critical_potassium,
    drugs_due,
    shift_ward,
)  # fmt: skip
from tests.kit.shift_words import WORDS
from tests.kit.ward_window import DOCTOR, NURSE, WardWindow, store_at, two_terminals
from tests.kit.witness import judge, shown
from workstation.kernel import words
from workstation.kernel.words import Language

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

ONLINE, OFFLINE, OUTAGE = "online", "offline", "outage"
LANGUAGES: Final[dict[str, Language]] = {ONLINE: "vi", OFFLINE: "en", OUTAGE: "vi"}
MOST: Final = {"drug, scanner": 4, "drug, no scanner": 7, "chart": 6, "chart and tab": 6}
"""Presses of all kinds that a step may take."""
MOST_BESIDE_VALUES: Final = {"round, one patient": 8}
"""Presses that a step may take beyond the values themselves."""

_MOST_ROUNDS: Final = 6
"""What a round finds out (a merge, say) goes out in the next, and comes to the other after that."""


class Shift:
    """The story; where the forms differ it asks its form."""

    def __init__(self, form: str, hospital: HospitalProcess, a: Hands, b: Hands) -> None:
        self.form, self.hospital, self.a, self.b = form, hospital, a, b
        self.says = WORDS[LANGUAGES[form]]
        self.connected = True

    def play(self) -> None:
        """From one handover to the next, and until both terminals know everything."""
        self.before()
        if self.form == OFFLINE:
            self.lose()
        self.begin()
        if self.form == OUTAGE:
            self.lose()
        self.care()
        self.coming_and_going()
        if self.form == OUTAGE:
            self.find()
        if self.connected:
            self.news()
        ward.hand_over(self.a, NIGHT, 5, self.says["taken"])
        if self.form == OFFLINE:
            self.find()
            self.a.relieve(NIGHT)
            self.news()
        self.meet()

    def before(self) -> None:
        """The shift before: its nurse leaves her patients, and what was ordered, behind."""
        self.b.at.log_in(DOCTOR)
        self.b.at.online()
        drugs_due(self.b.at)
        self.b.relieve(NIGHT)
        drugs.acknowledge_orders(self.b, self.says["orders"])
        ward.leave_handover(self.b, TAKEN)
        self.b.at.online()
        self.a.at.log_in(DOCTOR)
        self.a.at.online()
        self.a.efforts.clear()

    def begin(self) -> None:
        """Take over, say who cares for whom, measure everybody; one of them is worse."""
        self.a.relieve(NURSE)
        ward.take_over(self.a, TAKEN)
        ward.assign(self.a, NURSE, 1, 4)
        ward.only_mine(self.a, 4)
        ward.assign(self.b, NIGHT, 5, TAKEN)
        ward.only_mine(self.b, 2)
        ward.round_of(self.a, (ward.WELL, ward.WORSE, ward.WELL, ward.WELL))
        ward.record_call(self.a, 2, self.says["call"])
        ward.round_of(self.b, (ward.WELL, ward.WELL))

    def care(self) -> None:
        """Drugs and fluids at one terminal, new orders at the other."""
        drugs.give_by_scanner(self.a)
        drugs.give_without_scanner(self.a)
        drugs.withhold(self.a)
        drugs.give_by_two(self.a, NIGHT)
        ward.fluids(self.a, 1, self.says["sums"])
        self.b.relieve(DOCTOR)
        drugs.order(self.b, WITHHELD)

    def coming_and_going(self) -> None:
        """One comes, one goes to another bed, one goes home."""
        ward.admit(self.a, NEWCOMER)
        ward.assign(self.a, NURSE, NEWCOMER, NEWCOMER)
        ward.move(self.a, 5, 8, self.says["move"])
        ward.discharge(self.b, TAKEN, self.says["discharge"])

    def news(self) -> None:
        """What the doctor ordered and what the laboratory found, taken note of by a nurse."""
        store_at(self.hospital, [critical_potassium(1)])
        self.b.at.online()
        self.a.at.online()
        assert drugs.acknowledge_orders(self.a, self.says["orders"]) == len(drugs.ORDERED)
        drugs.acknowledge_result(self.a, self.says["critical"])

    def lose(self) -> None:
        """The server goes."""
        self.hospital.kill()
        self.connected = False
        for each in (self.a, self.b):
            each.at.sync(lambda status: status.link == "offline", "offline")

    def find(self) -> None:
        """The server is back."""
        self.hospital.start()
        self.connected = True
        self.meet()

    def meet(self) -> None:
        """Both terminals say what they have until neither has anything for the other."""
        known: list[set[str]] = []
        for _ in range(_MOST_ROUNDS):
            for each in (self.a, self.b):
                each.at.online()
            found = [set(shown(each.at.desk.store)) for each in (self.a, self.b)]
            if found == known and found[0] == found[1]:
                return
            known = found


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[HospitalProcess]:
    with running(tmp_path / "hospital") as process:
        store_at(process, shift_ward())
        yield process


@pytest.fixture
def language(form: str) -> Iterator[None]:
    words.use(LANGUAGES[form])
    yield
    words.use("vi")


def tell(efforts: list[Effort]) -> str:
    """The efforts as a table."""
    lines = [f"{each.step:32} {each.keys:3} keys {each.typed:3} typed" for each in efforts]
    return "\n".join(lines)


def keeps_promises(efforts: list[Effort]) -> None:
    """No step took more than was promised for it."""
    assert MOST.keys() | MOST_BESIDE_VALUES.keys() <= {each.step for each in efforts}
    for each in efforts:
        assert each.all <= MOST.get(each.step, each.all), each
        assert each.keys <= MOST_BESIDE_VALUES.get(each.step, each.keys), each


def hold_the_same(a: WardWindow, b: WardWindow, hospital: HospitalProcess) -> None:
    """Nothing waits, nothing is lost, and everybody shows the same."""
    for at in (a, b):
        status = at.terminal.status()
        assert (status.unsent, status.parked) == (0, 0)
        assert (status.conflicts, status.collisions) == (0, 0)
    proof = judge({"a": a.desk.store, "b": b.desk.store}, hospital.base)
    assert proof.holds, proof
    assert proof.acknowledged_writes > 60
    assert shown(a.desk.store).keys() == shown(b.desk.store).keys()


@pytest.mark.parametrize("form", [ONLINE, OFFLINE, OUTAGE])
@pytest.mark.usefixtures("qtbot", "language")
def test_a_shift(form: str, tmp_path: Path, hospital: HospitalProcess, capsys) -> None:
    efforts: list[Effort] = []
    with two_terminals(tmp_path, hospital) as (a, b):
        Shift(form, hospital, Hands(a, efforts), Hands(b, efforts)).play()
        hold_the_same(a, b, hospital)
        knows_the_shift(a)
        knows_the_shift(b)
    with capsys.disabled():
        print(f"\n{form}\n{tell(efforts)}")
    keeps_promises(efforts)
