"""The bridge between threads: order, cancel, progress, errors, and answers nobody waits for."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from tests.kit.terminal import settle
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.ui.toolkit.tasks import Progress, TaskRunner


@pytest.fixture
def tasks(qtbot):
    made = TaskRunner()
    yield made
    made.shutdown()


def test_work_of_the_store_runs_in_order_on_one_other_thread(tasks: TaskRunner) -> None:
    seen: list[tuple[int, str]] = []
    for number in range(5):
        tasks.query(lambda number=number: (number, threading.current_thread().name),
                    done=seen.append)  # fmt: skip
    settle(until=lambda: len(seen) == 5)
    assert [number for number, _ in seen] == [0, 1, 2, 3, 4]
    assert {name for _, name in seen} == {"store_0"}


def test_questions_and_commands_keep_their_order(tasks: TaskRunner) -> None:
    seen: list[str] = []

    def save() -> Changes:
        seen.append("save")
        return Changes()

    tasks.query(lambda: seen.append("read before"), done=lambda _: None)
    tasks.command(save)
    tasks.query(lambda: seen.append("read after"), done=lambda _: None)
    settle(until=lambda: len(seen) == 3)
    assert seen == ["read before", "save", "read after"]


def test_what_is_in_sight_is_painted_before_a_question_is_read(tasks: TaskRunner, qtbot) -> None:
    seen: list[str] = []

    class Picture(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            seen.append("painted")

    picture = Picture()
    qtbot.addWidget(picture)
    picture.show()
    settle(until=lambda: bool(seen))
    seen.clear()
    picture.update()
    tasks.query(lambda: seen.append("read"), done=lambda _: None)
    settle(until=lambda: "read" in seen)
    assert seen == ["painted", "read"]


def test_a_question_that_nobody_waits_for_is_not_read(tasks: TaskRunner) -> None:
    read: list[int] = []
    for number in range(3):
        task = tasks.query(lambda number=number: read.append(number), done=lambda _: None)
        if number < 2:
            task.cancel()
    settle(until=lambda: bool(read))
    assert read == [2]


def test_what_was_asked_before_the_end_is_still_done(qtbot) -> None:
    tasks, closed = TaskRunner(), []
    tasks.query(lambda: closed.append("record"), done=lambda _: None)
    tasks.shutdown()
    assert closed == ["record"]


def test_a_known_error_goes_to_failed(tasks: TaskRunner) -> None:
    errors: list[WorkstationError] = []

    def refuse() -> None:
        raise Refused("stale-edit")

    tasks.query(refuse, done=lambda _: None, failed=errors.append)
    settle(until=lambda: bool(errors))
    assert errors[0].code == "stale-edit"


def test_a_bug_is_raised_where_the_hook_sees_it(tasks: TaskRunner, qtbot) -> None:
    with qtbot.capture_exceptions() as caught:
        tasks.query(lambda: 1 // 0, done=lambda _: None, failed=lambda _: None)
        settle(until=lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_nobody_hears_a_cancelled_answer(tasks: TaskRunner) -> None:
    heard: list[int] = []
    tasks.query(lambda: 1, done=heard.append).cancel()
    tasks.query(lambda: 2, done=heard.append)
    settle(until=lambda: bool(heard))
    assert heard == [2]


def test_an_answer_for_a_deleted_widget_is_dropped(tasks: TaskRunner) -> None:
    import shiboken6

    owner = QObject()
    heard: list[int] = []
    tasks.query(lambda: 1, done=heard.append, owner=owner)
    shiboken6.delete(owner)
    tasks.query(lambda: 2, done=heard.append)
    settle(until=lambda: bool(heard))
    assert heard == [2]


def test_what_was_asked_is_done_although_its_asker_goes_at_once(tasks: TaskRunner) -> None:
    import shiboken6

    owner, done = QObject(), []
    tasks.query(lambda: done.append("PIN changed"), done=lambda _: None, owner=owner)
    shiboken6.delete(owner)
    settle(until=lambda: bool(done))
    assert done == ["PIN changed"]


def test_a_command_tells_everybody_even_when_its_asker_is_gone(tasks: TaskRunner) -> None:
    import shiboken6

    told: list[tuple[Changes, object]] = []
    tasks.changed.connect(lambda changes, who: told.append((changes, who)))
    owner = QObject()
    done: list[Changes] = []
    changes = Changes(references=frozenset({"Patient/1"}))
    tasks.command(lambda: changes, done=done.append, owner=owner, initiator="me")
    shiboken6.delete(owner)
    settle(until=lambda: bool(told))
    assert told == [(changes, "me")]
    assert done == []


def test_sync_publishes_from_its_own_thread(tasks: TaskRunner) -> None:
    told: list[str] = []
    tasks.changed.connect(lambda changes, who: told.append(threading.current_thread().name))
    worker = threading.Thread(target=lambda: tasks.publish(Changes(queue=True)))
    worker.start()
    worker.join()
    settle(until=lambda: bool(told))
    assert told == ["MainThread"]


def test_slow_work_reports_progress_and_stops_when_cancelled(tasks: TaskRunner) -> None:
    go = threading.Event()
    steps: list[tuple[int, int]] = []
    ended: list[str] = []

    def work(progress: Progress) -> None:
        progress.report(1, 3)
        go.wait(2)
        try:
            progress.report(2, 3)
        except Refused as stopped:
            ended.append(stopped.code)
            raise

    task = tasks.slow(work, done=lambda _: None, progress=lambda n, m: steps.append((n, m)))
    settle(until=lambda: steps == [(1, 3)])
    task.cancel()
    go.set()
    settle(until=lambda: bool(ended))
    assert ended == ["cancelled"]


def test_nothing_is_read_any_more_once_the_program_ends(tasks: TaskRunner) -> None:
    heard: list[int] = []
    tasks.shutdown()
    assert tasks.query(lambda: 1, done=heard.append).cancelled
    settle()
    assert heard == []
