"""Looks: what is asked of every page in a real browser, at the width of a phone or a desktop."""

from axe_playwright_python.sync_playwright import Axe

KNOWN = ("aria-allowed-attr", True)
"""The design system says of a radio that it opens something; no standard has a word for that."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WITHOUT_A_LABEL = """() => [...document.querySelectorAll(
    'main .govuk-table:not(.apb-table--wide) tbody td')]
  .filter(cell => cell.checkVisibility() && !('label' in cell.dataset))
  .map(cell => cell.outerHTML.slice(0, 200))"""
SEEN_LABELS = """() => [...document.querySelectorAll(
    'main .govuk-table:not(.apb-table--wide) tbody td[data-label]')]
  .filter(cell => cell.checkVisibility() && cell.dataset.label)
  .map(cell => getComputedStyle(cell, '::before').content)"""
UNSEEN_LINKS = """() => [...document.querySelectorAll('main th a')]
  .filter(link => link.checkVisibility())
  .filter(link => {
    for (let each = link; each.tagName !== 'TABLE'; each = each.parentElement)
      if (getComputedStyle(each).clipPath !== 'none') return true;
    return link.getBoundingClientRect().width < 5;
  })
  .map(link => link.outerHTML.slice(0, 200))"""


def assert_fit_to_be_seen(page, width):
    """Nothing that axe-core finds; no wider than the screen; one heading; on a phone each cell
    says what it is, and what one sorts by is there to be seen.
    """
    found = Axe().run(page, options=RULES)
    told = [
        (fault["id"], node["html"])
        for fault in found.response["violations"]
        for node in fault["nodes"]
        if (fault["id"], "govuk-radios__input" in node["html"]) != KNOWN
    ]
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.evaluate(WITHOUT_A_LABEL) == []
    assert page.evaluate(UNSEEN_LINKS) == []
    labels = page.evaluate(SEEN_LABELS)
    assert all((each not in ("none", '""')) == (width < 640) for each in labels)
