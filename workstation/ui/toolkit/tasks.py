"""Runs services off the window's thread and brings each answer back to it."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.ui.toolkit.collecting import Collector

T = TypeVar("T")
Done = Callable[[Any], None]
Failed = Callable[[WorkstationError], None]
Progressed = Callable[[int, int], None]

TURN_S: Final = 0.001
"""How long the store or sync may compute before the window gets its turn: a fifth of Python's own
choice, since the window needs several turns for one answer to a key."""


class Task:
    """One piece of work under way; whoever asked may lose interest in it."""

    def __init__(self, done: Done, failed: Failed | None, owner: QObject | None) -> None:
        self._done = done
        self._failed = failed
        self._owner = owner
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Drop the answer; work that reports progress stops at its next report."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._cancelled.is_set()

    def wanted(self) -> bool:
        """Whether somebody who still exists waits for the answer."""
        return not self.cancelled and (self._owner is None or shiboken6.isValid(self._owner))

    def answer(self, result: object) -> None:
        """Hand over what the work returned."""
        self._done(result)

    def fail(self, error: BaseException) -> None:
        """Hand over a known error; raise a bug where ``sys.excepthook`` sees it."""
        if isinstance(error, WorkstationError) and self._failed is not None:
            self._failed(error)
        else:
            raise error


class Progress:
    """What long work tells while it runs, and how it learns that it shall stop."""

    def __init__(self, task: Task, tell: Callable[[int, int], None]) -> None:
        self._task = task
        self._tell = tell

    def report(self, finished: int, total: int) -> None:
        """Say that `finished` of `total` pieces are done.

        Raises:
            Refused: ``cancelled``: the person does not want it any more.
        """
        if self._task.cancelled:
            raise Refused("cancelled")
        self._tell(finished, total)


class TaskRunner(QObject):
    """One thread for the local record, so that its operations never overlap; one for slow work.

    Signals:
        changed: A command committed, or sync brought something. Emitted on the window's thread.
                 arg 0: Changes; arg 1: the object that asked, `SYNC`, or None.
    """

    SYNC: Final = object()
    """Who asked for what `publish` tells: sync."""

    changed = Signal(object, object)
    _finished = Signal(object, object)
    _progressed = Signal(object, object, int, int)
    _published = Signal(object)
    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collector = Collector(self)
        self.closed = False
        self._turn_before = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self._store = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._slow = ThreadPoolExecutor(max_workers=1, thread_name_prefix="slow")
        self._asked: deque[tuple[Task, Callable[[], Any]]] = deque()
        self._painted = QTimer(self, interval=0, singleShot=True)
        self._painted.timeout.connect(self._ask)
        # Queued even when a job is done before submit() returns: an answer must never
        # arrive inside the call that asked for it.
        queued = Qt.ConnectionType.QueuedConnection
        self._finished.connect(self._on_finished, queued)
        self._progressed.connect(self._on_progressed, queued)
        self._published.connect(self._on_published, queued)
        self._called.connect(self._on_called, queued)

    def query(
        self,
        read: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Task:
        """Run `read` on the store thread; call `done` or `failed` on the window's.

        Args:
            read: A service call; it touches no widget.
            done: Gets what `read` returned.
            failed: Gets a known error. Without it a known error is a bug too.
            owner: Who waits. Its answer is dropped once it is deleted; a bound method of a
                QObject names its owner by itself.

        Returns:
            A handle by which the asker may lose interest, as a search does at the next key. Once
            the program ends nothing is read any more: no screen is left that would show it.
        """
        task = Task(done, failed, owner or _owner(done))
        if self.closed:
            task.cancel()
        else:
            self._collector.put_off()
            self._asked.append((task, read))
            self._painted.start()
        return task

    def command(
        self,
        write: Callable[[], Changes],
        *,
        failed: Failed | None = None,
        done: Callable[[Changes], None] | None = None,
        initiator: object = None,
        owner: QObject | None = None,
    ) -> Task:
        """Run `write` on the store thread, then emit `changed`, even if the asker is gone."""
        asker = owner or (_owner(done) if done else None) or (_owner(failed) if failed else None)

        def announce(changes: Changes) -> None:
            if done is not None and (asker is None or shiboken6.isValid(asker)):
                done(changes)
            self.changed.emit(changes, initiator)

        task = Task(announce, failed, None)
        self._ask()
        self._submit(self._store, task, write)
        return task

    def slow(
        self,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], None],
        failed: Failed | None = None,
        progress: Progressed | None = None,
        owner: QObject | None = None,
    ) -> Task:
        """Run long `work` that needs no store (PDF, export) without holding up the record.

        Args:
            work: Gets a `Progress` to report to; a report raises once the task is cancelled.
            done: Gets what `work` returned.
            failed: Gets a known error.
            progress: Gets pieces finished and pieces in all.
            owner: As in `query`.
        """
        task = Task(done, failed, owner or _owner(done))

        def tell(finished: int, total: int) -> None:
            self._progressed.emit(task, progress, finished, total)

        self._submit(self._slow, task, lambda: work(Progress(task, tell)))
        return task

    def publish(self, changes: Changes) -> None:
        """Tell every screen what sync brought; callable from any thread."""
        self._published.emit(changes)

    def call(self, function: Callable[[], None]) -> None:
        """Run `function` on the window's thread soon; callable from any thread."""
        self._called.emit(function)

    def settle(self) -> None:
        """Count what is there now as there to stay; once the late imports are done."""
        self._collector.settle()

    def shutdown(self) -> None:
        """Wait for what is running; start nothing more."""
        self._ask()
        self.closed = True
        self._slow.shutdown(wait=True, cancel_futures=True)
        self._store.shutdown(wait=True)
        self._collector.stop()
        sys.setswitchinterval(self._turn_before)

    @Slot()
    def _ask(self) -> None:
        """Start reading, in the order of the questions.

        What is already in sight is painted first: one thread computes at a time, and a window
        that had to fetch Python's lock back for each cell of a table would stand still. Only what
        was called off is left out: who asked may be gone, and what was asked a deed all the same,
        such as a PIN that was changed just before the window closed.
        """
        while self._asked:
            task, read = self._asked.popleft()
            if not task.cancelled:
                self._submit(self._store, task, read)

    def _submit(self, executor: ThreadPoolExecutor, task: Task, job: Callable[[], Any]) -> None:
        self._collector.put_off()
        future = executor.submit(job)
        future.add_done_callback(lambda finished: self._finished.emit(finished, task))

    @Slot(object, object)
    def _on_finished(self, future: Future[Any], task: Task) -> None:
        if not task.wanted():
            return
        try:
            result = future.result()
        except (CancelledError, Exception) as error:  # noqa: BLE001 - handed to who asked
            task.fail(error)
        else:
            task.answer(result)

    @Slot(object, object, int, int)
    def _on_progressed(
        self, task: Task, progress: Progressed | None, finished: int, total: int
    ) -> None:
        if progress is not None and task.wanted():
            progress(finished, total)

    @Slot(object)
    def _on_published(self, changes: Changes) -> None:
        self.changed.emit(changes, self.SYNC)

    @Slot(object)
    def _on_called(self, function: Callable[[], None]) -> None:
        function()


def _owner(callback: Callable[..., None]) -> QObject | None:
    receiver = getattr(callback, "__self__", None)
    return receiver if isinstance(receiver, QObject) else None
