"""The frame of the pages: descriptions, reading times, links to the source, the page for missing ones, the zip."""

import json
import re
import zipfile
from types import SimpleNamespace

import jinja2
import pytest
import yaml
from book_ext import page
from book_ext.execution import ROOT, chapters
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.archive import archive

SPECIAL = {"404.html", "genindex.html", "index.html", "prf-prf.html", "search.html"}


def text(words):
    return nodes.paragraph("", " ".join(["word"] * words))


def app(tmp_path, **config):
    """Return what the functions of page.py ask of a Sphinx application."""
    settings = {"html_title": "The book", "html_baseurl": "", "language": "en", "root_doc": "intro",
                "html_theme_options": {}, **config}
    return SimpleNamespace(config=SimpleNamespace(**settings), srcdir="/somewhere/book", outdir=str(tmp_path),
                           builder=SimpleNamespace(format="html"), env=SimpleNamespace(found_docs={"intro", "adam"}))


def test_the_time_counts_words_and_lines_and_exercises_apart():
    derivation = r"\begin{aligned} a &= b && {\scriptstyle x} \\ c &= d && {\scriptstyle x} \end{aligned}"
    exercise = exercise_enumerable_node("", text(999), nodes.math_block("", "x = y"), classes=["hard"])
    solution = solution_node("", text(999), nodes.math_block("", "x = y"))
    doctree = nodes.section("", text(400), nodes.math_block("", "a"), nodes.math_block("", derivation), text(200),
                            exercise, solution, exercise_enumerable_node("", classes=["easy"]))
    assert page.minutes(doctree) == (600 / 200 + 3 / 4, 20 + 5)


@pytest.mark.parametrize(("number", "said"), [(1, "5 min"), (32, "30 min"), (58, "1 h"), (93, "1 h 35 min")])
def test_a_time_is_said_to_five_minutes(number, said):
    assert page.clock(number) == said


def test_every_notebook_and_nothing_else_says_how_long_it_takes(site):
    said = {name for name, built in site.items() if built.select("main h1 + .reading-time")}
    assert said == {f"{path.stem}.html" for path in chapters()}
    assert all("Exercises: about" in site[f"{path.stem}.html"].select_one(".reading-time").text
               for path in chapters() if site[f"{path.stem}.html"].select(".exercise"))


def test_a_page_is_described_for_previews_by_what_it_says(site):
    for name in site.keys() - SPECIAL:
        found = {tag["property"]: tag["content"] for tag in site[name].select("meta[property^='og:']")}
        assert found["og:title"] and "<" not in found["og:title"] and found["og:type"] in ("article", "website"), name
        assert found["og:description"] == site[name].find("meta", attrs={"name": "description"})["content"], name
        assert not found["og:description"].startswith("Reading:"), name
    assert site["intro.html"].find("meta", property="og:type")["content"] == "website"


def configured(key):
    """Return a setting of _config.yml, the key with dots."""
    found = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    for part in key.split("."):
        found = found[part]
    return found


def test_an_address_that_is_not_known_is_not_named(site, site_folder):
    known = bool(configured("html.baseurl"))
    for name in site.keys() - SPECIAL:
        assert bool(site[name].find("link", rel="canonical")) == known, name
        assert bool(site[name].find("meta", property="og:url")) == known, name
    assert (site_folder / "sitemap.xml").exists() == known


def test_a_known_address_is_named(tmp_path):
    base = "https://example.org/book/"
    context = {"title": "Adam &amp; <em>others</em>", "description": "All of it."}
    page.describe(app(tmp_path, html_baseurl=base), "adam", "page.html", context, None)
    assert '<meta property="og:url" content="https://example.org/book/adam.html">' in context["metatags"]
    assert '<meta property="og:title" content="Adam &amp; others">' in context["metatags"]


def test_the_sitemap_lists_the_pages_that_were_built(tmp_path):
    for name in ("intro", "adam", "ledger-adam", "search"):
        (tmp_path / f"{name}.html").touch()
    page.write_sitemap(app(tmp_path, html_baseurl="https://example.org/book/"), None)
    found = re.findall("<url><loc>(.*?)</loc></url>", (tmp_path / "sitemap.xml").read_text(encoding="utf8"))
    assert found == [f"https://example.org/book/{name}.html" for name in ("adam", "intro", "ledger-adam")]


def links(tmp_path, repository, doctree):
    context = {"page_source_suffix": ".ipynb"}
    options = {"repository_url": repository, "repository_branch": "main"}
    page.link_source(app(tmp_path, html_theme_options=options), "adam", "page.html", context, doctree)
    return context.get("page_links")


def test_a_page_leads_to_its_source_and_to_a_report(tmp_path):
    assert links(tmp_path, "https://github.com/a/b", nodes.section()) == [
        ("Edit this page", "https://github.com/a/b/edit/main/book/adam.ipynb"),
        ("Report an error", "https://github.com/a/b/issues/new?title=Error%20on%20the%20page%20adam"),
    ]
    assert links(tmp_path, "https://gitlab.com/a/b/", None) == [
        ("Report an error", "https://gitlab.com/a/b/-/issues/new?issue[title]=Error%20on%20the%20page%20adam"),
    ]
    assert links(tmp_path, "", nodes.section()) is None


def test_without_a_repository_no_page_has_a_dead_link_to_it(site):
    known = bool(configured("repository.url"))
    for name in site.keys() - SPECIAL:
        assert bool(site[name].select(".page-foot a")) == known, name


def test_the_page_for_missing_ones_loads_nothing_and_leads_everywhere(site):
    missing = site["404.html"]
    assert not missing.select("img, script[src], link[rel=stylesheet]")
    pages = [name.removesuffix(".ipynb").removesuffix(".md") for name in parse_toc_yaml(ROOT / "_toc.yml")]
    assert [link["href"] for link in missing.select("li a")] == [f"{name}.html" for name in pages]
    assert all(link["href"] in site for link in missing.select("a"))


def test_the_page_for_missing_ones_knows_the_address_if_it_is_given():
    source = (ROOT / "book" / "_templates" / "404.html").read_text(encoding="utf8")
    base = "https://example.org/book/"
    html = jinja2.Template(source).render(html_baseurl=base, pages=[], docstitle="B", language="en")
    soup = BeautifulSoup(html, "html.parser")
    assert soup.base["href"] == base and not soup.script
    assert html.index("<base") < html.index("<link"), "a base holds for what follows it"


def test_the_same_site_gives_the_same_zip(tmp_path):
    site = tmp_path / "site"
    (site / "_static").mkdir(parents=True)
    for name in ("b.html", "a.html", "_static/book.css", ".buildinfo"):
        (site / name).write_text(name, encoding="utf8")
    made = []
    for name in ("one", "two"):
        path = tmp_path / name / "book.zip"
        path.parent.mkdir()
        assert archive(site, path) == 3
        made.append(path.read_bytes())
        (site / "a.html").touch()
    assert made[0] == made[1]
    with zipfile.ZipFile(path) as opened:
        assert opened.namelist() == ["book/_static/book.css", "book/a.html", "book/b.html"]
        assert opened.read("book/a.html") == b"a.html" and opened.testzip() is None


def test_the_ledger_that_is_shown_is_the_ledger_that_is_written(site, site_folder):
    """A page of it leads on to the next, as the chapters do."""
    names = list(json.loads((site_folder / "ledger.json").read_text(encoding="utf8")))
    for name, after in zip(names, names[1:], strict=False):
        assert site[f"ledger-{name}.html"].select_one("a.right-next")["href"] == f"ledger-{after}.html"
        assert site[f"ledger-{after}.html"].select_one("a.left-prev")["href"] == f"ledger-{name}.html"
