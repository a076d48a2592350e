"""What the hospital's command line says about a file that it cannot take in, in two languages."""

from __future__ import annotations

from workstation.kernel.errors import WorkstationError
from workstation.kernel.words import tr


def explain(error: WorkstationError) -> str:
    """One line for a person: what is wrong, where, and what is safe; then the code for IT."""
    if error.code != "not-fhir":
        return str(error)
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
