"""Who a newcomer may be: those who are known already, to compare before anybody is registered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from workstation.kernel.ids import PatientId
from workstation.kernel.words import tr
from workstation.services.patient_record import Banner
from workstation.ui.toolkit import theme
from workstation.ui.toolkit.person_words import age_words, born_words
from workstation.ui.toolkit.widgets.banner import sex_word
from workstation.ui.toolkit.widgets.text import button, label


class AlikePanel(QFrame):
    """One person a line, each with a button; below them: none of these."""

    def __init__(
        self,
        people: Sequence[Banner],
        chosen: Callable[[PatientId], object],
        none: Callable[[], object],
    ) -> None:
        """Show them.

        Args:
            people: Who is alike.
            chosen: The newcomer is this person.
            none: The newcomer is nobody of them.
        """
        super().__init__()
        self.setProperty("card", True)
        box = QVBoxLayout(self)
        gap = theme.px(10)
        box.setContentsMargins(gap, gap, gap, gap)
        box.setSpacing(theme.px(6))
        box.addWidget(label(tr("Is it one of these?"), "strong"))
        for person in people:
            box.addWidget(label(person.name.formal, "strong", wrap=True))
            box.addWidget(label(_facts(person), "caption", wrap=True))
            take = button(tr("It is this person"), partial(chosen, person.patient), symbol="person")
            row = QHBoxLayout()
            row.addWidget(take)
            row.addStretch(1)
            box.addLayout(row)
        row = QHBoxLayout()
        row.addWidget(button(tr("None of them: register"), none, kind="danger", symbol="add"))
        row.addStretch(1)
        box.addLayout(row)


def _facts(person: Banner) -> str:
    number = person.record_number
    known = (
        sex_word(person.sex),
        born_words(person.birth_date, person.born or None),
        age_words(person.age),
        tr("record no. {number}", number=number) if number else "",
        " ".join(filter(None, (person.ward, person.bed))),
    )
    return " · ".join(filter(None, known))
