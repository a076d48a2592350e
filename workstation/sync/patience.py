"""Bounds how long one request may take as a whole, at whatever point it is held up.

A timeout of a socket counts from one byte to the next: a server, or a proxy on the way, that
gives one byte every twenty seconds would hold a round of sync for ever, and a body that is long
for a slow line would be given up though it travels. So every wait on the socket (a proxy's word,
the request on its way out, the headers, the body) asks the patience of the request under way,
which grows with the bytes that have travelled.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket

    from typing_extensions import Buffer

_PIECE: Final = 16 * 1024
"""Bytes handed to the socket at once: each has travelled before the next is waited for."""
_BUFFER: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one request may take from its first byte out to its last byte in.

    Attributes:
        stall_s: Seconds without a byte in either direction.
        grace_s: Seconds that any request may take.
        slowest: Bytes a second that must have travelled of what takes longer.
        longest_s: Seconds that no request may exceed.
    """

    stall_s: float = 30.0
    grace_s: float = 60.0
    slowest: float = 2048.0
    longest_s: float = 900.0


class Patience:
    """The patience with one request.

    Args:
        pace: How long it may take.
        now: A clock that only goes forward, in seconds.

    Attributes:
        ran_out: Whether a wait has ended because of it.
    """

    def __init__(self, pace: Pace, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._now = now
        self._began = now()
        self._travelled = 0
        self._unanswered = 0
        self.ran_out = False

    def sent(self, size: int) -> None:
        """Take note of bytes that the operating system has taken to send them."""
        self._travelled += size
        self._unanswered += size

    def came(self, size: int) -> None:
        """Take note of bytes that have come."""
        self._travelled += size
        self._unanswered = 0

    def wait(self) -> float:
        """Seconds that the next bytes may take.

        What was sent may still lie in the buffers of this machine: on a slow line the first byte
        of the answer cannot come before all of it has gone.

        Raises:
            TimeoutError: The request as a whole has taken too long.
        """
        pace = self._pace
        allowed = min(pace.longest_s, pace.grace_s + self._travelled / pace.slowest)
        left = self._began + allowed - self._now()
        if left <= 0:
            self.ran_out = True
            raise TimeoutError
        return min(pace.stall_s + self._unanswered / pace.slowest, left)


_under_way: ContextVar[Patience] = ContextVar("patience with the request under way")


@contextlib.contextmanager
def patience(pace: Pace) -> Iterator[Patience]:
    """Bound what this thread sends and reads within the block."""
    with_this = Patience(pace)
    token = _under_way.set(with_this)
    try:
        yield with_this
    finally:
        _under_way.reset(token)


@contextlib.contextmanager
def _waiting(sock: socket.socket) -> Iterator[Patience]:
    """One wait on a socket, no longer than the request under way may take."""
    current = _under_way.get()
    sock.settimeout(current.wait())
    try:
        yield current
    except TimeoutError:
        current.ran_out = True
        raise


class _Incoming(io.RawIOBase):
    """What comes in, each read of it bounded."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__()
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        """Wait for the next bytes."""
        with _waiting(self._sock) as current:
            size: int | None = self._raw.readinto(buffer)
        current.came(size or 0)
        return size

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


class _BoundedSocket:
    """A socket, plain or TLS, on which no wait outlasts the request under way.

    Args:
        sock: Connected.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def __getattr__(self, name: str) -> Any:
        """All else is the socket's own."""
        return getattr(self._sock, name)

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """What comes in, as a file."""
        return io.BufferedReader(_Incoming(self._sock), _BUFFER)

    def sendall(self, content: Buffer) -> None:
        """Send everything, however slowly, as long as it moves."""
        rest = memoryview(content).cast("B")
        while rest:
            with _waiting(self._sock) as current:
                size = self._sock.send(rest[:_PIECE])
            current.sent(size)
            rest = rest[size:]


class _Plain(HTTPConnection):
    """A connection whose socket is bounded."""

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _BoundedSocket(self.sock)


class _Secured(HTTPSConnection):
    """A TLS connection whose socket is bounded, also while a proxy is asked for the way."""

    def connect(self) -> None:
        super().connect()
        self.sock: Any = _BoundedSocket(self.sock)

    def _tunnel(self) -> None:
        plain, self.sock = self.sock, _BoundedSocket(self.sock)
        super()._tunnel()
        self.sock = plain


class _PlainPool(HTTPConnectionPool):
    """Keeps bounded connections."""

    ConnectionCls = _Plain


class _SecuredPool(HTTPSConnectionPool):
    """Keeps bounded TLS connections."""

    ConnectionCls = _Secured


POOLS: Final[dict[str, type[HTTPConnectionPool]]] = {"http": _PlainPool, "https": _SecuredPool}
"""What a pool manager makes its pools of, so that every wait is bounded."""
