"""The PDF: what is joined keeps its links; the contents, the bookmarks and the formulas are those of the site."""

import re

import pikepdf
import pytest
import yaml
from book_ext.execution import ROOT
from bs4 import BeautifulSoup

from tools import pdf

PAGES = {"softmax", "adam"}


def joined(html, base=""):
    return pdf.joined(html, "softmax", PAGES, base)


@pytest.mark.parametrize(("tag", "moved"), [
    ('<a href="#top">', '<a href="#softmax.top">'),
    ('<a class="x" href="adam.html#top">', '<a class="x" href="#adam.top">'),
    ('<a href="adam.html">', '<a href="#adam">'),
    ('<a href="softmax.html">', '<a href="#softmax">'),
    ('<a href="https://example.org/adam.html">', '<a href="https://example.org/adam.html">'),
    ('<a href="ledger-adam.html#x">', "<a>"),
    ('<p id="top">', '<p id="softmax.top">'),
    ('<g clip-path="url(#box)">', '<g clip-path="url(#softmax.box)">'),
    ('<use xlink:href="#glyph"/>', '<use xlink:href="#softmax.glyph"/>'),
    ('<img src="_images/a.png">', '<img src="../html/_images/a.png">'),
    ('<img src="data:image/png;base64,x">', '<img src="data:image/png;base64,x">'),
    ('<code>&lt;p id="top"&gt;</code>', '<code>&lt;p id="top"&gt;</code>'),
])
def test_what_is_joined_leads_to_places_within(tag, moved):
    assert joined(tag) == moved


def test_a_page_that_is_left_out_is_found_on_the_site_if_its_address_is_known():
    tag = joined('<a href="ledger-adam.html#x">', "https://example.org/book/")
    assert tag == '<a href="https://example.org/book/ledger-adam.html#x">'


def test_a_formula_is_named_by_its_latex():
    html = ('<span class="katex"><span class="katex-mathml"><math><mi>x</mi><annotation encoding="application/x-tex">'
            'x &lt; "1"</annotation></math></span><span class="katex-html" aria-hidden="true">X</span></span>')
    named = BeautifulSoup(joined(html), "html.parser").select_one("[role=img]")
    assert named["aria-label"] == 'x < "1"' and named.text == "X" and not named.select("[aria-hidden]")


def test_the_headings_of_a_page_are_its_contents():
    html = ('<section id="top"><h1>Top<a class="headerlink" href="#top">#</a></h1><section class="x" id="one">\n'
            '<span id="old"></span><h2><span class="section-number">1. </span>One</h2></section></section>')
    assert [(place["id"], place["text"]) for place in pdf.places(html)] == [("top", "Top"), ("one", "1. One")]


def test_the_book_of_the_pdf_is_that_of_the_site():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    book = pdf.contents()
    assert book[0]["pages"] == ["intro"] and [part["caption"] for part in book[1:]] == [
        part["caption"] for part in toc["parts"]]
    assert {"ledger", "errata", "softmax"} <= {page for part in book for page in part["pages"]}


@pytest.fixture(scope="module")
def built():
    if not (pdf.SITE / "ledger.json").exists():
        pytest.skip("the book is not built: `make book` first")


def test_no_link_of_the_joined_pages_is_broken(built):
    """The joined document names every place that one of its links leads to."""
    names = [page for part in pdf.contents() for page in part["pages"]]
    html = "".join(f'<div id="{name}">{pdf.chapter(name, set(names), "")["html"]}</div>' for name in names)
    found = set(re.findall(r'\sid="([^"]+)"', html))
    links = set(re.findall(r'\shref="#([^"]+)"', html))
    assert len(links) > 300 and links <= found, sorted(links - found)


@pytest.fixture(scope="module")
def small(tmp_path_factory, built):
    """Return a PDF of a cover and two pages of the site, made as that of the whole book."""
    if pdf.browser() is None:
        pytest.skip("not run: no Chromium or Chrome")
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("pdf", numbered=True)
    patch.setattr(pdf, "OUTPUT", folder / "book.pdf")
    patch.setattr(pdf, "contents", lambda: [{"caption": "", "pages": ["intro"]},
                                            {"caption": "Part", "pages": ["parity"]}])
    patch.setattr(pdf, "WORK", ROOT / "_build" / "pdf-test")
    pdf.main()
    patch.undo()
    with pikepdf.open(folder / "book.pdf") as opened:
        yield opened


def test_the_contents_have_the_numbers_of_the_pages(small):
    places = pdf.destinations(small)
    shown = places["contents"]
    assert 1 < shown < places["intro"] < places["parity"] <= len(small.pages)
    leads = [link for link in small.pages[shown - 1].Annots if link.get("/Dest")]
    assert len(leads) > 15


def test_the_bookmarks_are_nested_as_the_book(small):
    with small.open_outline() as outline:
        contents, intro, part = outline.root
        assert [contents.title, part.title] == ["Contents", "Part"]
        assert [chapter.title for chapter in part.children] == ["12. Threshold and parity"]
        assert "12.1. The question" in [section.title for section in part.children[0].children]


def test_every_formula_is_one_element_with_its_latex(small):
    figures, todo = [], [small.Root.StructTreeRoot.K]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            figures += [node] if node.get("/S") == "/Figure" else []
            todo += [node.K] if "/K" in node else []
    named = [figure for figure in figures if "/Alt" in figure]
    assert len(named) > 100
    assert all(kid.get("/Type") == "/MCR" for figure in named for kid in figure.K)


def test_the_letters_of_formulas_are_those_of_the_site(small):
    fonts = {str(font.get("/BaseFont", "")) for page in small.pages
             for font in page.Resources.get("/Font", {}).values()}
    assert any("KaTeX_Math" in font for font in fonts) and any("KaTeX_Main" in font for font in fonts), fonts


def test_the_cover_says_what_it_is(small):
    assert small.docinfo["/Title"] == "Backprop, Line by Line" and small.Root.PageMode == "/UseOutlines"
    assert small.Root.Lang == "en"
