"""The built pages: complete, whole, readable with no network and no script."""

import json
import re
from functools import partial
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from book_ext import derivations, formulas
from book_ext.execution import ROOT, chapters, read
from book_ext.formulas import LABEL, split_label
from book_ext.katex import KaTeXError, render_latex
from book_ext.ledger import STATUS, rows_of
from book_ext.map import prerequisites
from book_ext.results import summary_of
from book_ext.sources import load, refutations
from docutils import nodes
from sphinx_external_toc.parsing import parse_toc_yaml
from sphinxcontrib.katex import katex_version

GENERATED = {"search.html", "index.html", "prf-prf.html", "404.html"}
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "object": "data"}
CSS_URL = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")
JS_LOAD = re.compile(r"""(?:import|fetch|importScripts|XMLHttpRequest|\.src\s*=)\s*\(?\s*["'`](?:https?:)?//""")


def loaded(page):
    """Return the addresses a browser fetches when it shows the page."""
    found = [tag.get(key) for name, key in LOADS.items() for tag in page.find_all(name)]
    found += [tag.get("href") for tag in page.find_all("link") if not is_document(tag)]
    return [address for address in found if address]


def is_document(tag):
    """A link to another page, which nothing loads until one goes there."""
    return set(tag.get("rel", ())) & {"next", "prev", "index", "search", "canonical", "author"}


def test_every_page_of_the_contents_is_built(site):
    pages = {name.removesuffix(".ipynb").removesuffix(".md") for name in parse_toc_yaml(ROOT / "_toc.yml")}
    assert {f"{name}.html" for name in pages} <= site.keys()


def test_reading_asks_no_foreign_host(site, site_folder):
    foreign = [(name, url) for name, page in site.items() for url in loaded(page) if urlsplit(url).netloc]
    for path in site_folder.rglob("*.css"):
        urls = CSS_URL.findall(path.read_text(encoding="utf8"))
        foreign += [(path.name, url) for url in urls if urlsplit(url).netloc]
    for path in site_folder.rglob("*.js"):
        foreign += [(path.name, m[0]) for m in JS_LOAD.finditer(path.read_text(encoding="utf8"))]
    assert foreign == []


def test_everything_loaded_is_shipped(site, site_folder):
    missing = []
    for name, page in site.items():
        paths = [unquote(urlsplit(url).path) for url in loaded(page) if not url.startswith("data:")]
        missing += [(name, path) for path in paths if not (site_folder / path).is_file()]
    for css in (site_folder / "_static" / "katex").glob("*.css"):
        urls = CSS_URL.findall(css.read_text(encoding="utf8"))
        missing += [(css.name, url) for url in urls if not (css.parent / url).is_file()]
    assert missing == []


def test_no_link_inside_the_book_is_broken(site, site_folder):
    anchors = {name: {tag["id"] for tag in page.find_all(id=True)} for name, page in site.items()}
    broken = []
    for name, page in site.items():
        for link in page.select("a[href]"):
            parts = urlsplit(link["href"])
            target, anchor = unquote(parts.path) or name, unquote(parts.fragment)
            if parts.scheme or parts.netloc:
                continue
            if not (site_folder / target).is_file():
                broken.append((name, link["href"]))
            elif anchor and target in anchors and anchor not in anchors[target]:
                broken.append((name, link["href"]))
    assert broken == []


def test_every_formula_stands_in_the_page_without_a_script(site):
    for name, page in site.items():
        assert not page.select(".math-error, .katex-error"), name
        for formula in page.select(".math"):
            assert formula.select(".katex-html") and formula.select("math"), (name, formula.text[:60])
        for box in page.select("div.math"):
            assert box.select_one(".math-box[tabindex='0']"), (name, "a display the keyboard cannot reach")
    assert any(page.select(".math") for page in site.values())


def test_the_style_of_the_formulas_is_of_the_version_that_made_them(site_folder):
    css = (site_folder / "_static/katex/katex.min.css").read_text(encoding="utf8")
    assert f'content:"{katex_version}"' in css


def computed(notebook):
    """Return the LaTeX of the formulas in a notebook's stored outputs."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", ())]
    return [o["data"]["text/latex"] for o in outputs if "text/latex" in o.get("data", ())]


def labels(notebook):
    """Return the labels of the computed equations in a notebook's stored outputs."""
    return [label for text in computed(notebook) if (label := split_label(text)[0])]


def test_labels_are_unique_in_the_book():
    found = [(label, path.stem) for path in chapters() for label in labels(read(path))]
    names = [label for label, _ in found]
    assert len(names) == len(set(names)), sorted(found)


def test_every_computed_equation_with_a_label_has_a_number(site):
    for path in chapters():
        page = site[f"{path.stem}.html"]
        for label in labels(read(path)):
            equation = page.find(id=nodes.make_id(f"equation-{label}"))
            assert equation is not None and equation.select_one(".eqno"), (path.stem, label)
        assert "% label:" not in " ".join(tag.text for tag in page.select(".math annotation"))


@pytest.mark.parametrize(
    "latex",
    ["$$\n% label: a-b\nx = y\n$$", "% label: a-b\n$$x = y$$", "% label: a-b\nx = y", "\n% label: a-b\nx = y\n"],
)
def test_the_label_comment_is_read_and_dropped(latex):
    assert split_label(latex) == ("a-b", "x = y")


@pytest.mark.parametrize("latex", ["x = y", "$$x = y$$", "x = y % label: a-b\n", r"\frac{a}{b}"])
def test_a_formula_without_the_comment_stays_as_it_is(latex):
    assert split_label(latex) == (None, latex) and not LABEL.match(latex)


@pytest.mark.parametrize("latex", [r"\undefined", r"\frac{a}{", r"a & b", r"\left( x"])
def test_a_formula_katex_cannot_read_is_an_error(latex):
    with pytest.raises(KaTeXError):
        render_latex(latex, {"throwOnError": True, "strict": "error"})


PROVED = r"{\scriptstyle \text{proved}}"
CASES = r"\begin{cases} 1 & \text{if } a \\ 0 & b \end{cases}"
MATRIX = r"\left[\begin{matrix} a & b \\[2pt] c & \& \end{matrix}\right]"


def aligned(*rows):
    return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"


def test_a_derivation_is_split_between_its_cells_only():
    latex = aligned(
        rf"{MATRIX} &= {CASES} && \text{{set $c = {{a \& b}}$, or $d$}} && {PROVED}",
        r" &\neq \sqrt{\substack{a \\ b}} && \text{slip} && {\scriptstyle \text{refuted}}",
    )
    first, second = derivations.split_lines(latex)
    assert (first.left, first.formula) == (MATRIX, f"= {CASES}")
    assert first.reason == [("text", "set "), ("math", r"c = {a \& b}"), ("text", ", or "), ("math", "d")]
    assert first.mark == [("text", "proved")]
    assert (second.left, second.formula) == ("", r"\neq \sqrt{\substack{a \\ b}}")


def test_a_line_of_a_summary_has_no_reason():
    lines = derivations.split_lines(aligned(rf"a &= b && {PROVED}", r"c &= d && {\scriptstyle \forall K, M}"))
    assert [(line.left, line.reason) for line in lines] == [("a", []), ("c", [])]


@pytest.mark.parametrize(
    "latex",
    [
        "a = b",
        CASES,
        r"\begin{aligned} a &= b, \\ c &= d \end{aligned}",
        aligned(rf"a &= b && \text{{why}} && {PROVED}", "c &= d"),
        aligned(rf"a &= b && \text{{why}} && {PROVED}") + " + 1",
        aligned(rf"a &\le b && \text{{why}} && {PROVED}"),
        aligned(rf"a &\neqq b && \text{{why}} && {PROVED}"),
        aligned(rf"a &= b && c && {PROVED}"),
        aligned(rf"a &= b & x & \text{{why}} && {PROVED}"),
        aligned(r"a &= b && \text{why} && \text{proved}"),
        aligned(rf"a &= {{b && \text{{why}} && {PROVED}"),
        rf"\begin{{aligned}}[t] a &= b && {PROVED} \end{{aligned}}",
        rf"\begin{{aligned}} a &= b && {PROVED} \end{{aligned}} \begin{{aligned}} a &= b && {PROVED} \end{{aligned}}",
    ],
)
def test_a_block_of_another_shape_is_left_to_katex(latex):
    assert derivations.split_lines(latex) is None


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (r"\forall K, D", "proved for every K, D"),
        (r"\forall K \ge 2\text{ (induction on $K$)}", "proved for every K ≥ 2 (induction on K)"),
        (r"\text{checked at 40 points, 11 digits}", ""),
        (r"\forall D, 0 \le \nu \le D", "proved for every D, 0 ≤ ν ≤ D"),
        (r"\forall \Lambda, \lambda", "proved for every Λ, λ"),
        (r"\forall \hat{K}", ""),
        (r"\forall K\text{, given $\sum_{k=1}^{K} y_{k} = 1$}", ""),
    ],
)
def test_a_mark_in_signs_is_said_in_words(mark, words):
    assert derivations.spoken(derivations.split_text(mark)) == words


def test_text_that_is_more_than_letters_is_left_to_katex():
    pieces = derivations.split_text(r"\text{50\% of $x$ -- one's \emph{own}}")
    assert pieces == [("math", r"\text{50\% of }"), ("math", "x"), ("math", r"\text{ -- one's \emph{own}}")]
    assert derivations.split_text(r"\text{one's -- a < b}") == [("text", "one’s – a < b")]


@pytest.mark.parametrize(
    ("latex", "em"), [("x", 0.57), (r"\frac{x}{xxx}", 1.95), ("x^{x}", 1.02), (r"\sum_{k=1}^{K} x", 2.18)]
)
def test_the_width_of_a_formula_is_known(latex, em):
    assert render_latex(latex, {"displayMode": True})[1] == pytest.approx(em, abs=0.1)


def test_a_faulty_formula_in_a_reason_is_located(monkeypatch):
    said = []
    monkeypatch.setattr(formulas.logger, "warning", lambda text, *parts, **_: said.append(text % parts))
    writer = SimpleNamespace(builder=SimpleNamespace(config=SimpleNamespace(book_macros={})))
    node = nodes.math_block()
    node.line = 20007
    lines = derivations.split_lines(aligned(rf"a &= b && \text{{as $\oops$ < 1}} && {PROVED}"))
    html = derivations.to_html(lines, partial(formulas.render, writer, node))
    assert len(said) == 1 and "in cell 2, line 7" in said[0] and r"\oops" in said[0]
    assert '<code class="math-error">\\oops</code>' in html and "&lt; 1" in html


def test_every_derivation_shows_its_lines_and_their_reasons(site):
    for path in chapters():
        stored = [text for text in computed(read(path)) if r"{\scriptstyle" in text]
        shown = site[f"{path.stem}.html"].select("div.derivation")
        assert len(shown) == len(stored), path.stem
        for text, block in zip(stored, shown, strict=True):
            lines = block.select(":scope > ol > li")
            assert len(lines) == len(re.findall(r"&(?:=|\\neq)", text)), text
            assert len(block.select("li.refuted")) == text.count(r"&\neq")
            for row, line in zip(text.split("\\\\[4pt]"), lines, strict=True):
                parts = [part["class"][0] for part in line.find_all("span", recursive=False)]
                assert parts[-2:] == ["line", "note"] and len(parts) == 2 + (not row.strip().startswith("&"))
                assert line.select_one(".verdict").text.strip(), row
                reason = re.search(r"&& \\text\{([^{}$]*)\} &&", row)
                if reason:
                    assert line.select_one(".reason").text == reason[1].replace("'", "’") + ";"


def test_a_chapter_needs_only_those_before_it():
    found = prerequisites(chapters())
    order = list(found)
    assert len(order) == len(chapters()) - 1, "all but the notation"
    for name, pages in found.items():
        assert all(order.index(page) < order.index(name) for page in pages), name


def test_a_prerequisite_that_another_one_needs_is_left_out(tmp_path):
    for name, needs in {"a": "", "b": "{doc}`a`", "c": "{doc}`a` and {doc}`this <b>`, not {doc}`notation`"}.items():
        cell = nbformat.v4.new_markdown_cell(f"**Before you start** {needs}\n\nThen {{doc}}`d`.")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / f"{name}.ipynb")
    assert prerequisites(sorted(tmp_path.glob("*"))) == {"a": [], "b": ["a"], "c": ["b"]}


def test_the_map_leads_to_every_chapter(site):
    found = site["intro.html"].select(".chapter-map li")
    links = [row.a["href"] for row in found]
    assert links == [f"{name}.html" for name in prerequisites(chapters())]
    drawn = sum(len(row.select("path:not(.head)")) for row in found)
    assert drawn == sum(map(len, prerequisites(chapters()).values()))


def test_every_source_item_leads_to_its_place(site):
    for item in load(ROOT / "book" / "sources.yml"):
        page = site.get(f"{item['chapter']}.html")
        assert page is not None, f"{item['id']}: no page {item['chapter']}"
        assert page.find(id=item["anchor"]), f"{item['id']}: no anchor {item['chapter']}#{item['anchor']}"


def test_what_is_corrected_is_refuted_on_the_page():
    """Each wrong item names lines that the checker refuted; one is refuted by proof, a network of rank 1."""
    ledger = {path.stem: rows_of(read(path)) for path in chapters()}
    for item in (item for item in load(ROOT / "book" / "sources.yml") if item["verdict"] == "corrected"):
        rows = refutations(ledger, item)
        assert {row["label"] for row in rows} == set(item["counterexample"]), item["id"]
        assert {row["status"] for row in rows} == {"proved" if item["id"] == "003-Q6.2" else "refuted"}, item["id"]


def test_the_errata_show_each_counterexample(site):
    shown = {entry.a.text: entry.select(".status-refuted, .status-proved") for entry in
             (block.parent for block in site["errata.html"].select("dl.erratum"))}
    for item in load(ROOT / "book" / "sources.yml"):
        if item["verdict"] == "corrected":
            assert len(shown[item["id"]]) >= len(item["counterexample"]), item["id"]


def test_an_item_named_in_a_chapter_leads_to_its_row(site):
    links = {item.text: item.parent["href"] for name in ("softmax.html", "gradients.html")
             for item in site[name].select("a > code") if re.fullmatch(r"\d{3}-\S+", item.text)}
    assert len(links) > 8
    for text, href in links.items():
        page, row = href.split("#")
        assert text in site[page].find(id=row).text, text


def test_the_ledger_is_that_of_the_notebooks(site, site_folder):
    ledger = json.loads((site_folder / "ledger.json").read_text(encoding="utf8"))
    assert ledger.keys() == {path.stem for path in chapters() if rows_of(read(path))}
    for path in chapters():
        stored = [(row["label"], row["status"]) for row in rows_of(read(path))]
        assert stored == [(row["label"], row["status"]) for row in ledger.get(path.stem, [])], path.stem
    for name, rows in ledger.items():
        shown = [tag.text for tag in site[f"ledger-{name}.html"].select("table.ledger tbody tr .status")]
        assert shown == [STATUS[row["status"]] for row in rows], name
        links = [tag["href"] for tag in site[f"ledger-{name}.html"].select("table.ledger .where a")]
        assert len(links) == len(rows) and {link.partition("#")[0] for link in links} == {f"{name}.html"}
    pages = {name for name in site if name.startswith("ledger-")}
    assert pages == {f"ledger-{name}.html" for name in ledger}


def test_the_overview_of_the_ledger_counts_all_lines_and_shows_those_that_are_not_proved(site, site_folder):
    ledger = json.loads((site_folder / "ledger.json").read_text(encoding="utf8"))
    page = site["ledger.html"]
    *chapters_, total = page.select("table.counts tbody tr")
    assert [row.a["href"] for row in chapters_] == [f"ledger-{name}.html" for name in ledger]
    assert [int(row.select("td")[1].text) for row in chapters_] == [len(rows) for rows in ledger.values()]
    said = [STATUS[row["status"]] for rows in ledger.values() for row in rows]
    used = [word for word in STATUS.values() if word in said]
    assert [int(cell.text) for cell in total.select("td")[1:]] == [len(said), *map(said.count, used)]
    shown = [tag.text for tag in page.select("table.ledger tbody tr .status")]
    assert shown == [word for word in said if word != STATUS["proved"]] and shown


def test_the_results_are_the_summaries_of_the_chapters(site):
    page = site["results.html"]
    for path in chapters():
        blocks = [latex for kind, latex in summary_of(read(path)) if kind == "math"]
        lines = [line for latex in blocks for line in derivations.split_lines(latex)]
        shown = [cell for cell in read(path).cells if cell.source.startswith("Results(")]
        assert len(blocks) == len(shown), path.stem
        section = page.find(id=f"results-{path.stem}")
        assert len(section.select("ol > li") if section else []) == len(lines), path.stem
    assert len(page.select("main ol > li")) > 30 and not page.select("main .refuted")


def test_images_say_what_they_show(site):
    for name, page in site.items():
        for image in page.select("main img"):
            alt = image.get("alt", "").strip()
            assert alt and not alt.startswith("_images/"), (name, image.get("src"))


@pytest.mark.parametrize("sign", ["thebe", "fontawesome.js", "cdn.", "MathJax", "executablebooks/jupyter-book"])
def test_the_themes_faults_are_mended(site, sign):
    for name, page in site.items():
        loads = " ".join(loaded(page)) + " ".join(str(tag.string or "") for tag in page.find_all("script"))
        assert sign.lower() not in loads.lower(), name


def test_every_page_has_its_frame(site):
    for name, page in site.items():
        if name in GENERATED:
            continue
        assert page.title and page.title.text.strip(), name
        assert page.html.get("lang") == "en", name
        assert page.html.get("data-theme") == "auto", name
        assert page.find("link", rel="icon"), name
        assert 40 < len(page.find("meta", attrs={"name": "description"})["content"]) <= 160, name
        assert "Copyright 2026" in page.select_one("footer.bd-footer-content").text, name
        assert not page.select(".bd-header form"), (name, "a second search box")
