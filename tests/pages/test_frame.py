"""The frame of the pages in a browser: on paper, at addresses that do not exist, from a file; its few controls."""

import asyncio
import json
import os
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from book_ext.execution import ROOT

from tools.archive import archive

from .browser import Quiet, chromium, served, side_by_side

SITE = ROOT / "_build" / "html"
PAPER = {"width": 643, "height": 970}  # 170 mm: an A4 page between its margins
OVERHANG = 3  # pixels by which KaTeX lets a subscript stick out

# What is wrong with a page on paper: what is wider than it, what is not for paper, what is folded or not black.
ON_PAPER = """(overhang) => {
  const wrong = [], width = document.documentElement.clientWidth;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  for (const element of document.querySelectorAll(".bd-article *")) {
    if (element.closest(".katex-mathml, .visually-hidden, svg *")) continue;
    const box = element.getBoundingClientRect();
    if (box.width && (box.left < -overhang || box.right > width + overhang) && shown(element)) {
      wrong.push(`${element.tagName} .${element.className} from ${box.left} to ${box.right} of ${width}`);
    }
  }
  const controls = "button, input, select, .headerlink, .bd-sidebar-primary, .bd-header-article, .prev-next-footer";
  for (const element of document.querySelectorAll(controls)) {
    if (shown(element)) wrong.push(`${element.tagName} .${element.className} is no use on paper`);
  }
  for (const solution of document.querySelectorAll(".solution")) {
    const last = [...solution.querySelectorAll("p:not(.admonition-title), pre")].pop();
    if (last && !(shown(last) && last.getBoundingClientRect().height)) wrong.push(`${solution.id} is folded`);
  }
  for (const element of document.querySelectorAll(".bd-article :is(p, h1, h2, pre, .katex)")) {
    const parts = getComputedStyle(element).color.match(/[0-9.]+/g).map(Number);
    if (shown(element) && Math.max(...parts.slice(0, 3)) > 170) wrong.push(`${element.tagName} is pale on paper`);
  }
  if (!/255, 255, 255|, 0\\)/.test(getComputedStyle(document.body).backgroundColor)) wrong.push("paper is not white");
  return [...new Set(wrong)];
}"""


def run(visit, **settings):
    """Run a visit with a page of its own; return what the visit returns, and what the page complained of."""
    async def main():
        async with chromium() as browser:
            page = await (await browser.new_context(**settings)).new_page()
            said = []
            page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: said.append(str(error)))
            return await visit(page), said

    return asyncio.run(main())


def test_every_page_is_whole_on_paper_and_black_on_white(browser_there):
    found = {}

    async def look(browser, address, name):
        context = await browser.new_context(viewport=PAPER, color_scheme="dark")
        page = await context.new_page()
        await page.goto(address + name)
        await page.emulate_media(media="print")
        found[name] = await page.evaluate(ON_PAPER, OVERHANG)
        await context.close()

    async def all_pages():
        names = sorted(path.name for path in SITE.glob("*.html") if path.name not in ("index.html", "404.html"))
        async with chromium() as browser:
            await side_by_side(os.cpu_count() or 2, [look(browser, address, name) for name in names])

    with served(SITE) as address:
        asyncio.run(all_pages())
    wrong = {name: complaints[:5] for name, complaints in found.items() if complaints}
    assert len(found) > 20 and wrong == {}


class Deep(Quiet):
    """Serves the site below /deep/book/; every other address gets its page for missing ones."""

    def translate_path(self, path):
        inside = path.partition("?")[0].removeprefix("/deep/book/")
        return str(SITE / inside) if inside != path else str(SITE / "nothing")

    def send_error(self, code, *_):
        text = (SITE / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)


@contextmanager
def deep():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Deep, directory=str(SITE))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/deep/book/"
        server.shutdown()


@pytest.mark.parametrize("missing", ["nothing.html", "far/down/below/nothing.html"])
def test_a_missing_page_leads_back_from_any_depth(browser_there, missing):
    async def visit(page):
        answer = await page.goto(address + missing)
        await page.wait_for_selector("base", state="attached")
        await page.click("li a:text-is('Softmax')")
        return answer.status, page.url, await page.inner_text("h1")

    with deep() as address:
        (status, url, head), _ = run(visit)
    assert (status, url) == (404, f"{address}softmax.html") and "Softmax" in head


def test_the_zip_opens_from_a_file_and_its_search_finds(browser_there, tmp_path):
    archive(SITE, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as opened:
        opened.extractall(tmp_path)
    start = (tmp_path / "book" / "index.html").as_uri()

    async def visit(page):
        await page.goto(start)
        await page.wait_for_url("**/intro.html")
        await page.goto(start.replace("index.html", "search.html?q=logits"))
        await page.wait_for_selector("#search-results li a")
        links = await page.eval_on_selector_all("#search-results li a", "all => all.map(a => a.href)")
        await page.goto(links[0])
        return links, await page.locator(".katex").count()

    (links, _), said = run(visit)
    assert any("softmax.html" in link for link in links) and said == []
    files = {Path(link.partition("?")[0].partition("#")[0].removeprefix("file://")) for link in links}
    assert all(file.is_file() for file in files)


def test_a_formula_is_copied_as_latex(browser_there):
    async def visit(page):
        await page.goto(f"{address}softmax.html")
        button = page.locator("#equation-softmax-sum .copy-latex")
        await button.focus()
        await page.keyboard.press("Enter")
        return await page.evaluate("navigator.clipboard.readText()"), await button.inner_text()

    with served(SITE) as address:
        (copied, word), said = run(visit, permissions=["clipboard-read", "clipboard-write"])
    lines = copied.splitlines()
    assert lines[0] == r"\begin{aligned}" and lines[-1] == r"\end{aligned}" and len(lines) == 5
    assert lines[1].startswith(r"\sum_{i=1}^{K} p_{i} &= ") and lines[3] == "&= 1"
    assert word == "Copied" and said == []


def test_the_ledger_shows_the_status_that_is_chosen_without_a_script(browser_there):
    rows = json.loads((SITE / "ledger.json").read_text(encoding="utf8"))["softmax"]

    async def visit(page):
        await page.goto(f"{address}ledger-softmax.html")
        counts = {}
        for status in ("refuted", "proved", "all"):
            await page.check(f".ledger-choice [value={status}]")
            counts[status] = await page.locator("table.ledger tbody tr:visible").count()
        return counts

    with served(SITE) as address:
        counts, _ = run(visit, java_script_enabled=False)
    said = [row["status"] for row in rows]
    assert counts == {"refuted": said.count("refuted"), "proved": said.count("proved"), "all": len(said)}
