"""Chromium: Debian's browser, driven by Playwright, on a service at a port of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from api.access.actor import Actor, Role
from api.pages.visit import COOKIE
from api.service.sessions import begin

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("ALLOCATOR_TEST_CHROMIUM") == "required"
"""Whether a machine without Chromium fails the tests instead of leaving them out."""
WIDTHS = {"phone": 390, "desktop": 1280}


def is_here() -> bool:
    """Whether a browser is on this machine."""
    return PROGRAM is not None or REQUIRED


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    assert PROGRAM is not None, "no Chromium here: apt-get install chromium"
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def signed_in(
    started: Browser,
    url: str,
    register,
    *roles: str,
    width: int = 1280,
    scripts: bool = True,
) -> Iterator[Page]:
    """A page of somebody with these roles. What goes wrong in scripts fails the test."""
    with _opened(started, url, register, roles, scripts) as page, _watched(page):
        _size(page, width)
        yield page


class Onlookers:
    """Those who only look at a service: one page for all with the same roles and scripts.

    A page of one's own takes a process of the browser's, which starts without axe-core compiled.
    """

    def __init__(self, started: Browser, url: str, register) -> None:
        self._started, self._url, self._register = started, url, register
        self._pages: dict[tuple[tuple[str, ...], bool], Page] = {}
        self._open = ExitStack()

    def __enter__(self) -> Onlookers:
        return self

    def __exit__(self, *told: object) -> None:
        self._open.close()

    @contextmanager
    def page(self, *roles: str, width: int = 1280, scripts: bool = True) -> Iterator[Page]:
        """The page, as wide as this. What goes wrong in scripts meanwhile fails the test."""
        if (roles, scripts) not in self._pages:
            opened = _opened(self._started, self._url, self._register, roles, scripts)
            self._pages[roles, scripts] = self._open.enter_context(opened)
        page = self._pages[roles, scripts]
        with _watched(page):
            _size(page, width)
            yield page
            # What its scripts still do must not be said of the next one.
            page.goto("about:blank")


def _size(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


@contextmanager
def _opened(
    started: Browser, url: str, register, roles: tuple[str, ...], scripts: bool
) -> Iterator[Page]:
    actor = Actor("local:A Tester", "A Tester", frozenset(Role(role) for role in roles))
    with register.changing(actor) as change:
        secret = begin(change, actor, change.at + timedelta(hours=8))
    context = started.new_context(base_url=url, java_script_enabled=scripts)
    try:
        context.add_cookies([{"name": COOKIE, "value": secret, "url": url}])
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def _watched(page: Page) -> Iterator[None]:
    faults: list[str] = []

    def thrown(fault: Error) -> None:
        faults.append(str(fault))

    def said(words: ConsoleMessage) -> None:
        if "Content Security" in words.text:
            faults.append(words.text)

    page.on("pageerror", thrown)
    page.on("console", said)
    try:
        yield
        assert faults == [], faults
    finally:
        page.remove_listener("pageerror", thrown)
        page.remove_listener("console", said)
