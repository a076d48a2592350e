"""The cumulative table: every analyte of a patient by time, with what is new, critical, foreign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from workstation.clinical import results as rules
from workstation.clinical.results import NOT_COMPARED, Analyte, Change, Flag, Panel
from workstation.fhir import elements, laboratory
from workstation.fhir.json import Resource
from workstation.fhir.laboratory import Result
from workstation.kernel.changes import Changes
from workstation.kernel.ids import PatientId
from workstation.services import critical_results, seen
from workstation.services.critical_results import Acknowledged
from workstation.services.desk import Desk
from workstation.services.facilities import Facilities, facilities
from workstation.services.result_lists import catalogue
from workstation.store import View
from workstation.store import results as store
from workstation.store import seen as marks
from workstation.store.results import Row

NEW_WITHOUT_MARK: Final = timedelta(hours=24)
"""Of a patient at whom a person never looked, this much of the past is new to them."""

_AMENDED: Final = ("corrected", "amended")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one sample.

    Attributes:
        observation: Id of the Observation.
        at: When the sample was taken, or what comes nearest (aware).
        value: With the digits of the record; None when the result is no number.
        words: A result that is no number.
        unit: As written.
        low: Lower end of its reference range.
        high: Upper end.
        range_words: The reference range when it is given in words.
        flag: Of the laboratory, else from the range; critical from the list, too.
        status: FHIR status.
        maker: Who or which facility made it.
        foreign: The other facility that made it; empty for this hospital's own.
        note: Remark of the laboratory.
        new: Whether it came since the person last looked.
        unsent: Whether the hospital does not have it yet.
        change: How it stands to the value before, of the same facility.
        acknowledged: Who took note of it, newest last.
        before: What it said before the laboratory corrected it, as far as that was seen here.
    """

    observation: str
    at: datetime | None
    value: Decimal | None
    words: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    range_words: str
    flag: Flag
    status: str
    maker: str
    foreign: str
    note: str
    new: bool
    unsent: bool
    change: Change = NOT_COMPARED
    acknowledged: tuple[Acknowledged, ...] = ()
    before: Result | None = None

    @property
    def critical(self) -> bool:
        """Whether it is critical and counts."""
        return self.flag in rules.CRITICAL and not self.void

    @property
    def waits(self) -> bool:
        """Whether it is critical and nobody has taken note of it."""
        return self.critical and not self.acknowledged

    @property
    def amended(self) -> bool:
        """Whether the laboratory changed it after it was final."""
        return self.status in _AMENDED

    @property
    def void(self) -> bool:
        """Whether it was entered in error."""
        return self.status == "entered-in-error"


@dataclass(frozen=True, slots=True)
class Moment:
    """One column: samples of one time from one facility; `foreign` names another one."""

    at: datetime | None
    foreign: str


@dataclass(frozen=True, slots=True)
class Line:
    """One analyte.

    Attributes:
        key: Stable name.
        analyte: From the list; None for what it does not name.
        name: In the words of the record, newest.
        panel: Id of its group.
        values: By column; several of one time and facility stand together.
        newest: The newest value that counts, of this hospital if it has one.
    """

    key: str
    analyte: Analyte | None
    name: str
    panel: str
    values: Mapping[Moment, tuple[Value, ...]]
    newest: Value


@dataclass(frozen=True, slots=True)
class Baseline:
    """Against what something is new.

    Attributes:
        since: Up to when the person had seen the results; None if never.
        as_of: When that was asked (aware); who never looked finds new what was taken in the
            `NEW_WITHOUT_MARK` before.
    """

    since: datetime | None
    as_of: datetime


def baseline(view: View, desk: Desk, patient: PatientId) -> Baseline:
    """Up to when the person at a desk has seen the results of a patient."""
    since = seen.since(view, desk.person.id, patient, store.SEEN)
    return Baseline(since, desk.clock.now())


@dataclass(frozen=True, slots=True)
class ResultTable:
    """All of it.

    Attributes:
        moments: The columns, oldest first.
        lines: The rows, in the order of panels and analytes.
        panels: The groups that have a row.
        as_of: When this was read (aware); mark the results as seen up to then.
        baseline: Against what values are new.
        whole: Whether everything is in it, not the newest alone.
    """

    moments: tuple[Moment, ...]
    lines: tuple[Line, ...]
    panels: tuple[Panel, ...]
    as_of: datetime
    baseline: Baseline
    whole: bool = True


def table(
    desk: Desk,
    patient: PatientId,
    against: Baseline | None = None,
    *,
    newest: int | None = None,
) -> ResultTable:
    """Read the results of a patient.

    Args:
        desk: Who looks.
        patient: Whose.
        against: What counts as new; what the person has not seen if it is not given. A page that
            reads again while somebody looks at it gives what it was given first.
        newest: Only so many values, the newest, for a first look; None for all.
    """
    with desk.store.read() as view:
        base = against or baseline(view, desk, patient)
        return read_table(view, desk, patient, base, newest=newest)


def mark_seen(desk: Desk, patient: PatientId, as_of: datetime) -> Changes:
    """Note that the person has seen the results of a patient as they were read then.

    Returns:
        No changes: the record is as it was.
    """
    seen.mark(desk, patient, store.SEEN, at=as_of)
    return Changes()


def read_table(
    view: View, desk: Desk, patient: PatientId, against: Baseline, *, newest: int | None = None
) -> ResultTable:
    """The same, inside a transaction."""
    now, since = desk.clock.now(), against.since
    rows = store.of_patient(view, patient, newest)
    reader = _Reader(
        facilities(view, desk.ward),
        _fresh(view, patient, since),
        None if since else against.as_of - NEW_WITHOUT_MARK,
        critical_results.acknowledged(view, (patient,), now),
        marks.before_correction(view, patient),
        adult=critical_results.is_adult(view, patient, now),
    )
    values: dict[str, dict[Moment, list[Value]]] = {}
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        key = catalogue().key(row.code)
        value = reader.value(row, key)
        column = Moment(value.at, value.foreign)
        values.setdefault(key, {}).setdefault(column, []).append(value)
        names[key] = (row.code, reader.name(row))
    lines = [_line(key, *names[key], found) for key, found in values.items()]
    lines.sort(key=_place)
    columns = {column for found in values.values() for column in found}
    shown = {line.panel for line in lines}
    return ResultTable(
        moments=tuple(sorted(columns, key=lambda each: (_instant(each.at), each.foreign))),
        lines=tuple(lines),
        panels=tuple(panel for panel in catalogue().panels if panel.id in shown),
        as_of=now,
        baseline=against,
        whole=newest is None or len(rows) < newest,
    )


def _fresh(view: View, patient: PatientId, since: datetime | None) -> frozenset[str]:
    """Ids of the Observations that came since."""
    if since is None:
        return frozenset()
    came = marks.arrived_since(view, patient, since)
    return frozenset(id_ for type_, id_, _ in came if type_ == "Observation")


def _line(key: str, code: str, name: str, found: dict[Moment, list[Value]]) -> Line:
    analyte = catalogue().analyte(code)
    panel = analyte.panel if analyte else rules.OTHER
    values = {at: tuple(several) for at, several in found.items()}
    return Line(key, analyte, name, panel, values, _newest(values))


def _newest(values: Mapping[Moment, tuple[Value, ...]]) -> Value:
    every = [each for several in values.values() for each in several]
    own = [each for each in every if not each.foreign] or every
    return max(own, key=lambda each: (not each.void, _instant(each.at)))


def _place(line: Line) -> tuple[int, int, str]:
    order = [panel.id for panel in catalogue().panels]
    return order.index(line.panel), line.analyte.place if line.analyte else 0, line.name.casefold()


def _instant(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


class _Reader:
    """Reads rows of the store, with all that is known about the patient beside them."""

    def __init__(
        self,
        houses: Facilities,
        fresh: frozenset[str],
        recent: datetime | None,
        acknowledged: Mapping[str, Sequence[Acknowledged]],
        corrected: Mapping[str, Resource],
        *,
        adult: bool,
    ) -> None:
        self._houses = houses
        self._fresh = fresh
        self._recent = recent
        self._acknowledged = acknowledged
        self._corrected = corrected
        self._adult = adult
        self._before: dict[tuple[str, str], tuple[Decimal, str]] = {}

    def value(self, row: Row, key: str) -> Value:
        """One value; rows must come oldest first, so that each is compared with the one before."""
        part = _part(row)
        digits, comparator = _digits(row), _comparator(row, part)
        number, words = _said(row, digits, comparator)
        limits = elements.first(part.get("referenceRange"))
        low = elements.decimal(elements.mapping(limits.get("low")).get("value"))
        high = elements.decimal(elements.mapping(limits.get("high")).get("value"))
        unit = elements.text(row.parts.get("unit")) or row.unit or ""
        flag = laboratory.flag_of((row.flag,), digits, low, high, comparator)
        if self._adult:
            listed = catalogue().critical(row.code, digits, row.unit or unit, comparator)
            flag = rules.stronger(flag, listed)
        performers = row.parts.get("performer")
        foreign = self._houses.foreign(performers, row.parts.get("contained"))
        return Value(
            observation=row.observation,
            at=row.at,
            value=number,
            words=words,
            unit=unit,
            low=low,
            high=high,
            range_words=elements.text(limits.get("text")) or "",
            flag=flag,
            status=row.status or "unknown",
            maker=elements.display(elements.first(performers)) or "",
            foreign=foreign,
            note=" · ".join(_notes(row.parts.get("note"))),
            new=self._is_new(row),
            unsent=row.unsent,
            before=self._corrected_from(row),
            change=self._change(row, (key, foreign), number, unit),
            acknowledged=critical_results.of_value(
                self._acknowledged.get(row.observation, ()), critical_results.said(number, words)
            ),
        )

    def _change(
        self, row: Row, series: tuple[str, str], number: Decimal | None, unit: str
    ) -> Change:
        """How it stands to the value before, of the same analyte and facility."""
        if number is None or row.status == "entered-in-error":
            return NOT_COMPARED
        before, now = self._before.get(series), (number, unit)
        self._before[series] = now
        return rules.change(catalogue().analyte(row.code), before, now)

    def _corrected_from(self, row: Row) -> Result | None:
        old = self._corrected.get(row.observation)
        return laboratory.read(old) if old is not None and row.parts is _part(row) else None

    def name(self, row: Row) -> str:
        """What was measured, in the words of the record."""
        part = _part(row)
        own = elements.concept_text(part.get("code")) if part is not row.parts else None
        return own or elements.text(row.parts.get("name")) or row.code

    def _is_new(self, row: Row) -> bool:
        if self._recent is not None:
            return row.at is not None and row.at >= self._recent
        return row.observation in self._fresh


def _part(row: Row) -> Mapping[str, Any]:
    """The component that a value stands in, else the whole."""
    for component in elements.objects(row.parts.get("component")):
        if row.code in {code for _, code in elements.codings(component.get("code"))}:
            return component
    return row.parts


def _digits(row: Row) -> Decimal | None:
    try:
        return Decimal(row.digits) if row.digits is not None else None
    except InvalidOperation:
        return None


def _comparator(row: Row, part: Mapping[str, Any]) -> str:
    if part is row.parts:
        return elements.text(row.parts.get("comparator")) or ""
    return elements.text(elements.mapping(part.get("valueQuantity")).get("comparator")) or ""


def _said(row: Row, digits: Decimal | None, comparator: str) -> tuple[Decimal | None, str]:
    """The number, or the words in its place: a bound such as ``> 33.3`` is no number."""
    if row.digits is None:
        return None, row.text or ""
    if comparator:
        return None, f"{comparator} {row.digits}"
    return digits, "" if digits is not None else row.digits


def _notes(notes: Any) -> Iterable[str]:
    return (words for each in elements.objects(notes) if (words := elements.text(each.get("text"))))
