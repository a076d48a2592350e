"""Collects what the proof needs: every terminal's memory and screen, and the server's records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.drill.crew import Crew
from workstation.drill.proof import Proof, Saved, prove
from workstation.drill.server import ServerWitness, conflict_sides
from workstation.fhir import conflict, json
from workstation.fhir.json import Resource
from workstation.sync.client import FhirClient
from workstation.sync.translation import Translation


def judge(crew: Crew, client: FhirClient) -> Proof:
    """Ask all terminals and the server, and compare.

    Args:
        crew: The terminals, at rest.
        client: Speaks to the server.
    """
    names = {terminal.name: Translation(terminal.ask("known_as")) for terminal in crew.terminals}
    saved = [
        _as_there(names[terminal.name], terminal.name, save)
        for terminal in crew.terminals
        for save in terminal.ask("saves")
    ]
    shown: dict[str, dict[str, Resource]] = {}
    for terminal in crew.terminals:
        bodies = map(names[terminal.name].outgoing, terminal.ask("shown"))
        shown[terminal.name] = {json.reference(body): body for body in bodies}
    witness = ServerWitness(client)
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
        witness.copies(save.body for save in saved if save.body),
    )


def _as_there(names: Translation, terminal: str, save: Mapping[str, Any]) -> Saved:
    """A save in the server's words, who may have chosen other ids than the terminal."""
    body = save["body"] and names.outgoing(save["body"])
    return Saved(terminal, save["sequence"], names.there(save["reference"]), body)
