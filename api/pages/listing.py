"""Listing: a list's page, order and filters, all of which stand in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from api.pages.visit import Visit
from api.service.refusals import InvalidError

PAGE = 10
"""Records on a page, as the ministry's lists have, unless somebody asks for more."""
SIZES = (PAGE, 25, 50)
_FURTHEST = 100_000


@dataclass(frozen=True)
class Listing:
    """Which records are shown, and the addresses of the others."""

    path: str
    sort: str
    number: int
    asked: Mapping[str, str] = field(default_factory=dict)
    """Filters that are set, by name."""
    total: int = 0
    size: int = PAGE
    usual: str = ""
    """The order that holds unless somebody asks for another."""

    @classmethod
    def of(
        cls,
        visit: Visit,
        sorts: Collection[str],
        sort: str,
        filters: Collection[str],
        path: str = "",
    ) -> Listing:
        """What the address asks for. Raises InvalidError for an order that there is not.

        `path`: of the list, where a page that one comes to from it has the same in its address.
        """
        wanted = visit.asked("sort") or sort
        if wanted.removeprefix("-") not in sorts:
            raise InvalidError(f"A list can be sorted by {', '.join(sorted(sorts))}.")
        number = visit.asked("page")
        page = int(number) if number.isdecimal() and len(number) < 7 else 1
        asked = {name: told for name in filters if (told := visit.asked(name))}
        per = visit.asked("per")
        size = next((each for each in SIZES if str(each) == per), PAGE)
        here = path or visit.request.url.path
        return cls(here, wanted, max(1, min(page, _FURTHEST)), asked, size=size, usual=sort)

    def holding(self, total: int) -> Listing:
        """The same, once it is known how many there are; a page past the end is the last."""
        last = max(1, -(-total // self.size))
        return replace(self, number=min(self.number, last), total=total)

    @property
    def offset(self) -> int:
        """How many come before."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The first record's place, from 1."""
        return self.offset + 1

    @property
    def last(self) -> int:
        """The last record's place."""
        return min(self.offset + self.size, self.total)

    @property
    def last_page(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))

    def address(self, **changes: str) -> str:
        """The address of the same list with something else."""
        parts = self.parts(**changes)
        return f"{self.path}?{urlencode(parts)}" if parts else self.path

    def file(self, path: str) -> str:
        """The address of all of it as a file, by the same filters and in the same order."""
        parts = self.parts(page="", per="")
        return f"{path}?{urlencode(parts)}" if parts else path

    @property
    def query(self) -> str:
        """What stands after the path: a page that one comes to from here leads back by it."""
        return urlencode(self.parts())

    def parts(self, **changes: str) -> dict[str, str]:
        """The same, part by part; without what holds unless somebody says otherwise."""
        asked = {**self.asked, "sort": self.sort, "page": str(self.number), **changes}
        if self.size in SIZES:
            asked = {"per": str(self.size), **asked}
        usual = {("page", "1"), ("per", str(PAGE)), ("sort", self.usual)}
        return {name: told for name, told in asked.items() if told and (name, told) not in usual}

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """How many may stand on a page, and the address of that; none where it would not matter."""
        if self.total <= PAGE or self.size not in SIZES:
            return []
        return [(size, self.address(per=str(size), page="")) for size in SIZES]

    def sorted_by(self, name: str) -> str:
        """The list in another order, or in the same turned round; from its beginning."""
        return self.address(sort=f"-{name}" if self.sort == name else name, page="")

    def aria_sort(self, name: str) -> str:
        """What a screen reader says of a column."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.sort, "none")

    def arrow(self, name: str) -> str:
        """What an eye sees of it."""
        return {name: "▲", f"-{name}": "▼"}.get(self.sort, "")

    @property
    def component(self) -> dict[str, Any]:
        """The pages as the design system's component takes them."""
        shown = {1, self.last_page, *range(self.number - 1, self.number + 2)}
        items: list[dict[str, Any]] = []
        before = 0
        for number in sorted(n for n in shown if 1 <= n <= self.last_page):
            if number > before + 1:
                items.append({"ellipsis": True})
            items.append(
                {
                    "number": number,
                    "href": self.address(page=str(number)),
                    "current": number == self.number,
                }
            )
            before = number
        told: dict[str, Any] = {"items": items}
        if self.number > 1:
            told["previous"] = {"href": self.address(page=str(self.number - 1))}
        if self.number < self.last_page:
            told["next"] = {"href": self.address(page=str(self.number + 1))}
        return told
