"""Carries the hospital over HTTP: Starlette takes in and gives out, nothing more."""

from __future__ import annotations

import functools
import gc
import logging
import socket
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as WebRequest
from starlette.responses import Response as WebResponse
from starlette.routing import Route

from hospital.wire import Handler, Request

METHODS: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_SLACK: Final = 1024


def application(hospital: Handler, *, largest_body: int) -> Starlette:
    """An ASGI application around a hospital.

    Args:
        hospital: Who answers.
        largest_body: Bytes of a body after which no more are read; the hospital then refuses it.
    """
    endpoint = functools.partial(_answer, hospital, largest_body)
    return Starlette(routes=[Route("/{path:path}", endpoint, methods=METHODS)])


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
    config = uvicorn.Config(
        application(hospital, largest_body=largest_body),
        http="httptools",
        lifespan="off",
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        date_header=False,
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
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(512)
    return listener


async def _answer(hospital: Handler, largest: int, web: WebRequest) -> WebResponse:
    body = bytearray()
    try:
        async for chunk in web.stream():
            body += chunk
            if len(body) > largest + _SLACK:
                break
    except ClientDisconnect:
        return WebResponse(status_code=400)
    response = await run_in_threadpool(hospital.handle, _request(web, bytes(body)))
    return WebResponse(response.body, response.status, headers=response.headers)


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
