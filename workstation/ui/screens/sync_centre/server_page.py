"""The page on the server at hand: which promises it cannot keep, what the terminal does then."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.kernel.words import tr
from workstation.ui.toolkit.widgets.states import Pages
from workstation.ui.toolkit.widgets.table import Column, RowsModel, RowsView
from workstation.ui.toolkit.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Lack:
    """One promise that a server does not keep: what it does, and what the terminal does then."""

    what: str
    instead: str


class ServerPage(Pages):
    """A list of lacks, or a quiet word that there are none."""

    def __init__(self, workplace: Workplace) -> None:
        """Know nothing yet.

        Args:
            workplace: Its restorer knows the server; without one there is no server.
        """
        rows: RowsModel[Lack] = RowsModel(
            (
                Column(tr("What this server does"), lambda lack: lack.what, 480, role="strong"),
                Column(tr("What this terminal does about it"), lambda lack: lack.instead),
            )
        )
        super().__init__(RowsView(rows))
        self._rows = rows
        self._workplace = workplace

    def show_server(self) -> int:
        """Say what is known of the server now.

        Returns:
            How many promises it does not keep.
        """
        restorer = self._workplace.restorer
        codes = restorer.not_kept() if restorer is not None else None
        if codes is None:
            self.show_empty(
                tr("The server was not asked yet."),
                tr("After the first sync it stands here what it cannot do."),
            )
            return 0
        if not codes:
            self.show_empty(
                tr("This server keeps every promise."), tr("Nothing has to be done another way.")
            )
            return 0
        self._rows.replace([lack_of(code) for code in codes])
        self.show_content()
        return len(codes)


def lack_of(code: str) -> Lack:
    """The words for one code of `Capabilities.not_kept`; the code itself where there are none."""
    known = {
        "stale-update-accepted": Lack(
            tr("It overwrites a newer version without asking"),
            tr("Every change of an existing record waits until a person confirms it."),
        ),
        "client-ids-refused": Lack(
            tr("It gives records ids of its own"),
            tr("Each record is known by both ids; what refers to it is sent after it."),
        ),
        "if-none-match-ignored": Lack(
            tr("It overwrites a record that was made twice"),
            tr("Before a shared record is made, it is looked for."),
        ),
        "if-none-exist-ignored": Lack(
            tr("It stores a record twice that was sent twice"),
            tr("An answer that was lost is looked up before anything is sent again."),
        ),
        "no-batch": Lack(
            tr("It takes only one request at a time"),
            tr("Records are sent one by one; sync takes longer."),
        ),
        "transaction-not-atomic": Lack(
            tr("It may keep only a part of what belongs together"),
            tr("What is referred to goes first, so that a part is never wrong."),
        ),
        "no-type-history": Lack(
            tr("It does not tell what was deleted"),
            tr("Deletions are found by comparing with the server every 10 minutes."),
        ),
        "decimals-rewritten": Lack(
            tr("It rewrites numbers, such as 1.10 to 1.1"),
            tr("Numbers count as equal by value; what was typed is kept here."),
        ),
    }
    return known.get(code, Lack(code, ""))
