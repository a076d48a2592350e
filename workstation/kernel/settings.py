"""Every setting in one declared table: name, type, default, where it lives, what it is for.

Three homes: ``site`` (the hospital's policy file ``site.toml``, read only), ``terminal`` (this
machine) and ``person`` (one person's preference; it falls back to the terminal's choice).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast

from workstation.kernel import sidecar
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import PersonId

T = TypeVar("T", str, int, bool)
Home = Literal["site", "terminal", "person"]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One row of the table.

    Attributes:
        name: Its key in files.
        kind: ``str``, ``int`` or ``bool``.
        default: Its value when no file names it.
        home: Who decides: the site, this terminal, or each person.
        help: One English sentence; also the key of its translation.
        choices: The allowed values, when they are few.
        least: The smallest allowed number.
        most: The largest allowed number.
    """

    name: str
    kind: type[T]
    default: T
    home: Home
    help: str
    choices: tuple[T, ...] = ()
    least: int | None = None
    most: int | None = None

    def problem(self, value: object) -> str | None:
        """What is wrong with `value`, in a stable code, or None."""
        if type(value) is not self.kind:
            return f"not-{self.kind.__name__}"
        if self.choices and value not in self.choices:
            return "not-a-choice"
        return None if _in_range(value, self.least, self.most) else "out-of-range"


def _in_range(value: object, least: int | None, most: int | None) -> bool:
    if least is None or most is None or not isinstance(value, int):
        return True
    return least <= value <= most


LANGUAGE = Setting("language", str, "vi", "person", "Language of the program.", ("vi", "en"))
THEME = Setting("theme", str, "light", "person", "Light or dark colours.", ("light", "dark"))
SCALE = Setting(
    "scale", int, 100, "person", "Size of text and controls, in per cent.",
    (100, 125, 150, 175, 200),
)  # fmt: skip
WARD = Setting("ward", str, "", "terminal", "Ward that this terminal keeps a copy of.")
WARD_NAME = Setting("ward_name", str, "", "terminal", "Name of that ward, for the log-in page.")
SERVER = Setting("server", str, "", "terminal", "Address of the hospital's FHIR server.")
CLIENT = Setting(
    "client", str, "", "terminal", "Client id given by the hospital; empty for the terminal's own."
)
CA_FILE = Setting(
    "ca_file", str, "", "site", "PEM file of the hospital's own certificate authority."
)
IDLE_LOCK = Setting(
    "idle_lock_minutes", int, 5, "terminal", "Minutes without a key before the screen locks.",
    least=1, most=60,
)  # fmt: skip
SYNC_SECONDS = Setting(
    "sync_seconds", int, 15, "terminal", "Seconds between two looks at the server.",
    least=5, most=600,
)  # fmt: skip
SHIFT_HOURS = Setting("shift_hours", int, 12, "site", "Length of a shift, in hours.", (6, 8, 12))
DAY_STARTS = Setting(
    "day_starts", str, "07:00", "site", "When the morning shift begins, and the ward's day.",
    tuple(f"{hour:02}:{minute:02}" for hour in range(5, 10) for minute in (0, 15, 30, 45)),
)  # fmt: skip
STALE_MINUTES = Setting(
    "stale_minutes", int, 10, "site", "Age of the ward's data that is marked, in minutes.",
    least=1, most=240,
)  # fmt: skip
OLD_MINUTES = Setting(
    "old_minutes", int, 30, "site", "Age of the ward's data that is alarming, in minutes.",
    least=2, most=1440,
)  # fmt: skip
PACK_MINUTES = Setting(
    "pack_minutes", int, 30, "terminal", "Minutes after which the downtime pack is made anew.",
    least=10, most=240,
)  # fmt: skip
MY_PATIENTS = Setting(
    "my_patients", bool, default=False, home="person",
    help="Show only one's own patients on the ward's lists.",
)  # fmt: skip
HOSPITAL = Setting("hospital", str, "", "site", "Name of the hospital, as papers say it.")
AUTHORITY = Setting("authority", str, "", "site", "Authority above the hospital, as papers say it.")
LOOK_UP = Setting(
    "look_up_address", str, "", "site", "Address before the look-up code in the QR of papers."
)
KNOWLEDGE_FOLDER = Setting(
    "knowledge_folder", str, "", "site", "Folder of the hospital's own drug and test knowledge."
)

TABLE: tuple[Setting[Any], ...] = (
    LANGUAGE, THEME, SCALE, WARD, WARD_NAME, SERVER, CLIENT, CA_FILE, IDLE_LOCK, SYNC_SECONDS,
    SHIFT_HOURS, DAY_STARTS, STALE_MINUTES, OLD_MINUTES, PACK_MINUTES, MY_PATIENTS, HOSPITAL,
    AUTHORITY, LOOK_UP, KNOWLEDGE_FOLDER,
)  # fmt: skip
BY_NAME: dict[str, Setting[Any]] = {setting.name: setting for setting in TABLE}


class Settings:
    """The values in force on this terminal, for the person who is logged in."""

    def __init__(self, folder: Path) -> None:
        """Read all files.

        Args:
            folder: Where ``site.toml``, ``terminal.json`` and ``person-<id>.json`` are; it need
                not exist yet.

        Raises:
            Damaged: ``bad-settings`` with ``problems``: all of them, as ``file: name: code``.
        """
        self._folder = folder
        self._person: PersonId | None = None
        problems: list[str] = []
        self._site = self._read("site.toml", ("site", "terminal", "person"), problems)
        self._terminal = self._read("terminal.json", ("terminal", "person"), problems)
        self._own: dict[str, Any] = {}
        _refuse(problems)

    def become(self, person: PersonId | None) -> None:
        """Take over the preferences of who logged in; None when nobody is.

        Raises:
            Damaged: ``bad-settings``: that person's file has problems.
        """
        self._person = person
        problems: list[str] = []
        self._own = self._read(f"person-{person}.json", ("person",), problems) if person else {}
        _refuse(problems)

    def get(self, setting: Setting[T]) -> T:
        """The value in force: the person's, else the terminal's, else the site's, else default."""
        for values in (self._own, self._terminal, self._site):
            if setting.name in values:
                return cast(T, values[setting.name])
        return setting.default

    def put(self, setting: Setting[T], value: T) -> None:
        """Keep a value, in the file of the person who is logged in or of the terminal.

        Raises:
            Damaged: ``bad-settings``: the value is not allowed, or the site alone decides.
        """
        code = "decided-by-site" if setting.home == "site" else setting.problem(value)
        _refuse([f"{setting.name}: {code}"] if code else [])
        if setting.home == "person" and self._person is not None:
            self._own[setting.name] = value
            self._write(f"person-{self._person}.json", self._own)
        else:
            self._terminal[setting.name] = value
            self._write("terminal.json", self._terminal)

    def _read(self, file: str, homes: tuple[Home, ...], problems: list[str]) -> dict[str, Any]:
        path = self._folder / file
        if not path.exists():
            return {}
        try:
            text = path.read_text("utf-8")
            values = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        except ValueError:
            problems.append(f"{file}: unreadable")
            return {}
        problems += [f"{file}: {problem}" for problem in check(values, homes)]
        return cast("dict[str, Any]", values)

    def _write(self, file: str, values: Mapping[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(values, indent=2, sort_keys=True) + "\n"
        sidecar.write(self._folder / file, text.encode())


def check(values: object, homes: tuple[Home, ...]) -> list[str]:
    """Everything that is wrong with the contents of one file.

    Args:
        values: What the file holds.
        homes: The homes whose settings this file may name.

    Returns:
        ``name: code`` for each problem, in the file's order.
    """
    if not isinstance(values, dict):
        return ["not-a-table"]
    problems = []
    for name, value in values.items():
        setting = BY_NAME.get(name)
        if setting is None:
            problems.append(f"{name}: unknown")
        elif setting.home not in homes:
            problems.append(f"{name}: decided-by-{setting.home}")
        elif code := setting.problem(value):
            problems.append(f"{name}: {code}")
    return problems


def describe() -> str:
    """The text of ``docs/settings.md``."""
    lines = [
        "# Settings",
        "",
        "Generated by `python -m workstation.kernel.settings > docs/settings.md`.",
        "",
        "They are in `settings/` in the terminal's folder ([where](operations.md)). The site's",
        "policy file there is `site.toml`; it may name any setting and is the default for all.",
        "`terminal.json` and `person-<id>.json` are written by the program. An unknown name or a",
        "value that is not allowed stops the start and is reported, all problems at once.",
        "",
        "| name | type | default | decided by | allowed | what for |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.name}` | {row.kind.__name__} | `{row.default!r}` | {row.home} "
        f"| {_allowed(row)} | {row.help} |"
        for row in TABLE
    ]
    return "\n".join(lines) + "\n"


def _allowed(setting: Setting[Any]) -> str:
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    return f"{setting.least} to {setting.most}" if setting.least is not None else "any"


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Damaged("bad-settings", problems=tuple(problems))


if __name__ == "__main__":
    import sys

    sys.stdout.write(describe())
