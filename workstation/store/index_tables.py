"""The index tables: derived from the record, rebuilt from it by ``workstation store reindex``."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Float, Index, Integer, Table, Text, text

from workstation.store.tables import Moment, metadata


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True, nullable=False)


patient_index = Table(
    "patient_index",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("family", Text),
    Column("given", Text),
    Column("name", Text),
    Column("folded", Text),
    Column("birth_date", Text),
    Column("sex", Text),
    Column("record_number", Text),
    Column("national_id", Text),
    Column("insurance_number", Text),
    Column("deceased", Text),
    Column("active", Integer, nullable=False, server_default=text("1")),
    Index("patient_index_national_id", "national_id"),
    Index("patient_index_insurance_number", "insurance_number"),
    Index("patient_index_record_number", "record_number"),
    Index("patient_index_folded", "folded", "birth_date"),
)
"""``number`` ties a patient to its row in the full-text table ``patient_words``."""

location_index = Table(
    "location_index",
    metadata,
    _key("id"),
    Column("name", Text),
    Column("kind", Text),
    Column("part_of", Text),
    Column("status", Text),
    Column("operational", Text),
    Index("location_index_part_of", "part_of"),
)
"""``kind`` is the code of physicalType: ``wa`` ward, ``ro`` room, ``bd`` bed."""

encounter_index = Table(
    "encounter_index",
    metadata,
    _key("id"),
    Column("patient", Text),
    Column("ward", Text),
    Column("bed", Text),
    Column("status", Text),
    Column("class", Text),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("diagnosis", Text),
    Column("care_level", Text),
    Index("encounter_index_ward", "ward", "status"),
    Index("encounter_index_bed", "bed", "status"),
    Index("encounter_index_patient", "patient", "started_at"),
)

encounter_place = Table(
    "encounter_place",
    metadata,
    _key("encounter"),
    _key("location"),
    Index("encounter_place_location", "location"),
)
"""The places of a stay that count now; bed and ward are found through ``location_index``."""

encounter_diagnosis = Table(
    "encounter_diagnosis",
    metadata,
    _key("encounter"),
    _key("condition"),
    Column("rank", Integer, nullable=False),
    Index("encounter_diagnosis_condition", "condition"),
)

observation_index = Table(
    "observation_index",
    metadata,
    _key("id"),
    _key("code"),
    Column("patient", Text),
    Column("encounter", Text),
    Column("at", Moment),
    Column("value", Float),
    Column("digits", Text),
    Column("unit", Text),
    Column("text", Text),
    Column("status", Text),
    Column("category", Text),
    Column("flag", Text),
    Index("observation_index_value", "patient", "code", text("at DESC")),
    Index(
        "observation_index_results",
        *("patient", "at", "id", "status", "flag"),
        sqlite_where=text("category = 'laboratory'"),
    ),
)
"""One row a value; a blood pressure gives two. ``digits`` is the number as it was written."""

record_index = Table(
    "record_index",
    metadata,
    _key("type"),
    _key("id"),
    Column("patient", Text),
    Column("encounter", Text),
    Column("at", Moment),
    Column("kind", Text),
    Column("code", Text),
    Column("label", Text),
    Column("status", Text),
    Column("author", Text),
    Index("record_index_timeline", "patient", text("at DESC")),
    Index(
        "record_index_patient_type",
        "patient",
        "type",
        sqlite_where=text("type <> 'Observation'"),
    ),
)

WORDS: Final = (
    "CREATE VIRTUAL TABLE patient_words USING fts5"
    "(words, content='', contentless_delete=1, prefix='1 2 3', tokenize=\"unicode61\")"
)

INDEX_TABLES: Final = (
    patient_index,
    location_index,
    encounter_index,
    encounter_place,
    encounter_diagnosis,
    observation_index,
    record_index,
)
