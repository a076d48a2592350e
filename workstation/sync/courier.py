"""Carries requests to the server one at a time, if need be while its owner does something else.

Writing what the last answer said and waiting for the next one can go on side by side; two
requests of one terminal at once never happen. Nothing here touches the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from workstation.sync.wire import Request, Response

Flight = Future[Response]
"""A request on its way; its result is the answer, or raises what `Courier.send` would have."""


class Courier:
    """Carries requests in the order in which they were handed over.

    Args:
        carry: Brings one request to the server and its answer back.
    """

    def __init__(self, carry: Callable[[Request], Response]) -> None:
        self._carry = carry
        self._turn = threading.Lock()
        self._hands = ThreadPoolExecutor(1, thread_name_prefix="wire")

    def send(self, request: Request) -> Response:
        """Carry a request on the calling thread, after the one that is on its way.

        Raises:
            Unavailable: As `Transport.send`.
        """
        with self._turn:
            return self._carry(request)

    def begin(self, request: Request) -> Flight:
        """Send a request on its way; whatever is sent after this call goes after it."""
        left = threading.Event()

        def carry() -> Response:
            with self._turn:
                left.set()
                return self._carry(request)

        flight = self._hands.submit(carry)
        left.wait()
        return flight
