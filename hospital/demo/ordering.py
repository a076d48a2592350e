"""What is ordered beside drugs: diet, monitoring, and here and there a test that waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from hospital.demo.chance import Dice
from hospital.demo.illnesses import TESTS
from hospital.demo.stay import DemoStay
from workstation.clinical.ordering import OrderKind, Request
from workstation.fhir import order, systems
from workstation.fhir.json import Resource

_WAITING: Final = 7
"""For every so-manieth patient a test was ordered just now: no nurse has seen it."""
_MONITORING: Final = Request(
    kind=OrderKind.MONITORING,
    words="Theo dõi mạch, nhiệt độ, huyết áp, nhịp thở, SpO₂",
    remark="theo phân cấp chăm sóc",
)
_DIETS: Final = (
    ("Cơm thường", "BT01"),
    ("Cháo", "BT02"),
    ("Chế độ ăn nhạt (tăng huyết áp, suy tim)", "TM01"),
)


def ordered(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """The orders of a stay beside its drugs; with dice of their own, so that all else stays."""
    own = replace(stay, dice=Dice(seed, "orders", number))
    at = stay.course.start + timedelta(minutes=55)
    words, code = own.dice.pick(_DIETS)
    diet = Request(kind=OrderKind.DIET, words=words, codes=((systems.DIET, code),))
    yield _order(own, at, _MONITORING)
    yield _order(own, at, diet)
    if number % _WAITING == 1:
        yield _order(own, stay.course.now - timedelta(minutes=own.dice.whole(4, 35)), _test())


def _test() -> Request:
    test = TESTS["crp"]
    return Request(
        kind=OrderKind.LABORATORY, words=test.name, codes=((systems.LOINC, test.code),), urgent=True
    )


def _order(stay: DemoStay, at: datetime, request: Request) -> Resource:
    return order.write(stay.entry(at, stay.doctor.reference), request)
