"""The first schema: server's word, intention and journal; what sync keeps; the index tables.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

_SCHEMA: Final = """
CREATE TABLE resource (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version TEXT,
  last_updated TEXT,
  body TEXT NOT NULL,
  deleted INTEGER DEFAULT 0 NOT NULL,
  patient TEXT,
  PRIMARY KEY (type, id)
)
;;
CREATE INDEX resource_patient ON resource (patient, type)
;;
CREATE TABLE pending (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  operation TEXT NOT NULL CHECK (operation IN ('create','update','delete')),
  body TEXT,
  base_version TEXT,
  base_body TEXT,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  state TEXT DEFAULT 'ready' NOT NULL CHECK (state IN ('ready','parked','conflict','held')),
  attempts INTEGER DEFAULT 0 NOT NULL,
  next_attempt_at INTEGER,
  frozen_body TEXT,
  frozen_seq INTEGER,
  sent_at INTEGER,
  last_status INTEGER,
  last_answer TEXT,
  patient TEXT,
  PRIMARY KEY (type, id)
)
;;
CREATE INDEX pending_state ON pending (state, first_seq)
;;
CREATE INDEX pending_patient ON pending (patient)
;;
CREATE TABLE change (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  txn TEXT NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  operation TEXT NOT NULL,
  body TEXT,
  author TEXT,
  author_display TEXT,
  device TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  hlc TEXT NOT NULL,
  answered_at INTEGER,
  answer_status INTEGER,
  answer_version TEXT
)
;;
CREATE INDEX change_resource ON change (type, id, seq)
;;
CREATE TABLE parked (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  since INTEGER NOT NULL,
  status INTEGER,
  code TEXT,
  outcome TEXT,
  waits_for TEXT,
  PRIMARY KEY (type, id)
)
;;
CREATE TABLE "conflict" (
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  patient TEXT,
  state TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT,
  decided_at INTEGER,
  decided_by TEXT,
  PRIMARY KEY (id)
)
;;
CREATE INDEX conflict_resource ON "conflict" (type, resource_id)
;;
CREATE TABLE cursor (
  scope TEXT NOT NULL,
  type TEXT NOT NULL,
  watermark TEXT,
  overlap_seconds INTEGER,
  seen TEXT,
  complete_at INTEGER,
  PRIMARY KEY (scope, type)
)
;;
CREATE TABLE server (
  base TEXT NOT NULL,
  epoch TEXT,
  probe TEXT,
  probed_at INTEGER,
  PRIMARY KEY (base)
)
;;
CREATE TABLE id_map (
  base TEXT NOT NULL,
  type TEXT NOT NULL,
  local_id TEXT NOT NULL,
  server_id TEXT NOT NULL,
  PRIMARY KEY (base, type, local_id)
)
;;
CREATE UNIQUE INDEX id_map_server ON id_map (base, type, server_id)
;;
CREATE TABLE scope_member (
  patient TEXT NOT NULL,
  ward TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  left_at INTEGER,
  PRIMARY KEY (patient, ward)
)
;;
CREATE TABLE lease (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (name)
)
;;
CREATE TABLE number_block (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  prefix TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  next INTEGER NOT NULL,
  leased_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
;;
CREATE INDEX number_block_kind ON number_block (kind, first)
;;
CREATE TABLE draft (
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  patient TEXT,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (id)
)
;;
CREATE INDEX draft_person ON draft (person, patient, kind)
;;
CREATE TABLE sync_log (
  id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  pulled INTEGER DEFAULT 0 NOT NULL,
  sent INTEGER DEFAULT 0 NOT NULL,
  merged INTEGER DEFAULT 0 NOT NULL,
  conflicts INTEGER DEFAULT 0 NOT NULL,
  parked INTEGER DEFAULT 0 NOT NULL,
  detail TEXT,
  PRIMARY KEY (id)
)
;;
CREATE TABLE audit (
  seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  person TEXT,
  device TEXT NOT NULL,
  action TEXT NOT NULL,
  reference TEXT,
  detail TEXT,
  previous BLOB NOT NULL,
  digest BLOB NOT NULL
)
;;
CREATE TABLE meta (
  "key" TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY ("key")
)
;;
CREATE TABLE patient_index (
  number INTEGER NOT NULL,
  id TEXT NOT NULL,
  family TEXT,
  given TEXT,
  name TEXT,
  folded TEXT,
  birth_date TEXT,
  sex TEXT,
  record_number TEXT,
  national_id TEXT,
  insurance_number TEXT,
  deceased TEXT,
  active INTEGER DEFAULT 1 NOT NULL,
  PRIMARY KEY (number),
  UNIQUE (id)
)
;;
CREATE INDEX patient_index_insurance_number ON patient_index (insurance_number)
;;
CREATE INDEX patient_index_record_number ON patient_index (record_number)
;;
CREATE INDEX patient_index_folded ON patient_index (folded, birth_date)
;;
CREATE INDEX patient_index_national_id ON patient_index (national_id)
;;
CREATE TABLE location_index (
  id TEXT NOT NULL,
  name TEXT,
  kind TEXT,
  part_of TEXT,
  status TEXT,
  operational TEXT,
  PRIMARY KEY (id)
)
;;
CREATE INDEX location_index_part_of ON location_index (part_of)
;;
CREATE TABLE encounter_index (
  id TEXT NOT NULL,
  patient TEXT,
  ward TEXT,
  bed TEXT,
  status TEXT,
  class TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  diagnosis TEXT,
  care_level TEXT,
  PRIMARY KEY (id)
)
;;
CREATE INDEX encounter_index_patient ON encounter_index (patient, started_at)
;;
CREATE INDEX encounter_index_bed ON encounter_index (bed, status)
;;
CREATE INDEX encounter_index_ward ON encounter_index (ward, status)
;;
CREATE TABLE encounter_place (
  encounter TEXT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (encounter, location)
)
;;
CREATE INDEX encounter_place_location ON encounter_place (location)
;;
CREATE TABLE encounter_diagnosis (
  encounter TEXT NOT NULL,
  condition TEXT NOT NULL,
  rank INTEGER NOT NULL,
  PRIMARY KEY (encounter, condition)
)
;;
CREATE INDEX encounter_diagnosis_condition ON encounter_diagnosis (condition)
;;
CREATE TABLE observation_index (
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  patient TEXT,
  encounter TEXT,
  at INTEGER,
  value FLOAT,
  digits TEXT,
  unit TEXT,
  text TEXT,
  status TEXT,
  category TEXT,
  flag TEXT,
  PRIMARY KEY (id, code)
)
;;
CREATE INDEX observation_index_value ON observation_index (patient, code, at DESC)
;;
CREATE TABLE record_index (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  patient TEXT,
  encounter TEXT,
  at INTEGER,
  kind TEXT,
  code TEXT,
  label TEXT,
  status TEXT,
  author TEXT,
  PRIMARY KEY (type, id)
)
;;
CREATE INDEX record_index_patient_type ON record_index (patient, type) WHERE type <> 'Observation'
;;
CREATE INDEX record_index_timeline ON record_index (patient, at DESC)
;;
CREATE VIRTUAL TABLE patient_words USING fts5(words, content='', contentless_delete=1, prefix='1 2 3', tokenize="unicode61")
;;
CREATE TRIGGER change_is_append_only
BEFORE UPDATE OF seq, txn, type, id, operation, body, author, author_display, device,
  recorded_at, hlc ON change
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
;;
CREATE TRIGGER change_keeps_the_unsent BEFORE DELETE ON change WHEN old.answered_at IS NULL
BEGIN SELECT RAISE(ABORT, 'the journal keeps what is unsent'); END
;;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
;;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is kept'); END
"""  # noqa: E501
"""Statements between double semicolons; frozen: later revisions change it, nobody edits it."""


def upgrade() -> None:
    """Make all tables in an empty file."""
    for statement in _SCHEMA.split(";;"):
        op.execute(statement)
