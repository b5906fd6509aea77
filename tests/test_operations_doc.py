"""The table of settings in docs/operations.md is the settings there are."""

import re
from pathlib import Path

from pydantic_core import PydanticUndefined

from api.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "operations.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## Settings\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", SECTION, flags=re.M)


def written(value):
    """A default as the page writes it."""
    if value is None or value == ():
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_settings_told_are_the_settings_there_are_in_their_order():
    assert [name for name, *_ in ROWS] == list(Settings.model_fields)


def test_the_defaults_told_are_the_defaults_there_are():
    told = {name: default for name, default, _ in ROWS}
    plain = {
        name: written(field.default)
        for name, field in Settings.model_fields.items()
        if field.default is not PydanticUndefined
    }
    assert len(plain) > 25
    assert {name: told[name] for name in plain} == plain
