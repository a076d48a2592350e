"""Clinical data made by others, read from where it lies when it is there."""

import gzip
import os
from functools import cache
from pathlib import Path

from workstation.fhir.json import Resource, parse

_DEFAULT = Path(__file__).parents[3] / "shared" / "data" / "inpatients"


def folder() -> Path | None:
    """The folder of NDJSON files; ``WARD_FOREIGN_DATA`` names another place."""
    found = Path(os.environ.get("WARD_FOREIGN_DATA", _DEFAULT))
    return found if found.is_dir() else None


@cache
def resources() -> tuple[Resource, ...]:
    """Every resource, or none where the data is not at hand."""
    where = folder()
    if where is None:
        return ()
    found = []
    for path in sorted(where.glob("*.ndjson.gz")):
        with gzip.open(path, "rb") as lines:
            found.extend(parse(line) for line in lines)
    return tuple(found)
