"""The form of a nursing problem: found by name or in own words, with goals and work to tick."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.clinical.care_plan import Care, Goal, Plan
from workstation.clinical.knowledge import Knowledge
from workstation.clinical.nursing_problem import USUAL_HOURS, NursingProblem
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.folding import fold
from workstation.kernel.identity import uuid7
from workstation.kernel.ids import PatientId
from workstation.kernel.words import language, tr
from workstation.services import care_plan_deeds
from workstation.services.care_plans import PlanRow, care_words, said
from workstation.ui.screens.chart.care_fields import FindEntry
from workstation.ui.screens.chart.care_form import CareForm
from workstation.ui.screens.chart.care_plan_ticks import Offer, Ticks
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.widgets.moment import MomentEntry
from workstation.ui.toolkit.widgets.text import label, set_property
from workstation.ui.toolkit.workplace import Workplace

_OWN = "."
"""In front of own words that would be found in a name."""


class ProblemEntry(FindEntry):
    """A field for a problem: number, beginnings of words of its name, or own words."""

    def __init__(self, known: Knowledge) -> None:
        """Offer what is known."""
        choices = [(each.id, said(each.words, language())) for each in known.nursing_problems]
        super().__init__(tr("Nursing problem"), choices)
        self.setPlaceholderText(tr("Number, part of the name, or own words"))

    def matches(self) -> list[tuple[int, str, str]]:
        """Those of which each typed word begins another word of the name."""
        if self.text().startswith(_OWN):
            return []
        typed = fold(self.text()).split()
        return [each for each in super().matches() if _begins(typed, fold(each[2]).split())]

    def own_words(self) -> str:
        """What was typed where it is none of those offered."""
        return "" if self.key() else self.text().removeprefix(_OWN).strip()

    def settle(self) -> None:
        """Own words are as good as a name."""
        super().settle()
        set_property(self, "state", "")

    def advice(self) -> str:
        """What it could mean; that own words will stand as they are."""
        found = super().advice()
        typed = self.own_words()
        return found or (tr("In your own words: {words}", words=typed) if typed else "")


class PlanForm(CareForm):
    """A new problem, or the change of one, over the whole page."""

    def __init__(
        self, workplace: Workplace, patient: PatientId, amends: PlanRow | None = None
    ) -> None:
        """Make the form.

        Args:
            workplace: What it works with.
            patient: Whose.
            amends: The one that is changed; None for a new one.
        """
        deed = care_plan_deeds.OPEN if amends is None else f"amend {amends.record.reference}"
        super().__init__(workplace, patient, deed)
        self._known, self._amends, self._own = workplace.desk.knowledge, amends, uuid7()
        self._problem = ProblemEntry(self._known)
        self.goals: Ticks[Goal] = Ticks(tr("Goals"))
        self.care: Ticks[Care] = Ticks(tr("Interventions"))
        if amends is None:
            self.fields.add("problem", tr("Nursing problem"), self._problem)
        self.fields.add("because", tr("Shown by, caused by (may stay empty)"), QLineEdit())
        self.fields.add("goals", tr("Own goals, with ; between them"), QLineEdit())
        self.fields.add("care", tr("Own interventions, with ; between them"), QLineEdit())
        self.fields.add("within_hours", tr("Evaluate within (hours)"), QLineEdit())
        if amends is None:
            since = MomentEntry(tr("Since"), workplace.clock.now())
            self.fields.add("since", tr("Since"), since)
        else:
            self.fields.add("reason", tr("Why it is changed"), QLineEdit())
        self.fields.write("within_hours", str(USUAL_HOURS))
        self.lay_out(
            tr("New nursing problem") if amends is None else tr("Change the plan"),
            amends.words if amends else "",
        )

    def begin(self, typed: Mapping[str, str]) -> None:
        """Stand ready; of a change with what stands in the record."""
        if self._amends is not None:
            plan = self._amends.record.plan
            self._show_plan(plan)
            self.fields.put({"because": plan.because, "within_hours": str(plan.within_hours)})
        else:
            self._show_problem(None)
            self._problem.found.connect(self._on_problem)
        super().begin(typed)
        if "blank" in typed:
            blank = typed["blank"].split("\n")
            self.goals.untick(blank)
            self.care.untick(blank)
        for ticks in (self.goals, self.care):
            ticks.changed.connect(self.touch)

    def suggest(self, problem: str) -> None:
        """Begin with a problem that the chart hints at; the first field waits for Enter."""
        self._problem.show_key(problem)

    def draft(self) -> dict[str, str]:
        """With what is not ticked."""
        return {**super().draft(), "blank": "\n".join((*self.goals.blank(), *self.care.blank()))}

    def work(self) -> Callable[[], Changes]:
        """Open it, or change it."""
        plan, desk, amends = self._plan(), self.workplace.desk, self._amends
        if amends is None:
            return lambda: care_plan_deeds.open_problem(desk, self.patient, plan, own=self._own)
        of, reason = amends.record.reference, self.fields.text("reason")
        return lambda: care_plan_deeds.amend(desk, of, plan, reason=reason)

    @property
    def undoable(self) -> bool:
        """A change is not taken back but changed again."""
        return self._amends is None

    def undo(self, references: object) -> Changes:
        """Take it back."""
        assert isinstance(references, list)  # noqa: S101 - as the form hands them
        return care_plan_deeds.undo(self.workplace.desk, references)

    def _plan(self) -> Plan:
        text = self.fields.text
        goals = (*self.goals.ticked(), *(Goal(words) for words in _split(text("goals"))))
        care = (*self.care.ticked(), *(Care(words) for words in _split(text("care"))))
        if self._amends is not None:
            before = self._amends.record.plan
            words, code, since = before.words, before.code, before.since
        else:
            code = self._problem.key()
            problem = self._known.nursing_by_id.get(code)
            words = problem.words.vi if problem else self._problem.own_words()
            since = self.moment("since")
        return Plan(words, since, code, text("because"), goals, care, self._hours())

    def _hours(self) -> int:
        text = self.fields.text("within_hours")
        if not text.isdecimal():
            raise Refused("not-a-number", field="within_hours")
        return int(text)

    def arrange(self, box: QVBoxLayout) -> None:
        """Fields to the left, what is ticked to the right, over the whole page."""
        left, right = QWidget(), QVBoxLayout()
        left.setFixedWidth(theme.px(380))
        left.setLayout(box)
        for words, ticks, share in (
            (tr("Goals"), self.goals, 2), (tr("Interventions"), self.care, 5),
        ):  # fmt: skip
            right.addWidget(label(words, "strong"))
            right.addWidget(ticks, share)
        hint = tr("Tab to the lists: Space ticks, Enter goes on. Ctrl+S saves from anywhere.")
        right.addWidget(label(hint, "caption", "muted", wrap=True))
        right.setContentsMargins(*map(theme.px, (6, 12, 14, 12)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(left)
        row.addLayout(right, 1)
        QWidget.setTabOrder(self.fields.last(), self.goals)  # before Save and Close
        QWidget.setTabOrder(self.goals, self.care)
        self.goals.passed.connect(lambda: self.care.setFocus(Qt.FocusReason.TabFocusReason))
        self.care.passed.connect(self.save)

    def _show_problem(self, problem: NursingProblem | None) -> None:
        if problem is None:
            self.goals.offer(())
            self.care.offer(())
            return
        tongue = language()
        self.goals.offer([
            Offer(each.id, said(each.words, tongue), Goal(each.words.vi, each.id))
            for each in problem.goals
        ])  # fmt: skip
        self.care.offer([
            _care_offer(Care(each.words.vi, each.id, each.every_hours), said(each.words, tongue))
            for each in problem.interventions
        ])  # fmt: skip

    def _show_plan(self, plan: Plan) -> None:
        """What is in the plan ticked, what else is known below."""
        known, tongue = self._known.nursing_by_id.get(plan.code), language()
        there = {goal.code for goal in plan.goals} | {each.code for each in plan.care}
        goals = [
            Offer(each.code or each.words, care_words(self._known, each.code, each.words, tongue),
                  each)
            for each in plan.goals
        ]  # fmt: skip
        care = [
            _care_offer(each, care_words(self._known, each.code, each.words, tongue))
            for each in plan.care
        ]
        for goal in known.goals if known else ():
            if goal.id not in there:
                more = Goal(goal.words.vi, goal.id)
                goals.append(Offer(goal.id, said(goal.words, tongue), more, ticked=False))
        for each in known.interventions if known else ():
            if each.id not in there:
                one = Care(each.words.vi, each.id, each.every_hours)
                care.append(_care_offer(one, said(each.words, tongue), ticked=False))
        self.goals.offer(goals)
        self.care.offer(care)

    @Slot(str)
    def _on_problem(self, key: str) -> None:
        problem = self._known.nursing_by_id.get(key)
        self._show_problem(problem)
        if problem is not None:
            self.fields.write("within_hours", str(problem.within_hours))


def _care_offer(care: Care, words: str, *, ticked: bool = True) -> Offer[Care]:
    often = tr("every {hours} h", hours=care.every_hours) if care.every_hours else ""
    shown = f"{words}  ({often})" if often else words
    return Offer(care.key, shown, care, ticked)


def _begins(typed: list[str], named: list[str]) -> bool:
    """Whether each typed word begins another word of a name."""
    left = list(named)
    for part in typed:
        found = next((word for word in left if word.startswith(part)), None)
        if found is None:
            return False
        left.remove(found)
    return bool(typed)


def _split(text: str) -> list[str]:
    return [words for part in text.split(";") if (words := " ".join(part.split()))]
