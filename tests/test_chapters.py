"""The form of a chapter, as CONTRIBUTING.md describes it, held for every notebook of the book."""

import copy
import re

import pytest
from book_ext.execution import ROOT, chapters, read
from book_ext.formulas import split_label
from book_ext.ledger import MIME, STATUS
from book_ext.sources import load
from conftest import notebooks

from tools.outputs import normalise

REFERENCE = {"notation"}  # pages that are executed, but are no chapters
CODE_LINES, CODE_WIDTH = 15, 79
OPENING = ("**You will be able to**", "**Before you start**", "**Sources**")
SECTIONS = ("The question", "In numbers", "What goes wrong", "Exercises", "Summary", "References")
LEVELS = ["easy", "medium", "hard"]
FENCE = re.compile(r"^(:{3,}|`{3,})(?:\{([\w:-]+)\}[ \t]*(.*))?$")
DISPLAY = re.compile(r"\$\$(.+?)\$\$|\\\[(.+?)\\\]|\\begin\{(equation|align|gather|eqnarray)\*?\}(.+?)\\end", re.S)


def form(path):
    return path.stem not in REFERENCE


@pytest.fixture
def chapter(notebook_path, notebook):
    if not form(notebook_path):
        pytest.skip("not a chapter")
    return notebook


# --- reading a notebook ---------------------------------------------------------------------------


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(cells):
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def outputs(cells):
    return [output for cell in cells for output in cell.get("outputs", ())]


def shown(cells):
    """Return all that the outputs of the cells say in words."""
    found = []
    for output in outputs(cells):
        data = output.get("data", {})
        found += [output.get("text", ""), *[str(data[mime]) for mime in data if mime.startswith("text/")]]
    return "\n".join(found)


def section(notebook, title):
    """Return the cells from the heading of that title to the next of its rank."""
    inside, found = False, []
    for cell in notebook.cells:
        heads = re.findall(r"^## +(.+?)\s*$", cell.source, re.M) if cell.cell_type == "markdown" else []
        inside = (heads[-1] == title) if heads else inside
        if inside or title in heads:
            found.append(cell)
    return found


def directives(markdown):
    """Return (name, argument, body) of each directive in the text, the inner ones too."""
    found, open_ = [], []
    for line in markdown.splitlines():
        fence = FENCE.match(line)
        if fence and open_ and not fence[2] and fence[1] == open_[-1][0] and not fence[3]:
            _, name, argument, body = open_.pop()
            found.append((name, argument, "\n".join(body)))
        elif fence and not (open_ and open_[-1][1] is None):
            open_.append((fence[1], fence[2], fence[3] or "", []))
            continue
        for *_, body in open_:
            body.append(line)
    return found


def options(body):
    return dict(re.findall(r"^:(\w+):[ \t]*(.*?)[ \t]*$", body, re.M))


def said_otherwise(name, body):
    """A definition or a citation: the two places where a formula may be typed by hand."""
    kind = options(body).get("class", "").split()
    return name == "prf:definition" or (name == "admonition" and {"definition", "citation"} & set(kind))


def typed_equations(markdown):
    """Return the displayed equations of a text that are neither a definition nor a citation."""
    for name, _, body in directives(markdown):
        if name is None or said_otherwise(name, body):
            markdown = markdown.replace(body, "")
    found = ["".join(part or "" for part in match.groups()) for match in DISPLAY.finditer(markdown)]
    found += [body for name, _, body in directives(markdown) if name == "math"]
    return [formula.strip() for formula in found if "=" in formula or r"\equiv" in formula]


# --- every notebook -------------------------------------------------------------------------------


def test_the_notebook_is_stored_in_its_normal_form(notebook_path, notebook):
    expected = normalise(copy.deepcopy(notebook), notebook_path.stem)
    assert notebook == expected, "run `make outputs`"


def test_the_outputs_are_stored_and_tell_of_no_error(notebook):
    found = outputs(code(notebook))
    assert found, "run `make outputs`"
    assert not [output for output in found if output.output_type == "error"]
    assert not [output for output in found if output.get("name") == "stderr"]


def test_cell_ids_are_unique_in_the_book():
    ids = [cell.id for path in notebooks() for cell in read(path).cells]
    assert len(ids) == len(set(ids))


def test_code_cells_are_short(notebook):
    for cell in code(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        hidden = {"hide-input", "remove-input"} & set(cell.metadata.get("tags", ()))
        assert hidden or len(lines) <= CODE_LINES, f"{cell.id}: {len(lines)} lines"
        assert max(map(len, lines)) <= CODE_WIDTH, f"{cell.id}: a line is wider than {CODE_WIDTH}"


def test_no_equation_is_typed_by_hand(notebook):
    found = {c.id: typed_equations(c.source) for c in notebook.cells if c.cell_type == "markdown"}
    assert not {name: formulas for name, formulas in found.items() if formulas}


def test_the_markup_is_the_books(notebook):
    for banned, instead in {
        r"\label{": "a `% label:` comment, or `$$ ... $$ (label)`",
        r"\eqref{": "{eq}`label`",
        "[^": "{footcite}",
    }.items():
        assert banned not in text(notebook.cells), f"{banned}: write {instead}"


def test_figures_have_a_description(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            images = [mime for mime in output.get("data", ()) if mime.startswith("image/")]
            if images and "text/html" not in output["data"]:
                alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
                assert len(alt) > 20, f"{cell.id}: no alt text"


# --- every chapter --------------------------------------------------------------------------------


def test_the_chapter_opens_with_its_question(chapter):
    first = chapter.cells[0]
    assert first.cell_type == "markdown" and re.match(r"# \S", first.source)
    opening = text(section(chapter, "The question"))
    assert [lead for lead in OPENING if lead not in opening] == []


def test_the_sections_stand_in_order(chapter):
    heads = re.findall(r"^## +(.+?)\s*$", text(chapter.cells), re.M)
    assert [title for title in heads if title in SECTIONS] == list(SECTIONS)


def test_the_source_items_of_the_chapter_are_listed(notebook_path, chapter):
    items = {item["id"] for item in load(ROOT / "book/sources.yml") if item["chapter"] == notebook_path.stem}
    said = text(section(chapter, "The question")).split("**Sources**")[1].split("\n\n")[0]
    named = set(re.findall(r"`([^`]+)`", said))
    assert named == items or notebook_path not in chapters()


def test_there_is_a_derivation_with_a_label(chapter):
    assert any("Derivation(" in cell.source for cell in code(chapter))
    latex = [output.data["text/latex"] for output in outputs(code(chapter)) if "text/latex" in output.get("data", ())]
    assert any(split_label(formula)[0] for formula in latex)


def test_a_second_witness_prints_its_error(chapter):
    assert re.search(r"\d(?:\.\d+)?e-\d\d", shown(section(chapter, "In numbers")))


def test_there_is_a_figure(chapter):
    data = [output.get("data", {}) for output in outputs(code(chapter))]
    drawn = [d for d in data if any(mime.startswith("image/") for mime in d)]
    html = "\n".join(str(d.get("text/html", "")) for d in data)
    assert drawn or re.search(r"""role=["']img["'][^>]*aria-label=|aria-label=[^>]*role=["']img["']""", html)


def test_the_famous_error_is_refuted(chapter):
    assert "refuted" in shown(section(chapter, "What goes wrong"))


def exercises(chapter):
    """Return, for each exercise, its options, its own code cells, and those of its solution."""
    found, where = {}, None
    for cell in chapter.cells:
        if cell.cell_type == "code":
            if where:
                found[where[0]][where[1]].append(cell)
            continue
        for name, argument, body in directives(cell.source):
            if name == "exercise-start":
                where = (options(body)["label"], "exercise")
                found[where[0]] = {"options": options(body), "exercise": [], "solution": [], "hidden": None}
            elif name == "solution-start":
                where = (argument.strip(), "solution")
                found[where[0]]["hidden"] = "dropdown" in options(body).get("class", "")
            elif name in ("exercise-end", "solution-end"):
                where = None
    return found


def test_the_exercises_are_graded_and_solved(chapter):
    found = exercises(chapter)
    assert len(found) >= 5
    for label, parts in found.items():
        assert parts["exercise"], f"{label}: no cell to type the answer in"
        assert parts["solution"], f"{label}: no solution that is executed"
        assert parts["hidden"], f"{label}: the solution is not folded (`:class: dropdown`)"
        first = re.search("Right|Wrong|annot|contains", shown(parts["solution"]))  # a slip may be shown after it
        assert first and first[0] == "Right", f"{label}: the solution is not judged right"
    levels = [LEVELS.index(parts["options"]["class"]) for parts in found.values()]
    assert levels == sorted(levels) and levels[0] < levels[-1], "from easy to hard"


def test_the_summary_is_generated_and_carries_the_ledger(notebook_path, chapter):
    ledgers = [output.data[MIME] for output in outputs(code(chapter)) if MIME in output.get("data", ())]
    assert len(ledgers) == 1 and ledgers == [outputs(section(chapter, "Summary"))[-1].data[MIME]]
    assert ledgers[0]["chapter"] == notebook_path.stem
    for row in ledgers[0]["rows"]:
        assert {"label", "latex", "status", "how", "sizes", "points"} <= row.keys()
        assert row["status"] in STATUS
        assert row["points"] or row["status"] != "proved", f"proved, but no number was compared: {row['latex']}"


def test_the_references_are_cited(chapter):
    assert "{footbibliography}" in text(chapter.cells) and "{footcite" in text(chapter.cells)


# --- these tests themselves -----------------------------------------------------------------------


def test_the_template_is_held_to_the_form_of_a_chapter():
    template = ROOT / "templates" / "chapter.ipynb"
    assert template in notebooks() and template not in chapters() and form(template)


@pytest.mark.parametrize(
    "markdown",
    [
        "Now\n\n$$\na = b\n$$",
        "$$a = b$$ (eq-x)",
        "\\[a = b\\]",
        "\\begin{align*}a &= b\\end{align*}",
        "```{math}\n:label: x\na = b\n```",
        ":::{note}\n$$a = b$$\n:::",
        ":::{admonition} Hear\n:class: tip\n\n$$a = b$$\n:::",
        ":::{prf:definition} D\n$$c = d$$\n:::\n\n$$a = b$$",
        "::::{note}\n:::{prf:definition} D\n$$c = d$$\n:::\n$$a = b$$\n::::",
    ],
)
def test_a_typed_equation_is_found(markdown):
    assert [formula for formula in typed_equations(markdown) if "a" in formula and "b" in formula]


@pytest.mark.parametrize(
    "markdown",
    [
        "Inline $a = b$ is prose.",
        "$$a + b$$",
        ":::{prf:definition} Softmax\n:label: def-x\n\n$$\na = b\n$$\n:::",
        ":::{admonition} Source 002\n:class: citation\n\n$$a = b$$\n:::",
        "::::{note}\n:::{admonition} D\n:class: definition\n$$a = b$$\n:::\n::::",
        "```\n$$a = b$$\n```",
    ],
)
def test_a_definition_or_citation_is_no_typed_equation(markdown):
    assert typed_equations(markdown) == []
