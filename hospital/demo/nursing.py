"""The nursing problems of the demo: some patients have one or two, done and evaluated of late."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from hospital.demo.chance import Dice
from hospital.demo.staff import NURSES
from hospital.demo.stay import DemoStay
from workstation.clinical.care_plan import Care, Deed, Evaluation, Goal, Outcome, Plan
from workstation.fhir import care_deed, care_plan
from workstation.fhir.entry import Entry
from workstation.fhir.json import Resource
from workstation.kernel import resources

_ILL: Final = (1, 17, 21)
"""Those who get worse: they have the problems of somebody who is watched."""
_OF_THE_ILL: Final = ("deterioration", "breathing", "pressure-risk")
_EVERY: Final = 4
_OF_OTHERS: Final = ("pain", "fall-risk", "anxiety", "self-care", "constipation")
_BACK: Final = timedelta(hours=30)
_DEEDS: Final = 4
"""So many times at most is one intervention charted."""
_SAID: Final = {
    Outcome.NOT: "Chưa cải thiện, đã báo bác sĩ",
    Outcome.PARTLY: "Đỡ hơn ca trước, theo dõi tiếp",
    Outcome.ACHIEVED: "Ổn định",
}


def problems(seed: int, number: int, stay: DemoStay) -> Iterator[Resource]:
    """By dice of their own, so that nothing else of the demo falls differently."""
    dice = Dice(seed, "nursing", number)
    if number in _ILL:
        codes = [_OF_THE_ILL[_ILL.index(number)], "fall-risk"]
    elif number % _EVERY == 1:
        codes = [dice.pick(_OF_OTHERS)]
    else:
        return
    for code in codes:
        yield from _problem(stay, dice, code, ill=number in _ILL)


def _problem(stay: DemoStay, dice: Dice, code: str, *, ill: bool) -> Iterator[Resource]:
    now = stay.course.now
    since = max(stay.course.start + timedelta(minutes=40), now - _BACK)
    since = (since + timedelta(minutes=dice.whole(0, 60))).replace(second=0)
    if since > now - timedelta(hours=1):
        return
    plan = _plan(code, since)
    made = care_plan.write(_entry(stay, dice, since), plan)
    yield made
    of = f"CarePlan/{made['id']}"
    for care in plan.care[:2]:
        for at in _times(care.every_hours or 12, since, now):
            done_at = at + timedelta(minutes=dice.whole(0, 25))
            if done_at < now - timedelta(minutes=2):
                entry = _entry(stay, dice, done_at)
                yield care_deed.write_deed(entry, of, Deed(care, done_at))
    looked = now - timedelta(minutes=dice.whole(60, 240))
    if looked > since + timedelta(hours=2):
        outcome = Outcome.NOT if ill else dice.pick((Outcome.PARTLY, Outcome.ACHIEVED))
        found = Evaluation(outcome, looked.replace(second=0), _SAID[outcome])
        entry = _entry(stay, dice, found.at)
        yield care_deed.write_evaluation(entry, of, plan.words, found)


def _times(hours: int, since: datetime, now: datetime) -> list[datetime]:
    """When something was done of late, every so many hours."""
    step = timedelta(hours=hours)
    count = min((now - since) // step, _DEEDS)
    return [now - turn * step - timedelta(minutes=30) for turn in range(count, 0, -1)
            if now - turn * step - timedelta(minutes=30) > since]  # fmt: skip


def _plan(code: str, since: datetime) -> Plan:
    known = _known()[code]
    return Plan(
        known["words"]["vi"],
        since,
        code,
        goals=tuple(Goal(each["words"]["vi"], each["id"]) for each in known["goals"]),
        care=tuple(
            Care(each["words"]["vi"], each["id"], each.get("every_hours"))
            for each in known["interventions"]
        ),
        within_hours=known["within_hours"],
    )


@cache
def _known() -> dict[str, dict[str, Any]]:
    file = resources.folder() / "knowledge" / "nursing_problems.json"
    return {each["id"]: each for each in json.loads(file.read_text("utf-8"))["nursing_problems"]}


def _entry(stay: DemoStay, dice: Dice, at: datetime) -> Entry:
    return Entry(
        own=dice.uuid(at),
        patient=stay.patient.id,
        encounter=stay.id,
        author=dice.pick(NURSES).reference,
        at=at + timedelta(minutes=1),
    )
