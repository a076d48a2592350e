"""The way from one terminal to the hospital, with what can happen on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.kit.direct_transport import DirectTransport
from tests.kit.hospital_double import BASE
from workstation.kernel.errors import Unavailable
from workstation.sync.wire import Request, Response


class Killed(BaseException):
    """The process is gone; nothing of it may run any more."""


@dataclass
class Line:
    """The way from one terminal to the hospital.

    Attributes:
        direct: Where requests go.
        cut: Nothing gets through.
        cut_after: So many requests later it is cut, and stays so.
        answers_to_lose: So many answers to writes never arrive.
        writes_twice: So many writes are delivered twice; the second answer is what arrives.
        dies_after: The process is killed at that request: before it leaves, or when answered.
        dies_answered: Which of the two.
        meanwhile: What happens elsewhere right before a request, so many requests later.
    """

    direct: DirectTransport
    cut: bool = False
    cut_after: int | None = None
    answers_to_lose: int = 0
    writes_twice: int = 0
    dies_after: int | None = None
    dies_answered: bool = False
    meanwhile: tuple[int, Callable[[], object]] | None = None
    base: str = BASE

    def send(self, request: Request) -> Response:
        self._something_happens()
        self._breaks()
        if self.cut:
            raise Unavailable("offline")
        dying = self._is_time_to_die()
        if dying and not self.dies_answered:
            raise Killed
        response = self.direct.send(request)
        if self.writes_twice and request.method != "GET":
            self.writes_twice -= 1
            response = self.direct.send(request)
        if dying:
            raise Killed
        if self.answers_to_lose and request.method != "GET":
            self.answers_to_lose -= 1
            raise Unavailable("cut")
        return response

    def mend(self) -> None:
        """Nothing happens on it any more."""
        self.cut, self.cut_after, self.answers_to_lose, self.writes_twice = False, None, 0, 0
        self.dies_after, self.meanwhile = None, None

    def _something_happens(self) -> None:
        if self.meanwhile is None:
            return
        left, happens = self.meanwhile
        if left:
            self.meanwhile = (left - 1, happens)
            return
        self.meanwhile = None
        happens()

    def _breaks(self) -> None:
        if self.cut_after is None:
            return
        self.cut_after -= 1
        if self.cut_after < 0:
            self.cut_after, self.cut = None, True

    def _is_time_to_die(self) -> bool:
        if self.dies_after is None:
            return False
        self.dies_after -= 1
        if self.dies_after >= 0:
            return False
        self.dies_after = None
        return True
