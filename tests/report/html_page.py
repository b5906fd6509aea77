"""A page read strictly: what is open is closed, and what is on it is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass
class Element:
    """One element: its name, what is said of it, and the text in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    own_text: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.own_text)

    def all(self, *tags: str) -> list[Element]:
        """Every element below with one of the names, in order; without names, every element."""
        found = [] if tags and self.tag not in tags else [self]
        return found + [e for child in self.children for e in child.all(*tags)]

    def is_inside(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.is_inside(tag))


class Page(HTMLParser):
    """Reads a page. Fails on a tag that is closed in the wrong place or never."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]
        self.feed(source)
        self.close()
        assert len(self.open) == 1, f"never closed: {[e.tag for e in self.open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, self.open[-1])
        assert len(element.attributes) == len(attrs), f"an attribute twice on {tag}"
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1].tag}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.own_text.append(data)

    def all(self, *tags: str) -> list[Element]:
        return self.root.all(*tags)

    def headed(self, heading_id: str) -> str:
        """All text from the heading with this id to the next of its level."""
        main = self.all("main")[0].children
        start = next(i for i, e in enumerate(main) if e.attributes.get("id") == heading_id)
        rest = [i for i, e in enumerate(main) if i > start and e.tag == main[start].tag]
        return "".join(e.text for e in main[start : rest[0] if rest else None])
