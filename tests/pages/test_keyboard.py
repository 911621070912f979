"""What a reader does with the keyboard alone, and what assistive technology is told of a formula."""

import pytest

from .visit import PHONE

CHAPTER = "softmax.html"


def focused(page):
    """Return the element that has the focus, in short."""
    return page.evaluate("document.activeElement.cloneNode().outerHTML")


def test_the_first_tab_offers_to_skip_to_the_text(visit):
    page = visit(CHAPTER)
    page.keyboard.press("Tab")
    link = page.locator("#pst-skip-link a")
    assert link.bounding_box()["y"] >= 0, "the skip link is above the page, expected on it"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")


def test_search_finds_a_chapter(visit, book):
    page = visit("intro.html")
    page.keyboard.press("Control+k")
    assert page.locator("#pst-search-dialog").is_visible(), "Ctrl+K opens the search"
    assert page.evaluate("document.activeElement.matches('#pst-search-dialog input')"), focused(page)
    page.keyboard.type("softmax")
    page.keyboard.press("Enter")
    result = page.locator(f"#search-results li a[href*='{CHAPTER}']").first
    result.wait_for(timeout=20_000)
    result.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{book}{CHAPTER}*")


def test_escape_closes_the_search(visit):
    page = visit("intro.html")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert not page.locator("#pst-search-dialog").is_visible()


def worn(page):
    """Return the theme that was chosen, and the one that is seen."""
    return tuple(page.evaluate("(({ mode, theme }) => [mode, theme])(document.documentElement.dataset)"))


def test_the_theme_changes_and_stays(visit, book):
    page = visit("intro.html")
    button = page.locator("button.theme-switch-button:visible").first
    button.focus()
    chosen = []
    for _ in range(3):
        page.keyboard.press("Enter")
        chosen.append(worn(page))
    assert set(chosen) == {("auto", "light"), ("light", "light"), ("dark", "dark")}
    while worn(page) != ("dark", "dark"):
        page.keyboard.press("Enter")
    page.goto(book + CHAPTER)
    assert worn(page) == ("dark", "dark"), "the next page forgets the theme"


def test_the_menu_of_a_telephone_opens_and_closes(visit):
    page = visit(CHAPTER, PHONE)
    chapters = page.locator("nav.bd-docs-nav a[href='notation.html']").first
    assert not chapters.is_visible()
    button = page.locator("button.primary-toggle:visible").first
    button.focus()
    page.keyboard.press("Enter")
    chapters.wait_for(state="visible")
    assert page.evaluate("!!document.activeElement.closest('dialog')"), f"{focused(page)} has the focus, not the menu"
    page.keyboard.press("Escape")
    chapters.wait_for(state="hidden")
    assert button.evaluate("button => button === document.activeElement"), f"the focus is lost to {focused(page)}"


def test_a_solution_opens_and_closes(visit):
    page = visit(CHAPTER)
    solution = page.locator(".solution.dropdown").first
    text = solution.locator(".highlight, p:not(.admonition-title)").first
    assert not text.is_visible()
    button = solution.locator("button.toggle-button")
    button.focus()
    page.keyboard.press("Enter")
    text.wait_for(state="visible")
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    text.wait_for(state="hidden")
    assert button.get_attribute("aria-expanded") == "false"


def test_folded_code_opens(visit):
    page = visit(CHAPTER)
    fold = page.locator("details.hide").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("open") is not None


def test_a_wide_formula_scrolls_by_the_arrow_keys(visit):
    page = visit(CHAPTER, PHONE)
    box = page.locator(".math-box.scrolls[tabindex='0']").first
    box.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle(), timeout=5_000)


@pytest.mark.parametrize("name", ["glossary.html", "parity.html"])
def test_each_formula_is_told_once(visit, name):
    """In the tree of assistive technology there is one `math` for each formula, and nothing of its picture."""
    page = visit(name)
    formulas = page.evaluate("[...document.querySelectorAll('.katex')].filter((f) => f.checkVisibility("
                             "{visibilityProperty: true}) && !f.closest('[aria-hidden=true]')).length")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = [node for node in tree if not node["ignored"] and node["role"]["value"] in ("math", "MathMLMath")]
    assert len(told) == formulas > 0
    page.evaluate("document.querySelectorAll('.katex-html').forEach((picture) => picture.append('@picture@'))")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = [node.get("name", {}).get("value", "") for node in tree if not node["ignored"]]
    assert not [text for text in said if "@picture@" in str(text)], "the picture of a formula is read out"
