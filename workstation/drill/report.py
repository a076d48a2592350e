"""What a drill leaves behind: numbers for machines, a page for people."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from workstation.drill.proof import Proof
from workstation.fhir import json
from workstation.kernel.words import tr


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story: what it is called, what happened, how long it took in seconds."""

    title: str
    text: str
    seconds: float


@dataclass(slots=True)
class Report:
    """Everything that is known at the end of a drill.

    Attributes:
        date: When the drill began, with the offset of this machine.
        program: Version of this program.
        software: Name and version of the server, as it tells them.
        sent: Changes that the server acknowledged.
        merged: Records in which two people's changes were joined without a person.
        conflicts_decided: Conflicts that a person decided.
        collisions_found: Collisions of meaning, by kind.
        parked: Records that the server refused and that wait for a person.
            These three are absent until the drill came so far as to look.
        seconds_offline: How long the terminals were cut off, measured.
        pictures: File names beside the report, with a caption each.
        documents: PDF file names beside the report, with a caption each.
    """

    seed: int
    terminals: int
    minutes: float
    server: str
    date: str = ""
    program: str = ""
    software: str = ""
    steps: list[Step] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    merged: int = 0
    conflicts_decided: int | None = None
    collisions_found: int | None = None
    collisions: dict[str, int] = field(default_factory=dict)
    parked: int | None = None
    seconds_offline: float = 0.0
    promises_not_kept: tuple[str, ...] = ()
    proof: Proof | None = None
    failure: str = ""
    pictures: list[tuple[str, str]] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the drill ran to its end and nothing was lost."""
        return not self.failure and self.proof is not None and self.proof.holds

    def numbers(self) -> dict[str, Any]:
        """The content of ``report.json``; null is what was never looked at."""
        proof = self.proof
        facts = asdict(self)
        for name in ("proof", "pictures", "documents", "steps"):
            del facts[name]
        return facts | {
            "passed": self.passed,
            "acknowledged_writes": proof and proof.acknowledged_writes,
            "lost": proof and len(proof.lost),
            "duplicated": proof and len(proof.duplicated),
            "silently_overwritten": proof and len(proof.silently_overwritten),
            "converged": proof and proof.converged,
            "differing": proof and len(proof.differing),
            "steps": [asdict(step) for step in self.steps],
        }


def write(report: Report, folder: Path) -> None:
    """Write ``report.json`` and ``report.html`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(json.dump_bytes(report.numbers()) + b"\n")
    (folder / "report.html").write_text(_page(report), encoding="utf-8")


def _page(report: Report) -> str:
    verdict = tr("Nothing was lost") if report.passed else tr("The drill did not pass")
    parts = [
        f"<h1>{_text(tr('Outage drill'))}</h1>",
        _verdict(verdict, good=report.passed),
        *(f"<p class=where>{_text(line)}</p>" for line in _where(report)),
        _section(tr("The proof"), _table(proof_rows(report))),
        _section(tr("What happened"), _steps(report.steps)),
        _section(tr("What was written"), _table(_written_rows(report))),
        _section(tr("Screens"), _pictures(report.pictures)),
        _section(tr("Documents"), _links(report.documents)),
    ]
    if report.failure:
        parts.insert(2, f"<p class=bad>{_text(report.failure)}</p>")
    return (
        "<!doctype html><html><head><meta charset=utf-8>"
        f"<title>{_text(tr('Outage drill'))}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _verdict(text: str, *, good: bool) -> str:
    kind, sign = ("good", "✓") if good else ("bad", "✗")
    return f"<p class='verdict {kind}'>{sign} {_text(text)}</p>"


def _where(report: Report) -> list[str]:
    played = tr(
        "{terminals} terminals, seed {seed}, {minutes} minutes of ward work without the server",
        terminals=report.terminals,
        seed=report.seed,
        minutes=f"{report.minutes:g}",
    )
    if report.seconds_offline:
        seconds = f"{report.seconds_offline:.0f}"
        played = tr("{what}, played in {seconds} s", what=played, seconds=seconds)
    server = tr("Server: {server}", server=report.server)
    if report.software:
        server = f"{server} ({report.software})"
    when = tr("{date}, program version {program}", date=report.date, program=report.program)
    return [played, server, when]


def proof_rows(report: Report) -> list[tuple[str, str]]:
    """What was proved, as words and values, for the page and for the console."""
    numbers = report.numbers()
    converged = numbers["converged"]
    agreed = converged if converged is None else tr("Yes") if converged else tr("No")
    return [
        (tr("Saves that a terminal acknowledged"), _found(numbers["acknowledged_writes"])),
        (tr("Changes the server acknowledged"), str(report.sent)),
        (tr("Lost"), _found(numbers["lost"])),
        (tr("Stored twice"), _found(numbers["duplicated"])),
        (tr("Silently overwritten"), _found(numbers["silently_overwritten"])),
        (tr("Joined without asking"), str(report.merged)),
        (tr("Conflicts put to a person and decided"), _found(report.conflicts_decided)),
        (tr("Safety alerts raised"), _found(report.collisions_found)),
        (tr("Parked, waiting for a person"), _found(report.parked)),
        (tr("All terminals and the server show the same"), _found(agreed)),
    ]


def _found(value: object) -> str:
    """What was found; a zero that nobody looked for would be a lie."""
    return tr("not checked") if value is None else str(value)


def _written_rows(report: Report) -> list[tuple[str, str]]:
    words = {
        "vital-signs": tr("Sets of vital signs"),
        "note": tr("Notes"),
        "amend-last-note": tr("Notes amended"),
        "care-level": tr("Care levels changed"),
        "move": tr("Moves to another bed"),
        "phone": tr("Telephone numbers changed"),
        "address": tr("Addresses changed"),
        "order": tr("Drug orders"),
        "give": tr("Doses given"),
        "admit-newcomer": tr("Patients admitted"),
        "decide": tr("Conflicts decided"),
    }
    return [(words.get(act, act), str(count)) for act, count in sorted(report.written.items())]


def _table(rows: Iterable[tuple[str, str]]) -> str:
    body = "".join(
        f"<tr><th>{_text(label)}</th><td>{_text(value)}</td></tr>" for label, value in rows
    )
    return f"<table>{body}</table>"


def _steps(steps: Iterable[Step]) -> str:
    items = "".join(
        f"<li><b>{_text(step.title)}</b> <i>{step.seconds:.1f} s</i><br>{_text(step.text)}</li>"
        for step in steps
    )
    return f"<ol>{items}</ol>"


def _pictures(pictures: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<figure><img src='{_text(name)}' alt='{_text(caption)}'>"
        f"<figcaption>{_text(caption)}</figcaption></figure>"
        for name, caption in pictures
    )


def _links(files: Iterable[tuple[str, str]]) -> str:
    items = "".join(
        f"<li><a href='{_text(name)}'>{_text(caption)}</a></li>" for name, caption in files
    )
    return f"<ul>{items}</ul>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{_text(title)}</h2>{body}</section>"


def _text(value: str) -> str:
    return html.escape(value, quote=True)


_STYLE = """
body{font:15px/1.5 'Inter','Noto Sans','DejaVu Sans',sans-serif;color:#16202a;background:#f4f6f8;
margin:0}main{max-width:980px;margin:0 auto;padding:32px 24px;background:#fff}h1{font-size:26px;
margin:0 0 8px}h2{font-size:18px;margin:28px 0 8px;border-bottom:1px solid #d5dce3;padding:0 0 4px}
.verdict{font-size:20px;font-weight:600;padding:10px 14px;border-radius:6px}
.good{background:#e3f4ea;color:#0b5a2c}.bad{background:#fde8e6;color:#8c1d13}.where{color:#4a5866}table{border-collapse:
collapse;width:100%}th{text-align:left;font-weight:400;color:#33414e}td{text-align:right;
font-variant-numeric:tabular-nums;font-weight:600}tr{border-bottom:1px solid #e6ebf0}th,td{padding:
6px 4px}ol{padding-left:22px}li{margin:0 0 8px}i{color:#5b6976}figure{margin:0 0 20px}img{max-width:
100%;border:1px solid #d5dce3;border-radius:4px}figcaption{color:#4a5866;font-size:13px}
"""
