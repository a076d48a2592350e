"""Reads the record for the fluid sheet on paper: a page a day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Final

from workstation.documents.fluid_balance import (
    FluidDay,
    FluidHours,
    FluidPaper,
    fluid_paper,
)
from workstation.documents.infusion_table import PrintedInfusion
from workstation.kernel.words import Language, say
from workstation.services import fluid_balance_sheet
from workstation.services.fluid_balance_sheet import FluidSheet, Running, Span
from workstation.services.fluid_goal_words import goal_text
from workstation.services.paper import Content, Order

_MOST_DAYS: Final = 60
"""So many days back at most: longer stays are printed in parts."""


def gather(order: Order) -> Content:
    """Read every day that is asked for and has something on it; the present one always."""
    plan, now = order.house.plan, order.now
    today = plan.day(now)
    first = max(min(order.since or today, today), today - timedelta(days=_MOST_DAYS))
    days: list[FluidDay] = []
    with order.desk.store.read() as view:
        day = first
        while day <= today:
            sheet = fluid_balance_sheet.read_sheet(view, order.patient, plan, now, day)
            if sheet.whole.sums or sheet.infusions or day == today:
                days.append(_day(sheet, order.request.language))
            day += timedelta(days=1)
    paper = tuple(days)
    return Content(
        paper, lambda imprint: fluid_paper(FluidPaper(order.head, order.box, paper, imprint))
    )


def _day(sheet: FluidSheet, language: Language) -> FluidDay:
    day: date = sheet.day
    return FluidDay(
        day=day,
        hours=tuple(_hours(span, sheet) for span in sheet.hours),
        shifts=tuple(_hours(span, sheet) for span in sheet.shifts),
        whole=_hours(sheet.whole, sheet),
        infusions=tuple(_infusion(running, sheet) for running in sheet.infusions),
        struck=sum(1 for line in sheet.lines if not line.entry.valid),
        amended=sum(1 for line in sheet.lines if line.entry.valid and line.entry.amended),
        goals=tuple(
            goal_text(partial(say, language), line.goal.target, line.value_ml, line.track)
            for line in sheet.goals
        ),
    )


def _hours(span: Span, sheet: FluidSheet) -> FluidHours:
    return FluidHours(span.start, span.end, span.sums, begun=span.start <= sheet.now)


def _infusion(running: Running, sheet: FluidSheet) -> PrintedInfusion:
    record, zone = running.record, sheet.now.tzinfo
    bags = tuple(step.bag for step in record.steps if step.bag is not None)
    rates = tuple(step.rate_ml_h for step in record.steps if step.rate_ml_h is not None)
    return PrintedInfusion(
        drug=record.drug,
        bags=tuple((bag.value, bag.unit) for bag in bags),
        rates_ml_h=rates,
        started_at=record.started_at.astimezone(zone),
        ended_at=record.ended_at.astimezone(zone) if record.ended_at else None,
        ran_ml=running.ran_ml,
        by=record.steps[0].by,
    )
