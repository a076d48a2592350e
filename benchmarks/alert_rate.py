"""How many alerts the orders of an ordinary ward raise, and how long the check of one takes.

The orders of the demo hospital are checked in the order in which they were signed, each against
those that stood before it. Its patients and prescriptions are invented, after common guidelines.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.measure import Result, little, slow
from benchmarks.small_ward import KEY
from hospital.demo import places
from hospital.demo.generate import generate
from workstation.clinical.order_check import check
from workstation.clinical.order_safety import ActiveDrug, Checked, Proposed
from workstation.fhir.json import dump
from workstation.kernel.clock import ManualClock
from workstation.kernel.ids import DeviceId, PatientId, PersonId
from workstation.security.people import Person
from workstation.services import order_facts, order_safety
from workstation.services.desk import Desk
from workstation.store import Store
from workstation.store.mirror import Pulled, apply

NOW: Final = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
TARGET_PER_100: Final = 5
"""Interruptive alerts in 100 ordinary orders: more, and people no longer read them."""
TARGET_MS: Final = 50
_DOCTOR: Final = Person(PersonId("doctor-1"), "Đỗ Quang Huy", "doctor")


def measure(*, quick: bool) -> list[Result]:
    """Check the orders of several demo hospitals."""
    rates, taken = [], []
    told: Counter[str] = Counter()
    blind: Counter[str] = Counter()
    orders = 0
    for seed in range(1, 2 if quick else 7):
        with tempfile.TemporaryDirectory() as name:
            desk = _desk(Path(name) / "store", seed)
            try:
                found = [
                    checked for patient in _patients(desk) for checked in replay(desk, patient)
                ]
                taken += [_timed(desk, patient) for patient in _patients(desk)[:10]]
            finally:
                desk.store.close()
        orders += len(found)
        alerts = [alert for each in found for alert in each.alerts]
        blind.update(str(what) for each in found for what in each.unchecked)
        told.update(f"{alert.severity}: {alert.kind}" for alert in alerts)
        asking = sum(alert.severity.interrupts for alert in alerts)
        rates.append(100 * asking / len(found))
    return [
        little(
            "alert_rate",
            "alerts that ask for an answer, in 100 ordinary orders",
            "per 100 orders",
            rates,
            TARGET_PER_100,
            measured="worst",
            conditions={
                "orders": orders,
                "alerts per 100 orders": _shares(told, orders),
                "not checked per 100 orders": _shares(blind, orders),
            },
        ),
        slow(
            "order_check",
            "check one order against the record, with the reading of the record",
            taken,
            TARGET_MS,
            measured="p95",
            conditions={"chart": "five days of the demo hospital"},
        ),
    ]


def _shares(counts: Counter[str], orders: int) -> dict[str, float]:
    return {what: round(100 * number / orders, 1) for what, number in sorted(counts.items())}


def replay(desk: Desk, patient: PatientId) -> Iterator[Checked]:
    """What a check says of each drug order of a patient at the time when it was signed."""
    with desk.store.read() as view:
        facts = order_facts.read(view, desk, patient)
    ordered = [drug for drug in facts.drugs if not drug.given_only]
    ordered.sort(key=lambda drug: (drug.at or NOW, drug.record))
    for number, drug in enumerate(ordered):
        before = replace(facts, drugs=tuple(ordered[:number]))
        yield check(_proposed(drug), before, desk.knowledge)


def _proposed(drug: ActiveDrug) -> Proposed:
    return Proposed(
        drug=drug.drug,
        codes=drug.codes,
        amount=drug.amount,
        unit=drug.unit,
        route=drug.route,
        times_a_day=drug.times_a_day,
        once=drug.once,
    )


def _timed(desk: Desk, patient: PatientId) -> float:
    proposed = Proposed(drug="Diclofenac 75 mg", route="uống")
    started = time.perf_counter()
    order_safety.check(desk, patient, proposed)
    return (time.perf_counter() - started) * 1000


def _desk(folder: Path, seed: int) -> Desk:
    store = Store.create(folder, KEY, device=DeviceId("terminal-1"), clock=ManualClock(NOW))
    with store.write() as unit:
        apply(
            unit,
            [
                Pulled(each["resourceType"], each["id"], "1", NOW.isoformat(), dump(each))
                for each in generate(seed, NOW)
            ],
        )
    return Desk(store, store.clock, _DOCTOR, places.GENERAL.id)


def _patients(desk: Desk) -> list[PatientId]:
    with desk.store.read() as view:
        return [PatientId(stored.id) for stored in view.find("Patient")]
