"""The forms of a nursing problem that goes on: done, how it goes, its end, put right, in error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from workstation.clinical.care_plan import Deed, Evaluation
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services import care_plan_deeds
from workstation.services.care_plans import CareRow, FactRow, PlanRow
from workstation.ui.screens.chart.care_fields import GradeEntry
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_plan_words import (
    BY_KEY,
    ENDS,
    KEY_OF,
    OUTCOMES,
    SOLVED,
    STATES,
    outcome_words,
)
from workstation.ui.toolkit.widgets.moment import MomentEntry, moment_text, time_text
from workstation.ui.toolkit.workplace import Workplace


def chart_now(workplace: Workplace, row: PlanRow, care: CareRow, done: Callable[[], None]) -> None:
    """Chart by one key that an intervention was done now, and offer to take it back.

    Args:
        workplace: What it works with.
        row: The problem.
        care: What was done.
        done: Called when it is charted.
    """
    desk, navigator, reference = workplace.desk, workplace.navigator, row.record.reference
    deed = Deed(care.care, desk.now())

    def take_back(written: Sequence[str]) -> None:
        workplace.tasks.command(lambda: care_plan_deeds.undo(desk, written), failed=workplace.tell)

    def charted(changes: Changes) -> None:
        written = [each for each in changes.references if each.startswith("Procedure/")]
        if written:
            words = tr("Done {time}: {words}", time=time_text(deed.at), words=care.words)
            navigator.toast(words, lambda: take_back(written))
        else:
            navigator.toast(tr("Charted already: {words}", words=care.words))
        done()

    workplace.tasks.command(
        lambda: care_plan_deeds.done(desk, reference, deed), done=charted, failed=workplace.tell
    )


class PlanAct(CareForm):
    """A deed about a plan; what it saved is taken back as such."""

    def undo(self, references: Sequence[str]) -> Changes:
        """Take it back."""
        return care_plan_deeds.undo(self.workplace.desk, references)

    def add_moment(self, words: str) -> None:
        """A field for the time, which stands at the present."""
        self.fields.add("at", words, MomentEntry(words, self.workplace.clock.now()))

    def outcome(self) -> str:
        """The key of the outcome that is typed.

        Raises:
            Refused: ``no-such-answer`` with the field.
        """
        return self._key("outcome", BY_KEY)

    def _key(self, name: str, known: Mapping[str, object]) -> str:
        key = self.fields.text(name)
        if key not in known:
            raise Refused("no-such-answer", field=name, keys=" ".join(known))
        return key


class DoneForm(PlanAct):
    """An intervention that was done at another time, or with a word about it."""

    def __init__(
        self, workplace: Workplace, patient: PatientId, row: PlanRow, care: CareRow
    ) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            row: The problem.
            care: What was done.
        """
        self._of, self._care = row.record.reference, care.care
        super().__init__(workplace, patient, f"done {self._of} {care.care.key}")
        self.fields.add("remark", tr("What came of it (may stay empty)"), QLineEdit())
        self.add_moment(tr("Done at"))
        self.lay_out(tr("Done"), care.words)

    def work(self) -> Callable[[], Changes]:
        """Chart it."""
        deed = Deed(self._care, self.moment("at"), self.fields.text("remark"))
        desk = self.workplace.desk
        return lambda: care_plan_deeds.done(desk, self._of, deed)


class EvaluateForm(PlanAct):
    """How far the goals were reached."""

    def __init__(self, workplace: Workplace, patient: PatientId, row: PlanRow) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            row: The problem.
        """
        self._of, self._own = row.record.reference, uuid7()
        super().__init__(workplace, patient, f"evaluate {self._of}")
        name = tr("How far the goals are reached")
        self.fields.add("outcome", name, GradeEntry(name, OUTCOMES))
        self.fields.add("remark", tr("Remark"), QLineEdit())
        self.add_moment(tr("Seen at"))
        goals = " · ".join(row.goals)
        self.lay_out(tr("How it goes"), f"{row.words}: {goals}" if goals else row.words)

    def work(self) -> Callable[[], Changes]:
        """Chart it, and end the problem where it is solved."""
        key, desk = self.outcome(), self.workplace.desk
        found = Evaluation(BY_KEY[key], self.moment("at"), self.fields.text("remark"))
        return lambda: care_plan_deeds.evaluate(
            desk, self._of, found, own=self._own, close=key == SOLVED
        )


class EndPlanForm(PlanAct):
    """A problem is solved, or taken back."""

    def __init__(self, workplace: Workplace, patient: PatientId, row: PlanRow) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            row: The problem.
        """
        self._of = row.record.reference
        super().__init__(workplace, patient, f"end {self._of}")
        self.fields.add("state", tr("How it ends"), GradeEntry(tr("How it ends"), ENDS))
        self.fields.add("reason", tr("Reason"), QLineEdit())
        self.add_moment(tr("Time"))
        self.lay_out(tr("End the problem"), row.words)

    def work(self) -> Callable[[], Changes]:
        """End it."""
        state = STATES[self._key("state", STATES)]
        at, reason, desk = self.moment("at"), self.fields.text("reason"), self.workplace.desk
        return lambda: care_plan_deeds.end(desk, self._of, state, at, reason=reason)


class CorrectForm(PlanAct):
    """Time, outcome or words of what was done or found, put right."""

    def __init__(self, workplace: Workplace, patient: PatientId, fact: FactRow) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            fact: What is put right.
        """
        self._of, self._what = fact.record.reference, fact.record.what
        super().__init__(workplace, patient, f"correct {self._of}")
        if isinstance(self._what, Evaluation):
            name = tr("How far the goals are reached")
            self.fields.add("outcome", name, GradeEntry(name, OUTCOMES[:3]))
        self.fields.add("remark", tr("Remark"), QLineEdit())
        self.add_moment(tr("Time"))
        self.fields.add("reason", tr("Why it is corrected"), QLineEdit())
        self.lay_out(tr("Correct"), outcome_words(fact))

    def begin(self, typed: Mapping[str, str]) -> None:
        """Stand ready with what stands in the record."""
        what = self._what
        stored = {"remark": what.remark, "at": moment_text(what.at)}
        if isinstance(what, Evaluation):
            stored["outcome"] = KEY_OF[what.outcome]
        self.fields.put(stored)
        super().begin(typed)

    def work(self) -> Callable[[], Changes]:
        """Put it right."""
        at, remark = self.moment("at"), self.fields.text("remark")
        if moment_text(at) == moment_text(self._what.at):
            at = self._what.at  # the field has no seconds: what is not touched stays
        what = replace(self._what, at=at, remark=remark)
        if isinstance(what, Evaluation):
            what = replace(what, outcome=BY_KEY[self.outcome()])
        reason, desk = self.fields.text("reason"), self.workplace.desk
        return lambda: care_plan_deeds.correct(desk, self._of, what, reason=reason)

    @property
    def undoable(self) -> bool:
        """A correction is corrected again."""
        return False
