"""A walk leaves a page out only where a browser would find the same: the skeleton sees every difference that matters."""

import pytest

from tests.e2e.skeleton import pieces, read

PAGE = """<!doctype html><html lang="en"><head><title>The desk</title></head><body data-density="dense">
<header><nav aria-label="Main"><a href="/desk/">Desk</a></nav></header>
<main id="main"><h1>M1K-3-EKM-00007</h1><form><label for="id_note">Note</label><input id="id_note" name="note" value="a">
<button class="btn btn-primary">Keep</button></form>
<table><thead><tr><th scope="col">File</th><th scope="col">Days</th></tr></thead>
<tbody><tr><td class="m-ref">M1K-3-EKM-00007</td><td>12</td></tr></tbody></table>
<p role="status">Seen by the officer.</p><img src="/a.png" alt="Page 1"></main></body></html>"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</form>", '<button class="btn">Reject</button></form>'),
        ('<label for="id_note">Note</label>', ""),
        ('<label for="id_note">', '<label for="id_text">'),
        (">Note<", "><"),
        ('aria-label="Main"', 'aria-label=""'),
        ('alt="Page 1"', ""),
        ('<th scope="col">Days</th>', '<th scope="col">Days</th><th scope="col">Sum</th>'),
        ("<td>12</td>", "<td>12</td><td>13</td>"),
        ("<td>12</td>", "<td>Unbreakable_as_no_word_of_a_file_is</td>"),
        ("btn btn-primary", "btn"),
        ('role="status"', 'role="alert"'),
        ("<h1>M1K-3-EKM-00007</h1>", "<h3>M1K-3-EKM-00007</h3>"),
        ('lang="en"', ""),
        ("<title>The desk</title>", "<title></title>"),
        ("</head>", '<meta http-equiv="refresh" content="3"></head>'),
        ("</head>", '<script src="/static/js/other.js"></script></head>'),
        ('data-density="dense"', 'data-density="roomy"'),
        ("<input id", "<input disabled id"),
    ],
)
def test_a_difference_that_matters_is_seen(before: str, after: str):
    assert before in PAGE
    assert set(pieces(read(PAGE.replace(before, after)))) - set(pieces(read(PAGE)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("M1K-3-EKM-00007", "M1K-3-TSR-00019"),
        ("<td>12</td>", "<td>7</td>"),
        ("</tr></tbody>", '</tr><tr><td class="m-ref">M1K-3-TSR-00019</td><td>3</td></tr></tbody>'),
        ('value="a"', 'value="b"'),
        ('href="/desk/"', 'href="/watch/"'),
        ("Seen by the officer.", "Read by the manager."),
    ],
)
def test_what_differs_from_file_to_file_is_left_out(before: str, after: str):
    assert before in PAGE
    assert set(pieces(read(PAGE.replace(before, after)))) == set(pieces(read(PAGE)))
