"""Figures with a slider: drawn by Matplotlib at every position, moved in the page without a kernel.

    fig, ax = figure(width=4)
    bars = ax.bar(["a", "b"], [0.5, 0.5])

    def draw(T):
        p = softmax(np.array([1, 0]) / T)
        for bar, height in zip(bars, p):
            bar.set_height(height)
        return f"T = {T:g}: {p[0]:.2f} and {p[1]:.2f}"

    slider(fig, draw, [0.1, 1, 10], name="Temperature T",
           alt="Two bars, one for each probability.",
           story="As T grows from 0.1 to 10, the bars become equally high.")

The picture is drawn once for each position.  What differs between the drawings travels with the
picture, and a small script puts it in its place: the page computes nothing.  The script stands
beside the picture, so the slider works in JupyterLab as it does in the book.  Without JavaScript
and on paper the picture stands still, and the story is told below it.
"""

import json
import re
from hashlib import sha256
from html import escape, unescape

from matplotlib.figure import Figure

from .figures import show

LIMIT = 150_000  # bytes of one moving picture
PER_SECOND = 6  # positions, when it plays


def slider(fig, draw, positions, name, alt, story, start=0, play=False):
    """The figure with a slider, named `name`, through the positions.

    `draw(position)` moves the artists and returns the position in words: they stand below the
    slider and are read out with it.  `alt` says what the picture shows, `story` what happens in it.
    The picture begins at positions[start].  With `play`, where time goes by, it has a play button.
    """
    positions = list(positions)
    _check(fig, draw, positions, start, name=name, alt=alt, story=story)
    fig.draw_without_rendering()
    fig.set_layout_engine("none")  # what stands still shall stand still
    drawings, words = [], []
    for position in positions:
        words.append(_words("draw(position)", draw(position)))
        drawings.append(_short(show(fig, alt).svg))
    return MovingPicture(drawings, words, " ".join(name.split()), alt, " ".join(story.split()), start, play)


class MovingPicture:
    """An inline SVG with a slider, byte for byte the same in every run."""

    def __init__(self, drawings, words, name, alt, story, start, play):
        self.alt, self.words, self.start = " ".join(alt.split()), words, start
        story_id = "story-" + sha256(self.alt.encode()).hexdigest()[:8]
        controls = CONTROLS.format(
            name=escape(name),
            last=len(words) - 1,
            start=start,
            words=escape(words[start]),
            id=story_id,
            play=PLAY if play else "",
        )
        data = {"controls": controls, "words": words, "moves": _moves(drawings)}
        data = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        data = escape(data, quote=False).replace("'", "&#39;")
        self.html = PAGE.format(
            svg=drawings[start].replace("<svg", f"<svg data-moves='{data}'", 1),
            words=escape(words[start]),
            id=story_id,
            story=escape(story),
            script=SCRIPT,
        )
        if len(self.html.encode()) > LIMIT:
            raise ValueError(
                f"the picture has {len(self.html.encode())} bytes, more than {LIMIT}: fewer positions, or shorter lines"
            )

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return f"Moving figure: {self.alt} At position {self.start + 1} of {len(self.words)}: {self.words[self.start]}"


def _moves(drawings):
    """What differs between the drawings: [element, attribute ("" for its text), value in each]."""
    drawings = [PIECE.findall(drawing) for drawing in drawings]
    if len({tuple(TAG.match(piece)[0] for piece in pieces) for pieces in drawings}) > 1:
        raise ValueError(f"an artist comes or goes between two positions; {INSTEAD}")
    found, element = [], -2  # the first element within the <svg> has the number 0
    for pieces in zip(*drawings, strict=True):
        element += bool(re.match("<[^/]", pieces[0]))  # a tag that opens
        if len(set(pieces)) == 1:
            continue
        if not pieces[0].startswith("<"):
            found.append([element, "", [unescape(piece) for piece in pieces]])
            continue
        attributes = [dict(ATTRIBUTE.findall(piece)) for piece in pieces]
        if len({tuple(each) for each in attributes}) > 1:
            raise ValueError(f"an artist has other attributes at another position; {INSTEAD}")
        for key in attributes[0]:
            values = [unescape(each[key]) for each in attributes]
            if len(set(values)) > 1:
                found.append([element, key, values])
    if not found:
        raise ValueError("nothing moves: draw(position) must change what the figure shows")
    return found


PIECE = re.compile(r"<[^>]*>|[^<]+")
TAG = re.compile(r"</?[\w:]+|")  # nothing of a text
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
INSTEAD = "let it move out of sight or become transparent instead"


def _short(svg):
    """Paths without the spaces that separate nothing: "M 1 2 \\nL 3 4" is "M1 2L3 4"."""
    return re.sub(r' d="[^"]*"', lambda path: SPARE.sub("", path[0]), svg)


SPARE = re.compile(r'(?<=[A-Z]) +|\s+(?=[A-Z"]|z\b)')  # of a path such as d="M 1 2 \nL 3 4 \nz\n"


def _check(fig, draw, positions, start, **texts):
    if not isinstance(fig, Figure):
        raise TypeError(f"fig: expected a figure that figure() returned, got {type(fig).__name__}")
    if not callable(draw):
        raise TypeError(f"draw: expected a function of the position, got {type(draw).__name__}")
    if len(positions) < 2:
        raise ValueError(f"positions: expected at least two, got {len(positions)}")
    if isinstance(start, bool) or not isinstance(start, int) or not 0 <= start < len(positions):
        raise ValueError(f"start: expected the number of a position, 0 to {len(positions) - 1}, got {start!r}")
    for name, text in texts.items():
        _words(name, text)


def _words(name, text):
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} must say something in words, got {text!r}")
    return text


PAGE = """<div class="moving">
{svg}
<p class="moving-words">{words}</p>
<p class="moving-story" id="{id}">{story}</p>
<script>{script}</script>
</div>"""

# Put into the page by the script: where none runs there is no dead control.
CONTROLS = """<div class="moving-controls">
<label>{name} <input type="range" min="0" max="{last}" value="{start}" autocomplete="off" \
aria-valuetext="{words}" aria-describedby="{id}"></label>
{play}</div>"""

PLAY = f'<button type="button" data-per-second="{PER_SECOND}">Play</button>\n'

SCRIPT = """
(() => {
  const box = document.currentScript.parentElement;
  if (!box.matches(".moving")) return;
  const svg = box.querySelector("svg");
  const {controls, words, moves} = JSON.parse(svg.dataset.moves);
  const elements = svg.querySelectorAll("*");
  svg.insertAdjacentHTML("afterend", controls);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) box.querySelector("button")?.remove();
  const [slider, play] = ["input", "button"].map((tag) => box.querySelector(tag));
  let timer = 0;
  const show = () => {
    const now = Number(slider.value);
    for (const [element, attribute, values] of moves) {
      if (attribute) elements[element].setAttribute(attribute, values[now]);
      else elements[element].textContent = values[now];
    }
    slider.setAttribute("aria-valuetext", words[now]);
    box.querySelector(".moving-words").textContent = words[now];
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    if (play) play.textContent = "Play";
  };
  const next = () => {
    slider.stepUp();
    show();
    if (slider.value === slider.max) stop();
  };
  slider.addEventListener("input", () => { stop(); show(); });
  play?.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = 0;
    show();
    play.textContent = "Stop";
    timer = setInterval(next, 1000 / play.dataset.perSecond);
  });
  box.querySelector(".moving-story").hidden = true;
})();
"""
