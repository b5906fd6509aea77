"""The form for a plan: what is wrong is said at its field, and what was chosen stays."""

import pytest

from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of


@pytest.fixture
def browser(tmp_path):
    return Browser(a_service(tmp_path), "coordinator")


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"minutes": "soon"}, "minutes", "Minutes must be a whole number"),
        ({"minutes": "1441"}, "minutes", "from 1 to 1,440"),
        ({"minutes": "-1"}, "minutes", "from 1 to 1,440"),
        ({"minutes": "0"}, "minutes", "from 1 to 1,440"),
        ({"minutes": "000"}, "minutes", "from 1 to 1,440"),
        ({"seed": "x"}, "seed", "must be a whole number"),
        ({"effort": "heroic"}, "effort-standard", "Choose an effort"),
        ({"keep_run": "no-such"}, "keep_run", "to change little from"),
        ({"hold_back": "1"}, "hold_back", "no forecast"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser, fields, at, words):
    answer = browser.post("/runs", {"effort": "quick", "displacement": "1", **fields})
    assert answer.status_code in (409, 422)
    assert f'href="#{at}"' in answer.text and f'id="{at}"' in answer.text
    assert words in text_of(answer)
    chosen = answer.text.split('id="displacement"')[1].split(">")[0]
    assert "checked" in chosen, "what was chosen is still there"


def test_two_faults_are_both_said(browser):
    answer = browser.post("/runs", {"minutes": "x", "seed": "y"})
    assert 'href="#minutes"' in answer.text and 'href="#seed"' in answer.text
