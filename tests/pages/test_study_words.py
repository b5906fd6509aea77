"""Study words: figures have their sentences, ways of placing their names, and doubts are said."""

import pytest

from allocator.scenario.figures import figures
from allocator.simulate.methods import METHODS as WAYS
from api.pages.study_words import METHODS, doubts, made_up, measure, period
from api.wire.study_figures import AnswersTold, StudyFigures


def of(replications, days):
    return StudyFigures(
        kind="scenario",
        synthetic_estate=True,
        replications=replications,
        days=days,
        warm_up_days=91,
        less="base",
        figures=[],
        outcomes=[],
        ledger=[],
        gate=[],
        answers=AnswersTold(),
    )


def test_every_figure_that_is_told_has_its_sentence():
    assert [each.name for each in figures((1, 2)) if not measure(each.name)] == []


def test_every_way_of_placing_has_its_name():
    assert METHODS.keys() == WAYS.keys()


@pytest.mark.parametrize(
    ("replications", "days", "words"),
    [
        (1, 364, ["One year alone", "ask for more"]),
        (9, 364, ["Only 9 years", "ask for more"]),
        (10, 364, []),
        (20, 28, ["28 days only", "ask for more"]),
        (2, 28, ["Only 2 years", "28 days only", "ask for more"]),
    ],
)
def test_few_or_short_years_are_doubted(replications, days, words):
    found = doubts(of(replications, days))
    assert len(found) == len(words)
    assert all(word in told for word, told in zip(words, found, strict=True))


def test_what_is_shorter_than_a_year_is_called_by_its_days():
    assert [period(days) for days in (28, 364, 728)] == ["28 days", "a year", "728 days"]


def test_beds_of_the_register_are_made_up_only_where_its_data_are_marked_as_synthetic():
    assert made_up("synthetic", True) == "People who come are made up, and so is the estate"
    real = "People who come are made up; beds and bookings are those of the register as it stood"
    assert made_up("register", False) == real
    assert made_up("register", True) == f"{real}, whose data are marked as synthetic"
    assert "problem that was sent" in made_up("problem", False)
