"""Machine code is kept under a name that changes with any of its sources, where one may write."""

from __future__ import annotations

from pathlib import Path

from allocator.generate import generate
from allocator.policy import load_policy
from allocator.solving import solve
from allocator.solving.compiled import chance, exchange, seating
from allocator.solving.compiled.kept import first_writable, named_after


def test_the_name_changes_with_any_source(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("a = 1")
    other.write_text("b = 1")
    before = named_after([one, other])
    assert named_after([other, one]) == before
    other.write_text("b = 2")
    assert named_after([one, other]) != before


def test_it_is_kept_where_one_may_write(tmp_path: Path) -> None:
    a_file = tmp_path / "file"
    a_file.touch()
    assert first_writable([a_file / "below", tmp_path / "new" / "folder"]) == (
        tmp_path / "new" / "folder"
    )
    assert first_writable([a_file / "below"]) is None


def test_nothing_is_compiled_anew_once_it_is_ready() -> None:
    """The functions called from outside have one kind of arrays each, that which is made ready."""
    whole = generate("S", 1)
    solve(whole.with_referrals(whole.referrals[:20]), load_policy(), effort="quick")
    for function in (seating.add_all, seating.best_open, exchange.some_moved, chance.ways_tried):
        assert len(function.signatures) == 1
