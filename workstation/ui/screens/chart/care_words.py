"""The words and columns of lines and wounds: what, where, how long, what was seen, what is due."""

from __future__ import annotations

from datetime import datetime

from workstation.clinical import care_site as rules
from workstation.clinical.care_site import EXUDATE, TISSUE, Grade, Group, Site, SiteKind, grade
from workstation.kernel.words import tr
from workstation.services.care_sites import LookRow, SiteRow
from workstation.ui.screens.chart.care_fields import grade_words
from workstation.ui.screens.chart.wording import status_text
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text
from workstation.ui.toolkit.widgets.table import Column

_TONES = ("", "warn", "danger")


def site_words(site: Site) -> str:
    """What it is, with size or stage."""
    return ", ".join(filter(None, (tr(site.kind.words), site.detail)))


def site_grade_name(kind: SiteKind) -> str:
    """What the grade of a site is called."""
    return tr("VIP score of the site") if kind.phlebitis else tr("The site")


def end_words(kind: SiteKind) -> str:
    """What ending it is called."""
    return tr("Healed") if kind.group is Group.WOUND else tr("Taken out")


def look_words(kind: SiteKind, row: LookRow) -> str:
    """What was seen, in one line."""
    look = row.record.look
    step = grade(rules.site_scale(kind), look.site_grade)
    shown = [
        grade_words(step) if step else "",
        _size(row),
        _graded(TISSUE, look.tissue),
        _graded(EXUDATE, look.exudate),
        look.remark,
    ]
    return " · ".join(filter(None, shown))


def shade_of(row: SiteRow) -> int:
    """How grave the newest look was."""
    step = rules.gravest(row.record.site.kind, row.last.record.look) if row.last else None
    return step.shade if step else 0


def columns(now: datetime) -> tuple[Column[SiteRow], ...]:
    """The columns of the list."""
    return (
        Column("№", lambda row: str(row.number or "–"), 36, tone=_over),
        Column(tr("Line or wound"), lambda row: site_words(row.record.site), role="strong",
               tone=_over),
        Column(tr("Place"), lambda row: tr(row.record.site.place.words), 190, tone=_over),
        Column(tr("In place"), lambda row: _stays(row, now), 120, tone=_over),
        Column(tr("Newest look"), _newest, 230, tone=lambda row: _over(row) or
               _TONES[shade_of(row)]),
        Column(tr("Next"), lambda row: next_words(row, now), 210,
               tone=lambda row: "warn" if _late(row, now) else "muted"),
    )  # fmt: skip


def next_words(row: SiteRow, now: datetime) -> str:
    """What is due, and when; of what is over, when and why it ended."""
    record = row.record
    if not record.valid:
        return " · ".join(filter(None, (status_text("entered-in-error"), record.reason)))
    if record.ended is not None:
        ended = f"{end_words(record.site.kind)} {moment_text(record.ended)}"
        return " · ".join(filter(None, (ended, record.end_reason)))
    if row.change_due is not None and row.change_due <= now:
        return tr("▲ Still needed? Change? since {time}", time=moment_text(row.change_due))
    if row.look_due is None:
        return tr("when needed")
    when = moment_text(row.look_due)
    return tr("late: {time}", time=when) if row.look_due <= now else when


def look_columns(kind: SiteKind | None) -> tuple[Column[LookRow], ...]:
    """The columns of what was seen of one of them."""
    return (
        Column(tr("Seen at"), lambda row: moment_text(row.record.look.at), 150, tone=_void),
        Column(tr("What was seen"), lambda row: look_words(kind, row) if kind else "",
               tone=lambda row: _void(row) or (_look_tone(kind, row) if kind else "")),
        Column(tr("By"), lambda row: row.record.by, 180, tone=_void),
        Column(tr("State"), _state, 180, tone=_void),
    )  # fmt: skip


def _size(row: LookRow) -> str:
    look = row.record.look
    sizes = [number_text(each) for each in (look.length_cm, look.width_cm, look.depth_cm)
             if each is not None]  # fmt: skip
    area = look.area_cm2
    if not sizes:
        return ""
    size = f"{' × '.join(sizes)} cm"
    return f"{size} ({number_text(area.normalize())} cm²)" if area is not None else size


def _graded(scale: tuple[Grade, ...], key: str) -> str:
    step = grade(scale, key)
    return f"{'▲ ' if step.shade else ''}{tr(step.words)}" if step else ""


def _stays(row: SiteRow, now: datetime) -> str:
    record = row.record
    days = rules.day_in_place(record.site, record.ended or now)
    return tr("{count} d", count=days)


def _newest(row: SiteRow) -> str:
    return look_words(row.record.site.kind, row.last) if row.last else tr("not looked at yet")


def _late(row: SiteRow, now: datetime) -> bool:
    return any(at is not None and at <= now for at in (row.look_due, row.change_due))


def _over(row: SiteRow) -> str:
    return "" if row.record.present else "muted"


def _void(row: LookRow) -> str:
    return "" if row.record.valid else "muted"


def _look_tone(kind: SiteKind, row: LookRow) -> str:
    step = rules.gravest(kind, row.record.look)
    return _TONES[step.shade] if step else ""


def _state(row: LookRow) -> str:
    status = "" if row.record.status == "final" else status_text(row.record.status)
    unsent = tr("On this terminal only") if row.unsent else ""
    return " · ".join(filter(None, (status, row.record.reason, unsent)))
