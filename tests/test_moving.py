"""Figures with a slider: each position is what Matplotlib draws there; nothing is dead without a script."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import notebooks

from helpers.figures import figure, show
from helpers.moving import LIMIT, slider
from helpers.networks import softmax
from tools.outputs import read

ALT = 'Two "bars" & their heights: x < 1'
STORY = "As T grows, the bars become equally high."
POSITIONS = np.geomspace(0.1, 10, 9)


def bars():
    """Return a figure with two bars, a curve, a dot and a text, and the function that moves them."""
    fig, ax = figure(width=4)
    two = ax.bar([0, 1], [0.5, 0.5])
    (curve,) = ax.plot([], [])
    (dot,) = ax.plot([0], [0], "o")
    word = ax.text(0.5, 0.9, "")
    ax.set_ylim(0, 1)

    def draw(T):
        p = softmax(np.array([1, 0]) / T)
        for bar, height in zip(two, p, strict=True):
            bar.set_height(height)
        curve.set_data([0, 0.3, 1], [p[0], T / 20, p[1]])
        dot.set_data([1], p[1:])
        word.set_text(f"T < {T:.1f} & 'so on'")
        return f'T = {T:.2f}: "{p[0]:.3f}" & {p[1]:.3f}'

    return fig, draw


def picture(alt=ALT, **options):
    fig, draw = bars()
    return slider(fig, draw, POSITIONS, name="Temperature <T>", alt=alt, story=STORY, **options)


def page(moving):
    return BeautifulSoup(moving._repr_html_(), "html.parser")


def moves(moving):
    return json.loads(page(moving).svg["data-moves"])


def controls(moving):
    """Return what the script puts into the page."""
    return BeautifulSoup(moves(moving)["controls"], "html.parser")


def at(moving, position):
    """Return the drawing as the script leaves it at a position."""
    root = ElementTree.fromstring(re.search("(?s)<svg.*</svg>", moving.html)[0])
    elements = list(root.iter())[1:]
    del root.attrib["data-moves"]
    for element, attribute, values in moves(moving)["moves"]:
        if attribute:
            assert attribute in elements[element].attrib
            elements[element].set(attribute, values[position])
        else:
            elements[element].text = values[position]
    return root


def same(one, other):
    """Whether two drawings are the same, but for spaces within paths."""
    squeezed = [re.sub(r"\s+", "", ElementTree.tostring(each, "unicode")) for each in (one, other)]
    return squeezed[0] == squeezed[1]


# --- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [0, 5, 8])
def test_each_position_is_what_matplotlib_draws_there(position):
    fig, draw = bars()
    draw(POSITIONS[0])
    fig.draw_without_rendering()  # the layout is that of the start
    fig.set_layout_engine("none")
    draw(POSITIONS[position])
    expected = ElementTree.fromstring(show(fig, ALT).svg)
    moving = picture()
    assert same(at(moving, position), expected)
    assert not same(at(moving, (position + 1) % 9), expected)


@pytest.mark.parametrize("position", [0, 5, 8])
def test_the_heights_of_the_bars_are_the_values_of_the_function(position):
    expected = softmax(np.array([1, 0]) / POSITIONS[position])
    drawn = [e.get("d") for e in at(picture(), position).iter("path") if "fill: #0072b2" in e.get("style", "")]
    corners = [[float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)] for path in drawn[:2]]
    heights = np.array([max(ys) - min(ys) for ys in corners])
    assert heights / heights.sum() == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("start", [0, 6])
def test_the_first_picture_is_the_one_asked_for(start):
    moving = picture(start=start)
    untouched = ElementTree.fromstring(re.search("(?s)<svg.*</svg>", moving.html)[0])
    del untouched.attrib["data-moves"]
    assert same(untouched, at(moving, start))
    control = controls(moving).input
    words = moves(moving)["words"]
    assert (control["min"], control["max"], control["value"]) == ("0", "8", str(start))
    assert control["aria-valuetext"] == words[start] == page(moving).select_one(".moving-words").text
    assert words[8] == 'T = 10.00: "0.525" & 0.475'


def test_the_slider_has_a_name_and_a_description():
    soup, label = page(picture()), controls(picture()).label
    assert label.text.strip() == "Temperature <T>"
    assert soup.find(id=label.input["aria-describedby"]).text == STORY
    assert soup.svg["role"] == "img" and soup.svg["aria-label"] == ALT


def test_without_a_script_there_is_no_dead_control():
    soup = page(picture(play=True))
    assert not soup.find_all(["input", "button", "label"])
    assert not soup.select_one(".moving-story").has_attr("hidden")


def test_it_plays_only_where_time_goes_by():
    assert controls(picture()).button is None
    assert controls(picture(play=True)).button["type"] == "button"
    assert "prefers-reduced-motion" in picture(play=True).html


def test_where_nothing_but_text_is_shown_the_words_stand_for_the_picture():
    assert repr(picture()) == f'Moving figure: {ALT} At position 1 of 9: T = 0.10: "1.000" & 0.000'


def test_two_processes_draw_the_same_bytes():
    program = "from tests.test_moving import picture; print(hash_of(picture()))"
    program = "import hashlib\nhash_of = lambda m: hashlib.sha256(m.html.encode()).hexdigest()\n" + program
    found = set()
    for seed in "1", "2":
        root = Path(__file__).parents[1]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{root}/book/_ext:{root}/tests"}
        run = subprocess.run(
            [sys.executable, "-c", program],
            cwd=root, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.add(run.stdout)
    assert len(found) == 1


def test_two_pictures_share_no_id():
    ids = [re.findall(r'\bid="([^"]*)"', picture(alt).html) for alt in ("first", "second")]
    assert len(set(ids[0] + ids[1])) == len(ids[0]) + len(ids[1]) > 2


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong, error",
    [
        ({"fig": None}, "fig: expected a figure"),
        ({"draw": 3}, "draw: expected a function"),
        ({"draw": lambda T: None}, "must say something in words"),
        ({"draw": lambda T: "words"}, "nothing moves"),
        ({"positions": [1]}, "at least two"),
        ({"start": 3}, "0 to 2, got 3"),
        ({"start": -1}, "0 to 2, got -1"),
        ({"start": True}, "got True"),
        ({"start": 1.0}, "got 1.0"),
        ({"name": " "}, "name must say something"),
        ({"alt": ""}, "alt must say something"),
        ({"story": None}, "story must say something"),
    ],
)
def test_bad_input_is_refused(wrong, error):
    fig, draw = bars()
    good = {"fig": fig, "draw": draw, "positions": [1, 2, 3], "name": "T", "alt": ALT, "story": STORY}
    with pytest.raises((TypeError, ValueError), match=re.escape(error)):
        slider(**{**good, **wrong})


def test_an_artist_that_comes_or_goes_is_refused():
    fig, ax = figure()
    (line,) = ax.plot([0, 1], [0, 1])

    def draw(visible):
        line.set_visible(visible)
        return "words"

    with pytest.raises(ValueError, match="comes or goes"):
        slider(fig, draw, [True, False], name="seen", alt=ALT, story=STORY)


def test_a_picture_that_is_too_heavy_is_refused():
    fig, ax = figure()
    (line,) = ax.plot(np.arange(2000))
    random = np.random.default_rng(0)

    def draw(n):
        line.set_ydata(random.normal(size=2000))
        return f"draw {n}"

    with pytest.raises(ValueError, match=f"more than {LIMIT}"):
        slider(fig, draw, range(10), name="n", alt=ALT, story=STORY)


# --- in the book ----------------------------------------------------------------------------------


def stored():
    """Return (notebook, number of the cell, HTML) of each moving picture in the book."""
    found = []
    for path in notebooks():
        for number, cell in enumerate(read(path).cells):
            html = [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())]
            found += [(path, number, text) for text in html if 'class="moving"' in text]
    return found


def test_there_are_at_least_eight_and_each_is_light():
    assert len(stored()) >= 8
    assert {path.stem: len(html.encode()) for path, _, html in stored() if len(html.encode()) > LIMIT} == {}


def test_each_says_in_words_what_it_shows():
    for path, _, html in stored():
        soup = BeautifulSoup(html, "html.parser")
        assert len(soup.svg["aria-label"]) > 50, path.stem
        assert len(soup.select_one(".moving-story").text) > 100, path.stem
        words = json.loads(soup.svg["data-moves"])["words"]
        assert len(set(words)) == len(words), f"{path.stem}: two positions sound the same"


def test_each_has_a_task_before_it_and_a_question_after_it():
    for path, number, _ in stored():
        before, after = (read(path).cells[n] for n in (number - 1, number + 1))
        assert before.cell_type == after.cell_type == "markdown"
        assert ":::{admonition} Find it with the slider:" in after.source, path.stem
        assert ":class: dropdown" in after.source, path.stem
