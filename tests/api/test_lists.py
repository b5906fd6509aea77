"""Pages of a list: nobody left out and nobody twice, whatever comes and goes in between."""

from datetime import date

import pytest

from api.routes.lists import order_of, page
from api.service.refusals import InvalidError

ROWS = [
    {"id": f"R{number:02}", "band": 1 + number % 3, "day": date(2026, 11, 1 + number % 5)}
    for number in range(25)
]


def walked(order, limit, change=lambda rows: rows):
    """Ids over all pages; `change` is what happens to the list between two of them."""
    rows, after, ids = list(ROWS), None, []
    while True:
        found = page(rows, order, limit, after, lambda row: row["id"])
        ids += found.records
        if found.after is None:
            return ids
        after, rows = found.after, change(rows)


@pytest.mark.parametrize("order", [(), ("band", "day"), ("-band", "day"), ("-day",), ("-id",)])
@pytest.mark.parametrize("limit", [1, 7, 25])
def test_all_pages_together_are_the_list_in_its_order(order, limit):
    signs = {name.removeprefix("-"): -1 if name.startswith("-") else 1 for name in order}

    def key(row):
        values = {"band": row["band"], "day": row["day"].toordinal(), "id": int(row["id"][1:])}
        return [signs[name] * values[name] for name in signs] + [values["id"]]

    assert walked(order, limit) == [row["id"] for row in sorted(ROWS, key=key)]


def test_who_was_seen_may_leave_the_list_and_nobody_else_is_missed():
    ids = walked(("band",), 5, change=lambda rows: rows[5:])
    later = [row["id"] for row in sorted(ROWS, key=lambda row: (row["band"], row["id"]))]
    gone = {row["id"] for row in ROWS[:20]}
    assert ids == sorted(set(ids), key=ids.index), "nobody twice"
    assert not set(later) - gone - set(ids), "nobody who stayed is missed"


def test_a_cursor_of_another_list_is_refused():
    other = page(ROWS, ("band", "day"), 5, None, lambda row: row).after
    for cursor in (other, "nonsense", "W10", "////"):
        with pytest.raises(InvalidError):
            page(ROWS, (), 5, cursor, lambda row: row)


def test_an_order_that_is_not_known_is_refused_by_name():
    with pytest.raises(InvalidError, match="band, day"):
        order_of("-crn", ("band", "day"))
