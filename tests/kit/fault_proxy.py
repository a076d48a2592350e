"""A TCP proxy between a true transport and a true server, that does to HTTP what networks do.

    with FaultProxy(hospital.base, seed=7) as proxy:
        transport = HttpTransport(proxy.base)
        proxy.line = Line(bytes_per_second=8_000, latency_s=0.05)
        proxy.next(Fault(cut_down=120), where=is_batch)

It speaks just enough HTTP to know where one request ends and the next begins, so that a fault can
be laid on one exchange, at one byte. Every exchange is kept as the bytes that it was. All chance
comes from the seed. It runs in a thread of its own and listens on 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_END = b"\r\n\r\n"
_PIECE = 1024
_TICK_S = 0.01
_GONE = (ConnectionError, asyncio.IncompleteReadError)
_PAGE = b"<html><body>Welcome, guest! Please log in.</body></html>"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_PAGE),
    _PAGE,
)
"""The log-in page of a guest network, in place of an answer."""


def throttled(headers: str, status: str = "429 Too Many Requests") -> bytes:
    """An answer that asks to come later; `headers` say when, each line with its newline."""
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n".encode()


@dataclass(frozen=True)
class Fault:
    """What befalls one exchange. The defaults let it pass.

    Attributes:
        cut_up: Bytes of the request that reach the server before both sides are cut; as many as
            the request has: it arrives whole, and the line is cut before any answer. Or the name
            of a boundary, as in `boundaries`.
        cut_down: Bytes of the answer that arrive before the line is cut; the server did its work.
            Less than none: so many are missing at its end, or all. Or the name of a boundary.
        reset: Cut by a reset (RST) instead of an end.
        duplicate: The request is delivered twice: ``first`` or ``second`` answer comes back.
        instead: Bytes that answer in the server's place, which never hears of it.
        stall_s: Seconds of silence before the answer; for ever if infinite.
        dribble_s: Seconds after each single byte of the answer.
        dribble_from: How many bytes of it come at once first.
    """

    cut_up: int | str | None = None
    cut_down: int | str | None = None
    reset: bool = False
    duplicate: str = ""
    instead: bytes = b""
    stall_s: float = 0.0
    dribble_s: float = 0.0
    dribble_from: int = 0


@dataclass(frozen=True)
class Line:
    """What the line is like for everybody. The defaults are a good one.

    Attributes:
        latency_s: Seconds that a message takes, beside its length.
        bytes_per_second: Of both directions together; 0 for no bound.
        drops: Share of connections that break at a random byte, up or down, of one of their
            first `life` exchanges.
        life: Exchanges after which a connection ends.
        halves: Share of answers of which only half of the body arrives.
        html: Share of exchanges that a log-in page answers with 200.
    """

    latency_s: float = 0.0
    bytes_per_second: float = 0.0
    drops: float = 0.0
    life: int = 1_000_000
    halves: float = 0.0
    html: float = 0.0


@dataclass
class Exchange:
    """One request and what came of it.

    Attributes:
        request: Its bytes, as the client sent them.
        answer: The server's bytes, whole; empty if it was never asked or never answered.
        fault: What befell it.
        peer: Port of the client, which tells one connection from another.
        at: When the request had come, in seconds of a clock that only goes forward.
    """

    request: bytes
    answer: bytes = b""
    fault: Fault = field(default_factory=Fault)
    peer: int = 0
    at: float = 0.0

    @property
    def first_line(self) -> str:
        """Method, path and protocol."""
        return self.request.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self) -> str:
        """Such as ``PUT``."""
        return self.first_line.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """Path and query."""
        return self.first_line.split(" ")[1]

    @property
    def body(self) -> bytes:
        """Of the request, unpacked."""
        return _unpacked(self.request)

    @property
    def answered(self) -> bytes:
        """The body of the answer, unpacked."""
        return _unpacked(self.answer)


_Applies = Callable[[Exchange], bool]


class FaultProxy:
    """Stands between a client and a server.

    Args:
        target: The server's base address, ``http://127.0.0.1:port/fhir``.
        seed: Of all chance.

    Attributes:
        line: What befalls everybody; may be changed at any time.
        exchanges: What passed so far.
        up: Changes the body of each request on its way, unpacked.
        down: Changes the body of each answer on its way, unpacked.
    """

    def __init__(self, target: str, *, seed: int = 0) -> None:
        parts = urlsplit(target)
        self._to = (parts.hostname or "", parts.port or 80)
        self._path = parts.path
        self.line = Line()
        self.exchanges: list[Exchange] = []
        self.up: Callable[[bytes], bytes] = _as_it_is
        self.down: Callable[[bytes], bytes] = _as_it_is
        self._chance = random.Random(seed)
        self._planned: list[tuple[_Applies, Fault]] = []
        self._free_at = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []
        self.port = 0

    @property
    def base(self) -> str:
        """The address of the server, through the proxy."""
        return f"http://127.0.0.1:{self.port}{self._path}"

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_exception: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._failures:
            raise self._failures[0]

    def next(self, fault: Fault, *, where: _Applies = lambda _: True, times: int = 1) -> None:
        """Lay a fault on the next exchanges that `where` says."""
        self._planned += [(where, fault)] * times

    @property
    def waiting(self) -> int:
        """Faults that have not befallen anything yet."""
        return len(self._planned)

    def calm(self) -> None:
        """No more faults; the line is good."""
        self._planned.clear()
        self.line = Line()

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens, and every connection is cut, within the block."""
        self._do(self._unlisten())
        try:
            yield
        finally:
            self._do(self._listen())

    # Inside the proxy's own thread.

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _unlisten(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()

    async def _end(self) -> None:
        await self._unlisten()

    async def _hang_up(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        doomed = self._doomed()
        carried = 0
        try:
            while carried < self.line.life and (request := await _message(reader)) is not None:
                carried += 1
                peer = writer.get_extra_info("peername")[1]
                exchange = Exchange(request, peer=peer, at=self._loop.time())
                exchange.fault = self._fault_for(exchange, breaks=carried == doomed)
                self.exchanges.append(exchange)
                if not await self._exchange(exchange, writer):
                    return
        except _GONE:
            return
        finally:
            await _closed(writer)

    def _doomed(self) -> int:
        """At which of its exchanges a new connection will break; 0 for none."""
        if self.line.drops and self._chance.random() < self.line.drops:
            return self._chance.randint(1, min(self.line.life, 5))
        return 0

    def _fault_for(self, exchange: Exchange, *, breaks: bool) -> Fault:
        for planned in self._planned:
            if planned[0](exchange):
                self._planned.remove(planned)
                return planned[1]
        chance = self._chance.random
        if breaks:
            if chance() < 0.5:
                return Fault(cut_up=self._chance.randint(0, len(exchange.request)))
            return Fault(cut_down=-self._chance.randint(1, 400))
        if self.line.html and chance() < self.line.html:
            return Fault(instead=HTML)
        return Fault()

    async def _exchange(self, exchange: Exchange, writer: asyncio.StreamWriter) -> bool:
        """Carry one request and its answer; whether the connection is still good."""
        fault = exchange.fault
        await self._travel(len(exchange.request))
        if fault.cut_up is not None:
            await self._cut_request(exchange, _place(exchange.request, fault.cut_up))
            return _broken(writer, fault)
        if fault.instead:
            answer = fault.instead
        else:
            request = _rewritten(exchange.request, self.up)
            answer = exchange.answer = _rewritten(await self._asked(request), self.down)
            if fault.duplicate:
                again = await self._asked(request)
                answer = again if fault.duplicate == "second" else answer
        await asyncio.sleep(fault.stall_s if fault.stall_s != float("inf") else 3600.0)
        line = self.line
        if line.halves and self._chance.random() < line.halves:
            head, _, body = answer.partition(_END)
            fault = exchange.fault = Fault(cut_down=len(head) + len(_END) + len(body) // 2)
        if fault.cut_down is not None:
            await self._given(writer, answer[: _place(answer, fault.cut_down)], fault)
            return _broken(writer, fault)
        await self._given(writer, answer, fault)
        return bool(answer) and b"\r\nconnection: close" not in answer.partition(_END)[0].lower()

    async def _cut_request(self, exchange: Exchange, size: int) -> None:
        """Let a part of a request arrive; a whole one is done, and nobody hears of it."""
        reader, writer = await asyncio.open_connection(*self._to)
        try:
            writer.write(exchange.request[:size])
            await writer.drain()
            if size >= len(exchange.request):
                exchange.answer = await _message(reader, of=exchange.request) or b""
        finally:
            await _closed(writer)

    async def _asked(self, request: bytes) -> bytes:
        """The server's whole answer; empty if it hangs up or is not there."""
        try:
            reader, writer = await asyncio.open_connection(*self._to)
        except ConnectionError:
            return b""
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader, of=request) or b""
        except _GONE:
            return b""
        finally:
            await _closed(writer)

    async def _given(self, writer: asyncio.StreamWriter, answer: bytes, fault: Fault) -> None:
        if fault.dribble_s:
            writer.write(answer[: fault.dribble_from])
            for place in range(fault.dribble_from, len(answer)):
                writer.write(answer[place : place + 1])
                await writer.drain()
                await asyncio.sleep(fault.dribble_s)
            return
        if not self.line.bytes_per_second:
            await self._travel(len(answer))
            writer.write(answer)
            await writer.drain()
            return
        await asyncio.sleep(self.line.latency_s)
        for place in range(0, len(answer), _PIECE):
            piece = answer[place : place + _PIECE]
            await self._occupy(len(piece))
            writer.write(piece)
            await writer.drain()

    async def _travel(self, size: int) -> None:
        """Let time pass for a message of so many bytes."""
        if self.line.latency_s:
            await asyncio.sleep(self.line.latency_s)
        await self._occupy(size)

    async def _occupy(self, size: int) -> None:
        """Wait until the line, which everybody shares, has carried so many bytes more."""
        if not self.line.bytes_per_second:
            return
        now = self._loop.time()
        self._free_at = max(now, self._free_at) + size / self.line.bytes_per_second
        if self._free_at - now > _TICK_S:
            await asyncio.sleep(self._free_at - now)


def _place(message: bytes, cut: int | str) -> int:
    """How many bytes of a message pass."""
    if isinstance(cut, str):
        return boundaries(message)[cut]
    return cut if cut >= 0 else max(0, len(message) + cut)


def _broken(writer: asyncio.StreamWriter, fault: Fault) -> bool:
    """Cut the client's side; never good again."""
    if fault.reset:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def _message(reader: asyncio.StreamReader, of: bytes = b"") -> bytes | None:
    """One whole HTTP message; None at the end of the connection.

    Args:
        reader: Of the connection.
        of: The request that this is the answer to; empty for a request.
    """
    try:
        head = await reader.readuntil(_END)
    except asyncio.IncompleteReadError:
        return None
    names = _names(head)
    if of.startswith(b"HEAD ") or (of and head.split(b" ", 2)[1] in (b"204", b"304")):
        return head
    if "chunked" in names.get("transfer-encoding", ""):
        return head + await _chunks(reader)
    if "content-length" in names:
        return head + await reader.readexactly(int(names["content-length"]))
    return head + await reader.read() if of else head


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while True:
        size = await reader.readuntil(b"\r\n")
        length = int(size.split(b";")[0], 16)
        parts += [size, await reader.readexactly(length + 2)]
        if not length:
            return b"".join(parts)


def _unpacked(message: bytes) -> bytes:
    head, _, body = message.partition(_END)
    zipped = body and _names(head).get("content-encoding") == "gzip"
    return gzip.decompress(body) if zipped else body


def _as_it_is(body: bytes) -> bytes:
    return body


def _rewritten(message: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A message with another body, its headers told of it."""
    if change is _as_it_is or not message.partition(_END)[2]:
        return message
    body = change(_unpacked(message))
    lines = message.partition(_END)[0].split(b"\r\n")
    about_body = (b"content-length:", b"content-encoding:", b"transfer-encoding:")
    kept = [line for line in lines if not line.lower().startswith(about_body)]
    return b"\r\n".join([*kept, b"Content-Length: %d" % len(body)]) + _END + body


def _names(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def boundaries(message: bytes) -> dict[str, int]:
    """Where a cut of an HTTP message makes a difference, by name: bytes that still arrive.

    Before anything, inside the first line and at its end, at each header's end, inside each
    header, between headers and body, after the first, in the middle of and before the last byte
    of the body, and after everything.
    """
    head, _, body = message.partition(_END)
    found = {"nothing": 0}
    place = 0
    for number, line in enumerate(head.split(b"\r\n")):
        name = "first line" if number == 0 else f"header {number}"
        found[f"inside {name}"] = place + len(line) // 2
        found[f"before the end of {name}"] = place + len(line)
        place += len(line) + 2
        found[f"after {name}"] = place
    start = len(head) + len(_END)
    found["before the last newline of the headers"] = start - 1
    found["between headers and body"] = start
    if body:
        found["after the first byte of the body"] = start + 1
        found["in the middle of the body"] = start + len(body) // 2
        found["before the last byte of the body"] = len(message) - 1
        found["after everything"] = len(message)
    return found
