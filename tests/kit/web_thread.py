"""Serves anything that answers like ``Hospital.handle`` on a true socket, from a thread."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

import uvicorn

from hospital.connection import Bounds
from hospital.interactions.call import Limits
from hospital.web import configured, listen
from hospital.wire import Handler, Request, Response


class OneByOne:
    """Lets a handler of a test answer one request after the other, whatever comes at once.

    Attributes:
        got: Every request that arrived whole.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._turn = threading.Lock()
        self.got: list[Request] = []

    def handle(self, request: Request) -> Response:
        with self._turn:
            self.got.append(request)
            return self._handler.handle(request)


@contextlib.contextmanager
def serving(handler: Handler, bounds: Bounds | None = None) -> Iterator[str]:
    """The FHIR base at which `handler` answers within the block, on a free port of 127.0.0.1."""
    listener = listen("127.0.0.1", 0)
    config = configured(
        OneByOne(handler),
        largest_body=Limits().body,
        bounds=bounds or Bounds(),
        log_level=logging.CRITICAL,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="web")
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/fhir"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
