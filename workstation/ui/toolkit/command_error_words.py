"""The English words for what can go wrong on the command line, keys of the translation."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "no-display": (
        "There is no screen to open the window on.",
        "Start it in a desktop session (over ssh: ssh -X), or set DISPLAY or WAYLAND_DISPLAY.",
    ),
    "wipe-unsent": (
        "Something is only on this terminal: {count} records.",
        "Sync first, or keep them with: workstation store rescue FILE. Nothing was wiped.",
    ),
    "wipe-uncounted": (
        "What is only on this terminal cannot be counted: the record is damaged.",
        "Try: workstation store rebuild. With --lose-unsent it is wiped all the same.",
    ),
    "wipe-in-use": ("The window of this terminal is open.", "Close it first; nothing was wiped."),
    "wipe-not-meant": ("Nothing was wiped.", ""),
    "drill-address": (
        "The drill cannot use the address {url}.",
        "It begins with https://, or with http:// on this machine. Reason: {reason}.",
    ),
    "drill-no-ward": (
        "The server at {url} has no ward.",
        "A ward is an active Location with physicalType wa; see docs/servers.md.",
    ),
    "drill-not-fhir": (
        "There is no FHIR R4 server at {url}.",
        "Most base addresses end in /fhir. Reason: {reason}.",
    ),
    "drill-search": (
        "The server at {url} does not tell its wards and staff.",
        "Reason: {reason}.",
    ),
    "drill-sign-in": (
        "The server at {url} wants a sign-in, and a drill has none.",
        "Name a test server that answers openly; see docs/servers.md. Reason: {reason}.",
    ),
    "drill-unreachable": (
        "The server at {url} cannot be reached.",
        "Check the address, and that the server runs. Reason: {reason}.",
    ),
    "empty-record": (
        "The record on this terminal is empty: nothing is in its file.",
        "Nothing was changed. Restore a backup: workstation store restore FILE.",
    ),
    "hospital-did-not-start": ("The demo hospital did not start.", "Its last words: {said}"),
    "keys-missing": (
        "The record on this terminal has lost its keys: {file} is there, people.json is not.",
        "Nothing was changed. Put people.json back from a backup, or move the whole folder away.",
    ),
    "never-quiet": ("The terminals did not come to rest.", "Their last rounds ended: {outcomes}."),
    "no-demo": ("There is no demo running here to join.", "Start one first."),
    "no-staff": ("The server knows nobody who works there.", "Add staff as Practitioner to it."),
    "no-ward": ("The server knows no ward.", "Add a ward as Location to it."),
    "not-so-many-minutes": (
        "A drill lasts more than 0 minutes and at most {most}.",
        "Look at --minutes.",
    ),
    "not-started": ("The drill has not begun yet.", ""),
    "record-missing": (
        "The record of this terminal is gone: its keys are there, ward.db is not.",
        "Do not set it up anew. Restore a backup: workstation store restore FILE.",
    ),
    "saves-lost-at-power-cut": (
        "After the power cut {after} of {before} saves were there.",
        "Keep the folder; call the makers.",
    ),
    "still-online": ("A terminal still reached the server after it was cut off.", ""),
    "terminal-died": (
        "Terminal {terminal} ended without being asked.",
        "See terminal.log in its folder.",
    ),
    "too-few-terminals": ("A drill needs at least {fewest} terminals.", ""),
    "unknown-act": ("Nobody here can do this: {act}.", ""),
    "unknown-question": ("A terminal was asked what it does not know: {do}.", ""),
    "ward-too-empty": (
        "The drill needs at least {fewest} people on the ward.",
        "Name a server with a fuller ward.",
    ),
    "no-folder": (
        "{path} is a file, not a folder.",
        "Nothing was changed. Name a folder with --folder.",
    ),
}
