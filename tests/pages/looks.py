"""Looks: what is asked of every page in a real browser, and how one goes about it by keyboard."""

from axe_playwright_python.sync_playwright import Axe

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
    told = [(f["id"], node["html"]) for f in found.response["violations"] for node in f["nodes"]]
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.evaluate(WITHOUT_A_LABEL) == []
    assert page.evaluate(UNSEEN_LINKS) == []
    labels = page.evaluate(SEEN_LABELS)
    assert all((each not in ("none", '""')) == (width < 640) for each in labels)


def tab_to(page, selector, most=150):
    """Press Tab until this has the focus, as somebody without a mouse would."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def look_again(page, most=240):
    """Until what is under way is done: without scripts a page does nothing by itself."""
    for _ in range(most):
        again = page.locator("main a:has-text('Look again')")
        if not again.count():
            return
        again.click()
        page.wait_for_timeout(500)
    raise AssertionError("what is under way does not end")
