"""One change at several sizes: a study's pictures, the tables that say the same, and the file."""

import csv
import io
import re
import time

import pytest
from sqlalchemy import select

from allocator.scenario.read import look_at
from allocator.scenario.yaml_text import read_yaml
from api.pages.study_series import drawn, series_of
from api.store.tables import ACCESS_LOG
from api.wire.study_figures import FigureTold, IntervalTold, OutcomeTold, StudyFigures
from tests.api.live import live
from tests.api.service import a_service
from tests.api.studies.asking import studying
from tests.pages.browsing import Browser, text_of
from tests.pages.chromium import signed_in
from tests.pages.test_holds_and_studies_pages import WRITE, yaml_of

FIGURE = FigureTold(name="unmet", words="Unmet people", unit="people", share=False)


def file_of(scenarios):
    text = f"version: 1\nscenarios:\n{scenarios}"
    looked = look_at(read_yaml(text).data, None)
    assert looked.file, looked.faults
    return looked.file


def scenario(name, *changes):
    return f"- name: {name}\n  changes:\n" + "".join(f"  - {{{each}}}\n" for each in changes)


def test_scenarios_that_differ_in_their_size_alone_are_a_series_with_the_base():
    file = file_of(
        scenario("ten", "kind: open_beds, premises: A, beds: 10")
        + scenario("five", "kind: open_beds, premises: A, beds: 5")
        + scenario("elsewhere", "kind: open_beds, premises: B, beds: 5")
        + scenario("later", "kind: open_beds, premises: A, beds: 7, since: 2027-03-01")
        + scenario("two changes", *["kind: open_beds, premises: A, beds: 8"] * 2)
        + scenario("fewer", "kind: demand_factor, factor: 0.9")
        + scenario("more", "kind: demand_factor, factor: 1.1")
    )
    beds, demand = series_of(file, {"A": "Alder House"})
    assert beds.words == "Beds more at Alder House (A)" and beds.unit == "beds"
    assert beds.sizes == ((0, "base"), (5, "five"), (10, "ten"))
    assert demand.sizes == ((90, "fewer"), (100, "base"), (110, "more"))


@pytest.mark.parametrize(
    ("change", "sizes"),
    [
        ("kind: out_of_service_rate, factor: {}", (0.5, 1.5)),
        ("kind: stay_length, nights: {}, instead_of: 84", (56, 112)),
        ("kind: early_release, days: 7, share: {}, first: 2027-03-01, until: 2027-04-01", (0.1, 1)),
    ],
)
def test_each_change_with_a_size_has_the_base_at_its_place(change, sizes):
    text = "".join(scenario(f"s{n}", change.format(size)) for n, size in enumerate(sizes))
    (found,) = series_of(file_of(text), {})
    assert len(found.sizes) == 3 and "base" in {name for _, name in found.sizes}


def test_stays_of_everybody_have_no_base_among_their_sizes():
    text = scenario("a", "kind: stay_length, nights: 56") + scenario(
        "b", "kind: stay_length, nights: 84"
    )
    (found,) = series_of(file_of(text), {})
    assert [name for _, name in found.sizes] == ["a", "b"]


def test_pictures_of_a_figure_have_one_scale_and_more_stands_higher():
    text = scenario("ten", "kind: open_beds, premises: A, beds: 10")
    text += scenario("five", "kind: open_beds, premises: A, beds: 5")
    (series,) = series_of(file_of(text), {})

    def outcome(name, method, mean):
        figures = {"unmet": IntervalTold(mean=mean, low=mean - 1, high=mean + 1)}
        return OutcomeTold(scenario=name, method=method, figures=figures, differences=None)

    means = {("base", "m"): 9, ("five", "m"): 6, ("ten", "m"): 3, ("base", "n"): 6}
    figures = StudyFigures(
        kind="scenario",
        synthetic_estate=True,
        replications=2,
        days=28,
        warm_up_days=7,
        less="base",
        ledger=[],
        gate=[],
        answers={},
        figures=[FIGURE],
        outcomes=[outcome(*key, mean) for key, mean in means.items()],
    )
    (sized,) = drawn(series, figures)
    (first, dots), (second, others) = sized.pictures
    assert (first, second) == ("m", "n")
    assert [dot.label for dot in dots] == ["0", "5", "10"]
    assert dots[0].y < dots[1].y < dots[2].y and dots[0].high < dots[0].y < dots[0].low
    assert [dot.y for dot in others] == [dots[1].y], "one scale; no dot where nothing was run"


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A service with a study of one change at three sizes, where its page is, and the page."""
    folder = tmp_path_factory.mktemp("swept")
    service = a_service(folder)
    browser = Browser(service, "planner")
    said = {**WRITE, "kind": "open_beds", "open_premises": "S/NE003", "open_beds": "0, 2, 40"}
    said["best_sites"] = "1"
    text = yaml_of(browser.post("/capacity/studies/new", {**said, "days": "28"}))
    text = text.replace("warm_up_days: 91", "warm_up_days: 7").replace("- commit-by\n", "")
    text = text.replace("2027-02-01", "2026-11-09")
    started = browser.post("/capacity/studies/new", {"do": "start", "yaml": text})
    path = started.headers["location"]
    with studying(service.register, folder):
        for _ in range(900):
            page = browser.get(path)
            if "data-again" not in page.text:
                break
            time.sleep(0.2)
    return service, path, page


def test_a_study_of_several_sizes_is_drawn_told_and_taken_away(swept):
    service, path, page = swept
    browser = Browser(service, "planner")
    assert "One change at several sizes" in text_of(page)
    table = re.search(r"<caption[^>]*>Unmet people in 28 days, by beds.*?</table>", page.text, re.S)
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)<', table[0]) == ["0", "2", "40"]
    told = re.findall(r'numeric"[^>]*>([\d.]+)', table[0])
    assert "Beds more at Elmsholt House (NE003)" in text_of(page)
    (site,) = re.findall(r'id="best_sites".*?<tbody.*?<bdi>([^<]*)<', page.text, re.S)
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+ \([A-Z]{2}\d{3}\)", site), "by name and code"
    answer = browser.get(f"{path}/sizes.csv")
    assert "attachment" in answer.headers["content-disposition"]
    taken = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    unmet = [each for each in taken if each["figure"] == "unmet"]
    assert [each["size"] for each in unmet] == ["0", "2", "40"]
    assert [f"{float(each['mean']):.1f}" for each in unmet] == told
    assert unmet[0]["scenario"] == "base" and unmet[0]["difference"] == ""
    assert float(unmet[2]["difference"]) == float(unmet[2]["mean"]) - float(unmet[0]["mean"])
    assert {each["synthetic"] for each in taken} == {"estate and people"}
    assert browser.get(f"{path}/files/results.csv").status_code == 200
    with service.register.reading() as connection:
        files = ("page_study_sizes_file", "page_study_file")
        wanted = select(ACCESS_LOG.c.what, ACCESS_LOG.c.verb).order_by(ACCESS_LOG.c.seq)
        entries = connection.execute(wanted.where(ACCESS_LOG.c.what.in_(files))).all()
    assert entries == [(each, "disclosure") for each in files], "of a made-up estate as well"


@pytest.mark.parametrize("width", [375, 1280])
def test_a_picture_of_sizes_is_whole_on_a_phone_and_its_axes_say_what_they_count(
    swept, started, width
):
    service, path, _ = swept
    with (
        live(service.app) as url,
        signed_in(started, url, service.register, "planner", width=width) as page,
    ):
        page.goto(path)
        pictures = page.locator("svg.apb-beds")
        for each in pictures.all():
            words = each.locator("text").all_text_contents()
            assert "People" in words and "Beds" in words
        boxes = [each.bounding_box() for each in pictures.all()]
        assert boxes and all(box["x"] + box["width"] <= width for box in boxes)
        assert page.evaluate("document.documentElement.scrollWidth") == width
