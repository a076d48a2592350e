"""A server on a real socket that answers with exactly the bytes it was given, good or cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterable


class CannedServer:
    """Answers each connection with the next of some byte strings, then closes it.

    Args:
        answers: Raw HTTP, status line included. None keeps the connection silent until closed.
    """

    def __init__(self, answers: Iterable[bytes | None]) -> None:
        self.seen: list[bytes] = []
        self.answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/fhir"

    def __enter__(self) -> CannedServer:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._done.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for another connection
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        for answer in self.answers:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                self.seen.append(self._request(connection))
                if answer is None:
                    self._done.wait(5)
                else:
                    connection.sendall(answer)

    @staticmethod
    def _request(connection: socket.socket) -> bytes:
        received = b""
        while b"\r\n\r\n" not in received and not received.startswith(b"\x16"):
            received += connection.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


def answer(
    body: bytes,
    *,
    status: str = "200 OK",
    kind: str = "application/fhir+json",
    headers: str = "",
    length: int | None = None,
) -> bytes:
    """A whole HTTP answer; `length` announces more or less than there is."""
    announced = len(body) if length is None else length
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {announced}\r\n"
        f"Connection: close\r\n{headers}\r\n".encode()
        + body
    )
