"""The report as a page: self-contained, readable without sight, and true to the plan."""

import re
from functools import cache
from itertools import pairwise

import pytest

from allocator.generate import generate
from allocator.plan import Plan
from allocator.problem import Problem
from allocator.report.page import page_html
from tests.builders import a_problem, a_referral, an_estate, default_policy
from tests.export.hostile import hostile
from tests.export.some_plan import some_plan
from tests.plans import a_plan
from tests.report.html_page import HEADINGS, Page

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><h1>x</h1>",
    "\u202egnirts\u202c",
    "a\0b\x1b[2J",
    "n" * 200,
    "{{ 7 * 7 }}{% raw %}",
    "&amp;&lt;",
    "x",
]


@cache
def a_case() -> tuple[Plan, Problem]:
    problem = generate("S", seed=2)
    return some_plan(problem, default_policy()), problem


@cache
def a_source() -> str:
    return page_html(*a_case(), default_policy())


@cache
def a_page() -> Page:
    return Page(a_source())


@cache
def a_bare_page() -> Page:
    problem = a_problem(premises=(), rooms=(), beds=())
    return Page(page_html(a_plan(problem), problem, default_policy()))


@pytest.fixture(params=[a_page, a_bare_page], ids=["a small problem", "nothing at all"])
def page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.param()
    return found


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(page: Page) -> None:
    for element in page.all():
        assert element.tag not in {"script", "iframe", "object", "embed", "link", "base", "form"}
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            if name in {"src", "href", "xlink:href", "action", "data", "poster", "srcset"}:
                assert value.startswith("#")
            assert "url(" not in value or "url(#" in value
    css = "".join(style.text for style in page.all("style"))
    assert "@import" not in css
    assert set(re.findall(r"url\(.", css)) <= {"url(#"}
    policy = next(m for m in page.all("meta") if "http-equiv" in m.attributes)
    assert policy.attributes["content"].startswith("default-src 'none';")


def test_the_page_leads_nowhere_on_itself_that_is_not_there(page: Page) -> None:
    ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    links = [e.attributes["href"][1:] for e in page.all("a", "use")]
    assert len(links) > 9
    assert set(links) <= set(ids)


def test_the_page_has_a_language_a_title_a_main_part_and_a_way_to_skip_to_it(page: Page) -> None:
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    assert "Bed plan for 2 November 2026" in page.all("title")[0].text
    first_link = page.all("a")[0]
    assert first_link.attributes["href"] == "#" + page.all("main")[0].attributes["id"]


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(e.tag[1]) for e in page.all(*HEADINGS)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_says_what_it_shows_or_is_hidden_from_readers(page: Page) -> None:
    pictures = page.all("svg", "img")
    assert pictures
    for picture in pictures:
        words = picture.attributes
        labelled = words.get("role") == "img" and len(words.get("aria-label", "")) > 20
        assert labelled or words.get("aria-hidden") == "true"


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page: Page) -> None:
    tables = page.all("table")
    assert tables
    for table in tables:
        assert table.children[0].tag == "caption"
        assert table.children[0].text.strip()
        widths = {len(row.children) for row in table.all("tr")}
        assert len(widths) == 1
        for heading in table.all("th"):
            assert heading.attributes["scope"] == ("col" if heading.is_inside("thead") else "row")


def test_what_scrolls_can_be_reached_and_has_a_name(page: Page) -> None:
    regions = [e for e in page.all() if e.attributes.get("role") == "region"]
    assert regions
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-label"]


def test_the_page_says_whose_decision_it_is_and_how_to_handle_it(page: Page) -> None:
    text = page.root.text
    assert "Proposals only: a named person decides every placement." in text
    assert "OFFICIAL-SENSITIVE" in text
    assert "allocator check" in text


def test_synthetic_data_is_called_synthetic_and_other_data_is_not() -> None:
    assert "Synthetic data" in a_page().root.text
    assert "(synthetic data)" in a_page().all("title")[0].text
    assert "ynthetic" not in a_bare_page().all("main")[0].text
    assert "ynthetic" not in a_bare_page().all("title")[0].text


def table_rows(page: Page, caption: str) -> list[list[str]]:
    """Cells of the body rows of every table whose caption starts so."""
    return [
        [cell.text.strip() for cell in row.children]
        for table in page.all("table")
        if table.children[0].text.startswith(caption)
        for row in table.all("tbody")[0].children
    ]


def test_every_placement_is_due_once_firm_or_provisional() -> None:
    plan, problem = a_case()
    firm = table_rows(a_page(), "Firm")
    later = table_rows(a_page(), "Provisional")
    assert len(firm) == sum(p.decide_by <= plan.as_of for p in plan.placements) > 0
    assert len(firm) + len(later) == len(plan.placements)
    crns = sorted(problem.referrals_by_id[p.referral_id].crn for p in plan.placements)
    assert sorted(row[0] for row in firm + later) == crns


def test_everyone_without_a_bed_is_listed_with_a_reason() -> None:
    plan, _ = a_case()
    found = table_rows(a_page(), "People without a bed")
    assert sorted(row[1] for row in found) == sorted(plan.unplaced)
    assert len(found) > 3
    assert all("bed rule" in row[-1] for row in found)


def test_bands_add_up_to_everyone() -> None:
    plan, problem = a_case()
    *bands, total = table_rows(a_page(), "People by priority band")
    assert len(bands) == 4
    columns = [[int(cell.replace(",", "")) for cell in row[1:]] for row in [*bands, total]]
    assert [sum(column) for column in zip(*columns[:-1], strict=True)] == columns[-1]
    assert columns[-1][:2] == [len(problem.referrals), len(plan.placements)]


def test_every_level_is_shown_with_what_a_better_plan_could_gain() -> None:
    rows = table_rows(a_page(), "Levels")
    assert [row[5] for row in rows] == ["yes", "no", "no", "no"]
    assert rows[1][6] == "Not proven: a better plan could gain at most 3 people (9.1%)."
    assert rows[3][3:5] == ["none known", "–"]
    assert rows[1][4] == "by the solver only"


def test_no_protected_characteristic_is_on_the_page() -> None:
    values = {v for r in a_case()[1].referrals for name, v in r.protected if name == "ethnicity"}
    values -= {"Other"}
    assert values
    assert not [value for value in values if value in a_source()]


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text)[:24] for text in HOSTILE])
def test_hostile_text_is_shown_as_text(text: str) -> None:
    plan, problem, policy, reasons = hostile(text)
    page = Page(page_html(plan, problem, policy, reasons))
    plain = Page(page_html(*hostile("x")[:3], hostile("x")[3]))
    assert [e.tag for e in page.all()] == [e.tag for e in plain.all()]
    shown = text.replace("\0", "\ufffd").replace("\x1b", "\ufffd")
    for section in ("unplaced", "decisions", "bands", "occupancy", "notes", "made-with"):
        assert shown in page.headed(section), section


def test_a_reason_given_by_the_caller_is_the_reason_shown() -> None:
    plan, problem = a_case()
    reasons = {plan.unplaced[0]: "Every lawful bed is held by people of band 1."}
    page = Page(page_html(plan, problem, default_policy(), reasons))
    row = next(r for r in table_rows(page, "People without") if r[1] == plan.unplaced[0])
    assert row[-1] == "Every lawful bed is held by people of band 1."


def test_a_plan_that_places_everyone_says_so() -> None:
    problem = a_problem(**an_estate(), referrals=[a_referral("r")])
    plan = a_plan(problem, placements=[("r", "P1-R1-B1", 1)])
    page = Page(page_html(plan, problem, default_policy()))
    assert "Everyone who asked has a bed" in page.headed("unplaced")
