"""Which drugs an allergy is about: by name, and by class where the class cross-reacts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from workstation.clinical.knowledge import Knowledge
from workstation.kernel.folding import fold

_WORD: Final = re.compile(r"[a-z][a-z-]{2,}")
_TOO_GENERAL: Final = frozenset(
    {"substance", "with", "structure", "allergy", "drug", "thuoc", "acid", "and", "nhom", "natri"}
    | {"sodium", "potassium", "kali", "calci", "calcium", "hydrochloride", "sulfate", "sulfat"}
    | {"clorid", "chloride", "gluconat", "gluconate"}
    | {"nuoc", "pha", "tiem", "vien", "dung", "dich", "truyen", "khong", "cac", "loai", "sau"}
    | {"khi", "cho", "bot", "hon", "hop", "dang", "uong", "mat", "mui", "tre", "nguoi", "lon"}
)


def allergy_matches(substance: str, drug: str, knowledge: Knowledge) -> bool:
    """Whether an allergy to a substance is about a drug.

    A drug that the knowledge does not name is still found when both texts have a word in common.

    Args:
        substance: In the words of the allergy, ``Penicillin`` or ``Dị ứng nhóm penicilin``.
        drug: Name of the drug, with strength or without.
        knowledge: Names drugs and classes.
    """
    return bool(_words(fold(substance)) & _words(fold(drug))) or bool(
        meant(substance, knowledge) & knowledge.drugs_in(drug)
        or knowledge.classes_in(substance) & knowledge.classes_in(drug)
    )


def meant(substance: str, knowledge: Knowledge) -> frozenset[str]:
    """Ids of every drug that an allergy stands for: the named, and the members of named classes."""
    members = (
        member
        for own in knowledge.classes_in(substance)
        for member in knowledge.class_by_id[own].members
    )
    return knowledge.drugs_in(substance) | frozenset(members)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text)) - _TOO_GENERAL
