"""The visits of all pages, made once, side by side in one browser."""

import asyncio
import os
from importlib.util import find_spec
from time import monotonic

import pytest
from book_ext.execution import ROOT

from .browser import FLAGS, MISSING, chromium, find_chromium, served, side_by_side
from .visit import CLAIMS, DESKTOP, Visit

SITE = ROOT / "_build" / "html"
PICTURES = ROOT / "_build" / "screenshots"
BROKEN = "broken.html"  # beside this file: a page that breaks every claim
PAGES = sorted(path.name for path in SITE.glob("*.html") if path.name != "index.html")  # it only leads to intro.html


def pytest_generate_tests(metafunc):
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES)
    if "claim" in metafunc.fixturenames:
        metafunc.parametrize("claim", CLAIMS)


@pytest.fixture(scope="session", autouse=True)
def browser_there():
    if find_chromium() is None:
        pytest.skip(MISSING)
    if find_spec("playwright") is None:
        pytest.skip("not run: no Playwright; `make test-pages` installs it")
    if not PAGES:
        pytest.skip("the book is not built: `make book` first")


@pytest.fixture(scope="session")
def complaints(browser_there, request):
    """Return {page: {claim: what is wrong}}, and say on the way which pages are done."""
    plugins = request.config.pluginmanager
    with plugins.get_plugin("capturemanager").global_and_fixture_disabled():
        return asyncio.run(visit_all(plugins.get_plugin("terminalreporter").write_line))


async def visit_all(say):
    found, start = {}, monotonic()

    async def visit(browser, address, name, pictures):
        began = monotonic()
        found[name] = await Visit(browser, address + name, pictures).all()
        faults = sum(map(len, found[name].values()))
        took = f"{monotonic() - began:5.1f} s  ({monotonic() - start:.0f} s in all)"
        say(f"  [{len(found)}/{len(PAGES) + 1}] {name:30} {took}" + f"  {faults} complaints" * bool(faults))

    largest = sorted(PAGES, key=lambda name: -(SITE / name).stat().st_size)
    with served(SITE) as book, served(os.path.dirname(__file__)) as here:
        async with chromium() as browser:
            jobs = [visit(browser, book, name, PICTURES) for name in largest]
            await side_by_side(os.cpu_count() or 2, [*jobs, visit(browser, here, BROKEN, None)])
    return found


@pytest.fixture(scope="module")
def browser(browser_there):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def book(browser_there):
    with served(SITE) as address:
        yield address


@pytest.fixture
def visit(browser, book):
    """Return a function that opens a page of the book in a window of a given size."""
    opened = []

    def visit(name, size=DESKTOP):
        opened.append(browser.new_context(viewport=size, reduced_motion="reduce"))
        page = opened[-1].new_page()
        page.goto(book + name, wait_until="load")
        return page

    yield visit
    for context in opened:
        context.close()
