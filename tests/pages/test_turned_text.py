"""Turned text: controls of direction do not come in by a form, and few people's words not out."""

from dataclasses import replace

from tests.api.registers import tiny
from tests.api.service import a_planned_service, a_service
from tests.pages.browsing import Browser, text_of


def test_a_crn_copied_with_controls_of_direction_is_found(tmp_path):
    browser = Browser(a_service(tmp_path), "coordinator")
    found = browser.post("/people", {"crn": "\u202eX000001\u202c"})
    there = text_of(found) if found.status_code == 200 else found.headers["location"]
    assert "R1" in there


def test_what_a_few_people_said_of_themselves_is_on_no_page(tmp_path):
    problem = tiny()
    referrals = tuple(
        replace(each, protected=(("religion", f"{each.id}, in my own words"),))
        for each in problem.referrals
    )
    service, _ = a_planned_service(tmp_path, replace(problem, referrals=referrals))
    page = Browser(service, "auditor").get("/oversight/disparity")
    assert "in my own words" not in page.text
    assert "Small groups together" in text_of(page)
