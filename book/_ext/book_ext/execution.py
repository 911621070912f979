"""Execution: every notebook through the cache, two at a time, and again when its ground moved.

jupyter-cache looks at a notebook's code cells alone. Here each cached run also carries the key
of the environment it ran in: the Python version, the requirements, and, for a notebook which
imports them, the text of the helpers, and the data and modules beside it that its code names. A run
with another key is thrown away and done again, and Sphinx reads the page anew.
"""

import os
import platform
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from sphinx_external_toc.parsing import parse_toc_yaml

ROOT = Path(__file__).parents[3]
CACHE = ROOT / "_build" / ".jupyter_cache"
IMPORTS_HELPERS = re.compile(r"^\s*(?:from|import)\s+helpers\b", re.MULTILINE)


def chapters(root=ROOT):
    """Return the notebooks of the table of contents, in reading order."""
    pages = parse_toc_yaml(root / "_toc.yml")
    paths = [root / "book" / f"{name.removesuffix('.ipynb')}.ipynb" for name in pages]
    return [path for path in paths if path.exists()]


def environment_key(notebook, root=ROOT):
    """Return a digest of everything outside the notebook that its outputs depend on."""
    ground = [root / "requirements.txt", root / "constraints.txt"]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if IMPORTS_HELPERS.search(code):
        ground += sorted((root / "helpers").rglob("*.py"))
    beside = [path for path in (root / "book").glob("*") if path.suffix in (".py", ".yml")]
    ground += sorted(path for path in beside if re.search(rf"\b{path.stem}\b", code))
    digest = sha256(platform.python_version().encode())
    for path in ground:
        if path.exists():
            digest.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def cached_run(cache, notebook, key):
    """Return the cached record of the notebook, or None after removing one from another key."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    if record.data.get("environment") == key:
        return record
    cache.remove_cache(record.pk)
    return None


def read(path):
    return nbformat.read(path, as_version=4)


def executed(path, cache_path=CACHE):
    """Return the notebook at path with the outputs of its cached run."""
    return get_cache(cache_path).merge_match_into_notebook(read(path))[1]


def execute(notebook, folder, timeout):
    """Run every cell; return the seconds taken and a description of the error, if any."""
    start = time.perf_counter()
    try:
        NotebookClient(
            notebook,
            timeout=timeout,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        ).execute()
        error = None
    except (CellControlSignal, DeadKernelError) as problem:
        error = f"{failed_cell(notebook)}: {str(problem).strip()}"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = merged(cell.outputs)
    return time.perf_counter() - start, error


def merged(outputs):
    """Return the outputs with consecutive pieces of one stream joined: where they break is chance."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output.output_type == "stream" and last.get("output_type") == "stream" and last["name"] == output.name:
            last["text"] += output.text
        else:
            joined.append(output)
    return joined


def failed_cell(notebook):
    """Name the cell that failed: the one with an error, else the first that never finished."""
    code = [(n, c) for n, c in enumerate(notebook.cells, 1) if c.cell_type == "code"]
    errors = [p for p in code if any(o.output_type == "error" for o in p[1].outputs)]
    waiting = [p for p in code if p[1].execution_count is None and p[1].source.strip()]
    number, cell = (errors + waiting + [(0, {})])[0]
    return f"cell {number} ({cell.get('id', 'unknown')})"


def refresh(paths, *, cache_path=CACHE, root=ROOT, workers=None, timeout=300, say=print):
    """Execute the notebooks whose cached run is missing or stale; return those and the errors.

    One line is said for each notebook as it ends.
    """
    cache = get_cache(cache_path)
    workers = workers or int(os.environ.get("BOOK_WORKERS", 2))
    todo = {}
    for path in paths:
        notebook = read(path)
        key = environment_key(notebook, root)
        if cached_run(cache, notebook, key) is None:
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            todo[path] = (notebook, key)
    if todo:
        say(f"executing {len(todo)} of {len(paths)} notebooks, {workers} at a time")
    errors = {}
    with ThreadPoolExecutor(workers) as pool:
        runs = {
            pool.submit(execute, notebook, path.parent, timeout): path
            for path, (notebook, _) in todo.items()
        }
        for done, run in enumerate(as_completed(runs), 1):
            path = runs[run]
            notebook, key = todo[path]
            seconds, error = run.result()
            said = f"  [{done}/{len(todo)}] {path.name} {seconds:6.1f} s"
            if error is None:
                data = {"execution_seconds": seconds, "environment": key}
                bundle = CacheBundleIn(notebook, str(path), data=data)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            else:
                errors[path] = error
                said += "  FAILED"
            say(said)
    return list(todo), errors


def before_reading(app, env, added, changed, removed):
    """Bring the cache up to date, then return the pages whose environment has changed."""
    paths = {name: Path(env.doc2path(name)) for name in sorted(env.found_docs)}
    paths = {name: path for name, path in paths.items() if path.suffix == ".ipynb"}
    _, errors = refresh(
        list(paths.values()),
        cache_path=env.mystnb_config.execution_cache_path,
        timeout=env.mystnb_config.execution_timeout,
        say=lambda line: print(line, flush=True),
    )
    if errors:
        for path, error in errors.items():
            print(f"\n{path.name}, {error}", file=sys.stderr)
        sys.exit(1)
    keys = {name: environment_key(read(path)) for name, path in paths.items()}
    before, env.execution_keys = getattr(env, "execution_keys", {}), keys
    return [name for name in keys if before.get(name) != keys[name]]


def setup(app):
    app.connect("env-get-outdated", before_reading)
