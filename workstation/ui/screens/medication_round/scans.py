"""What has been scanned so far: a person, a drug; and whether the two belong together."""

from __future__ import annotations

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services.medication_round import MedicationRound, RoundLine, is_drug
from workstation.ui.toolkit.giving.deed import Scanned


class Scans:
    """Two scans that lead to one dose; a mismatch forgets both."""

    def __init__(self) -> None:
        self.person: PatientId | None = None
        self.drug: RoundLine | None = None
        self._unowned = ""  # the code of a drug that was scanned before any wristband

    def shown(self, found: MedicationRound) -> list[RoundLine]:
        """The lines of the person scanned, else everybody's."""
        return [line for line in found.lines if self.person in (None, line.who.patient)]

    def take(self, code: str, found: MedicationRound) -> str:
        """Take a code.

        Returns:
            What is wrong with it, in words; empty when nothing is.
        """
        who = found.person(code)
        if who is None:
            return self._take_drug(code, found)
        if self.drug is not None and self.drug.who.patient != who.patient:
            return self._refuse(tr("Wrong patient: the drug scanned is not for this wristband."))
        self.person, code = who.patient, self._unowned
        self._unowned = ""
        if not self.shown(found):
            return self._refuse(tr("Nothing is due for {name}.", name=who.name.formal))
        if code:
            self.drug = self._due(code, found)
            if self.drug is None:
                wrong = tr("Wrong patient: the drug scanned is not for this wristband.")
                return self._refuse(wrong)
        return ""

    def scanned(self, line: RoundLine) -> Scanned:
        """What of a line was checked by its barcode."""
        person = self.person == line.who.patient
        drug = self.drug is not None and key_of(self.drug) == key_of(line)
        if person and drug:
            return "patient-and-drug"
        return "patient" if person else "drug" if drug else ""

    def given(self, found: MedicationRound | None) -> None:
        """The next drug of the same person comes; after the last one anybody's."""
        self.drug, self._unowned = None, ""
        if found is None or len(self.shown(found)) <= 1:
            self.person = None

    def _take_drug(self, code: str, found: MedicationRound) -> str:
        self.drug = self._due(code, found)
        if self.drug is not None and self.person is None:
            # Whose it is says the wristband, never the first bed that gets the same drug.
            self.drug, self._unowned = None, code
            return ""
        if self.drug is not None:
            return ""
        known = self.person is not None or any(is_drug(line, code) for line in found.lines)
        if known:
            return self._refuse(tr("Wrong drug: it is not due for this patient."))
        return self._refuse(tr("This is no wristband and no due drug of this ward."))

    def _due(self, code: str, found: MedicationRound) -> RoundLine | None:
        return next((line for line in self.shown(found) if is_drug(line, code)), None)

    def _refuse(self, words: str) -> str:
        self.person = self.drug = None
        self._unowned = ""
        return words


def key_of(line: RoundLine) -> tuple[str, str, object]:
    """What makes a line the same line after a new reading."""
    return line.due.order, line.due.dose, line.due.at
