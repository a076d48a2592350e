"""The tables, the same for SQLite and PostgreSQL.

``history`` holds every version in the order of commit: ``seq`` has no gap and no late comer.
``resource`` points at the current version. ``token``, ``link``, ``moment`` and ``word`` are the
index of the current versions and can be made anew from them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_Text = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared by code point on every database, as SQLite does."""
_Number = BigInteger().with_variant(Integer, "sqlite")
"""A primary key of this type is SQLite's own row number."""

fact = Table(
    "fact",
    metadata,
    Column("name", _Text, primary_key=True),
    Column("value", _Text, nullable=False),
    comment="epoch, the id of this database; schema, the version of these tables",
)

counter = Table(
    "counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    comment="one row, locked by the one writer: the last seq, and its time in ms since 1970",
)

resource = Table(
    "resource",
    metadata,
    Column("key", _Number, primary_key=True, autoincrement=False),
    Column("type", _Text, nullable=False),
    Column("id", _Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    UniqueConstraint("type", "id"),
    Index("resource_by_change", "type", "deleted", "seq"),
    comment="key is the seq of the first version and never changes",
)

history = Table(
    "history",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("key", BigInteger, nullable=False),
    Column("type", _Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("method", _Text, nullable=False),
    Column("body", _Text),
    UniqueConstraint("key", "version"),
    Index("history_by_type", "type", "seq"),
    Index("history_by_time", "at", "seq"),
    comment="body is the resource as answered, meta included; absent for a deletion",
)

token = Table(
    "token",
    metadata,
    Column("label", _Text, primary_key=True),
    Column("code", _Text, primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("system", _Text, primary_key=True),
    Index("token_by_key", "key"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("label", _Text, primary_key=True),
    Column("target", _Text, primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Index("link_by_key", "key"),
    sqlite_with_rowid=False,
)

moment = Table(
    "moment",
    metadata,
    Column("label", _Text, primary_key=True),
    Column("low", BigInteger, primary_key=True, autoincrement=False),
    Column("high", BigInteger, primary_key=True, autoincrement=False),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Index("moment_by_key", "key"),
    sqlite_with_rowid=False,
)

word = Table(
    "word",
    metadata,
    Column("label", _Text, primary_key=True),
    Column("value", _Text, primary_key=True),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Index("word_by_key", "key"),
    sqlite_with_rowid=False,
)

device = Table(
    "device",
    metadata,
    Column("id", _Text, primary_key=True),
    Column("name", _Text, nullable=False),
    Column("jwks", _Text, nullable=False),
    Column("scope", _Text, nullable=False),
    Column("active", Boolean, nullable=False),
    comment="a registered client of SMART Backend Services and its public keys",
)

person = Table(
    "person",
    metadata,
    Column("login", _Text, primary_key=True),
    Column("practitioner", _Text, nullable=False),
    Column("name", _Text, nullable=False),
    Column("role", _Text, nullable=False),
    Column("password", _Text, nullable=False),
    Column("active", Boolean, nullable=False),
    comment="password is an Argon2id hash",
)

access = Table(
    "access",
    metadata,
    Column("digest", _Text, primary_key=True),
    Column("subject", _Text, nullable=False),
    Column("scope", _Text, nullable=False),
    Column("expires", BigInteger, nullable=False),
    comment="access tokens given out, by their SHA-256; expires in ms since 1970",
)

spent = Table(
    "spent",
    metadata,
    Column("jti", _Text, primary_key=True),
    Column("expires", BigInteger, nullable=False),
    comment="assertions that were used once, kept until they expire",
)

attempt = Table(
    "attempt",
    metadata,
    Column("login", _Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("blocked_until", BigInteger, nullable=False),
    comment="failed log-ins in a row; blocked_until in ms since 1970",
)
