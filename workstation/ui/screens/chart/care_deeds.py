"""The care forms: a new line or wound or its correction, a look, its end, entered in error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit

from workstation.clinical import care_site as rules
from workstation.clinical.body_site import SITES, Point
from workstation.clinical.care_site import EXUDATE, KINDS, TISSUE, Group, Look, Site
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PatientId
from workstation.kernel.words import language, tr
from workstation.services import care_sites
from workstation.services.care_plans import said
from workstation.services.care_sites import SiteRow
from workstation.services.desk import Desk
from workstation.ui.screens.chart.care_body import BodyPicture
from workstation.ui.screens.chart.care_fields import FindEntry, GradeEntry
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_words import end_words, site_grade_name, site_words
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text
from workstation.ui.toolkit.widgets.number_entry import parse_number
from workstation.ui.toolkit.widgets.text import label
from workstation.ui.toolkit.workplace import Workplace

_PROBLEM = "problem "
"""In front of the id of a nursing problem among the choices."""


class SiteForm(CareForm):
    """A new line, drain or wound, or the correction of one; its mark is set on the picture.

    Signals:
        problem_wanted: What was found is a nursing problem. arg 0: its id.
    """

    problem_wanted = Signal(str)

    def __init__(
        self,
        workplace: Workplace,
        patient: PatientId,
        body: BodyPicture,
        amends: SiteRow | None = None,
    ) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            body: The picture on which the mark is set.
            amends: The one that it corrects; None for a new one.
        """
        deed = "put-in" if amends is None else f"amend {amends.record.reference}"
        super().__init__(workplace, patient, deed)
        self._body, self._amends = body, amends
        self._point: Point | None = None
        self._kind = FindEntry(tr("Line, wound or problem"), _choices(workplace))
        self._place = FindEntry(tr("Place"), [(key, tr(each.words)) for key, each in SITES.items()])
        self._since = MomentEntry(tr("Since"), workplace.clock.now())
        if amends is None:
            self.fields.add("kind", tr("Line, wound or problem"), self._kind)
            self._kind.returnPressed.connect(self._on_kind)
        self.fields.add("place", tr("Place"), self._place)
        self.fields.add("detail", tr("Size, lumina, stage (may stay empty)"), QLineEdit())
        self.fields.add("since", tr("Since"), self._since)
        if amends is not None:
            self.fields.add("reason", tr("Why it is corrected"), QLineEdit())
        title = tr("New line or wound") if amends is None else tr("Correct")
        self.lay_out(title, site_words(amends.record.site) if amends else "", _mark_hint())
        body.pointed.connect(self._on_pointed)

    def begin(self, typed: Mapping[str, str]) -> None:
        """Stand ready; of a correction with what stands in the record."""
        if self._amends is not None:
            site = self._amends.record.site
            self.fields.put(
                {"place": site.place.id, "detail": site.detail, "since": moment_text(site.since)}
            )
            self._set_point(site.point)
        super().begin(typed)
        mark = typed.get("mark", "").split()
        if len(mark) == 3 and mark[0] in ("front", "back"):  # noqa: PLR2004 - face, x, y
            face, x, y = mark
            self._set_point(Point("back" if face == "back" else "front", Decimal(x), Decimal(y)))
        elif self._point is None:
            self._on_place(self._place.key())
        self._place.found.connect(self._on_place)

    def draft(self) -> dict[str, str]:
        """With the mark."""
        point = self._point
        mark = f"{point.face} {point.x} {point.y}" if point else ""
        return {**super().draft(), "mark": mark}

    def work(self) -> Callable[[], Changes]:
        """Chart it, or its correction."""
        site, desk, amends = self._site(), self.workplace.desk, self._amends
        if amends is None:
            return lambda: care_sites.put_in(desk, self.patient, site)
        of, reason = amends.record.reference, self.fields.text("reason")
        return lambda: care_sites.amend(desk, of, site, reason=reason)

    @property
    def undoable(self) -> bool:
        """A correction is not taken back but corrected again."""
        return self._amends is None

    def _site(self) -> Site:
        kind = self._amends.record.site.kind if self._amends else KINDS.get(self._kind.key())
        place = SITES.get(self._place.key())
        if kind is None:
            raise Refused("no-such-choice", field="kind")
        if place is None:
            raise Refused("no-such-choice", field="place")
        since = self.moment("since")
        return Site(kind, place, self._point or place.point, since, self.fields.text("detail"))

    def _set_point(self, point: Point | None) -> None:
        self._point = point
        self._body.set_pending(point)

    @Slot()
    def _on_kind(self) -> None:
        """What was found is a problem: that is another form."""
        key = self._kind.key()
        if key.startswith(_PROBLEM):
            self.forget()
            self.problem_wanted.emit(key.removeprefix(_PROBLEM))

    @Slot(str)
    def _on_place(self, key: str) -> None:
        place = SITES.get(key)
        self._set_point(place.point if place else None)

    @Slot(object)
    def _on_pointed(self, point: Point) -> None:
        self._point = point
        self.touch()


class LookForm(CareForm):
    """What is seen of one of them."""

    def __init__(self, workplace: Workplace, patient: PatientId, row: SiteRow) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            row: What is looked at.
        """
        self._of, kind = row.record.reference, row.record.site.kind
        super().__init__(workplace, patient, f"look {self._of}")
        self._confirmed: frozenset[str] = frozenset()
        if kind.group is Group.WOUND:
            self.fields.add("length_cm", tr("Length (cm)"), QLineEdit())
            self.fields.add("width_cm", tr("Width (cm)"), QLineEdit())
            self.fields.add("depth_cm", tr("Depth (cm)"), QLineEdit())
            self.fields.add("tissue", tr("Worst tissue"), GradeEntry(tr("Worst tissue"), TISSUE))
            self.fields.add("exudate", tr("Exudate"), GradeEntry(tr("Exudate"), EXUDATE))
        else:
            name = site_grade_name(kind)
            self.fields.add("site_grade", name, GradeEntry(name, rules.site_scale(kind)))
        self.fields.add("remark", tr("Remark"), QLineEdit())
        self.fields.add("at", tr("Seen at"), MomentEntry(tr("Seen at"), workplace.clock.now()))
        self.lay_out(tr("What is seen"), f"{row.number}  {_about(row)}")

    def work(self) -> Callable[[], Changes]:
        """Chart it."""
        text = self.fields.text
        look = Look(
            at=self.moment("at"),
            site_grade=text("site_grade"),
            length_cm=self._number("length_cm"),
            width_cm=self._number("width_cm"),
            depth_cm=self._number("depth_cm"),
            exudate=text("exudate"),
            tissue=text("tissue"),
            remark=text("remark"),
        )
        desk, confirmed = self.workplace.desk, self._confirmed
        return lambda: care_sites.look(desk, self.patient, self._of, look, confirmed=confirmed)

    @Slot(object)
    def refuse(self, error: WorkstationError) -> None:
        """Ask a second time for what is possible but very rare."""
        fields = error.data.get("fields")
        if error.code != "implausible-value" or not isinstance(fields, tuple):
            super().refuse(error)
            return
        self._confirmed |= frozenset(str(each) for each in fields)
        self.note.setText(f"▲ {tr('This value is very rare. Save again if it is right.')}")
        self.fields.blame(error.field, "doubtful")

    def touch(self) -> None:
        """What is changed is doubted anew."""
        self._confirmed = frozenset()
        super().touch()

    def _number(self, name: str) -> Decimal | None:
        try:
            return parse_number(self.fields.text(name), 1)
        except Refused as refused:
            raise Refused(refused.code, field=name, **_data(refused)) from refused


class EndForm(CareForm):
    """Something is taken out, or a wound has healed."""

    def __init__(self, workplace: Workplace, patient: PatientId, row: SiteRow) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            row: What ends.
        """
        self._of, kind = row.record.reference, row.record.site.kind
        super().__init__(workplace, patient, f"end {self._of}")
        words = tr("Reason") if kind.group is not Group.WOUND else tr("Remark")
        self.fields.add("reason", words, QLineEdit())
        self.fields.add("at", tr("Time"), MomentEntry(tr("Time"), workplace.clock.now()))
        self.lay_out(end_words(kind), f"{row.number}  {_about(row)}")

    def work(self) -> Callable[[], Changes]:
        """Chart it."""
        at, reason, desk = self.moment("at"), self.fields.text("reason"), self.workplace.desk
        return lambda: care_sites.end(desk, self._of, at, reason=reason)


class Striking(Protocol):
    """A service that says of a record that it never was true."""

    def __call__(self, desk: Desk, reference: str, *, reason: str) -> Changes:
        """Say it."""


class StrikeForm(CareForm):
    """A line, a wound, a nursing problem, or what was charted about one, never was true."""

    def __init__(
        self,
        workplace: Workplace,
        patient: PatientId,
        reference: str,
        about: str,
        striking: Striking,
    ) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            reference: ``Type/id`` of what is struck out.
            about: What that is, in words.
            striking: The service that does it.
        """
        super().__init__(workplace, patient, f"strike {reference}")
        self._reference, self._striking = reference, striking
        self.fields.add("reason", tr("Reason"), QLineEdit())
        self.lay_out(tr("Entered in error"), about)

    def work(self) -> Callable[[], Changes]:
        """Strike it out."""
        reason, desk = self.fields.text("reason"), self.workplace.desk
        return lambda: self._striking(desk, self._reference, reason=reason)

    @property
    def undoable(self) -> bool:
        """What was struck out is charted anew."""
        return False


def _choices(workplace: Workplace) -> list[tuple[str, str]]:
    """Lines and wounds by their numbers, behind them the nursing problems."""
    lines = [(key, tr(each.words)) for key, each in KINDS.items()]
    problems = workplace.desk.knowledge.nursing_problems
    return lines + [
        (f"{_PROBLEM}{each.id}", tr("Problem: {words}", words=said(each.words, language())))
        for each in problems
    ]


def _about(row: SiteRow) -> str:
    return f"{site_words(row.record.site)} – {tr(row.record.site.place.words)}"


def _data(refused: Refused) -> dict[str, object]:
    return {key: value for key, value in refused.data.items() if key != "field"}


def _mark_hint() -> QLabel:
    words = tr("Tab to the picture: arrows move the mark, Shift further, Space turns the body.")
    return label(words, "caption", "muted", wrap=True)
