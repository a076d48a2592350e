"""New results of a whole ward: what is critical first, then what is new to the person, by bed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from workstation.clinical import results as rules
from workstation.clinical.results import Flag
from workstation.fhir import laboratory, report
from workstation.fhir.laboratory import Result
from workstation.kernel.folding import natural
from workstation.kernel.ids import PatientId
from workstation.services import critical_results, inpatients
from workstation.services.critical_results import Acknowledged, Critical
from workstation.services.desk import Desk
from workstation.services.inpatients import Inpatient
from workstation.services.result_lists import catalogue
from workstation.services.result_table import NEW_WITHOUT_MARK
from workstation.store import View, ward_board
from workstation.store import results as store

ACKNOWLEDGED_SHOWN: Final = timedelta(hours=12)
"""How long a critical result stays in the list after somebody took note of it: one shift."""

Kind = Literal["critical", "new", "report", "acknowledged"]
_RANK: Final[dict[Kind, int]] = {"critical": 0, "new": 1, "report": 1, "acknowledged": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One result in a row: what is told of it."""

    key: str
    result: Result
    flag: Flag


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One row.

    Attributes:
        kind: ``critical`` waits for somebody; ``new`` is a group of new results of one patient;
            ``report`` a new report; ``acknowledged`` is critical and somebody took note of it.
        who: The person in the bed.
        at: When the newest sample was taken (aware).
        observation: Id of the one result of ``critical`` and ``acknowledged``; else empty.
        panel: Id of the group of ``new``.
        findings: Its results, the abnormal ones first.
        title: Of a report.
        report: Id of a report; else empty.
        noted: Who took note, newest last.
    """

    kind: Kind
    who: Inpatient
    at: datetime | None
    observation: str = ""
    panel: str = ""
    findings: tuple[Finding, ...] = ()
    title: str = ""
    report: str = ""
    noted: tuple[Acknowledged, ...] = ()

    @property
    def abnormal(self) -> int:
        """How many of its results are flagged."""
        return sum(1 for each in self.findings if each.flag)


@dataclass(frozen=True, slots=True)
class Inbox:
    """All rows, in the order of what must be looked at first, and when they were read."""

    rows: tuple[InboxRow, ...]
    as_of: datetime


def inbox(desk: Desk) -> Inbox:
    """Read the new results of the ward of a desk, new to the person who sits there."""
    now = desk.now()
    with desk.store.read() as view:
        ward = ward_board.read(view, desk.ward, results_since=now)
        names = {bed.id: bed.name for bed in ward.beds}
        people = {each.patient: each for each in inpatients.of_ward(ward.occupants, names, now)}
        critical = critical_results.critical(view, list(people), now)
        came = store.unseen(
            view, desk.person.id, list(people), otherwise_since=now - NEW_WITHOUT_MARK
        )
        rows = list(_critical(critical, people, now))
        told = {row.observation for row in rows}
        for patient, keys in came.items():
            who = people[PatientId(patient)]
            rows += _new(view, who, [id_ for type_, id_ in keys if type_ == "Observation"], told)
            rows += _reports(view, who, [id_ for type_, id_ in keys if type_ != "Observation"])
    return Inbox(tuple(sorted(rows, key=_order)), now)


def _critical(
    found: Sequence[Critical], people: dict[PatientId, Inpatient], now: datetime
) -> Iterable[InboxRow]:
    for each in found:
        noted = each.acknowledged
        at = noted[-1].at if noted else None
        if each.patient not in people or (at is not None and at < now - ACKNOWLEDGED_SHOWN):
            continue
        yield InboxRow(
            kind="acknowledged" if noted else "critical",
            who=people[each.patient],
            at=each.result.at,
            observation=each.result.id,
            findings=(Finding(catalogue().key(each.result.code), each.result, each.flag),),
            noted=noted,
        )


def _new(view: View, who: Inpatient, ids: Sequence[str], told: set[str]) -> Iterable[InboxRow]:
    groups: dict[str, list[Finding]] = {}
    for stored in view.these("Observation", [id_ for id_ in ids if id_ not in told]):
        result = laboratory.read(stored.resource())
        analyte = catalogue().analyte(result.code)
        adult = who.oldest is None or who.oldest.years >= catalogue().adult_from_years
        flag = critical_results.flag_of(result, adult=adult)
        panel = analyte.panel if analyte else rules.OTHER
        found = Finding(catalogue().key(result.code), result, flag)
        groups.setdefault(panel, []).append(found)
    for panel, findings in groups.items():
        findings.sort(key=lambda each: (not each.flag, -_instant(each.result.at), each.key))
        times = [each.result.at for each in findings if each.result.at]
        at = max(times, default=None)
        yield InboxRow("new", who, at, panel=panel, findings=tuple(findings))


def _reports(view: View, who: Inpatient, ids: Sequence[str]) -> Iterable[InboxRow]:
    for stored in view.these("DiagnosticReport", ids):
        found = report.read(stored.resource())
        if found.status not in ("entered-in-error", "cancelled"):
            yield InboxRow("report", who, found.at, title=found.title, report=found.id)


def _order(row: InboxRow) -> tuple[object, ...]:
    bed = natural(row.who.bed_name)
    late = -_instant(row.at)
    return _RANK[row.kind], bed, row.kind == "report", late, row.panel, row.report


def _instant(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
