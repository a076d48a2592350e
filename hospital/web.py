"""Carries the hospital over HTTP: Starlette takes in and gives out, nothing more."""

from __future__ import annotations

import functools
import gc
import logging
import socket
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as WebRequest
from starlette.responses import Response as WebResponse
from starlette.routing import Route

from hospital.connection import Bounds, within
from hospital.outcome import Issue, outcome
from hospital.wire import FHIR_JSON, Handler, Request

METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
SMALL: Final = 64 * 1024
"""Bytes of each body that are always taken: one record gets in even when batches find no room."""
RETRY_SECONDS: Final = 5
_SLACK: Final = 1024


class Room:
    """How many bytes of bodies are here at once, of all connections; the event loop counts.

    Args:
        size: How many there may be, the first of each body (`SMALL`) not counted.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Take this much, if there is as much."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        self._left += size


def application(hospital: Handler, *, largest_body: int, bodies: int) -> Starlette:
    """An ASGI application around a hospital.

    Args:
        hospital: Who answers.
        largest_body: Bytes of a body after which no more are read; the hospital then refuses it.
        bodies: Bytes of all bodies at once; beyond them a client is asked to come again.
    """
    endpoint = functools.partial(_answer, hospital, largest_body, Room(bodies))
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=METHODS)])


def configured(
    hospital: Handler, *, largest_body: int, bounds: Bounds, **more: Any
) -> uvicorn.Config:
    """How uvicorn is to serve a hospital.

    Args:
        hospital: Who answers.
        largest_body: Bytes of a body that are read.
        bounds: How much patience and memory clients get.
        more: Further settings of uvicorn's.
    """
    return uvicorn.Config(
        application(hospital, largest_body=largest_body, bodies=bounds.bodies),
        http=within(bounds),
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        date_header=False,
        **more,
    )


def serve(
    hospital: Handler,
    listener: socket.socket,
    *,
    largest_body: int,
    certificate: Path | None = None,
    key: Path | None = None,
) -> None:
    """Serve until the process is told to end.

    Args:
        hospital: Who answers.
        listener: A bound socket.
        largest_body: Bytes of a body that are read.
        certificate: PEM of the certificate, for TLS.
        key: PEM of its private key.
    """
    config = configured(
        hospital,
        largest_body=largest_body,
        bounds=Bounds(),
        log_level=logging.WARNING,
        timeout_graceful_shutdown=5,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    _collect_seldom()
    uvicorn.Server(config).run(sockets=[listener])


def _collect_seldom() -> None:
    """Let the garbage collector look seldom, and never at what was there before.

    A request makes thousands of dictionaries that all go when it ends, by their own count; by
    default they are looked through again and again meanwhile (a tenth of the time of a write).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def listen(host: str, port: int) -> socket.socket:
    """A socket to serve on; port 0 takes a free one.

    Raises:
        OSError: when the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only a socket that names its protocol gets TCP_NODELAY from asyncio; without it each answer
    # waits 40 ms for the other side's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


async def _answer(hospital: Handler, largest: int, room: Room, web: WebRequest) -> WebResponse:
    body = bytearray()
    taken = 0
    try:
        async for chunk in web.stream():
            body += chunk
            needed = max(len(body) - SMALL, 0) - taken
            if not room.take(needed):
                return _come_again()  # what is still on its way, the connection drops
            taken += needed
            if len(body) > largest + _SLACK:
                break
        response = await run_in_threadpool(hospital.handle, _request(web, bytes(body)))
    except ClientDisconnect:
        return WebResponse(status_code=400)
    finally:
        room.give_back(taken)
    return WebResponse(response.body, response.status, headers=response.headers)


def _come_again() -> WebResponse:
    told = outcome([Issue("throttled", "too much is being sent at once; nothing was changed")])
    headers = {"Content-Type": FHIR_JSON, "Retry-After": str(RETRY_SECONDS)}
    return WebResponse(msgspec.json.encode(told), 503, headers=headers)


def _request(web: WebRequest, body: bytes) -> Request:
    scope: dict[str, Any] = dict(web.scope)
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        origin=f"{scope['scheme']}://{headers.get('host', 'localhost')}",
        client=client[0] if client else "",
    )
