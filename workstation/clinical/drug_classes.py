"""Which drugs an allergy is about: by name, and by class where the class cross-reacts.

The classes are those of the usual allergy check-lists (beta-lactams by side chain are not told
apart). A list of names is never complete: the check helps people, it does not replace them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from workstation.kernel.folding import fold

CLASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "penicillin": (
        *("penicilin", "amoxicillin", "amoxicilin", "ampicillin", "ampicilin", "oxacillin"),
        *(
            "oxacilin",
            "cloxacillin",
            "cloxacilin",
            "piperacillin",
            "piperacilin",
            "benzylpenicilin",
        ),
        *("benzylpenicillin", "phenoxymethylpenicillin", "ticarcillin", "sultamicillin"),
    ),
    "cephalosporin": (
        *("cefalosporin", "ceftriaxon", "ceftriaxone", "cefotaxim", "cefotaxime", "ceftazidim"),
        *("ceftazidime", "cefuroxim", "cefuroxime", "cefazolin", "cefalexin", "cephalexin"),
        *("cefixim", "cefixime", "cefepim", "cefepime", "cefoperazon", "cefoperazone", "cefaclor"),
    ),
    "sulfonamide": (
        *("sulfamid", "sulfonamid", "sulfamethoxazol", "sulfamethoxazole", "co-trimoxazol"),
        *("co-trimoxazole", "sulfadiazin", "sulfadiazine", "sulfasalazin", "sulfasalazine"),
    ),
    "nsaid": (
        *("khang viem khong steroid", "aspirin", "acid acetylsalicylic", "ibuprofen"),
        *("diclofenac", "naproxen", "ketorolac", "meloxicam", "piroxicam", "indomethacin"),
    ),
    "quinolone": (
        *("quinolon", "fluoroquinolone", "levofloxacin", "ciprofloxacin", "moxifloxacin"),
        *("ofloxacin", "norfloxacin"),
    ),
}
"""Folded names; the key itself and every name in the list stand for the class as a whole."""

_WORD: Final = re.compile(r"[a-z][a-z-]{2,}")
_TOO_GENERAL: Final = frozenset(
    {"substance", "with", "structure", "allergy", "drug", "thuoc", "acid", "and", "nhom", "natri"}
    | {"sodium", "potassium", "kali", "calci", "calcium", "hydrochloride", "sulfate", "sulfat"}
)
_NAMES_OF_CLASSES: Final = {
    "penicillin": ("penicillin", "penicilin"),
    "cephalosporin": ("cephalosporin", "cefalosporin"),
    "sulfonamide": ("sulfonamide", "sulfonamid", "sulfamid", "sulfa"),
    "nsaid": ("nsaid", "aspirin", "ibuprofen", "khang viem khong steroid"),
    "quinolone": ("quinolone", "quinolon", "fluoroquinolone"),
}


def allergy_matches(substance: str, drug: str) -> bool:
    """Whether an allergy to a substance is about a drug.

    Args:
        substance: In the words of the allergy, ``Penicillin`` or ``Dị ứng nhóm penicilin``.
        drug: Name of the drug, with strength or without.
    """
    return bool(_meant(fold(substance)) & _words(fold(drug)))


@lru_cache(maxsize=4096)
def _meant(substance: str) -> frozenset[str]:
    """Every drug name that an allergy stands for."""
    found = set(_words(substance))
    for key, names in _NAMES_OF_CLASSES.items():
        if any(_holds(substance, name) for name in names):
            found.update(CLASSES[key], names)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text)) - _TOO_GENERAL


def _holds(text: str, name: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", text) is not None
