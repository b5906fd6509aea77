"""Labels: each cell of a table with the words of its column's heading.

On a phone a table's rows stand below one another, and the style sheet puts the label before each
cell: no figure is seen there without what it is a figure of. A cell that has its own `data-label`
keeps it; one whose own is empty says for itself what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(r"<(/?)(table|thead|tr|th|td)\b([^>]*)>")
_UNSEEN = re.compile(r"<(\w+)[^>]* aria-hidden=\"true\"[^>]*>.*?</\1>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_SPAN = re.compile(r'colspan="(\d+)"')


def labelled(page: str) -> str:
    """The page with every cell of its tables labelled."""
    return "".join(_parts(page))


def _parts(page: str) -> Iterator[str]:
    done, column, in_head = 0, 0, False
    headings: list[str] = []
    for tag in _TAG.finditer(page):
        closes, name, attributes = tag.groups()
        if name == "table":
            headings = []
        elif name == "thead":
            in_head = not closes
        elif name == "tr":
            column = 0
        elif not closes:
            span = _span_of(attributes)
            if in_head:
                headings += [_words(page, tag.end())] * span
            elif name == "td" and column < len(headings) and "data-label=" not in attributes:
                yield page[done : tag.end() - 1] + f' data-label="{headings[column]}"'
                done = tag.end() - 1
            column += span
    yield page[done:]


def _span_of(attributes: str) -> int:
    found = _SPAN.search(attributes)
    return int(found[1]) if found else 1


def _words(page: str, start: int) -> str:
    """What is read in the heading that begins here, fit for an attribute."""
    inside = page[start : page.index("</th>", start)]
    text = _ANY_TAG.sub("", _UNSEEN.sub("", inside))
    return " ".join(text.split()).replace('"', "&quot;")
