"""Every page of the built book, in a browser: what `visit.py` claims of a page holds of each."""

from .conftest import BROKEN
from .visit import CLAIMS


def test_page(complaints, page, claim):
    found = complaints[page][claim]
    assert not found, f"\n{page} {CLAIMS[claim]}? No:\n" + "\n".join(f"  {complaint}" for complaint in found)


def test_a_page_that_breaks_the_claim_is_found_out(complaints, claim):
    assert complaints[BROKEN][claim], f"{BROKEN} breaks it on purpose: {CLAIMS[claim]}"
