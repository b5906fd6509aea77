"""Roles see their own: no page leads anybody to what they may not see, nor has a form for it."""

import re
from html import unescape

import pytest
from starlette.routing import Match

from api.access.actor import Actor, Role
from api.access.dependencies import may
from api.pages.navigation import sections_for
from api.pages.serving import ROUTERS
from tests.pages.browsing import Browser

MOST = 250
SAME = re.compile(r"[?&](page|sort|from|to)=")
"""Other pages, orders and days of a list lead nowhere else."""


def page_at(path):
    """The name of the page that a form is sent to."""
    scope = {"type": "http", "method": "POST", "path": path, "root_path": ""}
    routes = [route for router in ROUTERS for route in router.routes]
    return next((route.name for route in routes if route.matches(scope)[0] is Match.FULL), None)


def walked(browser):
    """Each page that can be come to by links, with where it was led to from."""
    left, seen = [("/", "/")], {"/"}
    while left and len(seen) < MOST:
        address, by = left.pop(0)
        answer = browser.get(address)
        while answer.status_code == 303:
            answer = browser.get(answer.headers["location"])
        yield address, by, answer
        if "text/html" not in answer.headers["content-type"]:
            continue
        for found in re.findall(r'<a [^>]*href="(/[^"#]*)', answer.text):
            link = unescape(found)
            if link not in seen and not SAME.search(link):
                seen.add(link)
                left.append((link, address))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
def test_nobody_is_led_to_what_their_role_may_not_see_or_do(planned, role):
    service, _ = planned
    browser = Browser(service, role.value)
    actor = Actor("local:A Tester", "A Tester", frozenset({role}))
    visited = set()
    for address, by, answer in walked(browser):
        assert answer.status_code == 200, (address, by, answer.status_code)
        visited.add(address)
        main = answer.text.split("<main", 1)[-1]
        for form, within in re.findall(
            r'<form method="post" action="([^"]+)"(.*?)</form>', main, re.S
        ):
            if "<button" not in within:
                continue
            path = unescape(form).partition("?")[0]
            name = page_at(path)
            assert name and may(name, actor), (address, path, name)
    assert {section.href for section in sections_for(actor)} <= visited
