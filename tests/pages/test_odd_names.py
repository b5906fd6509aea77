"""Names as long as they may be, tags, and marks of writing from the right, in a real browser: shown
as text on every page, and none makes a page or a table wider than the screen.
"""

from dataclasses import replace

import pytest

from allocator.estate import LocalRestriction
from allocator.explain.reason import Main
from allocator.vocabulary import RiskTier
from api.access.actor import Role
from api.pages import capacity
from api.service.holds import Wanted, make
from api.service.unmet import Person
from tests.api.filled import a_person
from tests.api.live import live
from tests.api.registers import tiny
from tests.api.service import a_planned_service
from tests.builders import a_resident, a_stay, day, out_of_service
from tests.pages.browsing import Browser
from tests.pages.chromium import WIDTHS, signed_in

LONG = "W" * 200
WORDS = ("Llanfair Pwllgwyngyll " * 10)[:200]
HOSTILE = "<script>alert(1)</script> \u202egnitirw"
REASON = "V" * 400
EVERYONE = [role.value for role in Role if role is not Role.SERVICE]
PATHS = (
    "/",
    "/without-a-bed",
    "/bids/R3",
    "/bids/R3/brief",
    "/bids/R3/owner",
    "/runs",
    "/runs/{run}",
    "/runs/{run}/proposals",
    "/runs/{run}/proposals?show=without",
    "/runs/{run}/proposals/{proposed}",
    "/runs/{run}/proposals/{proposed}/beds",
    "/runs/{run}/proposals/{proposed}/beds?premises=A&arrival=2027-03-01&departure=2027-04-26",
    "/runs/{run}/proposals/{proposed}?bed=A-2&arrival=2027-02-01&departure=2027-04-26",
    "/runs/{run}/compare?with={run}",
    "/runs/{run}/advice",
    "/premises",
    "/premises-week",
    "/premises/A",
    "/premises/B",
    "/premises-day/A",
    "/premises-day/B",
    "/premises-held",
    "/premises-held/{hold}",
    "/premises-held/new",
    "/premises-held/new?premises=A",
    "/capacity/unmet",
    "/capacity/unmet?by=region",
    "/capacity/worth",
    "/capacity/worth?by=region",
    "/capacity/studies",
    "/capacity/studies/new",
    "/capacity/forecast",
    "/oversight/escalations",
    "/oversight/unowned",
    "/oversight/decisions",
    "/oversight/decisions?by=premises",
    "/oversight/decisions?by=person",
    "/oversight/disparity",
    "/audit/accesses",
    "/audit/timeline",
    "/audit/verification",
    "/audit/replays",
    "/files",
)
WIDE = """() => {
  const seen = [...document.querySelectorAll('body *')].filter(each => each.checkVisibility());
  const cut = seen.filter(each => {
    const style = getComputedStyle(each);
    if (style.overflowX === 'visible' || style.clipPath !== 'none') return false;
    // Pictures, tables of many weeks and commands scroll, each in a frame of its own.
    if (each.querySelector('.apb-table--wide, svg:not(.apb-bar)')) return false;
    if (each.matches('select, svg, svg *')) return false;
    return each.scrollWidth > each.clientWidth + 1;
  });
  return cut.map(each => `${each.className}: ${each.scrollWidth} in ${each.clientWidth}`);
}"""
LONGEST_HEADING = """() => Math.max(0, ...[...document.querySelectorAll(
    '.apb-table--wide tr > :first-child')]
  .map(each => each.getBoundingClientRect().width))"""


def named_oddly():
    """fixtures/tiny with names of every kind, and people of every band who find no bed."""
    problem = tiny()
    first, second = problem.premises
    first = replace(
        first,
        name=LONG,
        region="North East",
        area=WORDS[:100],
        local_restrictions=(LocalRestriction("R" * 60, REASON),),
    )
    second = replace(second, name=HOSTILE, area=LONG[:100])
    rooms = tuple(
        replace(each, name=f"{number}{LONG}"[:200]) for number, each in enumerate(problem.rooms)
    )
    beds = tuple(
        replace(each, name=f"{number}{WORDS}"[:200]) for number, each in enumerate(problem.beds)
    )
    protected = (("religion", LONG), ("ethnicity", HOSTILE), ("disability", ""))
    referrals = tuple(replace(each, protected=protected) for each in problem.referrals)
    more = tuple(
        replace(referrals[2], id=f"{'x' * 60}{n}", crn=f"X1{n:05}", tier=RiskTier.A3)
        for n in range(12)
    )
    return replace(
        problem,
        premises=(first, second),
        rooms=rooms,
        beds=beds,
        referrals=(*referrals, *more),
        bookings=(a_resident("res-odd", bed_id="B-1", premises_id="B", crn="X" * 18),),
        out_of_service=(replace(out_of_service("A-1", 3, 9), reason=REASON),),
    )


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The service, its address, and ids to put into paths."""
    service, run = a_planned_service(tmp_path_factory.mktemp("odd"), named_oddly())
    somebody = a_person(LONG[:100], Role.COORDINATOR)
    with service.register.changing(somebody) as change:
        hold = make(change, Wanted("B-2", a_stay(200, 4), 1, day(9), REASON))["id"]
        placed = change.rows("proposal")[0]["referral_id"]
    Browser(service, "coordinator", name=LONG[:100]).get("/without-a-bed")
    given = Browser(service, "manager").post("/bids/R3/owner", {"owner_id": f"local:{LONG[:100]}"})
    assert given.status_code == 303
    with live(service.app) as url:
        yield service, url, {"run": run, "hold": hold, "proposed": placed}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_name_makes_a_page_wider_than_the_screen(started, odd, width):
    service, url, ids = odd
    wide = {}
    with signed_in(started, url, service.register, *EVERYONE, width=WIDTHS[width]) as page:
        for path in PATHS:
            answer = page.goto(path.format(**ids))
            assert answer.status in (200, 404), (path, answer.status)
            across = page.evaluate("document.documentElement.scrollWidth")
            told = page.evaluate(WIDE)
            if across > WIDTHS[width]:
                told.append(f"the page: {across}")
            if (heading := page.evaluate(LONGEST_HEADING)) > WIDTHS[width] / 2:
                told.append(f"the first column: {heading}")
            if told:
                wide[path] = told
            assert "<script>alert" not in page.content()
    assert wide == {}


def test_unmet_need_of_every_cause_at_once_is_cut_nowhere(started, odd, monkeypatch):
    service, url, _ = odd
    people = [
        Person(f"P{n}", 1 + n % 4, region, "man", "pipe", cause.value)
        for n in range(90)
        for region in ("Yorkshire & The Humber", "Kent, Surrey & Sussex")
        for cause in Main
    ]
    monkeypatch.setattr(capacity, "people_of", lambda *_: people)
    monkeypatch.setattr(capacity, "PEOPLE", type(capacity.PEOPLE)(1))
    with signed_in(started, url, service.register, "planner") as page:
        page.goto("/capacity/unmet")
        assert page.locator("thead").first.locator(".apb-cause").count() == len(Main)
        assert page.evaluate(WIDE) == []
