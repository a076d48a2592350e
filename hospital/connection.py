"""One connection: how long a request may take to arrive, and how much of it is kept meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, Final

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from hospital.outcome import Issue, outcome
from hospital.wire import FHIR_JSON

HEAD_SECONDS: Final = 30.0
BODY_SECONDS: Final = 300.0
"""16 MiB, the largest body, at half a megabit a second."""
UNREAD_SECONDS: Final = 60.0
HEAD_BYTES: Final = 256 * 1024
PIPELINED: Final = 32
BODIES_BYTES: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much patience and memory those get who send.

    Attributes:
        head: Seconds until the line and the headers of a request are there, from its first byte
            or from when the connection was made.
        body: Seconds that its body may take after that.
        unread: Seconds in which a client takes nothing at all of an answer that waits for it.
        head_bytes: Bytes of a line and headers that are not complete.
        pipelined: Requests that wait on one connection for the answer to another.
        bodies: Bytes of all bodies at once, from their arrival until they are answered.
    """

    head: float = HEAD_SECONDS
    body: float = BODY_SECONDS
    unread: float = UNREAD_SECONDS
    head_bytes: int = HEAD_BYTES
    pipelined: int = PIPELINED
    bodies: int = BODIES_BYTES


class Connection(HttpToolsProtocol):
    """What uvicorn does for a connection, for no longer than the bounds allow.

    uvicorn knows only how long a connection may idle between two requests; a request that trickles
    in, or an answer that nobody takes, it keeps for ever.
    """

    bounds: ClassVar[Bounds] = Bounds()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._any = False
        self._in_head = False
        self._in_body = False
        self._head_bytes = 0
        self._given_up = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._expect(self.bounds.head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._expect(None)
        self._watch(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in some bytes, unless what came before them was no HTTP."""
        if self._given_up:
            return
        if self._deadline is None:
            self._expect(self.bounds.head)
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.bounds.head_bytes:
                status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                self._give_up(status, "too-long", "the headers have no end")

    def on_message_begin(self) -> None:
        """A request begins.

        Raises:
            ValueError: when too many wait; the parser gives up then.
        """
        if len(self.pipeline) >= self.bounds.pipelined:
            raise ValueError("too many requests ahead of their answers")
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        if self._deadline is None:
            self._expect(self.bounds.head)

    def on_headers_complete(self) -> None:
        """Its body, if any, comes next.

        Raises:
            ValueError: when it is of no HTTP that we speak; the parser gives up then.
        """
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            raise ValueError("neither HTTP/1.0 nor HTTP/1.1")
        super().on_headers_complete()
        self._any, self._in_head, self._in_body = True, False, True
        self._expect(self.bounds.body)

    def on_message_complete(self) -> None:
        """It came whole: from here on the client waits for us."""
        self._in_body = False
        self._expect(None)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP: say so, but never in place of the answer to what came before."""
        self._give_up(HTTPStatus.BAD_REQUEST, "structure", msg)

    def pause_writing(self) -> None:
        """An answer waits to be taken."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Most of it was taken."""
        if not self.transport.is_closing():
            self._watch(None)
        super().resume_writing()

    def _expect(self, seconds: float | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._deadline = None
        if self.pipeline or self._answering():
            self._expect(self.bounds.head)  # it is we who keep the client waiting
        else:
            self._give_up(HTTPStatus.REQUEST_TIMEOUT, "timeout", "the request did not come whole")

    def _answering(self) -> bool:
        """Whether the newest request is whole and not answered yet."""
        return self._any and not self.cycle.response_complete and not self._in_body

    def _give_up(self, status: HTTPStatus, code: str, diagnostics: str) -> None:
        """Hear no more of this connection; end it when what came whole is answered."""
        if self._given_up or self.transport.is_closing():
            return
        self._given_up = True
        self._expect(None)
        if self._answering():
            self.cycle.keep_alive = False  # closes behind the last answer
            return
        answered = self._in_body and self.cycle.response_started
        if not answered and not self.pipeline:
            self.transport.write(_refusal(status, code, diagnostics))
        self.transport.close()
        self._watch(self.transport.get_write_buffer_size() or None)

    def _watch(self, waiting: int | None) -> None:
        """Cut the connection if by and by nothing of what waits is taken.

        Args:
            waiting: Bytes that wait now; absent to watch no more.
        """
        if self._unread:
            self._unread.cancel()
        seconds = self.bounds.unread
        self._unread = (
            None if waiting is None else self.loop.call_later(seconds, self._cut, waiting)
        )

    def _cut(self, before: int) -> None:
        waiting = self.transport.get_write_buffer_size()
        if waiting < before:
            self._watch(waiting)
        else:
            self.transport.abort()


def within(bounds: Bounds) -> type[Connection]:
    """The kind of connection that keeps these bounds."""
    return type("BoundedConnection", (Connection,), {"bounds": bounds})


def _refusal(status: HTTPStatus, code: str, diagnostics: str) -> bytes:
    body = msgspec.json.encode(outcome([Issue(code, diagnostics)]))
    head = f"content-type: {FHIR_JSON}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return STATUS_LINE[status] + head.encode("ascii") + body
