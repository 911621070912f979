"""The live checker of the pages: the files that run it, and the anchors and scripts by which a page finds them."""

import json
import subprocess
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile, copytree, rmtree
from tempfile import TemporaryDirectory

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging

from .derivations import split_lines
from .execution import ROOT, chapters, environment_key, read
from .katex import LIBRARY, node
from .statements import page_of

logger = logging.getLogger(__name__)

RUNTIME = Path(__file__).with_name("runtime")
PYODIDE = ROOT / ".venv" / "node" / "node_modules" / "pyodide"  # where `make` puts it
BUILT = ROOT / "_build" / "live"
LIBRARIES = ("mpmath", "sympy")
LOADED = ("memory.bin.gz", "pyodide.asm.wasm.gz", "python_stdlib.zip")  # by worker.mjs, which counts their bytes


def ground():
    """A digest of what the stored memory is made of."""
    digest = sha256("".join(f"{name} {version(name)} " for name in LIBRARIES).encode())
    for path in [*sorted(RUNTIME.iterdir()), *sources(ROOT / "helpers"), PYODIDE / "package.json"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def sources(folder):
    """The Python files of a package, without its tests."""
    return [path for path in sorted(folder.rglob("*.py")) if not {"tests", "benchmarks"} & set(path.parts)]


def runtime():
    """The folder with the files that run the checker in a page, made if it is not there; None without Pyodide."""
    if not PYODIDE.exists():
        return None
    made = BUILT / ground()
    if (made / "runtime.json").exists():
        return made
    logger.info("live: storing the memory of SymPy and the checker for the pages (once, about 20 s) ...")
    with TemporaryDirectory() as scratch:
        packages, bytecode, out = (Path(scratch, name) for name in ("packages", "bytecode", "out"))
        bytecode.mkdir()
        for package in [*(Path(find_spec(name).origin).parent for name in LIBRARIES), ROOT / "helpers"]:
            for path in sources(package):
                copy = packages / path.relative_to(package.parent)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copyfile(path, copy)
        command = [node(), RUNTIME / "snapshot.mjs", PYODIDE, packages, bytecode, out]
        run = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        if run.returncode:
            raise ExtensionError(f"live: the memory for the pages could not be stored:\n{run.stderr[-2000:]}")
        rmtree(BUILT, ignore_errors=True)  # of other versions
        copytree(out, made)
    return made


def prepare(app):
    """Make the runtime before the pages, which name its size."""
    app.live_runtime = runtime() if app.builder.format == "html" else None
    if app.builder.format == "html" and app.live_runtime is None:
        logger.info("live: no Pyodide in %s; the pages are built without the live checker", PYODIDE.relative_to(ROOT))


def place_controls(app, doctree):
    """Mark where the script puts its controls: at exercises, under derivations, and at the end of a chapter."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    page = stored_page(path)
    cells = [node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"]
    for cell in cells:
        number = cell["cell_index"]
        if number in page["exercises"]:
            cell += place("exercise", cell=number)
        texts = list(enumerate(page["derivations"].get(number, ())))
        for block in list(cell.findall(nodes.math_block)):
            lines = split_lines(block.astext())
            here = next((n for n, found in texts if lines and len(found) == len(lines) and any(found)), None)
            if here is not None:
                texts = [(n, found) for n, found in texts if n > here]
                block.parent.insert(block.parent.index(block) + 1, place("derivation", cell=number, number=here))
    if page["cells"]:
        next(doctree.findall(nodes.section)).append(place("equality"))


def place(kind, **data):
    """An empty element: without the script there is nothing to see."""
    data = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return nodes.raw("", f'<div class="live-place" data-live="{kind}"{data}></div>', format="html")


def stored_page(path):
    """`page_of` a notebook, kept beside the runtime until the notebook or the helpers change."""
    notebook = read(path)
    key = sha256(path.read_bytes() + environment_key(notebook).encode()).hexdigest()[:16]
    stored = ROOT / "_build" / "live-pages" / f"{path.stem}-{key}.json"
    if not stored.exists():
        stored.parent.mkdir(parents=True, exist_ok=True)
        for old in stored.parent.glob(f"{path.stem}-*.json"):
            old.unlink()
        stored.write_text(json.dumps(page_of(notebook), ensure_ascii=False), encoding="utf8")
    page = json.loads(stored.read_text(encoding="utf8"))
    for name in ("exercises", "derivations"):
        page[name] = {int(cell): what for cell, what in page[name].items()}
    return page


def add_script(app, pagename, templatename, context, doctree):
    """The script of a chapter's page, which says where the files are and how large."""
    if app.live_runtime and pagename in live_chapters():
        made = json.loads((app.live_runtime / "runtime.json").read_text(encoding="utf8"))
        total = sum((app.live_runtime / name).stat().st_size for name in LOADED)
        data = {"live": "", "page": pagename, "key": made["memory"][:16], "pages": made["pages"], "total": total}
        data = {f"data-{name}": str(what) for name, what in data.items()}
        app.add_js_file("live/controls.mjs", type="module", **data)


def live_chapters():
    return {path.stem: path for path in chapters() if path.suffix == ".ipynb"}


def copy_files(app, exception):
    """What the pages load: the runtime, KaTeX for previews, and a file for each chapter."""
    if exception or not app.live_runtime:
        return
    live = Path(app.outdir, "_static", "live")
    copytree(app.live_runtime, live, dirs_exist_ok=True)
    copyfile(LIBRARY, live / "katex.min.js")
    for name, path in live_chapters().items():
        (live / f"{name}.json").write_text(json.dumps(stored_page(path), ensure_ascii=False), encoding="utf8")


def setup(app):
    app.connect("builder-inited", prepare)
    app.connect("doctree-read", place_controls)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy_files)
