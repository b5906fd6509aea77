"""Own settings: as our programs read them at the start, or a line for each that is wrong."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined
from pydantic_settings import SettingsError

from api.settings import Settings

_PREFIX = "ALLOCATOR_"
_FIELD = re.compile(r'field "(\w+)"')


class WrongSettingsError(Exception):
    """The settings are wrong; `lines` says of each which it is, what is wrong and how to mend it.

    No line holds a value: it may be a password.
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def own_settings() -> Settings:
    """The settings of this start. Raises WrongSettingsError."""
    none_given: dict[str, Any] = {}
    try:
        # Not model_validate: it would wrap what the sources raise.
        return Settings(**none_given)
    except ValidationError as error:
        raise WrongSettingsError(list(_lines(error))) from None
    except SettingsError as error:
        found = _FIELD.search(str(error))
        words = 'is not JSON; write lists as ["one", "two"]'
        told = f"{_source(found.group(1))}: {words}" if found else str(error)
        raise WrongSettingsError([told]) from None
    except tomllib.TOMLDecodeError as error:
        raise WrongSettingsError([f"the settings file is not TOML: {error}"]) from None
    except FileNotFoundError as error:
        raise WrongSettingsError([str(error)]) from None


def _lines(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        # A default that hangs on another setting is not at fault when that one is.
        if fault["type"] != "default_factory_not_called":
            yield _line(fault)


def _line(fault: Mapping[str, Any]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    if not fault["loc"]:
        return message
    name = str(fault["loc"][0])
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(name, sorted(Settings.model_fields), n=1)
        mend = f"did you mean {near[0]}?" if near else "docs/operations.md has those there are"
        return f"{name}: there is no such setting; {mend}"
    return f"{_source(name)}: {message.replace('Input should be', 'must be')}{_default(name)}"


def _source(name: str) -> str:
    """The name under which it was set: in the environment, or in the file."""
    variable = f"{_PREFIX}{name.upper()}"
    return variable if variable in os.environ else f"{name} in the settings file"


def _default(name: str) -> str:
    field = Settings.model_fields.get(name)
    if field is None or field.default is None or field.default is PydanticUndefined:
        return ""
    return f"; leave it out for {field.default}"
