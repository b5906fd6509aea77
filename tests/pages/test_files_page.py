"""Files at the pages: how much came in is said as it is, and a row to mend shows whose it is."""

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from api.pages import files
from api.pages.import_notes import WORDS
from api.pages.taken_out import TakenOut, as_it_came, taken_before
from api.service.left_out import LEFT_OUT, MARK
from api.service.refusals import ConflictError
from api.store.tables import ACCESS_LOG, EVENT_PAYLOADS, EVENTS
from tests.api.registers import row
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


# ---- mending ---------------------------------------------------------------------------------


def mending(page):
    """What the form to mend with would send as it stands, by the names of its fields."""
    form = page.text.split('id="faults"')[1].split("</form>")[0]
    fields = re.findall(r'<input [^>]*name="([^"]+)"[^>]*?value="([^"]*)"', form)
    return {
        name: unescape(value)
        for name, value in fields
        if not name.startswith(("form_", "leave-", "then"))
    }


def twice():
    """A list in which two rows are of one request, and say different things of it."""
    lines = LIST.splitlines()
    assert lines[3].startswith("R3,")
    return "\n".join([*lines, lines[3].replace(",84,", ",56,")]) + "\n"


@pytest.mark.parametrize(("out", "nights"), [(4, 56), (7, 84)])
def test_of_two_rows_that_contradict_each_other_either_is_kept(tmp_path, out, nights):
    service = a_service(tmp_path)
    browser = Browser(service, "coordinator")
    page = upload(browser, twice())
    assert page.status_code == 422
    form = page.text.split('id="faults"')[1].split("</form>")[0]
    assert 'name="leave-4"' in form and 'name="leave-7"' in form
    read = unescape(re.sub(r"<[^>]*>", " ", form))
    assert "Is also in row 7" in read and "row 4" in read
    done = browser.post("/files", {**mending(page), f"leave-{out}": "1"})
    assert done.status_code == 200, text_of(done)
    assert row(service.register, "referral", "R3")["details"]["nights"] == nights


def test_rows_that_were_taken_out_are_named_at_the_end_and_counted_in_the_timeline(tmp_path):
    service = a_service(tmp_path)
    browser = Browser(service, "coordinator", "auditor")
    wrong = LIST.replace("R1,X000001", "R91,X000091").replace("R2,X000002", "R92,X000092")
    lines = wrong.splitlines()
    for n in (1, 3, 4):
        lines[n] = re.sub(r"2026-11-\d\d", "soon", lines[n], count=1)
    page = upload(browser, "\n".join(lines) + "\n")
    # One at a time: the second has another number in the file by then.
    again = browser.post("/files", {**mending(page), "leave-2": "1"})
    assert again.status_code == 422 and 'name="leave-3"' in again.text
    fields = mending(again)
    assert fields["taken_out"] == "2 X000091"
    cell = next(name for name in fields if name.startswith("cell-4-"))
    last = browser.post("/files", {**fields, cell: "2026-11-16", "leave-3": "1"})
    read = text_of(last)
    assert "The files are in, but for 2 rows" in read
    assert "Left out by you, while you mended the file: row 2, X000091 ; row 4, X000003 ." in read
    with service.register.reading() as connection:
        told = connection.execute(
            select(EVENTS.c.action, EVENT_PAYLOADS.c.payload)
            .join(EVENT_PAYLOADS, EVENTS.c.seq == EVENT_PAYLOADS.c.seq)
            .where(EVENTS.c.subject == MARK)
        ).all()
    assert [action for action, _ in told] == [LEFT_OUT]
    assert told[0].payload["by_hand"] == 2 and told[0].payload["with_faults"] == 0
    assert "X0000" not in str(told[0].payload)
    assert "Rows of files that came in were left out" in text_of(browser.get("/audit/timeline"))


def test_of_what_a_page_says_was_taken_out_only_rows_are_read():
    said = [("taken_out", "x"), ("taken_out", "3 X1"), ("taken_out", "3 X1"), ("other", "4 X2")]
    assert taken_before(said) == (TakenOut(3, "X1"),)
    before = (TakenOut(2, ""), TakenOut(3, ""), TakenOut(6, ""))
    assert [as_it_came(n, before) for n in (1, 2, 3, 4)] == [1, 4, 5, 7]


def test_an_import_of_which_nothing_was_left_out_says_nothing_of_it(tmp_path):
    service = a_service(tmp_path)
    read = text_of(upload(Browser(service, "coordinator"), LIST))
    assert "Left out by you" not in read
    with service.register.reading() as connection:
        assert not connection.execute(select(EVENTS).where(EVENTS.c.subject == MARK)).all()


def test_the_mended_file_is_taken_away_before_and_after_it_came_in(browser):
    page = upload(browser, LIST.replace("2026-11-09", "9 of November", 1))
    cell = next(name for name in mending(page) if name.startswith("cell-"))
    mended = {**mending(page), cell: "2026-11-09"}
    taken = browser.post("/files", {**mended, "then": "take_away"})
    assert 'filename="list-mended.csv"' in taken.headers["content-disposition"]
    assert taken.content.decode("utf-8-sig") == LIST
    with browser.client.app.state.register.reading() as connection:
        looks = connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.seq.desc()))
        last = looks.mappings().first()
    assert (last["verb"], last["what"]) == ("disclosure", "page_import_files")
    done = browser.post("/files", mended)
    assert "The mended file" in text_of(done)
    packed = re.search(r'name="packed" value="([^"]+)"', done.text)[1]
    again = browser.post("/files", {"packed": packed, "name": "list.csv", "then": "take_away"})
    assert again.content == taken.content
    assert "The mended file" not in text_of(upload(browser, LIST)), "that one was not mended"


def test_a_cell_with_a_character_that_nobody_sees_is_told_as_such(browser):
    for wrong, seen in (("X00\u200b0001", "X000001"), ("Ma\u200ble", "Male")):
        read = text_of(upload(browser, LIST.replace(seen, wrong, 1)))
        assert "Holds a character that cannot be seen (U+200B, zero width space)" in read
        assert "is not a case reference number" not in read


def test_what_was_found_in_files_stands_open_and_in_words(browser):
    page = upload(browser, LIST.replace("R3,X000003", "R93,ODD-1"))
    read = text_of(page)
    assert "A case reference number that is not a letter and six digits" in read
    assert "Kept as it is written" in read
    assert "<details" not in page.text and "crn_unusual" not in page.text


def test_how_many_people_lack_a_risk_is_said_and_which(browser):
    text = LIST.replace("CAT 1/LEVEL 1", "").replace("CAT 2/LEVEL 2", "")
    page = upload(browser, text)
    line = page.text.split("MAPPA level nobody wrote down")[1].split("</tr>")[0]
    read = " ".join(re.sub(r"<[^>]*>", " ", line).split())
    assert read == "Read as the highest 2 Referrals R1 , R2"


def test_every_note_of_the_document_has_words():
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    table = page.partition("A **note** is")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.+?) \|", table, flags=re.M)
    codes = {code for cell in cells for code in re.findall(r"`(\w+)`", cell)}
    of_forecasts = {"asked_late", "report_by_arrival"}
    assert codes - of_forecasts == set(WORDS)


def test_a_crn_that_was_mended_to_another_persons_is_mended_at_its_row(browser):
    page = upload(browser, LIST.replace("X000005", "X00000?"))
    (cell,) = (name for name in mending(page) if name.startswith("cell-"))
    refused = browser.post("/files", {**mending(page), cell: "X999999"})
    assert refused.status_code == 422
    assert "Is not the person of referral R5 in the register" in text_of(refused)
    fields = mending(refused)
    assert fields[cell] == "X999999", "what was written stands there to be written anew"
    done = browser.post("/files", {**fields, cell: "X000005"})
    assert done.status_code == 200 and "The register held all of it already" in text_of(done)


def test_a_mended_file_that_the_register_refuses_is_not_lost(browser, monkeypatch):
    def refuse(*_args, **_more):
        raise ConflictError("somebody changed it meanwhile")

    page = upload(browser, LIST.replace("2026-11-09", "9 of November", 1))
    cell = next(name for name in mending(page) if name.startswith("cell-"))
    monkeypatch.setattr(files, "brought_in", refuse)
    refused = browser.post("/files", {**mending(page), cell: "2026-11-09"})
    assert refused.status_code == 409 and "Nothing of it was brought in" in text_of(refused)
    packed = re.search(r'name="packed" value="([^"]+)"', refused.text)[1]
    taken = browser.post("/files", {"packed": packed, "name": "list.csv", "then": "take_away"})
    assert taken.content.decode("utf-8-sig") == LIST


def workbook(path, text):
    """The list as a workbook whose sheet has a blank row below its header."""
    book = Workbook(path)
    sheet = book.add_worksheet("Releases")
    header, *lines = [line.split(",") for line in text.splitlines()]
    for number, cells in enumerate([header, [], *lines]):
        sheet.write_row(number, 0, cells)
    book.close()
    return path.read_bytes()


def test_an_excel_list_is_mended_in_the_page_at_its_own_rows(tmp_path):
    service = a_service(tmp_path)
    browser = Browser(service, "coordinator")
    wrong = LIST.replace("2026-11-09", "soon", 1).replace("R1,X000001", "R91,X000091")
    content = workbook(tmp_path / "list.xlsx", wrong)
    page = browser.post("/files", {}, files={"referrals": ("list.xlsx", content)})
    assert page.status_code == 422 and "Rows to mend in list<" in page.text
    assert '<span class="apb-on-a-phone">Row </span>3</th>' in page.text, "told where no heading is"
    fields = mending(page)
    cells = [name for name in fields if name.startswith("cell-")]
    assert len(cells) == 1 and cells[0].startswith("cell-3-") and fields["name"] == "list.csv"
    done = browser.post("/files", {**fields, cells[0]: "2026-11-09"})
    assert done.status_code == 200, text_of(done)
    assert str(row(service.register, "referral", "R91")["details"]["release_date"]) == "2026-11-09"


def test_what_files_changed_of_a_referral_stands_on_the_page_field_by_field(browser):
    upload(browser, LIST.replace("R3,X000003", "R93,X000093"))
    changed = LIST.replace("R3,X000003", "R93,X000093").replace(",84,", ",56,")
    page = upload(browser, changed)
    read = text_of(page)
    assert "Length of stay: 84 nights before, 56 nights now" in read
    assert 'href="/bids/R93"' in page.text


def test_a_crn_of_an_unusual_form_is_told_with_its_place(browser):
    read = text_of(upload(browser, LIST.replace("R3,X000003", "R93,X00003")))
    assert "list, row 4, column crn" in read or "list.csv, row 4, column crn" in read


def test_two_rows_that_contradict_each_other_are_one_fault_in_the_count_and_in_the_page(browser):
    page = upload(browser, twice())
    form = page.text.split('id="faults"')[1].split("</form>")[0]
    assert "1 fault;" in text_of(page) and form.count("govuk-error-message") == 1
