"""Rendering: a template and what it is told, as a whole page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup

from api.pages import words
from api.pages.assets import Assets
from api.pages.labels import labelled
from api.pages.study_words import scenario
from api.pages.tabs import TABS
from api.pages.timeline import happened, kind_of
from api.service.escalation import HAS_A_BED, HAS_A_BED_IN_PART
from api.service.onward import LEFT_BEFORE_MOVING

_GOVUK = "govuk_frontend_jinja"


class Govuk:
    """The components of the GOV.UK Design System: `govuk.button({"text": "Go"})` in a template.

    In an environment of their own: theirs leave values out that ours must not.
    """

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PrefixLoader({_GOVUK: PackageLoader(_GOVUK)}),
            autoescape=True,
            undefined=ChainableUndefined,
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._component(name)

    @cache  # noqa: B019 - there is one of these for the whole life of the program
    def _component(self, name: str) -> Any:
        path = f"{_GOVUK}/components/{name.replace('_', '-')}/macro.html"
        macro = "govuk" + "".join(part.capitalize() for part in name.split("_"))
        module = self._environment.get_template(path).module
        return getattr(module, macro)


class Renderer:
    """Templates of this package, with values escaped, and no value missing unseen."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            words.FILTERS, happened=happened, kind_of=kind_of, scenario=scenario
        )
        self._environment.globals.update(
            asset=assets.address,
            govuk=Govuk(),
            statuses=words.STATUSES,
            run_statuses=words.RUN_STATUSES,
            run_ends=words.RUN_ENDS,
            study_statuses=words.STUDY_STATUSES,
            proposal_statuses=words.PROPOSAL_STATUSES,
            booking_statuses=words.BOOKING_STATUSES,
            flag_words=words.FLAGS,
            attempt_words=words.ATTEMPTS,
            has_a_bed=HAS_A_BED,
            has_a_bed_in_part=HAS_A_BED_IN_PART,
            left_before_moving=LEFT_BEFORE_MOVING,
            ap_types=words.AP_TYPES,
            genders=words.GENDERS,
            tab_groups=TABS,
        )

    def render(self, template: str, **values: Any) -> Markup:
        """The page as text."""
        return Markup(labelled(self._environment.get_template(template).render(values)))
