"""Chromium: Debian's browser, driven by Playwright, on a service at a port of this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from playwright.sync_api import Browser, Page, sync_playwright

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
    actor = Actor("local:A Tester", "A Tester", frozenset(Role(role) for role in roles))
    with register.changing(actor) as change:
        secret = begin(change, actor, change.at + timedelta(hours=8))
    context = started.new_context(
        base_url=url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    context.add_cookies([{"name": COOKIE, "value": secret, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "console", lambda said: faults.append(said.text) if "Content Security" in said.text else 0
    )
    try:
        yield page
        assert faults == []
    finally:
        context.close()
