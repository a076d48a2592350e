"""What an alert at ordering is called, why it stands there, and where the rule comes from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workstation.kernel.words import language, tr
from workstation.ui.toolkit.widgets.moment import moment_text
from workstation.ui.toolkit.widgets.number_entry import number_text

if TYPE_CHECKING:  # the services bring the store along, which the log-in window does without
    from workstation.services.order_safety import Alert, Quantity, Words

_GRAM: Final = Decimal(1000)
"""From so many mg on an amount is said in grams."""
_OTHER: Final = frozenset({"interaction", "same-drug", "same-class"})


def severity_word(severity: str) -> str:
    """What an alert asks for, as a word beside its colour and its sign."""
    words = {
        "second-person": tr("Second person needed"),
        "reason": tr("Reason needed"),
    }
    return words.get(severity, tr("For information"))


def severity_sign(severity: str) -> tuple[str, str]:
    """Token of its colour, and name of its icon."""
    signs = {"second-person": ("danger", "collision"), "reason": ("warn", "warning")}
    return signs.get(severity, ("accent", "info"))


def title(alert: Alert) -> str:
    """What it is about, with the name of what it is about."""
    titles = {
        "allergy": tr("Allergy to {other}", other=alert.other),
        "cross-allergy": tr("Allergy to {other}: may cross-react", other=alert.other),
        "interaction": tr("Together with {other}", other=alert.other),
        "same-drug": tr("Ordered already: {other}", other=alert.other),
        "same-class": tr("Same kind of drug: {other}", other=alert.other),
        "dose-too-high": tr("Single dose too high"),
        "day-too-high": tr("Too much in 24 hours"),
        "dose-for-weight": tr("Dose too high for the weight"),
        "renal": tr("Kidneys work too little for this order"),
        "age": tr("Not for this age"),
        "pregnancy": tr("Harms the unborn"),
    }
    if alert.kind == "same-test":
        if alert.result:
            return tr("{test}: done already", test=alert.proposed)
        return tr("{test}: ordered already", test=alert.proposed)
    return titles[alert.kind.value]


def details(alert: Alert) -> tuple[str, ...]:
    """Why: what may happen, what was found, what the limit is. What to do is in `advice`."""
    return tuple(filter(None, _details(alert)))


def _details(alert: Alert) -> Iterator[str]:
    if alert.kind == "same-class":
        yield tr("Both are {kind}", kind=spoken(alert.effect))
    else:
        yield spoken(alert.effect)
    if alert.kind in ("allergy", "cross-allergy") and alert.result:
        yield tr("Reaction then: {reaction}", reaction=alert.result)
    if alert.found is not None and alert.limit is not None:
        yield tr(
            "Ordered {found}; at most {limit}",
            found=amount(alert.found),
            limit=amount(alert.limit),
        )
    elif alert.limit is not None:
        yield tr("Only from {age} years on", age=number_text(alert.limit.value))
    yield _measure(alert)
    yield _earlier(alert)


def _measure(alert: Alert) -> str:
    if alert.measure is None:
        return ""
    if alert.measure.unit == "kg":
        return tr("Reckoned with {weight}", weight=amount(alert.measure))
    when = moment_text(alert.at) if alert.at else ""
    name = "eGFR" if "1.73" in alert.measure.unit else "CrCl"
    return tr(
        "{name} {rate}, creatinine of {when}", name=name, rate=amount(alert.measure), when=when
    )


def _earlier(alert: Alert) -> str:
    if alert.at is None or alert.kind == "renal":
        return ""
    when = moment_text(alert.at)
    if alert.kind == "same-test":
        parts = [alert.result, alert.facility, when, "" if alert.result else alert.by]
        return " · ".join(filter(None, parts))
    if alert.kind in _OTHER:
        given = any(each.startswith("MedicationAdministration/") for each in alert.records)
        if given:
            return tr("Given {when}, {by}", when=when, by=alert.by).rstrip(", ")
        return tr("Ordered {when}, {by}", when=when, by=alert.by).rstrip(", ")
    return when


def advice(alert: Alert) -> str:
    """What to do instead; empty where the knowledge says nothing."""
    return spoken(alert.advice)


def accepted(alert: Alert) -> str:
    """That the same person accepted it in this stay; empty when not."""
    before = alert.overridden
    if before is None:
        return ""
    when = moment_text(before.at) if before.at else ""
    return tr("You accepted this {when}: {reason}", when=when, reason=before.reason)


def source_line(alert: Alert) -> str:
    """Where the rule comes from."""
    source = alert.source
    if not source.document:
        own = {
            "AllergyIntolerance": tr("From the list of allergies of this patient."),
            "MedicationRequest": tr("From the orders of this patient that hold."),
        }
        return own.get(source.section, tr("No interval is known for this test; 4 hours are used."))
    file = tr("file {file}, version {version}", file=source.file, version=source.version)
    owner = tr("the hospital's own") if source.hospital else ""
    told = (", ".join(filter(None, (source.document, source.section))), file, owner)
    return " · ".join(filter(None, told))


def unchecked_words(unchecked: str) -> str:
    """What could not be checked, and why."""
    words = {
        "drug-unknown": tr("the drug is not in the knowledge: only allergies by name"),
        "unit": tr("dose: this unit cannot be converted"),
        "dose": tr("dose: it is not said as a number"),
        "frequency": tr("dose in 24 hours: it is not said how often at most"),
        "weight": tr("dose for weight: no weight is charted"),
        "weight-old": tr("dose for weight: the weight is too old"),
        "age": tr("dose for age: no birth date"),
        "renal-function": tr("kidneys: no creatinine of 30 days, or no weight"),
        "allergies": tr("allergies: nobody has asked yet"),
    }
    return words[unchecked]


def amount(quantity: Quantity) -> str:
    """Number and unit: leading zero, no trailing zero, units never as a letter (ISMP)."""
    value, unit = quantity.value, quantity.unit
    if unit == "mg" and value >= _GRAM:
        value, unit = value / _GRAM, "g"
    shown = number_text(_bare(value))
    names = {"IU": tr("units"), "mL/min": tr("mL/min"), "mL/min/1.73 m²": tr("mL/min/1.73 m²")}
    return f"{shown} {names.get(unit, unit)}"


def _bare(value: Decimal) -> Decimal:
    rounded = value.quantize(Decimal("0.001")) if value.as_tuple().exponent else value
    return Decimal(f"{rounded.normalize():f}")


def spoken(words: Words) -> str:
    """A text of the knowledge in the language spoken now, else in the other."""
    one, other = (words.vi, words.en) if language() == "vi" else (words.en, words.vi)
    return one or other
