"""The whole book as one PDF: make pdf

The articles of the built pages are joined to one document, and Chromium prints it. So the formulas of the PDF are those
of the site. The numbers in the contents are known only then: they are printed once more, alone, and laid over the
pages of the contents. Bookmarks, titles and the names of formulas for a screen reader are put in last.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path
from urllib.parse import urljoin

import jinja2
import pikepdf
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
WORK = ROOT / "_build" / "pdf"
OUTPUT = ROOT / "_build" / "backprop-line-by-line.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = """make pdf needs Chromium or Chrome, which prints the pages; none was found.
  Debian, Ubuntu:  sudo apt install chromium
  macOS:           brew install --cask chromium
  elsewhere:       CHROMIUM=/path/to/chrome make pdf"""
PATIENCE = 3600  # seconds for one printing

TAG = re.compile(r"<[a-zA-Z][^<>]*>")
FORMULA = re.compile(r'<span class="katex"><span class="katex-mathml">.*?<annotation encoding="application/x-tex">(.*?)'
                     r'</annotation>.*?</span><span class="katex-html" aria-hidden="true">', re.DOTALL)
HEADING = re.compile(r'<section[^>]*\bid="([^"]+)"[^>]*>\s*(?:<span[^>]*></span>\s*)*<h([12])>(.*?)</h\2>', re.DOTALL)


def browser():
    """Return the path of Chromium or Chrome, $CHROMIUM first; None if there is none."""
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def contents():
    """Return the parts of the book, each a dictionary with its caption and the names of its pages, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf8"))
    found = [{"caption": "", "pages": [toc["root"]]}]
    return found + [{"caption": part["caption"], "pages": [page["file"] for page in part["chapters"]]}
                    for part in toc["parts"]]


def article(html):
    """Return the article of a built page."""
    start = html.index(">", html.index('<article class="bd-article"')) + 1
    return html[start:html.rindex("</article>")]


def joined(html, page, pages, base=""):
    """Return the article of a page as it stands among others: each id begins with the name of its page.

    A link to another page of the PDF leads to its place there. One to a page that is not in it leads to the site if
    its address is known, else nowhere.
    """
    def moved(match):
        tag = re.sub(r'(\s(?:id|for|aria-(?:labelledby|describedby|controls))=")', rf"\g<1>{page}.", match[0])
        tag = re.sub(r'(\s(?:xlink:)?href=)"([^"]*)"', target, tag)
        tag = re.sub(r"url\((&quot;)?#", rf"url(\1#{page}.", tag)
        return re.sub(r'(\ssrc=")(?!data:|https?:)', r"\1../html/", tag)

    def target(match):
        attribute, (address, _, anchor) = match[1], match[2].partition("#")
        name = address.removesuffix(".html") or page
        if ":" in address:
            return match[0]
        if name in pages:
            return f'{attribute}"#{name}.{anchor}"' if anchor else f'{attribute}"#{name}"'
        return f'{attribute}"{escape(urljoin(base, match[2]))}"' if base else ""

    return TAG.sub(moved, FORMULA.sub(named, html))


def named(match):
    """Return the beginning of a formula as a picture whose name is its LaTeX: PDF knows no MathML."""
    label = match[1].replace('"', "&quot;")
    return f'<span class="katex" role="img" aria-label="{label}"><span class="katex-html">'


def places(html):
    """Return the headings of a page, the first and those below it, each with its id, HTML and plain text."""
    found = []
    for name, _, heading in HEADING.findall(html):
        soup = BeautifulSoup(heading, "html.parser")
        for link in soup.select(".headerlink"):
            link.decompose()
        shown = soup.decode()
        for unseen in soup.select("annotation, .katex-html"):
            unseen.decompose()
        found.append({"id": name, "heading": shown, "text": " ".join(soup.get_text().split())})
    return found


def chapter(name, pages, base):
    """Return a page of the PDF: its id, HTML, title, and the sections that the contents list."""
    html = article((SITE / f"{name}.html").read_text(encoding="utf8"))
    first, *sections = places(html)
    for place in (first, *sections):
        place["heading"] = joined(place["heading"], name, pages, base)
    listed = [{**place, "id": f"{name}.{place['id']}"} for place in sections]
    return {**first, "id": name, "html": joined(html, name, pages, base), "sections": listed}


def styles():
    """Return the addresses of the site's style sheets, in the order in which its pages load them.

    Without that of the ledger: on paper nothing is chosen, and its `:has` would be asked of the whole book.
    """
    head = (SITE / "intro.html").read_text(encoding="utf8").partition("</head>")[0]
    tags = [tag for tag in re.findall(r"<link[^>]*>", head) if 'rel="stylesheet"' in tag]
    sheets = [re.search(r'href="([^"]*)"', tag)[1] for tag in tags]
    return [f"../html/{sheet}" for sheet in sheets if "/ledger.css" not in sheet]


def tally():
    """Count the lines of the ledger by their status."""
    ledger = json.loads((SITE / "ledger.json").read_text(encoding="utf8"))
    said = [row["status"] for rows in ledger.values() for row in rows]
    return {"total": len(said)} | {status: said.count(status)
                                   for status in ("proved", "checked", "refuted", "undecided")}


def document(book, config, numbers=None):
    """Return the HTML of the book; with numbers, those of the contents alone, in their places."""
    source = (ROOT / "tools" / "pdf.html").read_text(encoding="utf8")
    template = jinja2.Template(source, undefined=jinja2.StrictUndefined)
    return template.render(parts=book, numbers=numbers or {}, styles=styles(), tally=tally(), title=config["title"],
                           style=(ROOT / "tools" / "pdf.css").read_text(encoding="utf8"), author=config["author"],
                           year=config["copyright"])


def printed(html, name):
    """Print HTML; return the path of the PDF."""
    page, pdf = WORK / f"{name}.html", WORK / f"{name}.pdf"
    page.write_text(html, encoding="utf8")
    pdf.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser(), "--headless", "--disable-gpu", "--disable-background-networking", "--no-first-run",
                   f"--user-data-dir={profile}", "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to start for root with it
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    if not pdf.exists():
        sys.exit(f"Chromium printed nothing, and ended with status {run.returncode}:\n{run.stderr[-2000:]}")
    return pdf


def destinations(pdf):
    """Return {name: number of its page, from 1} for the places that links of a PDF lead to."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    return {name.removeprefix("/"): numbers[place[0].objgen] for name, place in pdf.Root.Dests.items()}


def listed(book):
    """Return the entries of the contents."""
    chapters = [chapter for part in book for chapter in part["chapters"]]
    return [place for chapter in chapters for place in (chapter, *chapter["sections"])]


def bookmark(pdf, book):
    """Give a PDF its bookmarks: the parts, in them the chapters, in these the sections."""
    def item(place, below=()):
        found = pikepdf.OutlineItem(place["text"], pdf.Root.Dests[f"/{place['id']}"])
        found.children.extend(below)
        found.is_closed = True
        return found

    with pdf.open_outline() as outline:
        outline.root.append(item({"text": "Contents", "id": "contents"}))
        for part in book:
            chapters = [item(chapter, map(item, chapter["sections"])) for chapter in part["chapters"]]
            if part["caption"]:
                head = pikepdf.OutlineItem(part["caption"], pdf.Root.Dests[f"/{part['chapters'][0]['id']}"])
                head.children.extend(chapters)
                chapters = [head]
            outline.root.extend(chapters)


def plain_formulas(pdf):
    """Make each named formula one element for a screen reader: Chromium makes one of every letter in it.

    Returns how many there are.
    """
    owner, count, todo = {}, 0, [pdf.Root.StructTreeRoot.K]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo.extend(node)
        elif isinstance(node, pikepdf.Dictionary) and node.get("/S") == "/Figure" and "/Alt" in node:
            node.K = pikepdf.Array(leaves(node, node, owner))
            count += 1
        elif isinstance(node, pikepdf.Dictionary) and "/K" in node:
            todo.append(node.K)
    tree = pdf.Root.StructTreeRoot.ParentTree
    for branch in tree.get("/Kids", [tree]):
        for entry in list(branch.Nums)[1::2]:
            if isinstance(entry, pikepdf.Array):
                for place, element in enumerate(entry):
                    if isinstance(element, pikepdf.Dictionary) and element.objgen in owner:
                        entry[place] = owner[element.objgen]
    return count


def leaves(node, figure, owner):
    """Return the pieces of a page that an element is made of; note in `owner` that they are now the figure's."""
    kids = node.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            found.append(pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=node.Pg, MCID=kid))
        elif kid.get("/Type") == "/MCR":
            found.append(kid)
        else:
            owner[kid.objgen] = figure
            found += leaves(kid, figure, owner)
    return found


def finish(path, numbers, book, config):
    """Lay the numbers over the contents, put in what Chromium leaves out, and save the book."""
    with pikepdf.open(path) as pdf, pikepdf.open(numbers) as over:
        for below, above in zip(pdf.pages, over.pages, strict=False):
            below.add_overlay(above)
        bookmark(pdf, book)
        formulas = plain_formulas(pdf)
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        del pdf.docinfo
        pdf.docinfo["/Title"], pdf.docinfo["/Author"] = config["title"], config["author"]
        pdf.save(OUTPUT, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True,
                 deterministic_id=True)
        return len(pdf.pages), formulas


def main():
    if browser() is None:
        sys.exit(NO_BROWSER)
    WORK.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))
    book = contents()
    pages = {page for part in book for page in part["pages"]}
    base = config.get("html", {}).get("baseurl", "")
    for part in book:
        part["chapters"] = [chapter(page, pages, base) for page in part["pages"]]
    print(f"printing {len(pages)} pages of the site; this takes some minutes, and 6 GB of memory", flush=True)
    whole = printed(document(book, config), "book")
    with pikepdf.open(whole) as pdf:
        found = destinations(pdf)
    numbers = printed(document(book, config, {place["id"]: found[place["id"]] for place in listed(book)}), "numbers")
    count, formulas = finish(whole, numbers, book, config)
    print(f"{count} pages, {formulas} formulas, {OUTPUT.stat().st_size / 1e6:.1f} MB, "
          f"{time.monotonic() - start:.0f} s: {os.path.relpath(OUTPUT, ROOT)}")


if __name__ == "__main__":
    main()
