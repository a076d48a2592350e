"""The tables of the local record, as promised by the sync design.

Three tables hold the truth: ``resource`` (what the server has said), ``pending`` (what it has not
yet accepted) and ``change`` (the append-only journal of every save). The index tables are derived
from the first two and can be rebuilt at any time.

Instants are whole milliseconds since 1970 UTC in columns of type `Moment`; SQLAlchemy gives them
back as aware datetimes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware time."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(milliseconds: int) -> datetime:
    """The aware time, in UTC."""
    return _EPOCH + milliseconds * _MILLISECOND


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as milliseconds since 1970 UTC."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the store."""
        del dialect
        return None if value is None else to_milliseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the store."""
        del dialect
        return None if value is None else from_milliseconds(value)


metadata: Final = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True, nullable=False)


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _flag(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


resource = Table(
    "resource",
    metadata,
    _key("type"),
    _key("id"),
    Column("version", Text),
    Column("last_updated", Text),
    _words("body"),
    _flag("deleted"),
    Column("patient", Text),
    Index("resource_patient", "patient", "type", "deleted"),
)
"""What the server has said, verbatim. ``last_updated`` is the server's own text."""

pending = Table(
    "pending",
    metadata,
    _key("type"),
    _key("id"),
    Column(
        "operation",
        Text,
        CheckConstraint("operation IN ('create','update','delete')"),
        nullable=False,
    ),
    Column("body", Text),
    Column("base_version", Text),
    Column("base_body", Text),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('ready','parked','conflict','held')"),
        nullable=False,
        server_default=text("'ready'"),
    ),
    _flag("attempts"),
    Column("next_attempt_at", Moment),
    Column("frozen_body", Text),
    Column("frozen_seq", Integer),
    Column("sent_at", Moment),
    Column("last_status", Integer),
    Column("last_answer", Text),
    Column("patient", Text),
    Index("pending_state", "state", "first_seq"),
    Index("pending_patient", "patient"),
)
"""What the server has not yet accepted, one row a resource.

``body`` is the intended body (of a delete: the last one known). In state ``conflict`` the server's
copy is the effective one and ``body`` the candidate beside it; in every other state ``body`` is
effective. A row with operation ``delete`` and no ``base_version`` was never sent.
"""

change = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _words("txn"),
    _words("type"),
    _words("id"),
    _words("operation"),
    Column("body", Text),
    Column("author", Text),
    Column("author_display", Text),
    _words("device"),
    Column("recorded_at", Moment, nullable=False),
    _words("hlc"),
    Column("answered_at", Moment),
    Column("answer_status", Integer),
    Column("answer_version", Text),
    Column("patient", Text),
    Index("change_resource", "type", "id", "seq"),
    Index("change_unanswered", "patient", sqlite_where=text("answered_at IS NULL")),
    sqlite_autoincrement=True,
)
"""The journal. A trigger lets only the three answer columns be filled in, and nothing deleted
whose answer is missing."""

parked = Table(
    "parked",
    metadata,
    _key("type"),
    _key("id"),
    Column("since", Moment, nullable=False),
    Column("status", Integer),
    Column("code", Text),
    Column("outcome", Text),
    Column("waits_for", Text),
)
"""Why a pending change does not go: the server's answer, or the ``Type/id`` that it waits for."""

conflict = Table(
    "conflict",
    metadata,
    _key("id"),
    _words("type"),
    _words("resource_id"),
    Column("patient", Text),
    _words("state"),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", Text),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Index("conflict_resource", "type", "resource_id"),
)
"""Index of the conflict Tasks; ``state`` is ``open`` or ``decided``."""

unreadable = Table(
    "unreadable",
    metadata,
    _key("type"),
    _key("id"),
    _words("version"),
    Column("patient", Text),
    _words("reason"),
    Column("since", Moment, nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary),
    Index("unreadable_patient", "patient"),
)
"""What the server sent and nobody here can read: the bytes as they came, at most a megabyte.

``id`` is a digest of the bytes where they name no id. An older version that could be read stays
in ``resource``.
"""

cursor = Table(
    "cursor",
    metadata,
    _key("scope"),
    _key("type"),
    Column("watermark", Text),
    Column("overlap_seconds", Integer),
    Column("seen", Text),
    Column("complete_at", Moment),
)
"""Up to where each type of a scope was pulled. ``seen``: seconds that the watermark has settled, a
space, and the server's time when it was first seen."""

server = Table(
    "server",
    metadata,
    _key("base"),
    Column("epoch", Text),
    Column("probe", Text),
    Column("probed_at", Moment),
)

id_map = Table(
    "id_map",
    metadata,
    _key("base"),
    _key("type"),
    _key("local_id"),
    _words("server_id"),
    Index("id_map_server", "base", "type", "server_id", unique=True),
)

scope_member = Table(
    "scope_member",
    metadata,
    _key("patient"),
    _key("ward"),
    Column("entered_at", Moment, nullable=False),
    Column("left_at", Moment),
)

lease = Table(
    "lease",
    metadata,
    _key("name"),
    _words("holder"),
    Column("until", Moment, nullable=False),
)

number_block = Table(
    "number_block",
    metadata,
    _key("id"),
    _words("kind"),
    _words("prefix"),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("next", Integer, nullable=False),
    Column("leased_at", Moment, nullable=False),
    Index("number_block_kind", "kind", "first"),
)

draft = Table(
    "draft",
    metadata,
    _key("id"),
    _words("person"),
    Column("patient", Text),
    _words("kind"),
    _words("body"),
    Column("saved_at", Moment, nullable=False),
    Index("draft_person", "person", "patient", "kind"),
)

seen = Table(
    "seen",
    metadata,
    _key("person"),
    _key("patient"),
    _key("what"),
    Column("at", Moment, nullable=False),
    Index("seen_patient", "patient"),
)
"""Up to when a person has seen something of a patient, at this terminal; never sent."""

arrival = Table(
    "arrival",
    metadata,
    _key("type"),
    _key("id"),
    _words("patient"),
    Column("at", Moment, nullable=False),
    Column("before", Text),
    Index("arrival_patient", "patient", "at", "type", "id"),
)
"""When the newest version of a record of a patient came here. A result is news from then on,
however long ago its sample was taken. ``before``: of a result whose value was corrected, the last
version that said something else."""

sync_log = Table(
    "sync_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", Text),
    _flag("pulled"),
    _flag("sent"),
    _flag("merged"),
    _flag("conflicts"),
    _flag("parked"),
    Column("detail", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("person", Text),
    _words("device"),
    _words("action"),
    Column("reference", Text),
    Column("detail", Text),
    Column("previous", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""Who did what, each row sealed by a hash over itself and the row before."""

meta = Table("meta", metadata, _key("key"), _words("value"))

_APPEND_ONLY: Final = """
CREATE TRIGGER change_is_append_only
BEFORE UPDATE OF seq, txn, type, id, operation, body, author, author_display, device,
  recorded_at, hlc ON change
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_KEEPS_UNSENT: Final = """
CREATE TRIGGER change_keeps_the_unsent BEFORE DELETE ON change WHEN old.answered_at IS NULL
BEGIN SELECT RAISE(ABORT, 'the journal keeps what is unsent'); END
"""
_AUDIT_FIXED: Final = """
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
_AUDIT_KEPT: Final = """
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is kept'); END
"""
TRIGGERS: Final = (_APPEND_ONLY, _KEEPS_UNSENT, _AUDIT_FIXED, _AUDIT_KEPT)
