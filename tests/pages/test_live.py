"""The live checker in a real browser: Python in a worker, no foreign host, every kind of verdict, and a way out."""

import json

import pytest

from .conftest import SITE

LIVE = SITE / "_static" / "live"
CELL = "[data-live=exercise]"
CHAPTER = "softmax.html"
LONG = "(sin(z[i])+p[i]+T+z[j])^90*(p[j]+z[j]+T)^90"  # SymPy is busy with this
LONG = f"{LONG} + delta(i,j) - p[j] - {LONG}"


@pytest.fixture(autouse=True)
def runtime():
    if not (LIVE / "runtime.json").exists():
        pytest.skip("not run: the book was built without Pyodide; `make` installs it where npm can")


@pytest.fixture
def chapter(visit):
    """A chapter; every address that is asked for is noted, and errors of the page are collected."""
    found = visit(CHAPTER)
    found.asked, found.errors = [], []
    found.on("request", lambda request: found.asked.append(request.url))
    found.on("pageerror", lambda error: found.errors.append(str(error)))
    yield found
    assert not found.errors
    assert not [url for url in found.asked if "127.0.0.1" not in url and not url.startswith(("blob:", "data:"))]


def opened(page, kind="exercise"):
    """Open the first box of a kind; return it."""
    place = page.locator(f"[data-live={kind}]").first
    place.locator("button.live-open").press("Enter")
    box = place.locator("form.live")
    box.wait_for(state="visible")
    return box


def answered(box, text):
    """Type an answer, agree to the loading where it is asked for, and return the status and the words of the reply."""
    box.locator("input[type=text]").last.fill(text)
    box.locator("input[type=text]").last.press("Enter")
    load = box.locator("button", has_text="Load")
    said = box.locator(".live-said")
    if load.count():
        load.press("Enter")
    box.page.wait_for_function("box => box.dataset.status && !/(Loading|Checking)/.test(box.textContent)",
                               arg=said.element_handle(), timeout=120_000)
    box.locator("button[type=submit]:enabled").wait_for()
    return said.get_attribute("data-status"), said.inner_text()


def test_nothing_is_loaded_before_the_reader_asks(chapter):
    box = opened(chapter)
    box.locator("input[type=text]").fill("p[j]")
    box.locator("input[type=text]").press("Enter")
    size = sum((LIVE / name).stat().st_size for name in ("memory.bin.gz", "pyodide.asm.wasm.gz", "python_stdlib.zip"))
    assert f"{round(size / 1e6)} MB" in box.locator(".live-said").inner_text(), "the size is said beforehand"
    assert not [url for url in chapter.asked if "memory.bin" in url or "pyodide" in url]


def test_every_kind_of_answer(chapter):
    box = opened(chapter)
    assert answered(box, "delta(i,j) - p[j]") == ("right", "Right: proved for every K.")
    assert box.locator(".live-formula .katex-mathml").count() == 1
    status, words = answered(box, "delta(i,j) - p[i]")
    assert status == "wrong" and "it should be" in words
    assert answered(box, "delta(i,j")[0] == "not understood"
    assert answered(box, "import os")[0] == "not understood"
    assert answered(box, "exp(z[i])")[0] == "not allowed"


def test_a_line_is_changed_and_an_equality_tried(chapter):
    box = opened(chapter, "derivation")
    line = box.locator("input[type=text]").input_value()
    assert answered(box, line)[0] == "right"
    assert answered(box, f"2*({line})")[0] == "wrong"
    box = opened(chapter, "equality")
    box.locator("input[type=text]").first.fill("Σ(p[i], i)")
    assert answered(box, "1")[0] == "right"


def test_a_derivation_of_the_readers_own(chapter):
    box = opened(chapter)
    box.locator("input[type=checkbox]").check()
    assert answered(box, "δ(i,j) - exp(z[j])/Σ(exp(z[k]), k)")[0] == "line"
    assert answered(box, "δ(i,j) - p[j]")[0] == "right"
    assert box.locator(".live-lines li").count() == 2


def test_a_long_computation_is_cancelled(chapter):
    box = opened(chapter)
    answered(box, "p[j]")
    box.locator("input[type=text]").fill(LONG)
    box.locator("input[type=text]").press("Enter")
    cancel = box.locator("button", has_text="Cancel")
    cancel.wait_for(state="visible", timeout=20_000)
    cancel.press("Enter")
    box.page.wait_for_function("box => box.textContent.startsWith('Cancelled')",
                               arg=box.locator(".live-said").element_handle())
    assert answered(box, "delta(i,j) - p[j]")[0] == "right", "the checker starts again"


def test_what_a_chapter_brings(chapter):
    """Of every chapter the page gets a file; the controls stand where it says."""
    softmax = json.loads((LIVE / "softmax.json").read_text(encoding="utf8"))
    assert chapter.locator(CELL).count() == len(softmax["exercises"])
    assert chapter.locator("[data-live=derivation]").count() >= 0.8 * sum(map(len, softmax["derivations"].values()))
