"""The proof of a rehearsal, for terminals that live in the test's own process."""

from __future__ import annotations

from collections.abc import Mapping

from workstation.drill.proof import Proof, Saved, prove
from workstation.drill.server import ServerWitness, conflict_sides
from workstation.drill.terminal import SHOWN
from workstation.fhir import conflict, json
from workstation.fhir.json import Resource
from workstation.kernel.clock import SystemClock
from workstation.store import Store, journal
from workstation.sync.client import FhirClient
from workstation.sync.transport import HttpTransport


def judge(stores: Mapping[str, Store], base: str) -> Proof:
    """Compare what people saved at each terminal with what all of them and the server show now."""
    saved = [save for name, store in stores.items() for save in saves(name, store)]
    shown_by = {name: shown(store) for name, store in stores.items()}
    everything = {reference for records in shown_by.values() for reference in records}
    tasks = [
        body for records in shown_by.values() for body in records.values()
        if conflict.is_conflict(body)
    ]  # fmt: skip
    transport = HttpTransport(base)
    try:
        witness = ServerWitness(FhirClient(transport, SystemClock()))
        written = [save.reference for save in saved]
        return prove(
            saved,
            shown_by,
            witness.records(everything | set(written), written),
            conflict_sides(tasks),
            witness.copies(save.body for save in saved if save.body),
        )
    finally:
        transport.close()


def saves(name: str, store: Store) -> list[Saved]:
    """Every save of a person at a terminal."""
    with store.read() as view:
        return [
            Saved(name, each.seq, f"{each.type}/{each.id}", each.body and json.parse(each.body))
            for each in journal.saves_of_people(view)
        ]


def shown(store: Store) -> dict[str, Resource]:
    """Every record of patients that a terminal shows, by ``Type/id``."""
    with store.read() as view:
        found = [each.resource() for type_ in SHOWN for each in view.find(type_)]
    return {json.reference(body): body for body in found}
