"""Premises, capacity, oversight and audit in a real browser: two widths, with scripts or none."""

import pytest

from api.access.actor import Role
from tests.pages.chromium import WIDTHS, signed_in
from tests.pages.looks import assert_fit_to_be_seen

PAGES = (
    "/premises",
    "/premises-week",
    "/premises/A",
    "/premises-day/A",
    "/premises-held",
    "/premises-held/new",
    "/premises-held/new?premises=A",
    "/capacity/unmet",
    "/capacity/worth",
    "/capacity/studies",
    "/capacity/studies/new",
    "/capacity/forecast",
    "/oversight/escalations",
    "/oversight/unowned",
    "/oversight/decisions",
    "/oversight/disparity",
    "/audit/accesses",
    "/audit/timeline",
    "/audit/verification",
    "/audit/replays",
)
EVERYONE = [role.value for role in Role if role is not Role.SERVICE]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_fault_that_axe_finds_and_is_no_wider_than_the_screen(onlookers, path, width):
    with onlookers.page(*EVERYONE, width=WIDTHS[width]) as page:
        page.goto(path)
        assert_fit_to_be_seen(page, WIDTHS[width])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_choice_of_the_form_of_a_study_opens_its_own_fields(started, planned, at, scripts):
    service, _ = planned
    with signed_in(started, at, service.register, "planner", scripts=scripts) as page:
        page.goto("/capacity/studies/new")
        assert not page.locator("#demand").is_visible()
        page.check("#kind-demand_factor")
        assert page.locator("#demand").is_visible()
        assert not page.locator("#release_days").is_visible()
        page.fill("#demand", "120")
        page.click("text=Write it into the file")
        assert "factor: 1.2" in page.input_value("#yaml")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_another_estate_brings_its_premises_with_scripts_or_by_a_button(
    started, planned, at, scripts
):
    service, _ = planned
    with signed_in(started, at, service.register, "planner", scripts=scripts) as page:
        page.goto("/capacity/studies/new")
        page.fill("#years", "12")
        page.select_option("#estate", "M")
        button = page.locator("button:has-text('Show its premises')")
        assert button.is_visible() == (not scripts)
        if not scripts:
            button.click()
        page.wait_for_selector("#close_premises option[value^='M/']", state="attached")
        assert page.locator("#close_premises option[value^='S/']").count() == 0
        assert page.input_value("#years") == "12"


def test_no_word_breaks_among_the_names_of_what_is_known_of_a_bid(onlookers):
    with onlookers.page("coordinator", width=WIDTHS["desktop"]) as page:
        page.goto("/bids/R1")
        broken = page.locator(".govuk-grid-column-one-third dt").evaluate_all(
            r"""names => names.flatMap(name =>
                [...name.textContent.matchAll(/\S+/g)].filter(word => {
                const range = document.createRange();
                range.setStart(name.firstChild, word.index);
                range.setEnd(name.firstChild, word.index + word[0].length);
                return range.getClientRects().length > 1 }).map(word => word[0]))"""
        )
    assert broken == []


def test_the_menu_of_a_phone_is_folded_and_stands_open_without_scripts(started, planned, at):
    service, _ = planned
    for scripts in (True, False):
        with signed_in(
            started, at, service.register, *EVERYONE, width=WIDTHS["phone"], scripts=scripts
        ) as page:
            page.goto("/capacity/unmet")
            menu = page.get_by_role("button", name="Menu")
            link = page.locator("nav[aria-label=Sections] >> text=Oversight")
            assert (menu.is_visible(), link.is_visible()) == (scripts, not scripts)
            if scripts:
                menu.click()
            link.click()
            page.wait_for_url("**/oversight/escalations")


def test_the_picture_has_a_table_that_opens_without_scripts(started, planned, at):
    service, _ = planned
    with signed_in(started, at, service.register, "coordinator", scripts=False) as page:
        page.goto("/premises/A")
        assert page.locator("svg.apb-beds").is_visible()
        page.click("text=The same as a table")
        assert page.get_by_role("cell", name="Empty").first.is_visible()
