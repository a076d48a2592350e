"""How an order is said: name, dose, unit, route, frequency, in this order (ISMP); its state."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workstation.clinical.dosage import Amount, Prescription, Rate, Timing
from workstation.clinical.ordering import Item, OrderKind
from workstation.kernel.words import tr
from workstation.ui.toolkit.units import spoken_unit
from workstation.ui.toolkit.weekday_words import weekdays_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text

if TYPE_CHECKING:  # the services bring the store along, which the log-in window does without
    from workstation.services.order_list import Order, OrderLine

NO_BREAK = "\u00a0"


def kind_name(kind: OrderKind) -> str:
    """What a kind of order is called."""
    return {
        OrderKind.DRUG: tr("Drug"),
        OrderKind.OXYGEN: tr("Oxygen"),
        OrderKind.LABORATORY: tr("Laboratory"),
        OrderKind.IMAGING: tr("order|Imaging"),
        OrderKind.PROCEDURE: tr("Procedure"),
        OrderKind.MONITORING: tr("Monitoring"),
        OrderKind.DIET: tr("Diet"),
        OrderKind.CARE_LEVEL: tr("Care level"),
    }[kind]


def name(item: Item) -> str:
    """What is ordered."""
    return item.drug if isinstance(item, Prescription) else item.words


def details(item: Item) -> str:
    """Everything else that is ordered, in one line."""
    if isinstance(item, Prescription):
        parts = [
            amount_text(item.amount),
            item.route,
            timing_text(item.timing),
            rate_text(item.rate),
            item.remark,
            item.indication,
        ]
    else:
        at = tr("to be done {when}", when=moment_text(item.at)) if item.at else ""
        parts = [item.remark, at, item.indication]
    urgent = tr("Urgent").upper() if item.urgent else ""
    return " · ".join(part for part in (urgent, ", ".join(filter(None, parts))) if part)


def line(item: Item) -> str:
    """The whole order in one line."""
    return ", ".join(filter(None, (name(item), details(item))))


def amount_text(amount: Amount | Rate | None) -> str:
    """A number with a leading zero and no trailing one, never parted from its unit."""
    if amount is None:
        return ""
    return f"{bare(amount.value)}{NO_BREAK}{spoken_unit(amount.unit)}".rstrip()


def rate_text(rate: Rate | None) -> str:
    """The rate of an infusion."""
    return tr("at {rate}", rate=amount_text(rate)) if rate else ""


def timing_text(timing: Timing) -> str:
    """How often, at what times, for what, until when."""
    said = [_often(timing)]
    if timing.at:
        said.append(tr("at the times {times}", times=", ".join(f"{at:%H:%M}" for at in timing.at)))
    if timing.shortest_interval is not None:
        hours = Decimal(int(timing.shortest_interval.total_seconds())) / 3600
        said.append(tr("at least {count} h apart", count=bare(hours)))
    if timing.most_a_day is not None:
        said.append(tr("at most {count} times a day", count=timing.most_a_day))
    if timing.starts_at is not None:
        said.append(tr("from {when}", when=moment_text(timing.starts_at)))
    if timing.ends_at is not None:
        said.append(tr("until {when}", when=moment_text(timing.ends_at)))
    return ", ".join(filter(None, said))


def _often(timing: Timing) -> str:
    if timing.as_needed:
        for_what = timing.as_needed_for
        return tr("when needed: {why}", why=for_what) if for_what else tr("when needed")
    if timing.once:
        return tr("once")
    if timing.every_hours is not None:
        return tr("every {count} h", count=bare(timing.every_hours))
    if timing.weekdays:
        days = tr("on {days}, every week", days=weekdays_text(timing.weekdays))
        more = (timing.times_a_day or 1) > 1
        times = tr("{count} times a day", count=timing.times_a_day) if more else ""
        return ", ".join(filter(None, (days, times)))
    if timing.times_a_day == 1:
        return tr("once a day")
    return tr("{count} times a day", count=timing.times_a_day) if timing.times_a_day else ""


def bare(value: Decimal) -> str:
    """A number with a leading zero and without trailing ones (ISMP)."""
    text = format(value, "f")
    return number_text(Decimal(text.rstrip("0").rstrip(".") if "." in text else text))


def title(row: OrderLine) -> str:
    """What is ordered, with the day of the course where the days are counted."""
    said = name(row.order.item)
    return f"{said} · {tr('day {count}', count=row.day)}" if row.day else said


def status_word(status: str) -> str:
    """The state of an order in one word; one without a word of its own is shown as it is."""
    words = {
        "draft": tr("Not signed"),
        "active": tr("Active"),
        "on-hold": tr("On hold"),
        "stopped": tr("Stopped"),
        "completed": tr("Carried out"),
        "entered-in-error": tr("Entered in error"),
    }
    return words.get(status, status)


def status_mark(status: str) -> tuple[str, str]:
    """The token of the colour of a state, and a sign that tells it without colour."""
    return {
        "active": ("ok", "●"),
        "on-hold": ("warn", "‖"),
        "stopped": ("danger", "■"),
        "completed": ("muted", "✓"),
    }.get(status, ("muted", "–"))


def state_text(order: Order) -> str:
    """Sign and word of the state."""
    return f"{status_mark(order.status)[1]} {status_word(order.status)}"


def acknowledged_text(row: OrderLine) -> str:
    """Who took note of it and when, or that nobody has."""
    if row.acknowledged is not None:
        at = row.acknowledged.at
        when = f" {at.astimezone():%d/%m %H:%M}" if at else ""
        return f"✓ {row.acknowledged.by}{when}"
    return f"○ {tr('order|Not acknowledged')}" if row.to_acknowledge else ""


def decision_text(order: Order) -> str:
    """Who decided about it last, when and why; empty for one that stands as written."""
    found = order.decided
    if found is None:
        return ""
    when = moment_text(found.at) if found.at else ""
    said = " · ".join(filter(None, (status_word(order.status), found.by, when)))
    return f"{said}\n{found.reason}" if found.reason else said
