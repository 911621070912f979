"""What is executed again, and when: the cache must neither waste time nor tell old news."""

import nbformat
import pytest
from book_ext import execution

WITH_HELPERS = "from helpers import check\ncheck(1, 1)"
WITHOUT = "1 + 1  # helpers are not imported here"


@pytest.fixture
def book(tmp_path):
    """A book of two notebooks, one of which uses the helpers."""
    for folder in ("book", "helpers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "requirements.txt").write_text("sympy\n")
    (tmp_path / "helpers" / "__init__.py").write_text("one = 1\n")
    for name, source in (("uses", WITH_HELPERS), ("plain", WITHOUT)):
        write(tmp_path / "book" / f"{name}.ipynb", source)
    return tmp_path


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def run(book, monkeypatch):
    """Refresh the book without a kernel; return the names of the notebooks that were executed."""
    monkeypatch.setattr(execution, "execute", lambda notebook, folder, timeout: (0.0, None))

    def refresh():
        paths = sorted((book / "book").glob("*.ipynb"))
        done, errors = execution.refresh(
            paths, cache_path=str(book / "cache"), root=book, say=lambda line: None
        )
        assert not errors
        return {path.stem for path in done}

    assert refresh() == {"uses", "plain"}
    return refresh


def test_nothing_changed_nothing_executed(run):
    assert run() == set()


def test_a_changed_chapter_is_executed_alone(run, book):
    write(book / "book" / "plain.ipynb", "2 + 2")
    assert run() == {"plain"}


def test_a_changed_file_beside_a_chapter_executes_the_chapters_that_name_it(run, book):
    write(book / "book" / "plain.ipynb", "open('figures.yml')")
    (book / "book" / "figures.yml").write_text("one: 1\n")
    assert run() == {"plain"}
    (book / "book" / "figures.yml").write_text("one: 2\n")
    (book / "book" / "others.yml").write_text("one: 1\n")
    assert run() == {"plain"}


def test_changed_helpers_execute_the_chapters_that_import_them(run, book):
    (book / "helpers" / "deep").mkdir()
    (book / "helpers" / "deep" / "new.py").write_text("two = 2\n")
    assert run() == {"uses"}
    assert run() == set()


@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt"])
def test_changed_requirements_execute_everything(run, book, name):
    (book / name).write_text("sympy==1.14.0\n")
    assert run() == {"uses", "plain"}


def test_another_python_executes_everything(run, monkeypatch):
    monkeypatch.setattr(execution.platform, "python_version", lambda: "3.99.0")
    assert run() == {"uses", "plain"}


def test_changed_text_executes_nothing(run, book):
    path = book / "book" / "plain.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# A new title"))
    nbformat.write(notebook, path)
    assert run() == set()


def test_a_failure_names_the_notebook_and_the_cell(tmp_path):
    path = tmp_path / "broken.ipynb"
    write(path, "x = 1", "x / 0", "x + 1")
    said = []
    _, errors = execution.refresh([path], cache_path=str(tmp_path / "cache"), say=said.append)
    name = nbformat.read(path, as_version=4).cells[1].id
    assert f"cell 2 ({name})" in errors[path] and "ZeroDivisionError" in errors[path]
    assert "broken.ipynb" in said[-1] and "FAILED" in said[-1]


def test_what_a_cell_prints_is_one_piece(tmp_path):
    """Where a kernel breaks a stream is a matter of time; the run that is kept has it whole."""
    path = tmp_path / "prints.ipynb"
    write(path, "import time\nprint('one', flush=True)\ntime.sleep(1)\nprint('two')")
    execution.refresh([path], cache_path=str(tmp_path / "cache"), say=lambda line: None)
    (output,) = execution.executed(path, str(tmp_path / "cache")).cells[0].outputs
    assert output.text == "one\ntwo\n"
