"""Figures that can be read on a light page, on a dark page and with a screen reader.

    fig, ax = figure()
    line, = ax.plot(z, sigmoid(z))
    label(line, "σ(z)", at=2)
    show(fig, alt="The sigmoid rises from 0 to 1 and crosses 1/2 at z = 0.")

The picture becomes part of the page (inline SVG), so axes and text take the colour of
the text around it.  Curves have four fixed colours, each with its own line style.
"""

import io
import re
from html import escape
from numbers import Real

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

# Contrast with white and with the dark page (#14181e) is at least 3 : 1 for each.
# Four of the colours of Okabe and Ito, chosen to differ for colour-blind readers too.
BLUE, VERMILLION, GREEN, PURPLE = PALETTE = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
INK = "#787878"  # stands for the colour of the page's text; `show` puts that in its place

STYLE = {
    "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=["-", "--", "-.", ":"]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "lines.linewidth": 2,
    "svg.fonttype": "none",
    **{f"{part}.edgecolor": INK for part in ("axes", "patch")},
    **{f"{part}.color": INK for part in ("text", "xtick", "ytick", "hatch", "grid")},
    **{f"axes.{part}color": INK for part in ("label", "title")},
    "grid.alpha": 0.2,
}


def figure(width=5, height=3, **layout):
    """A figure (5 inches fill the column of the book) and its axes, as from plt.subplots."""
    for name, inches in (("width", width), ("height", height)):
        if isinstance(inches, bool) or not isinstance(inches, Real) or not 0 < inches < 100:
            raise ValueError(f"{name}: expected inches, more than 0 and less than 100, got {inches!r}")
    mpl.rcParams.update(STYLE)
    fig = Figure((width, height))
    return fig, fig.subplots(**layout)


def label(line, text, at, dx=0, dy=6):
    """Write `text` beside the point of `line` at x = `at`, in its colour.

    The text keeps (dx, dy) points away: dx > 0 puts it to the right, dy < 0 below.
    """
    if not isinstance(line, Line2D):
        raise TypeError(f"line: expected a line that ax.plot returned, got {type(line).__name__}")
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"text: expected words to write beside the line, got {text!r}")
    for name, number in (("at", at), ("dx", dx), ("dy", dy)):
        if isinstance(number, bool) or not isinstance(number, Real) or not np.isfinite(number):
            raise TypeError(f"{name}: expected a number, got {number!r}")
    point = at, np.interp(at, *line.get_data())  # x must increase
    place = {
        "ha": ("center", "left", "right")[(dx > 0) - (dx < 0)],
        "va": ("center", "bottom", "top")[(dy > 0) - (dy < 0)],
        "color": line.get_color(),
    }
    line.axes.annotate(text, point, (dx, dy), textcoords="offset points", **place)


def show(fig, alt):
    """The figure as a picture in the page, with `alt` in words for those who cannot see it."""
    if not isinstance(fig, Figure):
        raise TypeError(f"fig: expected a figure that figure() returned, got {type(fig).__name__}")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what the figure shows, got {alt!r}")
    return Picture(fig, alt)


class Picture:
    """An inline SVG, byte for byte the same in every run."""

    def __init__(self, fig, alt):
        self.alt = " ".join(alt.split())
        self.svg = OPENING.format(alt=escape(self.alt), width=130 * fig.get_figwidth())
        self.svg += _drawing(fig, salt=self.alt)  # so that figures of a page share no id

    def _repr_html_(self):
        return self.svg

    def __repr__(self):
        return f"Figure: {self.alt}"


def _drawing(fig, salt):
    """What Matplotlib draws, from the attributes of its <svg> on, made part of a page."""
    file = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt}):
        fig.savefig(file, format="svg")
    drawing = file.getvalue()
    if re.search("font-family: 'cm", drawing):  # $f'$ would come out as f0 in another font
        raise ValueError(
            "write f′ with the sign ′ itself: the prime of $f'$ is not in the page's font"
        )
    for pattern, replacement in REPLACEMENTS:
        drawing = re.sub(pattern, replacement, drawing)
    return drawing


OPENING = (
    '<svg role="img" aria-label="{alt}" class="book-figure" fill="currentColor" '
    'style="display: block; width: 100%; max-width: {width:g}px; margin: auto; '
    'stroke-linejoin: round; stroke-linecap: butt"'
)

REPLACEMENTS = (
    (r"(?s)^.*?<svg", ""),  # the XML header; OPENING stands in its place
    (r' (width|height)="[\d.]+pt"(?=[^<]*viewBox)| version="1.1"| xmlns(:xlink)?="[^"]*"', ""),
    (r"(?s)<metadata>.*?</metadata>|<!--.*?-->|<defs>\s*<style.*?</style>\s*</defs>", ""),
    (r'<g id="[^"]*"', "<g"),  # axes_1, text_3: repeated in every figure, used by none
    (r"xlink:href", "href"),
    (r' transform="rotate\(-?0 [^"]*"', ""),
    (r"font-family: [^;]*; ", ""),  # the font of the page
    (INK, "currentColor"),
    (r"(<text[^>]*fill: )(#\w{6})", r"\1color-mix(in srgb, \2 60%, currentColor)"),
    (r' (d|x|y|width|height|transform|viewBox)="[^"]*"', lambda attribute: _rounded(attribute[0])),
    (r"\s*\n\s*", "\n"),
)


def _rounded(attribute):
    """Hundredths of a point: finer than a screen, coarser than differences between machines."""
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", attribute)
