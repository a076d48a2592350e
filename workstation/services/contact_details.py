"""Where a patient can be reached: telephone and address."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from workstation.fhir import patient as mapping
from workstation.fhir.json import Resource
from workstation.kernel.changes import Changes
from workstation.kernel.errors import Refused
from workstation.kernel.ids import PatientId
from workstation.services.desk import Desk
from workstation.services.still_there import still_there

_FEWEST_DIGITS = 8
_MOST_CHARACTERS = 15


def set_phone(desk: Desk, patient: PatientId, number: str) -> Changes:
    """Note another telephone number.

    Args:
        desk: Who notes it.
        patient: Whose it is.
        number: As said; spaces, points and hyphens are left out, a leading ``+`` stays.

    Raises:
        Refused: ``not-a-phone-number``, ``gone``.
    """
    bare = "".join(sign for sign in number if sign not in " .-()")
    digits = bare.removeprefix("+")
    if not digits.isascii() or not digits.isdecimal():
        raise Refused("not-a-phone-number", field="phone")
    if not len(digits) >= _FEWEST_DIGITS or len(bare) > _MOST_CHARACTERS:
        raise Refused("not-a-phone-number", field="phone")
    return _change(desk, patient, lambda resource: mapping.with_phone(resource, bare))


def set_address(desk: Desk, patient: PatientId, address: str) -> Changes:
    """Note another home address.

    Raises:
        Refused: ``address-missing``, ``gone``.
    """
    text = unicodedata.normalize("NFC", " ".join(address.split()))
    if not text:
        raise Refused("address-missing", field="address")
    return _change(desk, patient, lambda resource: mapping.with_address(resource, text))


def _change(desk: Desk, patient: PatientId, patch: Callable[[Resource], Resource]) -> Changes:
    with desk.store.write(desk.author) as unit:
        seen = still_there(unit, f"Patient/{patient}")
        unit.update(patch(seen.resource()), seen=seen)
        return unit.changes
