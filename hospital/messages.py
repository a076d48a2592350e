"""What the hospital's command line says when it cannot do what was asked, in two languages."""

from __future__ import annotations

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
    }
    said = words.get(error.code)
    return f"{said} [{error.code}]" if said else str(error)


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
