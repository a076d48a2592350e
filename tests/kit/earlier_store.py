"""A store of an earlier schema, with data, a dirty queue and a draft in it."""

from __future__ import annotations

from pathlib import Path

from tests.kit.store import KEY
from workstation.store import engine, schema

BODY = (
    '{"resourceType":"Patient","id":"p1","name":[{"family":"Đỗ","given":["Văn","Lâm"]}],"x":1.10}'
)
NEWER = BODY.replace("Lâm", "Lân")
CREATED = (
    '{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"Patient/p1"}}'
)


def store_of(folder: Path, revision: str) -> None:
    """Make a store by the steps up to a revision, with data and a dirty queue in it."""
    folder.mkdir(exist_ok=True)
    opened = engine.open_engine(folder / engine.FILE_NAME, KEY)
    with engine.transaction(opened, writes=True) as connection:
        schema.upgrade(connection, revision)
        run = connection.exec_driver_sql
        run("INSERT INTO meta VALUES ('device', 'terminal-1')")
        run(
            "INSERT INTO resource VALUES ('Patient','p1','7','2026-11-20T00:00:00Z',?,0,'p1')",
            (BODY,),
        )
        for row in (
            ("t1", "Patient", "p1", "update", NEWER),
            ("t1", "Observation", "o1", "create", CREATED),
        ):
            run(
                "INSERT INTO change (txn,type,id,operation,body,device,recorded_at,hlc)"
                " VALUES (?,?,?,?,?,'terminal-1',1,'000000000000001-000000-terminal-1')",
                row,
            )
        run(
            "INSERT INTO pending (type,id,operation,body,base_version,base_body,first_seq,"
            "last_seq,patient) VALUES ('Patient','p1','update',?,'7',?,1,1,'p1')",
            (NEWER, BODY),
        )
        run(
            "INSERT INTO pending (type,id,operation,body,first_seq,last_seq,state,patient)"
            " VALUES ('Observation','o1','create',?,2,2,'parked','p1')",
            (CREATED,),
        )
        run(
            "INSERT INTO draft VALUES ('d1','nurse-1','p1','nurse-note','{\"text\":\"nửa câu\"}',5)"
        )
        if revision > "0001":
            run("UPDATE change SET patient = 'p1'")
    opened.dispose()
