"""By keyboard alone: a planner from a question to the file of its answer, a manager who says that
they know of a bid; with scripts and without.
"""

import pytest

from tests.api.live import live
from tests.api.service import a_service
from tests.api.studies.asking import studying
from tests.pages.chromium import signed_in
from tests.pages.looks import assert_fit_to_be_seen, look_again, tab_to

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def write(page, selector, text):
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@SCRIPTS
def test_a_planner_asks_what_would_be_and_takes_the_answer_away(started, tmp_path, scripts):
    service = a_service(tmp_path)
    with (
        live(service.app) as url,
        studying(service.register, tmp_path),
        signed_in(started, url, service.register, "planner", scripts=scripts) as page,
    ):
        page.goto("/capacity/studies")
        tab_to(page, "a[href='/capacity/studies/new']")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Ask what would be')")
        write(page, "#years", "1")
        write(page, "#days", "28")
        tab_to(page, "input[name=kind]")
        for _ in range(3):
            page.keyboard.press("ArrowDown")
        write(page, "#demand", "120")
        tab_to(page, "button[value=write]")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Written.")
        assert "factor: 1.2" in page.input_value("#yaml")
        tab_to(page, "button[value=start]")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Study of')")
        if not scripts:
            look_again(page)
        page.wait_for_selector("h2:has-text('To take away') + ul a[download]", timeout=120_000)
        page.wait_for_selector("text=Simulated, not observed", timeout=120_000)
        # axe-core is a script, and the page without scripts is the same.
        for width in (390, 1280) if scripts else ():
            page.set_viewport_size({"width": width, "height": 900})
            assert_fit_to_be_seen(page, width)
        tab_to(page, "a[href$='results.csv']")
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        assert "120 % of the referrals" in taken.value.path().read_text(encoding="utf-8-sig")


@SCRIPTS
def test_a_manager_acknowledges_a_bid(started, tmp_path, scripts):
    service = a_service(tmp_path)
    with (
        live(service.app) as url,
        signed_in(started, url, service.register, "manager", scripts=scripts) as page,
    ):
        page.goto("/")
        tab_to(page, "a[href='/oversight']")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('To acknowledge')")
        tab_to(page, "#bid-1")
        page.keyboard.press("Space")
        tab_to(page, "form[action^='/oversight/escalations'] button:not([disabled])[type=submit]")
        while "Acknowledge those ticked" not in page.evaluate("document.activeElement.innerText"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=You have acknowledged the bids that you ticked.")
        assert "Acknowledged by A Tester" in page.locator("main").inner_text()
