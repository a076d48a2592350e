"""SMART scopes, and whether they allow what is asked.

Both spellings are understood: ``system/Observation.read`` (version 1) and ``user/*.cruds``
(version 2, https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SCOPE: Final = re.compile(r"(?:system|user)/(\*|[A-Z][A-Za-z]+)\.(read|write|\*|c?r?u?d?s?)")
_OLD: Final = {"read": "rs", "write": "cud", "*": "cruds"}
EVERYTHING: Final = "system/*.cruds"
READ_ONLY: Final = "system/*.rs"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        subject: ``Device/<id>``, ``Practitioner/<id>`` or ``anonymous``.
        scope: What was granted, parted by spaces.
    """

    subject: str
    scope: str

    def may(self, type_: str, action: str) -> bool:
        """Whether a scope allows an action (one of ``cruds``) on a resource type."""
        return _allows(self.scope, type_, action)


ANONYMOUS_IN_DEMO: Final = Principal("anonymous", EVERYTHING)


def is_scope(scope: str) -> bool:
    """Whether every part of a scope is understood."""
    parts = scope.split()
    return bool(parts) and all(_SCOPE.fullmatch(part) for part in parts)


def granted(asked: str, registered: str) -> str:
    """The part of the asked scope that the registered one covers; all of it when none is asked."""
    wanted = asked.split() or registered.split()
    allowed = _read(registered)
    kept = []
    for part in wanted:
        for kind, actions in _read(part):
            if any(have in ("*", kind) and set(actions) <= set(can) for have, can in allowed):
                kept.append(part)
    return " ".join(dict.fromkeys(kept))


@lru_cache(4096)
def _allows(scope: str, type_: str, action: str) -> bool:
    return any(kind in ("*", type_) and action in actions for kind, actions in _read(scope))


@lru_cache(256)
def _read(scope: str) -> tuple[tuple[str, str], ...]:
    """Resource type (or ``*``) and actions of each part; read once, asked for each resource."""
    found = (_SCOPE.fullmatch(part) for part in scope.split())
    return tuple((match[1], _OLD.get(match[2], match[2])) for match in found if match)
