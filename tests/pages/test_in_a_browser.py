"""The pages in a real browser: no fault that axe-core finds, nothing wider than the screen."""

import re

import pytest

from api.service.leases import ALLOCATOR
from api.service.runs import RUN_LEASES
from api.service.studies import STUDY_LEASES
from tests.api.live import live
from tests.api.registers import working
from tests.api.service import a_service
from tests.fixtures.folders import FIXTURES
from tests.pages.chromium import WIDTHS, signed_in
from tests.pages.looks import assert_fit_to_be_seen, look_again, tab_to

PAGES = (
    "/without-a-bed",
    "/without-a-bed?band=3&proposed=no",
    "/bids/R3",
    "/bids/R1/brief",
    "/bids/R1/owner",
    "/bids/R4",
    "/runs",
    "/runs/{run}",
    "/runs/{run}/proposals",
    "/runs/{run}/proposals?show=without",
    "/runs/{run}/proposals/R1",
    "/runs/{run}/proposals/R5/beds",
    "/runs/{run}/proposals/R5/beds?premises=A&arrival=2027-02-01&departure=2027-04-26",
    "/runs/{run}/proposals/R5?bed=A-2&arrival=2027-02-01&departure=2027-04-26",
    "/runs/{run}/compare?with={run}",
    "/files",
    "/accessibility",
    "/no-such-page",
    "/sign-in",
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_fault_that_axe_finds_and_is_no_wider_than_the_screen(
    onlookers, planned, path, width
):
    _, run = planned
    with onlookers.page("coordinator", "manager", width=WIDTHS[width]) as page:
        answer = page.goto(path.format(run=run))
        assert answer.status == (404 if path == "/no-such-page" else 200)
        assert_fit_to_be_seen(page, WIDTHS[width])


@pytest.mark.parametrize("path", PAGES[:-2])
def test_a_page_without_scripts_has_the_same_words(onlookers, planned, path):
    _, run = planned
    read = {}
    for scripts in (True, False):
        with onlookers.page("coordinator", scripts=scripts) as page:
            page.goto(path.format(run=run))
            read[scripts] = page.locator("main h1").inner_text()
            assert page.locator("main").count() == 1
    assert read[True] == read[False]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_a_file_to_a_decision_by_keyboard_alone(started, tmp_path, scripts):
    (tmp_path / "service").mkdir()
    service = a_service(tmp_path / "service")
    text = (FIXTURES / "tiny" / "release-list.csv").read_text()
    file = tmp_path / "list.csv"
    # One cell is wrong: it is mended in the page.
    file.write_text(text.replace("2026-11-09", "9 of November", 1))
    with (
        live(service.app) as url,
        working(service.register, tmp_path / "service"),
        signed_in(started, url, service.register, "coordinator", scripts=scripts) as page,
    ):
        page.goto("/files")
        page.set_input_files("#referrals", str(file))
        tab_to(page, "form[enctype] button")
        page.keyboard.press("Enter")
        page.wait_for_selector("h2:has-text('What is wrong')")
        cell = page.locator("input[name^=cell-]").first
        tab_to(page, f"input[name='{cell.get_attribute('name')}']")
        page.keyboard.press("Control+A")
        page.keyboard.type("2026-11-09")
        tab_to(page, "form[enctype] button")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('The files are in')")

        page.goto("/runs")
        tab_to(page, "input[name=effort]:checked")
        page.keyboard.press("ArrowUp")
        tab_to(page, "form[action='/runs'] button")
        page.keyboard.press("Enter")
        if not scripts:
            page.wait_for_selector("h1:has-text('Plan of')")
            look_again(page)
        page.wait_for_selector("text=Look at the proposals", timeout=60_000)
        tab_to(page, "a[href$='/proposals']")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Proposals')")
        tab_to(page, "tbody a[href*='/proposals/']")
        page.keyboard.press("Enter")
        page.wait_for_selector("h2:has-text('Decide')")
        tab_to(page, "#accept")
        page.keyboard.press("Space")
        tab_to(page, "#accept_reason")
        page.keyboard.type("Agreed with the premises.")
        tab_to(page, "form[action*='/proposals/'] button")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Accepted. The bed is booked.")
        assert "A Tester" in page.locator("main").inner_text()


def test_a_run_is_watched_as_it_goes_and_its_end_is_shown(started, tmp_path):
    service = a_service(tmp_path)
    with (
        live(service.app) as url,
        signed_in(started, url, service.register, "coordinator") as page,
    ):
        page.goto("/runs")
        page.click("text=Start")
        page.wait_for_selector("text=It is next")
        with working(service.register, tmp_path):
            page.wait_for_selector("text=Look at the proposals", timeout=60_000)


@pytest.mark.parametrize("kind", ["run", "study"])
def test_the_status_beside_the_heading_follows_what_is_under_way(started, tmp_path, kind):
    service = a_service(tmp_path)
    leases = {"run": RUN_LEASES, "study": STUDY_LEASES}[kind]
    with (
        live(service.app) as url,
        signed_in(started, url, service.register, "planner") as page,
    ):
        page.goto("/runs" if kind == "run" else "/capacity/studies/new")
        page.click("main form button:has-text('Start')")
        page.wait_for_selector("h1 .govuk-tag:has-text('Waiting')")
        page.evaluate("window.isStillThisPage = true")
        with service.register.changing(ALLOCATOR) as change:
            leases.claim(change, "w", 600)
        page.wait_for_selector(
            f"h1 .govuk-tag:has-text('{'Planning' if kind == 'run' else 'Simulating'}')"
        )
        assert page.evaluate("window.isStillThisPage"), "nothing was loaded anew for it"


def test_the_brief_prints_on_one_page(onlookers):
    with onlookers.page("coordinator") as page:
        page.goto("/bids/R3/brief")
        printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
