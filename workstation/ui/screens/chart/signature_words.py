"""How second signatures and the parts of a consultation are said in the chart."""

from __future__ import annotations

from workstation.clinical.co_signature import Signature
from workstation.clinical.consultation import Part
from workstation.kernel.words import tr
from workstation.services.note_signatures import Under
from workstation.ui.toolkit.task_words import role_words
from workstation.ui.toolkit.widgets.moment import moment_text

__all__ = ["earlier_words", "given_words", "part_words", "role_words", "state_words", "whom_words"]


def part_words(part: Part) -> str:
    """The heading of a part of a consultation."""
    return {
        "summary": tr("Course, treatment and care so far"),
        "opinions": tr("Opinions"),
        "conclusion": tr("Conclusion (diagnosis)"),
        "treatment": tr("Further treatment"),
    }[part]


def whom_words(under: Under) -> str:
    """Who is asked to sign."""
    if under.wanted is None:
        return ""
    return under.wanted.name or role_words(under.wanted.role)


def state_words(under: Under) -> str:
    """Where the second signature stands; empty when there is nothing to tell."""
    wanted = under.wanted
    if wanted is None or under.state == "none":
        return ""
    if under.state == "signed":
        return tr("Signed by the chair") if wanted.post == "chair" else tr("Signed by a second")
    if wanted.post == "chair":
        return tr("Waiting for the chair's signature")
    return tr("Waiting for a second signature")


def given_words(signature: Signature) -> str:
    """Who signed these words, and when."""
    said = {"name": signature.name, "when": _when(signature)}
    if signature.post == "chair":
        return tr("Signed by the chair: {name}, {when}", **said)
    return tr("Second signature: {name}, {when}", **said)


def earlier_words(signature: Signature) -> str:
    """That somebody signed other words than these."""
    said = {"name": signature.name, "when": _when(signature)}
    return tr("{name} signed an earlier version on {when}, not these words.", **said)


def _when(signature: Signature) -> str:
    return moment_text(signature.at) if signature.at else tr("Unknown")
