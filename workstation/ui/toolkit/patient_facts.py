"""What the banner says of a patient, out of the record, for every screen that shows one."""

from __future__ import annotations

from workstation.clinical.age import Age
from workstation.kernel.words import tr
from workstation.services.patient_record import Banner
from workstation.ui.toolkit.widgets.banner import AllergyState, BannerFacts, FlagKind

_FLAGS: tuple[FlagKind, ...] = ("fall", "isolation", "no-cpr", "spo2-scale-2", "maternity")
_TAIL = 4


def facts(found: Banner) -> BannerFacts:
    """The facts of the banner."""
    states: dict[str, AllergyState] = {"present": "known", "none-known": "none-known"}
    name = found.name
    codes = {alert.code for alert in found.alerts}
    number = found.national_id or found.insurance_number
    return BannerFacts(
        family=name.family,
        given=" ".join(filter(None, (name.middle, name.given))),
        sex=found.sex,
        born=found.birth_date,
        age=age_text(found.age) or found.born,
        record_number=found.record_number,
        identity_tail=number[-_TAIL:],
        bed=found.bed,
        allergy_state=states.get(found.allergies.state, "not-asked"),
        allergies=tuple(item.substance for item in found.allergies.items),
        flags=tuple(flag for flag in _FLAGS if flag in codes),
        died=found.died,
        unreadable=found.unreadable,
    )


def age_text(age: Age | None) -> str:
    """An age as it is said; empty when unknown."""
    if age is None:
        return ""
    return {
        "days": tr("{count} days old", count=age.count),
        "months": tr("{count} months old", count=age.count),
        "years": tr("{count} years", count=age.count),
    }[age.unit]
