"""The museum of famous mistakes: every exhibit refuted, put right, cited, and in the list at the end."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from book_ext.execution import ROOT, read
from book_ext.ledger import rows_of

THREAD = re.compile(r"(?<![\w/-])[\w.-]+/[\w.-]+#\d+")
ADDRESS = re.compile(r"\[([^\]]+#\d+)\]\(https://github\.com/([^)]+)\)")


@pytest.fixture(scope="module")
def museum():
    return read(ROOT / "book/museum.ipynb")


@pytest.fixture(scope="module")
def text(museum):
    return "\n\n".join(cell.source for cell in museum.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def exhibits(museum):
    """The verdicts of each labelled derivation."""
    found = defaultdict(list)
    for row in rows_of(museum):
        found[row["label"]].append(row["status"])
    return found


@pytest.fixture(scope="module")
def listed(museum):
    """The labels in the list of the collection, in its order."""
    outputs = [str(output.get("data", {}).get("text/markdown", "")) for cell in museum.cells
               for output in cell.get("outputs", ())]
    return re.findall(r"\{eq\}`([\w-]+)`", "\n".join(outputs))


def test_at_least_twenty_printed_formulas_are_refuted(exhibits):
    assert sum("refuted" in verdicts for verdicts in exhibits.values()) >= 20


def test_what_hangs_here_is_put_right_by_a_proof(exhibits):
    assert {label for label, verdicts in exhibits.items() if set(verdicts) - {"refuted"} != {"proved"}} == set()


def test_the_list_has_every_exhibit_that_is_refuted(exhibits, listed):
    assert {label for label, verdicts in exhibits.items() if "refuted" in verdicts} <= set(listed) <= set(exhibits)
    assert len(listed) == len(set(listed))


def test_every_room_has_citations(museum, text):
    for room in text.split("\n## Room ")[1:]:
        room = room.split("\n## ")[0]
        exhibits = re.split(r"\n### ", room)[1:]
        assert exhibits and all(":class: citation" in exhibit for exhibit in exhibits), room[:60]


def test_an_address_is_that_of_the_thread_it_names(text):
    addresses = ADDRESS.findall(text)
    assert len({name for name, _ in addresses}) >= 40
    for name, address in addresses:
        assert re.sub("/(issues|pull)/", "#", address) == name


def test_the_threads_of_the_other_test_hang_here(text):
    source = Path(__file__).with_name("test_famous_mistakes.py").read_text(encoding="utf8")
    cited = set(THREAD.findall(source))
    assert cited and cited - {name for name, _ in ADDRESS.findall(text)} == set()
