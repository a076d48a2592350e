"""The newest values of a patient as lines for a note, each with its own date and time.

A note stays for good and may be signed days after it was begun: no value stands without its date.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from workstation.clinical.handover import Fluids
from workstation.fhir.laboratory import Result
from workstation.kernel.ids import PatientId
from workstation.kernel.words import Language, say
from workstation.services import flowsheet, fluid_balance_sheet, handover_words, results
from workstation.services.desk import Desk

FLUIDS_OF: Final = timedelta(hours=24)
RESULTS_OF: Final = timedelta(hours=24)
_RESULTS: Final = 10
_TESTS: Final = 40


def newest_values(desk: Desk, patient: PatientId, language: Language) -> str:
    """Vital signs with score, fluids and results of a day, a line each; empty when there are none.

    Args:
        desk: Who writes.
        patient: About whom.
        language: Of the words.
    """
    now = desk.now()
    with desk.store.read() as view:
        signs = flowsheet.read_flowsheet(view, patient, now, newest=1)
        fluids = fluid_balance_sheet.read_totals(view, patient, now - FLUIDS_OF, now)
        tests = results.read_results(view, patient, newest=_TESTS)
    lines = []
    if signs.columns:
        column = signs.columns[-1]
        said = handover_words.signs_words(column.vitals, language)
        total = column.score.total
        score = f", {column.score.scale.value} {total}" if total is not None else ""
        lines.append(f"{_moment(column.at, now)}: {said}{score}")
    if fluids:
        found = Fluids(now - FLUIDS_OF, fluids.intake_ml, fluids.output_ml, fluids.complete)
        lines.append(handover_words.fluids_words(found, _moment(found.since, now), language))
    fresh = [test.latest for test in tests if _is_fresh(test.latest, now)]
    fresh.sort(key=lambda each: each.flag in ("", "normal"))
    if fresh:
        said = "; ".join(_result(each, now, language) for each in fresh[:_RESULTS])
        lines.append(f"{say(language, 'Results')}: {said}")
    return "\n".join(lines)


def _is_fresh(result: Result, now: datetime) -> bool:
    moment = result.issued or result.at
    return moment is not None and moment >= now - RESULTS_OF


def _result(result: Result, now: datetime, language: Language) -> str:
    number = "" if result.value is None else f"{result.value:f}"
    if language == "vi":
        number = number.replace(".", ",")
    sign = "↑" if "high" in result.flag else "↓" if "low" in result.flag else ""
    value = " ".join(filter(None, (number or result.words, result.unit)))
    at = result.at or result.issued
    when = f"({_moment(at, now)})" if at else ""
    return " ".join(filter(None, (result.name, value, sign, when)))


def _moment(at: datetime, now: datetime) -> str:
    return at.astimezone(now.tzinfo).strftime("%d/%m/%Y %H:%M")
