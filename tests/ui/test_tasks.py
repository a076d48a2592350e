"""The bridge between threads: order, cancel, progress, errors, and answers nobody waits for."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

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
