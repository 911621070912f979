"""Execute the notebooks of the book and store their outputs in place, in one normal form.

    python tools/outputs.py [notebook ...]

The metadata is the same in every notebook, a cell keeps its id if that begins with the chapter's
name (a new cell gets the next free number), and nothing that differs between two runs is stored.
"""

import sys
from pathlib import Path

import nbformat
from book_ext.execution import ROOT, chapters, executed, read, refresh
from book_ext.ledger import MIME

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("tags", "mystnb")


def name_cells(notebook, chapter):
    """Give every cell an id that is unique in the book and stays when others come and go."""
    seen = set()
    for cell in notebook.cells:
        old = cell.get("id", "")
        cell.id = old if old.startswith(f"{chapter}-") and old not in seen else ""
        seen.add(cell.id)
    free = (name for n in range(1, 1000) if (name := f"{chapter}-{n:03}") not in seen)
    for cell in notebook.cells:
        cell.id = cell.id or next(free)


def normalise(notebook, chapter):
    """Bring a notebook to the form in which it is committed."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    name_cells(notebook, chapter)
    count = 0
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA and v}
        cell.pop("attachments", None) if not cell.get("attachments") else None
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            for row in output.get("data", {}).get(MIME, {}).get("rows", ()):
                row.pop("ms", None)
    return notebook


def store(path, notebook):
    text = nbformat.writes(nbformat.from_dict(notebook), version=nbformat.NO_CONVERT)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf8")


def notebooks():
    """Return the notebooks of the book and the template of a chapter."""
    return chapters() + sorted((ROOT / "templates").glob("*.ipynb"))


def main(names):
    paths = [Path(name).resolve() for name in names] or notebooks()
    for path in paths:  # first the form, so that what is executed is what is stored
        store(path, normalise(read(path), path.stem))
    _, errors = refresh(paths)
    for path in paths:
        if path not in errors:
            before = path.read_text(encoding="utf8")
            store(path, normalise(executed(path), path.stem))
            same = path.read_text(encoding="utf8") == before
            print(f"{path.relative_to(ROOT)}: {'unchanged' if same else 'outputs stored'}")
    for path, error in errors.items():
        print(f"\n{path.relative_to(ROOT)}, {error}", file=sys.stderr)
    return bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
