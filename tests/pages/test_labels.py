"""Labels: which words each cell of a table is given on a phone."""

from api.pages.labels import labelled


def rows(head, *body):
    told = "".join(f"<tr>{row}</tr>" for row in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{told}</tbody></table>"


def test_a_cell_has_the_words_of_its_columns_heading():
    page = rows("<th>Band</th><th>Asked</th>", "<th>1</th><td class='n'>3</td>")
    assert "<td class='n' data-label=\"Asked\">3</td>" in labelled(page)


def test_a_link_to_sort_by_gives_its_words_and_not_its_arrow():
    head = '<th>a</th><th><a href="?sort=x">AP area<span aria-hidden="true"> ▲</span></a></th>'
    assert 'data-label="AP area"' in labelled(rows(head, "<th>1</th><td>North</td>"))


def test_cells_over_several_columns_are_counted_as_many():
    head = '<th>Bed</th><th colspan="2">Use</th><th>Why</th>'
    page = labelled(
        rows(head, '<th>1</th><td colspan="2">x</td><td>y</td>', "<th>2</th><td>z</td>")
    )
    assert '<td colspan="2" data-label="Use">x' in page
    assert '<td data-label="Why">y' in page and '<td data-label="Use">z' in page


def test_a_label_of_its_own_stays_and_so_does_none():
    page = rows("<th>Tick</th><th>Plan</th>", '<td data-label="">x</td><td data-label="By">y</td>')
    assert labelled(page) == page


def test_a_second_table_has_its_own_headings_and_one_without_any_has_no_labels():
    first, second = rows("<th>A</th>", "<td>1</td>"), rows("<th>B &amp; C</th>", "<td>2</td>")
    bare = "<table><tbody><tr><td>3</td></tr></tbody></table>"
    page = labelled(first + second + bare)
    assert page.count("data-label") == 2 and 'data-label="B &amp; C">2' in page


def test_a_quotation_mark_in_a_heading_does_not_end_the_label():
    assert 'data-label="Say &quot;no&quot;"' in labelled(rows('<th>Say "no"</th>', "<td>1</td>"))
