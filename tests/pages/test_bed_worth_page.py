"""What a bed is worth: what the figures are of is said, and what of them is proven."""

from dataclasses import replace
from datetime import timedelta

from allocator.plan import BedPrices, Certificate, PriceRun
from allocator.solving import solve
from api.pages.capacity import _in_file
from api.service.referrals import restrict
from api.service.run_values import problem_of
from tests.api.filled import a_person
from tests.api.live import live
from tests.api.registers import AS_OF, ask
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import signed_in
from tests.pages.finishing import finished

OF_A = Certificate(
    level="placed/1",
    scale=1_000,
    earlier=(),
    beds=(BedPrices(("A-1",), (PriceRun(AS_OF, 100),)), BedPrices(("B-1",), (PriceRun(AS_OF, 1),))),
)


def test_the_unit_of_a_beds_worth_is_said_and_what_of_it_is_proven(tmp_path):
    service = a_service(tmp_path)
    finished(service, ask(service.register), but=1, certificates=(OF_A,))
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert "at most how many more people a plan could come to" in read
    assert "on the aim “People placed, band 1” with one bed more" in read
    assert "The plan comes to 1 person" in read and "can beat 1 person" in read
    assert "That a bed more would bring so much is not proven" in read
    # Seven nights at 0.1 for one of two beds; and at 0.001.
    assert " 0.35 0.35 " in read and " <0.01 <0.01 " in read
    assert "0.00" not in read, "a little is told as a little, and nothing as nothing"


def test_a_little_is_not_told_as_nothing_in_the_file_either(tmp_path):
    service = a_service(tmp_path)
    runs = (PriceRun(AS_OF, 20_000), PriceRun(AS_OF + timedelta(days=7), 10))
    little = replace(OF_A, scale=1_000_000, beds=(BedPrices(("A-1",), runs),))
    finished(service, ask(service.register), but=1, certificates=(little,))
    browser = Browser(service, "planner")
    assert "0.07 <0.01 <0.01" in text_of(browser.get("/capacity/worth"))
    assert ",0.07,3.5e-05,3.5e-05," in lines_of(browser, "/capacity/worth.csv")[1]


def test_a_large_price_keeps_its_digits_in_the_file():
    assert [_in_file(each) for each in (12_345.67891, 1.23456, 0.123456)] == [
        12_345.6789,
        1.2346,
        0.1235,
    ]


def test_a_price_of_more_than_everybody_without_a_bed_is_not_told(tmp_path):
    service = a_service(tmp_path)
    finished(service, ask(service.register), certificates=(OF_A,))
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert "charges more than the 0 bids of the band without a bed" in read
    assert " – – " in read and " 0.35 " not in read


def test_a_plan_with_proven_levels_and_no_prices_is_told_the_true_reason(tmp_path):
    service = a_service(tmp_path)
    register = service.register
    run = ask(register)
    with register.reading() as connection:
        levels = solve(problem_of(connection, run), register.policy).levels
    first = replace(levels[0], bound=levels[0].value, proven=True)
    others = (replace(each, proven=False) for each in levels[1:])
    finished(service, run, levels=(first, *others), certificates=())
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert f"1 of its {len(levels)} levels is proven, and what proves it charges for no bed" in read
    assert "before anything could be proven" not in read


def lines_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return answer.content.decode("utf-8-sig").splitlines()


def test_what_a_bed_is_worth_and_unmet_need_are_taken_away(tmp_path):
    service = a_service(tmp_path)
    run = finished(service, ask(service.register), but=1, certificates=(OF_A,))["id"]
    browser = Browser(service, "planner")
    worth = lines_of(browser, "/capacity/worth.csv")
    assert worth[0].startswith("plan,plan_id,aim,premises,name,ap_area,all_weeks,week_of_")
    of_plan = f"2 November 2026 at 9am,{run},"
    aim = '"People placed, band 1",'
    assert (
        worth[1].startswith(f"{of_plan}{aim}A,Alderbeck House,,,0.35,0.35,")
        and ",0.042," in worth[2]
    )
    assert "– 0.35 0.35" in text_of(browser.get("/capacity/worth")), "more than the one person"
    unmet = lines_of(browser, "/capacity/unmet.csv")
    assert unmet[0].startswith("plan,plan_id,by,value,code,asked,without_a_bed,")
    rows = [line.removeprefix(of_plan) for line in unmet[1:]]
    without = sum(int(row.split(",")[4]) for row in rows if row.startswith("Band,"))
    words = f"{without} {'bid' if without == 1 else 'bids'} without a bed in this plan"
    assert without and words in text_of(browser.get("/capacity/unmet"))
    assert "X0000" not in "".join(unmet)
    assert any(row.startswith("Estate,Men's,man,") for row in rows), "the words of the page"
    assert Browser(service, "auditor").get("/capacity/unmet.csv").status_code == 403
    told = text_of(Browser(service, "auditor").get("/audit/accesses"))
    assert "Unmet need in a plan, taken away" in told and "What a bed is worth" in told


def test_people_without_a_bed_and_the_beds_of_a_week_are_taken_away(tmp_path):
    service = a_service(tmp_path)
    manager = a_person("A. Manager")
    with service.register.changing(manager) as change:
        restrict(change, "R2", [manager.id])
    browser = Browser(service, "coordinator")
    people = lines_of(browser, "/without-a-bed.csv")
    assert len(people) == 6 and any(line.startswith("R1,") and "X000001" in line for line in people)
    assert people[0].endswith(
        "estate,ap_type,bed_proposed_from,main_reason,last_attempt,last_attempt_day"
    )
    assert "Men's,Standard" in people[1], "the words of the page"
    assert "X000002" not in "".join(people), "where it stands, and not whose it is"
    week = lines_of(browser, "/premises-week.csv?search=nothing-is-called-so")
    assert week == ["premises,name,ap_area,night,in_service,empty,kept,over"]
    assert len(lines_of(browser, "/premises-week.csv")) % 7 == 1
    assert Browser(service, "planner").get("/without-a-bed.csv").status_code == 403


def test_names_and_figures_of_a_table_that_scrolls_stay_whole_on_a_phone(tmp_path, started):
    service = a_service(tmp_path)
    finished(service, ask(service.register), but=1, certificates=(OF_A,))
    with live(service.app) as url, signed_in(started, url, service.register, "planner") as page:
        page.set_viewport_size({"width": 375, "height": 900})
        page.goto("/capacity/worth")
        cells = page.locator(".apb-table--wide td.govuk-table__cell--numeric")
        heights = cells.evaluate_all(
            """cells => cells.map(cell => {
                const text = document.createRange(); text.selectNodeContents(cell);
                return text.getClientRects().length })"""
        )
        assert len(heights) > 10 and max(heights) <= 2, "one for its box and one for its text"
        names = page.locator(".apb-table--wide tbody th")
        assert all(box["width"] >= 140 for box in (each.bounding_box() for each in names.all()))
