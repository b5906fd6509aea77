"""What a browser's tab and its history say of a page: its subject, and nobody's CRN."""

import re

from tests.pages.browsing import Browser, text_of

CRN = re.compile(r"X\d{6}")


def title_of(page):
    return page.text.split("<title>")[1].split("</title>")[0]


def test_titles_name_their_subject_and_no_person(planned):
    service, run = planned
    paths = (
        "/bids/R3",
        "/bids/R1",
        "/bids/R3/brief",
        "/bids/R3/owner",
        f"/runs/{run}",
        f"/runs/{run}/proposals",
        f"/runs/{run}/proposals?show=without",
        f"/runs/{run}/proposals/R1",
        f"/runs/{run}/proposals/R5",
        f"/runs/{run}/proposals/R5/beds",
        f"/runs/{run}/proposals/R5/beds?premises=A&arrival=2027-02-01&departure=2027-04-26",
        f"/runs/{run}/compare?with={run}",
        "/premises/A",
        "/premises-day/A",
        "/premises-week",
    )
    browser = Browser(service, "coordinator", "manager", "planner")
    titles = {path: title_of(browser.get(path)) for path in paths}
    assert not [title for title in titles.values() if CRN.search(title)]
    assert len(set(titles.values())) == len(paths), "no two pages are called the same"
    assert "Plan of 2 November 2026 at 9am" in titles[f"/runs/{run}"]


def test_a_list_of_several_pages_says_which_it_is(planned):
    service, _ = planned
    browser = Browser(service, "auditor")
    for _ in range(3):
        browser.get("/audit/timeline")
    page = title_of(browser.get("/audit/timeline?page=2"))
    assert re.search(r"\(page 2 of \d+\)", page), page


def test_the_page_to_sign_in_tells_no_folder_of_the_machine(planned):
    service, _ = planned
    page = Browser(service).get("/sign-in")
    assert "-m api token" in text_of(page).replace("&#39;", "'")
    assert str(service.folder) not in page.text and "ALLOCATOR_DATA_FOLDER" not in page.text
