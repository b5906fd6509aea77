"""Files at the pages: how much came in is said as it is, and a row to mend shows whose it is."""

import re

import pytest

from tests.api.service import a_service
from tests.fixtures.folders import FIXTURES
from tests.pages.browsing import Browser, text_of

LIST = (FIXTURES / "tiny" / "release-list.csv").read_text()


@pytest.fixture
def browser(tmp_path):
    return Browser(a_service(tmp_path), "coordinator")


def upload(browser, text, **said):
    return browser.post("/files", said, files={"referrals": ("list.csv", text.encode())})


def rows(*numbers):
    """The list with these rows alone."""
    lines = LIST.splitlines()
    return "\n".join([lines[0], *(lines[n] for n in numbers)]) + "\n"


def test_a_file_all_of_whose_rows_are_left_out_is_not_said_to_be_in(browser):
    for numbers, words in (((1,), "1 row was left out"), ((1, 2), "2 rows were left out")):
        wrong = rows(*numbers).replace("2026-11-09", "soon").replace("Male", "nobody")
        read = text_of(upload(browser, wrong, skip_bad_rows="1"))
        assert "Nothing was taken in" in read and words in read
        assert "The files are in" not in read and "register held all of it" not in read


def test_a_row_with_two_faults_is_one_row(browser):
    wrong = rows(1, 2).replace("2026-11-09", "soon").replace(",Male,", ",nobody,", 1)
    read = text_of(upload(browser, wrong, skip_bad_rows="1"))
    assert "2 rows were left out" in read


def test_rows_left_out_beside_some_that_came_in_are_counted(browser):
    text = rows(1, 2).replace("R1,X000001", "R91,X000091").replace("R2,X000002", "R92,X000092")
    read = text_of(upload(browser, text.replace("2026-11-09", "soon", 1), skip_bad_rows="1"))
    assert "The files are in, but for 1 row" in read and "1 referral" in read
    assert "referrals" not in read


def test_records_are_counted_in_the_singular_and_the_plural(browser):
    text = LIST.replace("R1,X000001", "R91,X000091").replace("R2,X000002", "R92,X000092")
    assert "2 referrals" in text_of(upload(browser, text))


def test_a_row_to_mend_shows_who_it_is_and_its_other_cells(browser):
    page = upload(browser, LIST.replace("2026-11-09", "9 of November", 1))
    form = page.text.split('id="faults"')[1].split("</form>")[0]
    read = re.sub(r"<[^>]*>", "", form)
    assert "X000001" in read and "referral_id: R1" in read and "tier: A3" in read
    assert "release_date: 9 of November" not in read, "that one is in the field"
    assert "X000002" not in read, "nothing is wrong with the others"


def test_a_day_that_is_none_is_said_at_its_field_with_what_was_written(browser):
    page = upload(browser, LIST, **{"as_of-day": "31", "as_of-month": "2", "as_of-year": "2026"})
    assert page.status_code == 422 and 'href="#as_of-day"' in page.text
    assert "must be a real date" in text_of(page) and 'value="31"' in page.text
