"""Collects what the proof needs: every terminal's memory and screen, and the server's records."""

from __future__ import annotations

from workstation.drill.crew import Crew
from workstation.drill.proof import Proof, Saved, prove
from workstation.drill.server import ServerWitness, carries_own_id, conflict_sides
from workstation.fhir import conflict, json
from workstation.fhir.json import Resource
from workstation.sync.client import FhirClient


def judge(crew: Crew, client: FhirClient) -> Proof:
    """Ask all terminals and the server, and compare.

    Args:
        crew: The terminals, at rest.
        client: Speaks to the server.
    """
    saved = [
        Saved(terminal.name, each["sequence"], each["reference"], each["body"])
        for terminal in crew.terminals
        for each in terminal.ask("saves")
    ]
    shown: dict[str, dict[str, Resource]] = {
        terminal.name: {json.reference(body): body for body in terminal.ask("shown")}
        for terminal in crew.terminals
    }
    known_as: dict[str, str] = {}
    for names in crew.all("known_as"):
        known_as |= names
    witness = ServerWitness(client, known_as)
    written = [save.reference for save in saved]
    everything = {reference for records in shown.values() for reference in records}
    tasks = [
        body
        for records in shown.values()
        for body in records.values()
        if conflict.is_conflict(body)
    ]
    return prove(
        saved,
        shown,
        witness.records(everything | set(written), written),
        conflict_sides(tasks),
        witness.copies(save.reference for save in saved if carries_own_id(save.body)),
    )
