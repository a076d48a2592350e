"""Requests made from the server's own description: its types, elements, codes and parameters.

Most of them are nearly right, since what is plainly wrong is turned away at the door.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
from hypothesis import strategies as st

from hospital.schema.r4 import Element, r4
from hospital.search.parameters import ALSO, parameters
from hospital.wire import Request
from workstation.fhir.json import dump_bytes

TYPES: Final = tuple(sorted(ALSO))
IDS: Final = ("an", "binh", "o-1", "e-1", "none")
_RAW = msgspec.Raw
HOSTILE_TEXTS: Final = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "%",
        "_",
        "%%%",
        "\\",
        "'",
        '"',
        "';--",
        "Nguye\u0302\u0303n",
        "é" * 500,
    ),
    *(
        "a" * 5_000,
        "\u202e",
        "\ufeff",
        "😀",
        "\U0010ffff",
        "../..",
        "$",
        "|",
        ",",
        ":",
        "*",
        "-",
        "=",
        "&",
    ),
)
DATES: Final = (
    *("2026", "2026-11", "2026-11-20", "2026-11-20T07:00:00Z", "2026-11-20T07:00:00.123+07:00"),
    *("9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01", "0000", "0000-00-00", "-0001"),
    *("2026-02-30", "2016-12-31T23:59:60Z", "2026-11-20T24:00:00Z", "2026-11-20T07:00:00+99:99"),
    *("2026-11-20T07:00:00." + "1" * 60 + "Z", "20261120", "today", "2026-11-20T07:00"),
)
NUMBERS: Final = (
    *(0, 1, -1, 2**31, 2**63, -(2**63) - 1, 10**40, True, None, "1"),
    *(_RAW(b"1.10"), _RAW(b"1e999999"), _RAW(b"-1e-999999"), _RAW(b"-0"), _RAW(b"-0.0")),
    _RAW(b"0.123456789012345678901234567890"),
)
PREFIXES: Final = ("", "eq", "ne", "gt", "ge", "lt", "le", "sa", "eb", "ap", "xx")
MODIFIERS: Final = (
    *("missing", "not", "exact", "contains", "text", "in", "below", "above", "identifier"),
    *("Patient", "Encounter", "", "x:y", "of-type"),
)
RESULTS: Final = (
    *("_count", "_sort", "_include", "_revinclude", "_elements", "_summary", "_total", "_after"),
    *(
        "_id",
        "_lastUpdated",
        "_tag",
        "_since",
        "_at",
        "_type",
        "_format",
        "_pretty",
        "_has",
        "_list",
    ),
)

texts = st.sampled_from(HOSTILE_TEXTS) | st.text(max_size=20)
wrong = st.one_of(
    texts,
    st.sampled_from(NUMBERS),
    st.sampled_from(DATES),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just([None]),
    st.just({"a": 1}),
)
_references = st.builds(
    "{}/{}".format, st.sampled_from(TYPES), st.sampled_from(IDS)
) | st.sampled_from(("Patient/an", "#x", "urn:uuid:1", "http://x.test/Patient/1", "Patient/", "/"))
_primitives: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "decimal": st.sampled_from(NUMBERS),
    "integer": st.sampled_from(NUMBERS),
    "unsignedInt": st.sampled_from(NUMBERS),
    "positiveInt": st.sampled_from(NUMBERS),
    "date": st.sampled_from(DATES),
    "dateTime": st.sampled_from(DATES),
    "instant": st.sampled_from(DATES),
    "uri": st.sampled_from(("http://loinc.org", "urn:x", "x y", "")),
    "id": st.sampled_from(IDS),
}


@st.composite
def elements(draw: st.DrawFn, kind: str, depth: int) -> Any:
    """A value of a datatype, sound or nearly so."""
    if draw(st.integers(0, 14)) == 0:
        return draw(wrong)
    table = r4().types.get(kind)
    if kind == "Reference":
        return {"reference": draw(_references)}
    if table is None or depth > 3:
        return draw(_primitives.get(kind, texts))
    chosen = draw(st.lists(st.sampled_from(sorted(table)), max_size=4, unique=True))
    return {name: draw(filled(table[name], depth + 1)) for name in chosen}


@st.composite
def filled(draw: st.DrawFn, element: Element, depth: int) -> Any:
    """What stands under an element's name."""
    if element.codes >= 0 and draw(st.integers(0, 4)):
        value: Any = draw(st.sampled_from(r4().codes[element.codes]))
    else:
        value = draw(elements(element.kind, depth))
    if not element.repeats:
        return value
    return [value] * draw(st.sampled_from((1, 1, 1, 2, 0, 40)))


@st.composite
def resources(draw: st.DrawFn, type_: str = "", id_: str = "") -> dict[str, Any]:
    """A resource: what is required is there, mostly."""
    kind = type_ or draw(st.sampled_from(TYPES))
    table = r4().types[kind]
    names = [name for name, element in table.items() if element.required and not element.choice]
    names += draw(st.lists(st.sampled_from(sorted(table)), max_size=6))
    found: dict[str, Any] = {"resourceType": kind}
    for name in dict.fromkeys(names):
        if name not in ("id", "contained"):
            found[name] = draw(filled(table[name], 1))
    if id_:
        found["id"] = id_
    return found


@st.composite
def queries(draw: st.DrawFn, type_: str) -> str:
    """What follows the ``?`` of a search."""
    known = parameters(type_)
    pairs = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from((*sorted(known), *RESULTS)))
        value = draw(_value(type_, name, known[name].kind if name in known else ""))
        if draw(st.integers(0, 3)) == 0:
            name = f"{name}:{draw(st.sampled_from(MODIFIERS))}"
        pairs += [(name, value)] * draw(st.sampled_from((1, 1, 1, 1, 1, 2, 90)))
    text = urlencode(pairs, quote_via=quote, errors="replace")
    return text + draw(st.sampled_from(("", "", "", "", "&", "&%", "&%ff=%fe", "&=&=", "&a")))


@st.composite
def _value(draw: st.DrawFn, type_: str, name: str, kind: str) -> str:
    names = st.sampled_from(sorted(parameters(type_)))
    dates = st.builds("{}{}".format, st.sampled_from(PREFIXES), st.sampled_from(DATES))
    by_kind: dict[str, st.SearchStrategy[str]] = {
        "date": dates,
        "token": st.builds("{}|{}".format, texts, texts)
        | st.sampled_from(("8867-4", "http://loinc.org|", "|x", "true")),
        "reference": _references,
        "string": texts,
        "_count": st.sampled_from(
            ("0", "1", "10", "1000", "999999999", "9" * 40, "-1", "1.5", "x")
        ),
        "_sort": st.lists(
            st.builds(
                "{}{}".format,
                st.sampled_from(("", "-", "--")),
                names | st.sampled_from(("_lastUpdated", "_id", "x")),
            ),
            max_size=4,
        ).map(",".join),
        "_include": st.builds(
            "{}:{}".format,
            st.sampled_from(TYPES),
            names | st.sampled_from(("*", "x", "patient:Patient")),
        ),
        "_elements": st.lists(names | texts, max_size=3).map(",".join),
        "_summary": st.sampled_from(("true", "false", "count", "data", "text", "x")),
        "_total": st.sampled_from(("none", "accurate", "estimate", "x")),
        "_id": st.lists(st.sampled_from(IDS) | texts, max_size=3).map(",".join),
        "_lastUpdated": dates,
        "_since": dates,
        "_after": st.sampled_from(
            (
                "0",
                "1",
                "9" * 30,
                "-1",
                "WzFd",
                "WyJhIl0",
                "W10",
                "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTld",
                "x",
            )
        ),
        "_type": st.lists(st.sampled_from(TYPES), max_size=3).map(",".join),
    }
    by_kind["_revinclude"] = by_kind["_include"]
    found = draw(by_kind.get(name, by_kind.get(kind, texts)))
    more = draw(st.sampled_from((0, 0, 0, 0, 1, 300)))
    return ",".join([found] * (more + 1)) if draw(st.integers(0, 9)) else draw(texts)


_CONDITIONS = ("", 'W/"1"', "1", "*", 'W/"', "W/W/", 'W/"99999999999999999999999"', "\x00", "é")


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any interaction of the description."""
    type_ = draw(st.sampled_from(TYPES))
    id_ = draw(st.sampled_from(IDS))
    make = draw(st.sampled_from((_reading, _searching, _writing, _writing, _bundle, _signing)))
    return draw(make(type_, id_))


@st.composite
def _reading(draw: st.DrawFn, type_: str, id_: str) -> Request:
    path = draw(
        st.sampled_from(
            (
                *(f"/{type_}/{id_}", f"/{type_}/{id_}/_history", f"/{type_}/_history", "/_history"),
                *(f"/{type_}/{id_}/_history/1", f"/{type_}/{id_}/_history/x", "/metadata"),
                *(f"/Patient/{id_}/$everything", f"/Patient/{id_}/{type_}", f"/{type_}/$validate"),
            )
        )
    )
    return Request("GET", f"/fhir{path}", draw(queries(type_)))


@st.composite
def _searching(draw: st.DrawFn, type_: str, _id: str) -> Request:
    query = draw(queries(type_))
    if draw(st.booleans()):
        return Request("GET", f"/fhir/{type_}", query)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return Request("POST", f"/fhir/{type_}/_search", "", headers, query.encode("utf-8", "replace"))


@st.composite
def _writing(draw: st.DrawFn, type_: str, id_: str) -> Request:
    headers = {
        name: value
        for name in ("if-match", "if-none-match", "if-none-exist", "prefer")
        if (value := draw(st.sampled_from(("", "", "", *_CONDITIONS, "identifier=a|b", "x=y"))))
    }
    body = draw(st.builds(dump_bytes, resources(type_, id_)) | st.binary(max_size=20))
    match draw(st.integers(0, 3)):
        case 0:
            return Request("DELETE", f"/fhir/{type_}/{id_}", "", headers)
        case 1:
            new = draw(st.builds(dump_bytes, resources(type_)))
            return Request("POST", f"/fhir/{type_}", "", headers, new)
        case 2:
            new = draw(st.builds(dump_bytes, resources(type_)))
            return Request("PUT", f"/fhir/{type_}", draw(queries(type_)), headers, new)
        case _:
            return Request("PUT", f"/fhir/{type_}/{id_}", "", headers, body)


@st.composite
def _bundle(draw: st.DrawFn, type_: str, id_: str) -> Request:
    entries = []
    for _ in range(draw(st.integers(0, 3))):
        inner = draw(st.one_of(_reading(type_, id_), _searching(type_, id_), _writing(type_, id_)))
        url = inner.path.removeprefix("/fhir/") + (f"?{inner.query}" if inner.query else "")
        request: dict[str, Any] = {"method": inner.method, "url": draw(st.just(url) | wrong)}
        for header, name in (("if-match", "ifMatch"), ("if-none-exist", "ifNoneExist")):
            if header in inner.headers:
                request[name] = inner.headers[header]
        entry: dict[str, Any] = {"request": request}
        if draw(st.booleans()):
            entry["fullUrl"] = draw(st.sampled_from(("urn:uuid:1", "urn:uuid:2", "x", "")))
        if inner.method in ("PUT", "POST"):
            entry["resource"] = draw(resources(type_, id_) | wrong)
        entries.append(draw(st.just(entry) | st.just(entry) | wrong))
    kind = draw(st.sampled_from(("batch", "transaction", "history", "", None)))
    content = {"resourceType": "Bundle", "type": kind, "entry": entries}
    return Request("POST", "/fhir", "", {}, dump_bytes(content))


@st.composite
def _signing(draw: st.DrawFn, _type: str, _id: str) -> Request:
    token = draw(
        st.sampled_from(("", "Bearer ", "Bearer x", "Basic x", "Bearer \x00", "\x00", "Bearer é"))
    )
    headers = {"authorization": token} if token else {}
    path = draw(
        st.sampled_from(
            ("/auth/token", "/auth/login", "/.well-known/smart-configuration", "/health")
        )
    )
    login = {"login": draw(wrong), "password": draw(wrong)}
    form = urlencode(
        {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": draw(st.sampled_from(_ASSERTIONS)),
            "scope": draw(texts),
        },
        errors="replace",
    ).encode()
    body = draw(st.sampled_from((form, dump_bytes(login), b"", b"\xff", b"[]")))
    return Request(draw(st.sampled_from(("POST", "POST", "GET", "PUT"))), path, "", headers, body)


_ASSERTIONS = (
    *("", "x", "a.b.c", "e30.e30.e30", "eyJhbGciOiJub25lIn0.e30."),
    "eyJhbGciOiJFUzM4NCIsImtpZCI6W119.eyJpc3MiOltdfQ.eA",
    "eyJhbGciOiJFUzM4NCJ9.W10.eA",
    "eyJhbGciOiJFUzM4NCJ9.eyJpc3MiOjV9.eA",
)
