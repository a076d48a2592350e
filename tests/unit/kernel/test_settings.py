"""Settings: who decides, what is refused, and that their page is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from workstation.kernel import settings as table
from workstation.kernel.errors import Damaged
from workstation.kernel.ids import PersonId
from workstation.kernel.settings import Settings, describe

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_about_settings_is_current() -> None:
    assert (ROOT / "docs/settings.md").read_text("utf-8") == describe()


def test_a_person_prefers_over_the_terminal_over_the_site(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('theme = "dark"\nday_starts = "06:00"\n')
    settings = Settings(tmp_path)
    assert settings.get(table.THEME) == "dark"
    settings.put(table.SCALE, 125)
    settings.become(PersonId("p1"))
    assert settings.get(table.SCALE) == 125
    settings.put(table.SCALE, 150)
    assert Settings(tmp_path).get(table.SCALE) == 125
    settings.become(None)
    assert settings.get(table.SCALE) == 125
    again = Settings(tmp_path)
    again.become(PersonId("p1"))
    assert again.get(table.SCALE) == 150
    assert again.get(table.DAY_STARTS) == "06:00"


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('colour = "red"\nscale = 110\nstale_minutes = 0\n')
    (tmp_path / "terminal.json").write_text('{"shift_hours": 8, "scale": true}')
    with pytest.raises(Damaged) as damaged:
        Settings(tmp_path)
    assert damaged.value.data["problems"] == (
        "site.toml: colour: unknown",
        "site.toml: scale: not-a-choice",
        "site.toml: stale_minutes: out-of-range",
        "terminal.json: shift_hours: decided-by-site",
        "terminal.json: scale: not-int",
    )


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_a_file_that_is_no_table_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "terminal.json").write_text(text)
    with pytest.raises(Damaged, match="bad-settings"):
        Settings(tmp_path)


@pytest.mark.parametrize(("setting", "value"), [(table.STALE_MINUTES, 5), (table.SCALE, 101)])
def test_a_value_that_is_not_allowed_is_not_kept(tmp_path: Path, setting, value) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(Damaged, match="bad-settings"):
        settings.put(setting, value)
    assert settings.get(setting) == setting.default
