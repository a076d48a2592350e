"""What a shift does with a ward: hand over, assign, measure, admit, move, discharge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.kit.shift_hands import ALT, DOWN, ENTER, TAB, Hands
from tests.kit.ward import patient_id
from tests.kit.ward_window import CTRL, SHIFT, until
from workstation.kernel.settings import MY_PATIENTS
from workstation.services import escalation
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.handover.screen import HandoverScreen
from workstation.ui.screens.stays.screen import StaysScreen
from workstation.ui.screens.vital_signs_round.screen import VitalSignsRoundScreen
from workstation.ui.screens.ward_board.screen import WardBoardScreen

WELL: Final = ("78", "368", "12575", "16", "98", "0", "A", "1")
WORSE: Final = ("124", "394", "9055", "28", "90", "4", "A", "5")


def handover_of(h: Hands) -> HandoverScreen:
    screen = h.go(Qt.Key.Key_5, HandoverScreen)
    texts = screen.side.sheet.texts
    until(lambda: screen.model.rows and texts["situation"].toPlainText(), "the handover")
    return screen


def all_stand(screen: HandoverScreen, state: str, count: int) -> None:
    until(lambda: [row.state for row in screen.model.rows] == [state] * count, f"{count} {state}")


def leave_handover(h: Hands, count: int) -> None:
    """Hand everybody over to whoever comes."""
    screen = handover_of(h)
    h.press(ENTER, modifier=CTRL)
    panel = screen.deeds.take_over
    until(panel.isVisible, "who takes over")
    h.walk(TAB, lambda: h.at.focus() is panel._wait, "leaving it waiting")
    h.press(Qt.Key.Key_Space)
    all_stand(screen, "given", count)


def take_over(h: Hands, count: int) -> None:
    """Take over what waits, by one's own PIN."""
    with h.step("take over"):
        screen = handover_of(h)
        all_stand(screen, "given", count)
        h.press(ENTER, modifier=CTRL)
        until(screen.deeds.take_over.isVisible, "her PIN")
        h.prove()
        all_stand(screen, "open", count)


def hand_over(h: Hands, to: str, count: int, words: str) -> None:
    """Hand one's own over to somebody who stands beside, by her PIN."""
    with h.step("hand over"):
        screen = handover_of(h)
        all_stand(screen, "open", count)
        h.press(ENTER, modifier=CTRL)
        panel = screen.deeds.take_over
        until(panel.isVisible, "who takes over")
        h.walk(DOWN, lambda: panel.person.currentText() == to, to, most=4)
        h.press(TAB)
        h.prove()
        all_stand(screen, "accepted", count)
    assert f"{to} {words}" in h.at.words()


def board_of(h: Hands) -> WardBoardScreen:
    board = h.go(Qt.Key.Key_1, WardBoardScreen)
    until(board.model.rowCount, "the beds")
    h.press(Qt.Key.Key_B, modifier=CTRL | ALT)
    h.press(Qt.Key.Key_Home, modifier=CTRL)
    return board


def assign(h: Hands, name: str, first: int, last: int) -> None:
    """Tick the beds from one to another, and take them; then see nobody else."""
    with h.step(f"assign {last - first + 1}"):
        board = board_of(h)
        for _ in range(first - 1):
            h.press(DOWN)
        for _ in range(first, last + 1):
            h.press(Qt.Key.Key_Space)
        h.press(Qt.Key.Key_A, modifier=CTRL | ALT)
        until(board.assigning.isVisible, "the nurses")
        assert board.assigning.nurse.currentText() == name
        h.press(ENTER)
    wanted = [f"{number:02d}" for number in range(first, last + 1)]

    def cared_for() -> list[str]:
        taken = [(bed.name, bed.occupant) for bed in board.model.beds() if bed.occupant]
        return [bed for bed, who in taken if name in [each.name for each in who.nurses]]

    until(lambda: set(wanted) <= set(cared_for()), "the assignment")


def only_mine(h: Hands, count: int) -> None:
    board = board_of(h)
    h.press(Qt.Key.Key_M, modifier=CTRL | ALT)
    until(lambda: board.model.rowCount() == count, "one's own patients alone")


def round_of(h: Hands, sets: tuple[tuple[str, ...], ...]) -> None:
    """Measure one's patients in one pass of the keyboard."""
    screen = h.go(Qt.Key.Key_2, VitalSignsRoundScreen)
    until(lambda: screen.model.rowCount() == len(sets) and h.at.focus() is screen.grid, "the round")
    for number, values in enumerate(sets):
        until(lambda: screen.grid.currentIndex().row() == number, "the next patient")  # noqa: B023
        with h.step("round, one patient"):
            for value in values:
                h.type(value)
                h.press(ENTER)
    until(lambda: all(row.state == "saved" for row in screen.model.rows()), "the saved rows")


def record_call(h: Hands, number: int, words: str) -> None:
    """Write down beside the round who was called."""
    until(lambda: words in h.at.words(), "what the score asks for")
    assert "NEWS" in h.at.words()
    with h.step("call recorded"):
        h.press(Qt.Key.Key_E, modifier=CTRL | SHIFT)
        h.say("BS Huy")
        h.press(ENTER)
    until(lambda: words not in h.at.words(), "the call written down")
    assert escalation.situation(h.at.desk, patient_id(number)).open


def chart_of(h: Hands, number: int, tab: Qt.Key | None = None) -> ChartScreen:
    """The chart of whoever lies in a bed, from wherever one is."""
    with h.step("chart" if tab is None else "chart and tab"):
        h.press(Qt.Key.Key_K, modifier=CTRL)
        h.type(f"{number:02d}")
        h.press(ENTER)
        chart = h.at.screen(ChartScreen)
        until(lambda: chart.patient() == patient_id(number), f"the chart of bed {number}")
        if tab is not None:
            h.press(tab, modifier=ALT)
    h.at.settle()
    return chart


def fluids(h: Hands, number: int, sums: str) -> None:
    """What somebody drank, and what the catheter holds."""
    chart_of(h, number, Qt.Key.Key_9)
    with h.step("fluids, in and out"):
        h.press(Qt.Key.Key_I, modifier=CTRL)
        for text in ("1", "200", "8", "350"):
            h.type(text)
            h.press(ENTER)
        h.press(Qt.Key.Key_S, modifier=CTRL)
    shown = h.at.window.findChildren(QLabel)
    until(lambda: any(each.text() == sums and each.isVisible() for each in shown), sums)


def admit(h: Hands, bed: int) -> None:
    """Whoever is expected has come: into the first empty bed."""
    with h.step("admission"):
        screen = h.go(Qt.Key.Key_7, StaysScreen)
        until(lambda: [line.kind for line in screen.list.model.rows] == ["expected"], "who comes")
        until(lambda: h.at.focus() is screen.list.view, "the keys on the list")
        h.press(ENTER)
        _form(h, screen, "admit")
        h.press(DOWN, ENTER, ENTER, ENTER, DOWN)  # bed, over the diagnosis, care level
        _saved(h, screen)
    lies_in(h, f"planned-{bed}", bed)


def move(h: Hands, number: int, to: int, command: str) -> None:
    """To the first empty bed."""
    chart_of(h, number)
    with h.step("transfer to another bed"):
        screen = _command(h, command, "move")
        h.press(DOWN)
        _saved(h, screen)
    lies_in(h, f"stay-{number}", to)


def discharge(h: Hands, number: int, command: str) -> None:
    """Home, cured, with the diagnosis of the stay."""
    chart_of(h, number)
    with h.step("discharge"):
        screen = _command(h, command, "discharge")
        h.press(DOWN, ENTER, DOWN)
        _saved(h, screen)


def lies_in(h: Hands, stay: str, bed: int) -> None:
    """See on the board that somebody lies in a bed."""
    board = h.go(Qt.Key.Key_1, WardBoardScreen)

    def beds() -> dict[str, str]:
        taken = [bed for bed in board.model.beds() if bed.occupant]
        return {each.occupant.who.encounter: each.name for each in taken if each.occupant}

    if board.workplace.settings.get(MY_PATIENTS):
        h.press(Qt.Key.Key_M, modifier=CTRL | ALT)
    until(lambda: beds().get(stay) == f"{bed:02d}", f"{stay} in bed {bed}")


def _command(h: Hands, words: str, deed: str) -> StaysScreen:
    h.press(Qt.Key.Key_K, modifier=CTRL)
    h.type(words)
    h.press(ENTER)
    screen = h.at.screen(StaysScreen)
    _form(h, screen, deed)
    return screen


def _form(h: Hands, screen: StaysScreen, deed: str) -> None:
    until(lambda: screen.form is not None and screen.form.deed_id == deed, f"the form {deed}")
    until(lambda: screen.form is not None and h.inside(screen.form), "its keys")


def _saved(h: Hands, screen: StaysScreen) -> None:
    h.press(Qt.Key.Key_S, modifier=CTRL)
    until(lambda: screen.form is None, "the form, done")
    h.at.settle()
