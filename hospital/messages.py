"""What the hospital's command line says when it cannot do what was asked, in two languages."""

from __future__ import annotations

import errno
from pathlib import Path

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr


def explain(error: WorkstationError) -> str:
    """One line for a person: what is wrong, where, and what is safe; then the code for IT."""
    if error.code == "not-fhir":
        return _not_fhir(error)
    words = {
        "no-database": tr(
            "There is no hospital's database at {database}. Nothing was made or changed."
            " Look at --database; serve, load and demo make a new one.",
            database=error.data.get("database"),
        ),
        "no-such-device": tr(
            "No device is enrolled under the id {id}. Nothing was removed.",
            id=error.data.get("id"),
        ),
        "bad-certificate": tr(
            "{file} is no certificate in PEM form with its key. Look at --tls-certificate and"
            " --tls-key.",
            file=error.data.get("file"),
        ),
    }
    said = words.get(error.code)
    return f"{said} [{error.code}]" if said else str(error)


def explain_disk(error: OSError) -> str:
    """One line for a person: which file, or which address, and what is wrong with it."""
    if error.filename is None:
        return error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        return tr("{file}: there is no such file or folder.", file=error.filename)
    return f"{error.filename}: {error.strerror}"


def explain_address(host: str, port: int, error: OSError) -> str:
    """One line for a person: where the server cannot listen."""
    if error.errno == errno.EADDRINUSE:
        return tr(
            "Port {port} on {host} is taken by another program. Give another --port; 0 takes a"
            " free one.",
            port=port,
            host=host,
        )
    reason = error.strerror or str(error)
    return tr("Cannot listen on {host}, port {port}: {reason}", host=host, port=port, reason=reason)


def explain_unusable(file: Path, line: int, what: str, reason: str) -> str:
    """One line for a person: what was left out of a load, where, and why."""
    words = {
        "unknown-type": tr("Left out: R4 knows no such type."),
        "no-usable-id": tr("Left out: it has no id that R4 allows."),
    }
    where = tr("{file}, line {line}", file=file.name, line=line)
    return f"{where}: {what}: {words[reason]}"


def _not_fhir(error: WorkstationError) -> str:
    words = {
        "not-json": tr("This is not FHIR: it is not even JSON."),
        "no-resource": tr("This is not FHIR: it has no resourceType."),
        "damaged-gzip": tr("This compressed file is damaged."),
        "nothing-to-load": tr("This folder holds no FHIR files (.json, .ndjson, .gz)."),
        "no-such-file": tr("There is no such file."),
    }
    what, line = words[str(error.data["reason"])], error.data["line"]
    where = str(error.data["file"])
    if line:
        where = tr("{file}, line {line}", file=where, line=line)
    kept = tr("Correct it and load all of it again; what is stored already stays.")
    return f"{where}: {what} {kept} [{error.code}]"
