"""What several tests share: the notebooks, and the built site."""

from pathlib import Path

import nbformat
import pytest
from book_ext.execution import ROOT, chapters
from bs4 import BeautifulSoup

SITE = ROOT / "_build" / "html"


def notebooks():
    """Return the paths of all committed notebooks: the chapters, and the template of one."""
    return chapters() + sorted((ROOT / "templates").glob("*.ipynb"))


def pytest_generate_tests(metafunc):
    """Give a test with the argument `notebook_path` every notebook in turn, by name."""
    if "notebook_path" in metafunc.fixturenames:
        paths = notebooks()
        metafunc.parametrize("notebook_path", paths, ids=[path.stem for path in paths])


@pytest.fixture
def notebook(notebook_path):
    return nbformat.read(notebook_path, as_version=4)


@pytest.fixture(scope="session")
def site() -> dict[str, BeautifulSoup]:
    """Return the built pages by file name."""
    files = [path for path in sorted(SITE.glob("*.html")) if path.name != "genindex.html"]
    if not files:
        pytest.skip("the book is not built: `make book` first")
    return {path.name: BeautifulSoup(path.read_text(encoding="utf8"), "html.parser") for path in files}


@pytest.fixture(scope="session")
def site_folder(site) -> Path:
    return SITE
