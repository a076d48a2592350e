"""Ids that are made here and never change, typed so that they are not mixed up."""

from __future__ import annotations

import uuid
from typing import NewType

PatientId = NewType("PatientId", str)
EncounterId = NewType("EncounterId", str)
WardId = NewType("WardId", str)
"""Id of the Location (physicalType ``wa``) that is the ward."""
PersonId = NewType("PersonId", str)
"""Id of the Practitioner who charts."""
DeviceId = NewType("DeviceId", str)

_NAME_BASED = 5
_NAMESPACE = uuid.UUID("5d1c6a0e-3f5b-5c0a-9a53-7b0f6a2f1e11")


def name_uuid(*parts: str) -> str:
    """Make the same UUID (version 5) from the same parts on every terminal."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


def is_name_uuid(text: str) -> bool:
    """Whether an id is made of its meaning (version 5), so that other terminals make it too."""
    try:
        return uuid.UUID(text).version == _NAME_BASED
    except ValueError:
        return False
