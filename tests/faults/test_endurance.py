"""Nothing grows without need: days of a small ward, and what is left of them at its terminal.

`benchmarks.long_ward` plays 72 hours of a ward of 36 beds; here it is a few beds with short stays,
in large steps. The journal and the audit are kept, the former as long as its patient is here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.long_ward import LongWard, Sample, long_ward
from tests.kit.store import index_rows
from workstation.store import maintenance
from workstation.store.engine import LOG_BYTES

BEDS, HOURS, STEP = 4, 50, 60
KEPT_LOG = 1000
"""Rounds in the log of the sync centre."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LongWard, list[Sample]]]:
    folder = tmp_path_factory.mktemp("ward")
    with long_ward(folder, beds=BEDS, stay_hours=(3, 8)) as ward:
        yield ward, list(ward.play(HOURS, STEP))


@pytest.mark.fault
def test_what_is_in_passing_passes(played: tuple[LongWard, list[Sample]]) -> None:
    ward, samples = played
    assert ward.most_unsent > 20, "the hours without a network left no queue"
    end = samples[-1].rows
    for table in ("pending", "parked", "unreadable", "conflict", "lease", "draft", "id_map"):
        assert end[table] == 0, table
    assert end["sync_log"] <= KEPT_LOG
    assert end["cursor"] == samples[30].rows["cursor"]
    assert end["meta"] == samples[0].rows["meta"]
    assert ward.largest_log <= LOG_BYTES


@pytest.mark.fault
def test_only_those_who_are_here_or_have_just_left_take_room(
    played: tuple[LongWard, list[Sample]],
) -> None:
    ward, samples = played
    admitted = len(ward.guests) + len(ward.left)
    print({name: count for name, count in samples[-1].rows.items() if count}, admitted)
    assert admitted > 3 * BEDS
    with ward.desk.store.read() as view:
        run = view.connection.exec_driver_sql
        here = {row[0] for row in run("SELECT patient FROM scope_member")}
        assert here >= {guest.patient for guest in ward.guests.values()}
        assert len(here) < admitted, "nobody was ever purged"
        for table in ("resource", "change", "record_index", "observation_index", "pending"):
            rows = run(f"SELECT DISTINCT patient FROM {table} WHERE patient IS NOT NULL")
            assert {row[0] for row in rows} <= here, table
        found = run("SELECT count(*) FROM resource WHERE patient IS NULL").scalar_one()
        assert found == BEDS + 1 + 2, "beds, ward and two people belong to nobody"
        assert run("SELECT count(*) FROM change WHERE patient IS NULL").scalar_one() == 0
    end = samples[-1].rows
    assert end["patient_words"] == end["patient_index"] == len(here)


@pytest.mark.fault
def test_the_second_day_needs_no_more_room_than_the_first(
    played: tuple[LongWard, list[Sample]],
) -> None:
    """After a day as many patients go as come; audit and chance are the rest."""
    ward, samples = played
    first = max(sample.store_mb - sample.free_mb for sample in samples[24:38])
    second = max(sample.store_mb - sample.free_mb for sample in samples[38:])
    print(f"{first:.2f} MB on the first day, {second:.2f} MB on the second")
    print(f"the log was at most {ward.largest_log / 1e6:.2f} MB")
    assert second <= 1.5 * first
    assert samples[-1].free_mb <= samples[-1].store_mb / 2, "free pages are used again"


@pytest.mark.fault
def test_after_days_the_index_is_still_what_the_record_says(
    played: tuple[LongWard, list[Sample]],
) -> None:
    ward, _ = played
    before = index_rows(ward.desk.store)
    maintenance.reindex(ward.desk.store, lambda *_: None)
    assert index_rows(ward.desk.store) == before
