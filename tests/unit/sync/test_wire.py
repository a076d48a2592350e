"""Which answers are believed, and which family of error the others belong to."""

from __future__ import annotations

import pytest

from workstation.kernel.errors import Rejected, Unavailable
from workstation.sync.wire import (
    Response,
    accepted,
    object_of,
    outcome_text,
    raise_for,
    resource_of,
    retry_after,
)

JSON = {"content-type": "application/fhir+json; charset=utf-8"}
OUTCOME = (
    b'{"resourceType":"OperationOutcome","issue":[{"diagnostics":"no such ward"},'
    b'{"details":{"text":"nor bed"}},{"code":"invalid"},{"details":"odd"},"odd"]}'
)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_write_may_be_answered_with_nothing_when_that_is_announced(method: str) -> None:
    empty = Response(200, {"content-length": "0"}, b"")
    assert accepted(empty, method) is empty


def test_a_read_may_not() -> None:
    with pytest.raises(Unavailable):
        accepted(Response(200, {"content-length": "0"}, b""), "GET")


def test_no_content_is_no_content() -> None:
    assert accepted(Response(204, {}, b""), "DELETE").status == 204


def test_an_error_passes_whatever_it_looks_like() -> None:
    assert accepted(Response(502, {"content-type": "text/html"}, b"<html>")).status == 502


def test_a_success_without_content_type_is_not_fhir() -> None:
    with pytest.raises(Unavailable) as caught:
        accepted(Response(200, {}, b"{}"))
    assert caught.value.data["reason"] == "no-content-type"


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b'{"resourceType":"Pat', ""), (b"{}", ""), (b'{"resourceType":"Bundle"}', "Patient")],
)
def test_what_is_not_the_resource_asked_for_is_not_fhir(body: bytes, expected: str) -> None:
    with pytest.raises(Unavailable) as caught:
        resource_of(Response(200, JSON, body), expected)
    assert caught.value.code == "not-fhir"


def test_the_resource_asked_for_is_read() -> None:
    found = resource_of(Response(200, JSON, b'{"resourceType":"Patient"}'), "Patient")
    assert found == object_of(Response(200, JSON, b'{"resourceType":"Patient"}'))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (302, "wrong-address"),
        (401, "sign-in"),
        (403, "sign-in"),
        (429, "throttled"),
        (503, "throttled"),
        (500, "server-error"),
        (502, "server-error"),
    ],
)
def test_what_waiting_or_signing_in_mends_is_unavailable(status: int, code: str) -> None:
    with pytest.raises(Unavailable) as caught:
        raise_for(Response(status, {"retry-after": "7"}, b""))
    assert caught.value.code == code
    assert caught.value.data.get("retry_after", 7.0) == 7.0


def test_what_somebody_must_look_at_carries_the_servers_words() -> None:
    with pytest.raises(Rejected) as caught:
        raise_for(Response(422, JSON, OUTCOME))
    assert caught.value.data["outcome"] == "no such ward\nnor bed\ninvalid"


def test_a_success_raises_nothing() -> None:
    raise_for(Response(201, JSON, b""))


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"resourceType":"OperationOutcome"}'])
def test_no_outcome_has_no_words(body: bytes) -> None:
    assert outcome_text(body) == ""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12.0),
        ({"ratelimit": "limit=100, remaining=0, t=9"}, 9.0),
        ({"ratelimit": '"default";r=0;t=4'}, 4.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT",
                "date": "Wed, 21 Oct 2026 07:27:30 GMT",
            },
            30.0,
        ),
        ({"retry-after": "soon", "ratelimit": '"default";r=0;t=9'}, 9.0),
        ({"ratelimit": "t=soon"}, None),
        ({"ratelimit-reset": "6"}, 6.0),
        (
            {
                "date": "Fri, 20 Nov 2026 07:00:00 GMT",
                "retry-after": "Fri, 20 Nov 2026 07:00:30 GMT",
            },
            30.0,
        ),
        (
            {
                "date": "Fri, 20 Nov 2026 07:00:00 GMT",
                "retry-after": "Fri, 20 Nov 2026 06:00:00 GMT",
            },
            0.0,
        ),
        ({"retry-after": "Fri, 20 Nov 2026 07:00:30 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_the_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
