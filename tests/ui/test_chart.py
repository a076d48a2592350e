"""The chart by keys: tabs, flowsheet and graph, a new set, notes with drafts, histories, papers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton

from tests.kit import foreign
from tests.kit.store import make_store
from tests.kit.typing import compose
from tests.kit.workplace import asked, shown_words, until, workplace_at
from tests.unit.services.chart_data import NOW, PATIENT, desk_of, fill, record, vital
from workstation.clinical.vital_signs import Sign
from workstation.fhir.compartment import patient_of
from workstation.kernel import words
from workstation.kernel.changes import Changes
from workstation.kernel.clock import ManualClock
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import PatientId
from workstation.services import documents, flowsheet, notes
from workstation.services.notes import NoteDraft, NoteText
from workstation.ui.screens.chart.entry_form import EntryForm
from workstation.ui.screens.chart.flowsheet_view import COLUMN_ROLE, FlowsheetView
from workstation.ui.screens.chart.graph import VitalsGraph
from workstation.ui.screens.chart.note_editor import NoteEditor
from workstation.ui.screens.chart.notes_page import NotesPage
from workstation.ui.screens.chart.screen import ChartScreen
from workstation.ui.screens.chart.tabs import TAB_IDS
from workstation.ui.screens.chart.timeline_page import TimelinePage
from workstation.ui.screens.documents.preview import PaperPreview
from workstation.ui.screens.documents.screen import DocumentsScreen
from workstation.ui.toolkit.messages import explain
from workstation.ui.toolkit.printing import a4_printer

TEXT = "Người bệnh tỉnh, sốt 38,5 °C"


@pytest.fixture
def store(tmp_path: Path):
    words.use("en")
    made = make_store(tmp_path / "store", clock=ManualClock(NOW))
    yield made
    made.close()
    words.use("vi")


@pytest.fixture
def place(store, tmp_path: Path):
    fill(store)
    with workplace_at(desk_of(store), tmp_path) as found:
        yield found


def open_chart(qtbot, place, tab: str = "summary", patient: PatientId = PATIENT) -> ChartScreen:
    screen = ChartScreen(place)
    qtbot.addWidget(screen)
    place.tasks.changed.connect(lambda changes, _who: screen.on_changed(changes))
    screen.resize(1366, 700)
    screen.show()
    screen.arrive(patient=patient, tab=tab)
    screen.activate()
    asked(place)
    return screen


def page(screen: ChartScreen):
    return screen._stack.front()


def test_the_summary_says_how_sick_and_what_is_missing(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    until(lambda: {"J18.9  Viêm phổi", "Ceftriaxon", "Recent notes"} <= set(shown_words(screen)))
    seen = shown_words(screen)
    assert any("Not complete, missing: Breathing" in text for text in seen)
    assert any("before that 3 (" in text for text in seen)
    assert "Potassium (K⁺)" in seen, "a test is called as the results tab calls it"


def test_the_summary_of_somebody_expected_says_when_and_where(qtbot, place) -> None:
    def to_come(location: str, name: str) -> dict[str, object]:
        there = {"reference": f"Location/{location}", "display": name}
        return {"location": there, "status": "planned"}

    stay = {
        "resourceType": "Encounter",
        "id": "s2",
        "class": {"code": "IMP"},
        "subject": {"reference": "Patient/p2"},
    }
    places = [to_come("w", "Khoa Nội"), to_come("b", "301-1")]
    period = {"start": (NOW + timedelta(hours=3)).isoformat()}
    planned = {**stay, "status": "planned", "location": places, "period": period}
    struck = {**stay, "id": "s3", "status": "cancelled", "period": {"start": "2027-01-01"}}
    fill(place.desk.store, [{"resourceType": "Patient", "id": "p2"}, planned, struck])
    screen = open_chart(qtbot, place, patient=PatientId("p2"))
    until(lambda: "Diagnosis and stay" in shown_words(screen))
    seen = shown_words(screen)
    assert "Expected" in seen
    assert "Khoa Nội · 301-1" in seen
    assert not {"Admitted", "Care level"} & set(seen)


def test_the_banner_stays_on_every_tab(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    for tab in TAB_IDS:
        assert screen.perform(f"chart_{tab}")
        asked(place)
        assert "NGUYỄN Thị Thảo" in shown_words(screen), tab
        assert "Penicillin" in shown_words(screen), tab
        assert "Nguyễn" not in screen.title()


@pytest.mark.parametrize("tab", TAB_IDS)
def test_nothing_of_the_one_patient_shows_while_the_next_is_read(qtbot, place, tab) -> None:
    fill(place.desk.store, [{"resourceType": "Patient", "id": "p2"}])
    screen = open_chart(qtbot, place, tab=tab)
    states = page(screen).states
    assert states._stack.currentWidget() is not states._blank
    screen.arrive(patient=PatientId("p2"), tab=tab)
    screen.activate()
    assert states._stack.currentWidget() is states._blank
    assert screen._banner.isHidden()
    asked(place)
    assert states._stack.currentWidget() is not states._blank
    assert "NGUYỄN Thị Thảo" not in shown_words(screen)


def test_no_paper_of_the_one_patient_shows_while_that_of_the_next_is_made(qtbot, place) -> None:
    fill(place.desk.store, [{"resourceType": "Patient", "id": "p2"}])
    screen = open_paper(qtbot, place)
    screen.arrive(patient=PatientId("p2"), kind="progress")
    screen.activate()
    assert not screen.findChild(PaperPreview).isVisible()
    assert screen.outgoing() is None
    until(screen.findChild(PaperPreview).isVisible)


def test_the_chart_comes_back_with_the_tab_that_was_in_front(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    for tab in TAB_IDS:
        screen.open_tab(tab)
        again = open_chart(qtbot, place, **screen.place())
        assert page(again) is again._pages[tab]


def test_opening_a_chart_is_in_the_audit(qtbot, place) -> None:
    open_chart(qtbot, place)

    with place.desk.store.read() as view:
        deeds = view.connection.exec_driver_sql("SELECT action, reference FROM audit").all()
    assert [tuple(deed) for deed in deeds] == [("open-chart", f"Patient/{PATIENT}")]


def test_an_unknown_patient_is_said(qtbot, place) -> None:
    screen = open_chart(qtbot, place, patient=PatientId("nobody"))

    assert screen._banner.isHidden()
    assert screen._states._notice is not None


def test_the_flowsheet_model_is_sound_and_empty_means_not_measured(qtbot, place) -> None:
    screen = open_chart(qtbot, place, "vitals")
    view = screen.findChild(FlowsheetView)
    QAbstractItemModelTester(view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)

    texts = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    assert texts[0] == "3*"
    assert texts[6] == "↑112"
    assert texts[8] == "↑38.50"
    assert texts[2] == ""
    assert "Not measured" in view.model().index(2, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_arrow_keys_move_the_graphs_cursor_and_the_flowsheet_follows(qtbot, place) -> None:
    screen = open_chart(qtbot, place, "vitals")
    graph, view = screen.findChild(VitalsGraph), screen.findChild(FlowsheetView)
    graph.setFocus()
    assert str(graph.current.vitals.heart_rate) == "88"

    QTest.keyClick(graph, Qt.Key.Key_Left)

    assert str(graph.current.vitals.heart_rate) == "112"
    assert view.currentIndex().column() == 0
    assert any("Pulse 112 /min" in text for text in shown_words(screen))
    QTest.keyClick(graph, Qt.Key.Key_End)
    assert str(graph.current.vitals.heart_rate) == "88"


def test_earlier_sets_come_later_and_move_nobody(qtbot, place) -> None:
    fill(place.desk.store, [vital(f"h{n}", "9279-1", 15, "/min", n) for n in range(3, 103)])
    vitals = page(open_chart(qtbot, place, "vitals"))
    graph, view = vitals.findChild(VitalsGraph), vitals.findChild(FlowsheetView)
    whole = flowsheet.flowsheet(place.desk, PATIENT).columns
    until(lambda: view.model().columnCount() == len(whole))
    vitals.set_patient(PatientId("other"))
    vitals.set_patient(PATIENT)

    vitals.show_read(vitals.read(PATIENT))
    shown = [view.model().index(0, n).data(COLUMN_ROLE) for n in range(72)]
    assert shown == list(whole[-72:])
    view.setCurrentIndex(view.model().index(3, 60))
    graph.point_at(shown[60].at)
    until(lambda: view.model().columnCount() == len(whole))

    assert view.currentIndex().row() == 3
    assert view.currentIndex().data(COLUMN_ROLE) == shown[60] == graph.current


def test_earlier_sets_wait_for_a_tab_that_is_left(qtbot, place) -> None:
    fill(place.desk.store, [vital(f"h{n}", "9279-1", 15, "/min", n) for n in range(3, 103)])
    screen = open_chart(qtbot, place, "vitals")
    vitals = page(screen)
    view = vitals.findChild(FlowsheetView)
    whole = len(flowsheet.flowsheet(place.desk, PATIENT).columns)
    until(lambda: view.model().columnCount() == whole)
    vitals.set_patient(PatientId("other"))
    vitals.set_patient(PATIENT)
    vitals.show_read(vitals.read(PATIENT))
    screen.arrive(patient=PATIENT, tab="summary")
    asked(place)
    assert view.model().columnCount() == 72

    screen.arrive(patient=PATIENT, tab="vitals")
    until(lambda: view.model().columnCount() == whole)


def test_a_call_wanted_of_the_next_patient_waits_until_that_score_is_read(qtbot, place) -> None:
    fill(place.desk.store, [{"resourceType": "Patient", "id": "p2"}])
    screen = open_chart(qtbot, place, tab="vitals", patient=PatientId("p2"))
    screen.arrive(patient=PATIENT, tab="vitals")
    screen.activate()
    page(screen).record_call()
    assert place.navigator.toasts == []
    asked(place)
    assert place.navigator.toasts == ["No call has to be written down now."]


def test_a_new_set_is_typed_by_keys_scored_and_saved(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    assert screen.perform("add_vital_signs")
    form = screen.findChild(EntryForm)
    fields = list(form._entries.values())
    fields[0].setFocus()
    for text in ("118", "38,9", "96/58", "26", "91", "0", "a", "3"):
        QTest.keyClicks(form.focusWidget() if form.focusWidget() in fields else fields[0], text)
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    assert form._badge.accessibleName() == "NEWS2 score 11"

    assert screen.perform("save")
    asked(place)

    newest = flowsheet.flowsheet(place.desk, PATIENT).columns[-1]
    assert (newest.score.total, str(newest.vitals.temperature)) == (11, "38.9")
    assert form.isHidden()
    assert place.navigator.toasts == ["Saved on this terminal."]


def test_a_rare_value_is_asked_for_twice_and_an_impossible_one_is_refused(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    screen.perform("add_vital_signs")
    form = screen.findChild(EntryForm)
    pulse = next(iter(form._entries.values()))
    before = len(flowsheet.flowsheet(place.desk, PATIENT).columns)

    pulse.setText("999")
    screen.perform("save")
    asked(place)
    assert pulse.property("state") == "invalid"

    pulse.setText("230")
    screen.perform("save")
    asked(place)
    assert pulse.property("state") == "doubtful"
    assert len(flowsheet.flowsheet(place.desk, PATIENT).columns) == before
    screen.perform("save")
    asked(place)
    assert str(flowsheet.flowsheet(place.desk, PATIENT).columns[-1].vitals.heart_rate) == "230"


def test_blood_sugar_of_a_meter_set_to_mg_dl_is_put_into_mmol_l_with_enter(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    screen.perform("add_vital_signs")
    form = screen.findChild(EntryForm)
    entry = form._entries[(Sign.GLUCOSE,)]
    entry.setFocus()
    QTest.keyClicks(entry, "126")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert "mg/dL" in form._note.text()
    assert entry.text() == "126"
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert entry.text() == "7.0"
    screen.perform("save")
    asked(place)
    newest = flowsheet.flowsheet(place.desk, PATIENT).columns[-1]
    assert str(newest.vitals.glucose) == "7.0"


def write(screen: ChartScreen, text: str = TEXT) -> NoteEditor:
    assert screen.perform("add_note")
    editor = screen.findChild(NoteEditor)
    compose(editor._course, text)
    return editor


def test_a_draft_is_kept_at_a_pause_and_is_there_in_a_new_window(qtbot, place) -> None:
    write(open_chart(qtbot, place))
    until(lambda: notes.my_drafts(place.desk, PATIENT))

    again = open_chart(qtbot, place, "notes")
    assert TEXT in shown_words(again)
    again.perform("add_note")
    asked(place)
    assert again.findChild(NoteEditor)._course.toPlainText() == TEXT


def test_asking_for_a_note_while_one_is_written_changes_nothing(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    write(screen)
    until(lambda: notes.my_drafts(place.desk, PATIENT))
    course = screen.findChild(NoteEditor)._course
    compose(course, " thêm")

    screen.perform("add_note")
    asked(place)

    assert course.toPlainText() == f"{TEXT} thêm"


def test_leaving_the_chart_keeps_what_is_typed(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    write(screen)

    assert screen.can_leave()
    asked(place)

    assert notes.my_drafts(place.desk, PATIENT)[0].text.course == TEXT


def test_nobody_else_sees_a_draft(qtbot, place, store, tmp_path: Path) -> None:
    screen = open_chart(qtbot, place)
    write(screen)
    screen.can_leave()
    asked(place)

    with workplace_at(desk_of(store, "Lê Thị Mai", "nurse"), tmp_path / "b") as other:
        assert TEXT not in shown_words(open_chart(qtbot, other, "notes"))


def test_a_note_is_signed_and_shown(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    write(screen)

    assert screen.perform("sign")
    asked(place)

    (note,) = notes.notes(place.desk, PATIENT)
    assert (note.text.course, note.author) == (TEXT, "Đỗ Quang Huy")
    assert notes.my_drafts(place.desk, PATIENT) == ()
    assert TEXT in shown_words(screen)


def test_an_empty_note_is_refused_beside_its_field(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    screen.perform("add_note")

    screen.perform("sign")
    asked(place)

    assert screen.findChild(NoteEditor)._course.property("state") == "invalid"
    assert notes.notes(place.desk, PATIENT) == ()


def signed(place) -> None:
    notes.sign(place.desk, PATIENT, NoteDraft("d", "doctor", NoteText(TEXT, "y lệnh"), NOW))


def test_a_note_is_amended_with_a_reason(qtbot, place) -> None:
    signed(place)
    screen = open_chart(qtbot, place, "notes")
    view = screen.findChild(NotesPage)._view
    QTest.keyClick(view, Qt.Key.Key_Return)
    editor = screen.findChild(NoteEditor)
    compose(editor._orders, " mới")

    screen.perform("sign")
    asked(place)
    assert editor._reason.property("state") == "invalid"
    compose(editor._reason, "thiếu thuốc")
    screen.perform("sign")
    asked(place)

    (note,) = notes.notes(place.desk, PATIENT)
    assert (note.state, note.text.orders, note.reason) == ("amended", "y lệnh mới", "thiếu thuốc")


def test_a_note_entered_in_error_asks_why_and_stays_readable(qtbot, place) -> None:
    signed(place)
    screen = open_chart(qtbot, place, "notes")
    side = screen.findChild(NotesPage)._side

    side._wrong.click()
    assert side._reason.isVisibleTo(side)
    compose(side._reason, "nhầm người bệnh")
    QTest.keyClick(side._reason, Qt.Key.Key_Return)
    asked(place)

    assert notes.notes(place.desk, PATIENT)[0].state == "entered-in-error"
    assert "Entered in error" in shown_words(screen)
    assert TEXT in shown_words(screen)


def test_giving_a_draft_up_can_be_undone(qtbot, place) -> None:
    screen = open_chart(qtbot, place)
    editor = write(screen)
    editor.discard()
    asked(place)
    assert notes.my_drafts(place.desk, PATIENT) == ()

    place.navigator.undo()
    asked(place)
    assert notes.my_drafts(place.desk, PATIENT)[0].text.course == TEXT


def test_the_newest_of_a_long_stay_show_before_it_is_counted(qtbot, place) -> None:
    many = [vital(f"n{n}", "8867-4", 80 + n % 9, "/min", hours=n) for n in range(1_700)]
    fill(place.desk.store, many)
    screen = open_chart(qtbot, place, "timeline")
    timeline = page(screen)
    first = timeline._model.rows
    assert len(first) == 100
    timeline._view.selectRow(7)
    until(timeline._more.isVisible)
    assert timeline._model.rows == first
    assert timeline._view.currentIndex().row() == 7
    assert timeline._shown.text().startswith("100 of 17")
    texts = [each.text() for each in timeline.findChildren(QPushButton) if each.isVisible()]
    assert any(text.startswith("Everything (17") for text in texts)


def test_the_timeline_is_filtered_by_kind(qtbot, place) -> None:
    screen = open_chart(qtbot, place, "timeline")
    timeline = screen.findChild(TimelinePage)
    everything = timeline._model.rowCount()

    timeline._toggle("laboratory")
    asked(place)

    assert {event.kind for event in timeline._model.rows} == {"laboratory"}
    timeline._toggle(None)
    asked(place)
    assert timeline._model.rowCount() == everything


def test_what_the_hospital_received_is_no_longer_marked_as_here_only(qtbot, place) -> None:
    signed(place)
    screen = open_chart(qtbot, place, "notes")
    assert "On this terminal only" in shown_words(screen)

    with place.desk.store.write() as unit:
        unit.connection.exec_driver_sql("DELETE FROM pending")
    screen.on_changed(Changes(queue=True))
    asked(place)

    assert "On this terminal only" not in shown_words(screen)


def test_the_history_of_a_record_is_a_key_away(qtbot, place) -> None:
    signed(place)
    screen = open_chart(qtbot, place, "notes")

    assert screen.perform("history")
    asked(place)
    assert "On this terminal only" in shown_words(screen)
    page(screen).close_record()
    assert isinstance(page(screen), NotesPage)


def test_what_sync_brings_appears_by_itself(qtbot, place, store) -> None:
    screen = open_chart(qtbot, place, "notes")
    other = desk_of(store, "BS Trần An", "doctor")

    place.tasks.command(
        lambda: notes.sign(other, PATIENT, NoteDraft("x", "doctor", NoteText("từ xa"), NOW))
    )
    asked(place)

    assert "từ xa" in shown_words(screen)


def test_a_chart_made_by_others_opens_on_every_tab(qtbot, store, tmp_path: Path) -> None:
    everything = foreign.resources() or tuple(record())
    sizes = Counter(map(patient_of, everything))
    chosen = min((id for id in sizes if id), key=lambda id: (sizes[id], id))
    fill(store, [r for r in everything if patient_of(r) == chosen])
    with workplace_at(desk_of(store), tmp_path) as place:
        screen = open_chart(qtbot, place, patient=PatientId(chosen))
        for tab in TAB_IDS:
            screen.perform(f"chart_{tab}")
            asked(place)
            buttons = page(screen).states.findChildren(QPushButton)
            assert "Try again" not in {each.text() for each in buttons}, tab
            screen.grab()


def open_paper(qtbot, place, kind: str = "progress") -> DocumentsScreen:
    screen = DocumentsScreen(place)
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive(patient=PATIENT, kind=kind)
    screen.activate()
    until(lambda: screen.findChild(PaperPreview).page_count)
    return screen


def test_a_paper_is_previewed_zoomed_and_saved_under_a_name_that_names_nobody(
    qtbot, place, tmp_path: Path
) -> None:
    signed(place)
    screen = open_paper(qtbot, place)
    preview = screen.findChild(PaperPreview)
    wide = preview._pages[0].width()

    QTest.keyClick(preview, Qt.Key.Key_Plus)
    until(lambda: preview._pages[0].pixmap().width() > wide)

    assert screen.offers() >= {"print", "save"}
    target = tmp_path / screen._paper.file_name
    screen.output.save(target, screen.outgoing())
    until(target.exists)
    with pypdfium2.PdfDocument(target.read_bytes()) as pdf:
        assert TEXT in pdf[0].get_textpage().get_text_bounded()
    assert "Thảo" not in target.name


def test_a_file_that_cannot_be_written_is_told(qtbot, place, tmp_path: Path) -> None:
    screen = open_paper(qtbot, place)

    screen.output.save(tmp_path / "no" / "such" / "folder.pdf", screen.outgoing())
    until(lambda: place.navigator.toasts)

    assert place.navigator.toasts == [explain(Damaged("file-not-written")).line]


def test_every_page_is_printed(qtbot, place, tmp_path: Path) -> None:
    screen = open_paper(qtbot, place, "vital-signs")
    printer = a4_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))

    screen.output.print_on(printer, screen.outgoing())
    until(lambda: len(place.navigator.toasts) == 2)

    asked(place)
    with place.desk.store.read() as view:
        deeds = view.connection.exec_driver_sql("SELECT action, reference FROM audit").all()
    assert (f"print-vital-signs-{screen._paper.code}", f"Patient/{PATIENT}") in map(tuple, deeds)
    with pypdfium2.PdfDocument((tmp_path / "out.pdf").read_bytes()) as pdf:
        assert len(pdf) == screen.findChild(PaperPreview).page_count
        width, height = pdf[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def test_escape_leads_from_a_paper_back_to_its_tab(qtbot, place) -> None:
    screen = open_paper(qtbot, place, "fluid-balance")
    screen.activateWindow()
    until(lambda: screen.focusWidget() is not None)
    QTest.keyClick(screen.focusWidget(), Qt.Key.Key_Escape)
    assert place.navigator.charts == [(PATIENT, "fluids")]


@pytest.mark.parametrize("kind", documents.KINDS)
def test_every_paper_leads_back_to_a_tab_of_its_chart(qtbot, place, kind: str) -> None:
    screen = DocumentsScreen(place)
    qtbot.addWidget(screen)
    screen.arrive(patient=PATIENT, kind=kind)
    screen._go_back()
    assert place.navigator.charts[-1][1] in TAB_IDS
