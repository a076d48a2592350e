"""The patient banner's words out of what the services know of a patient."""

from __future__ import annotations

from typing import Final

from workstation.services.patient_record import Banner
from workstation.ui.toolkit.person_words import age_words
from workstation.ui.toolkit.widgets.banner import AllergyState, BannerFacts, FlagKind

_TAIL: Final = 4
"""Digits of a number that tell two people apart without giving the number away."""
_FLAGS: Final[dict[str, FlagKind]] = {
    "fall": "fall",
    "isolation": "isolation",
    "no-cpr": "no-cpr",
    "spo2-scale-2": "spo2-scale-2",
}
_ALLERGIES: Final[dict[str, AllergyState]] = {
    "present": "known",
    "none-known": "none-known",
    "not-asked": "not-asked",
}


def banner_facts(banner: Banner) -> BannerFacts:
    """What the banner says of a patient."""
    number = banner.national_id or banner.insurance_number
    return BannerFacts(
        family=banner.name.family,
        given=f"{banner.name.middle} {banner.name.given}".strip(),
        sex=banner.sex,
        born=banner.birth_date,
        age=age_words(banner.age),
        record_number=banner.record_number,
        identity_tail=number[-_TAIL:],
        bed=banner.bed,
        allergy_state=_ALLERGIES[banner.allergies.state],
        allergies=tuple(allergy.substance for allergy in banner.allergies.items),
        flags=tuple(_FLAGS[alert.code] for alert in banner.alerts if alert.code in _FLAGS),
    )
