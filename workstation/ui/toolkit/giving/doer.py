"""Does deeds: at once where nothing is missing, else through the form beside the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused, WorkstationError
from workstation.kernel.ids import PersonId
from workstation.security.people import Person
from workstation.security.rights import holds
from workstation.services import dose_corrections, medication
from workstation.ui.toolkit.giving.deed import Deed, Field, Typed, do, done_words
from workstation.ui.toolkit.giving.form import DoseForm
from workstation.ui.toolkit.workplace import Workplace

_MORE: Final[dict[str, tuple[Field, ...]]] = {
    "early-reason-missing": ("reason",),
    "late-reason-missing": ("reason",),
    "reason-missing": ("reason",),
    "second-person-missing": ("witness",),
    "beside-plan": ("reason", "witness"),
}
"""What to ask for when a deed turns out to need it."""
_ASKED_TWICE: Final = ("dose-just-given", "dose-too-near", "too-soon")
"""What was given all the same can be charted, once its giver has read what stands against it."""
_REVERSIBLE: Final = ("give", "earlier", "part", "withhold", "refuse", "unavailable")


class Doer(QObject):
    """Ties a form to the services.

    Signals:
        done: A deed is charted. arg 0: the Deed.
        refused: A deed was refused and the form says why. arg 0: the error.
    """

    done = Signal(object)
    refused = Signal(object)

    def __init__(self, workplace: Workplace, form: DoseForm, parent: QObject) -> None:
        """Wait for a deed.

        Args:
            workplace: What it works with.
            form: What asks for what is missing.
            parent: The screen.
        """
        super().__init__(parent)
        self._workplace, self._form = workplace, form
        self._busy: Deed | None = None
        self._sent = Typed()
        self._told: tuple[Deed, datetime | None] | None = None
        form.submitted.connect(self._on_submitted)

    @property
    def busy(self) -> bool:
        """Whether a deed is on its way to the record: a second one must wait for it."""
        return self._busy is not None

    def do(self, deed: Deed) -> None:
        """Do a deed, or ask for what it needs first."""
        if self.busy:
            return
        self._told = None
        if deed.asks:
            self._ask(deed)
        else:
            self._run(deed, Typed())

    def _ask(self, deed: Deed, extra: tuple[Field, ...] = ()) -> None:
        self._form.begin(deed, self._workplace.clock.now(), extra)
        colleagues = self._workplace.colleagues
        if "witness" in (*deed.asks, *extra) and colleagues is not None:
            self._workplace.tasks.query(colleagues.people, done=self._on_people)
        if deed.verb == "give" and not extra:
            self._check(deed)

    def _check(self, deed: Deed) -> None:
        """Say at once what stands against it, before a colleague comes and types a PIN."""
        desk = self._workplace.desk
        self._workplace.tasks.query(
            lambda: medication.refuse_now(desk, deed.order, deed.slot),
            done=lambda _: None,
            failed=partial(self._on_checked, deed),
            owner=self,
        )

    def _run(self, deed: Deed, typed: Typed, voucher: tuple[PersonId, str] | None = None) -> None:
        desk, colleagues = self._workplace.desk, self._workplace.colleagues
        self._busy, self._sent = deed, typed

        def work() -> Changes:
            witness: Person | None = None
            if voucher is not None:
                if colleagues is None:
                    raise Refused("second-person-missing", field="witness")
                witness = colleagues.prove(*voucher)
            return do(desk, deed, replace(typed, witness=witness))

        self._workplace.tasks.command(
            work, done=partial(self._on_done, deed), failed=self._on_failed, owner=self
        )

    def _on_done(self, deed: Deed, changes: Changes) -> None:
        self._busy = None
        self._form.close_form()
        said = " · ".join(filter(None, (done_words(deed), deed.named)))
        self._workplace.navigator.toast(said, self._way_back(deed, changes))
        self.done.emit(deed)

    def _way_back(self, deed: Deed, changes: Changes) -> Callable[[], None] | None:
        made = [each for each in changes.references if each.startswith("MedicationAdministration/")]
        if deed.verb not in _REVERSIBLE or len(made) != 1:
            return None
        own = made[0].partition("/")[2]
        desk, tasks = self._workplace.desk, self._workplace.tasks

        def undo() -> None:
            tasks.command(lambda: dose_corrections.undo(desk, own), failed=self._on_not_undone)

        return undo

    @Slot()
    def _on_submitted(self) -> None:
        deed = self._form.deed
        if deed is not None and not self.busy:
            typed = self._form.fields.typed()
            again = self._told == (deed, typed.at)
            self._run(deed, replace(typed, again=again), self._form.fields.voucher())

    @Slot(object)
    def _on_people(self, people: tuple[Person, ...]) -> None:
        own = self._workplace.desk.person.id
        right = medication.RIGHT
        others = (each for each in people if each.id != own)
        self._form.fields.offer(each for each in others if holds(each.role, right))

    @Slot(object)
    def _on_failed(self, error: WorkstationError) -> None:
        deed, self._busy = self._busy, None
        if deed is None:
            return
        sent, code = self._sent, error.code
        past = deed.verb == "earlier" and sent.at is not None
        more = ("reason",) if code == "beside-plan" and past else _MORE.get(code, ())
        if self._form.deed != deed or more:
            self._ask(deed, more)
        asked = code == "beside-plan" or (past and code in _ASKED_TWICE)
        if asked and not sent.again:
            self._told = (deed, sent.at)
            self._form.ask_again(error)
        else:
            self._form.show_problem(error)
        self.refused.emit(error)

    def _on_checked(self, deed: Deed, error: WorkstationError) -> None:
        if self._form.deed == deed and not self.busy and error.code in _ASKED_TWICE:
            self._form.show_problem(error)
            self.refused.emit(error)

    @Slot(object)
    def _on_not_undone(self, error: WorkstationError) -> None:
        self._workplace.tell(error)
        self.refused.emit(error)
