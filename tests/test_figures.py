"""Figures: the same bytes every time, readable in light and dark, never without words."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.figures import PALETTE, STYLE, figure, label, show

ALT = 'Two "curves" & a label: x < 1'


def curves(alt=ALT):
    x = np.linspace(0, 1, 50)
    fig, (ax, bars) = figure(height=4, nrows=2)
    for power in 1, 2, 3, 4:
        (line,) = ax.plot(x, x**power)
        label(line, f"x to the {power}", at=0.8, dx=4, dy=-4)
    ax.set_ylabel("value 0.123456")
    ax.grid()
    bars.bar([0, 1], [0.1, 0.2])
    bars.scatter([0, 1], [0.1, 0.2])
    bars.fill_between(x, x, alpha=0.3)
    return show(fig, alt)


def luminance(colour):
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in np.array(colour) / 255
    ]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def rgb(colour):
    return tuple(bytes.fromhex(colour[1:]))


PAGES = {  # text on background: the light and dark page of the theme, a notebook
    "light": ("#222832", "#ffffff"),
    "dark": ("#ced6dd", "#14181e"),
    "notebook": ("#000000", "#ffffff"),
}


def test_the_contrast_formula_knows_black_and_white():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("page", PAGES)
def test_lines_and_their_labels_stand_out_from_the_page(page):
    text, background = map(rgb, PAGES[page])
    svg = curves().svg
    lines = set(re.findall(r"#\w{6}\b", svg)) - set(re.findall(r"url\((#\w{6})", svg))
    assert lines == set(PALETTE)
    for colour in map(rgb, lines):
        assert contrast(colour, background) >= 3  # WCAG 1.4.11, graphics
    labels = re.findall(r"<text[^>]*color-mix\(in srgb, (#\w{6}) (\d+)%, currentColor\)", svg)
    assert {colour for colour, _ in labels} == set(PALETTE)
    for colour, percent in labels:
        share = int(percent) / 100
        mixed = share * np.array(rgb(colour)) + (1 - share) * np.array(text)
        assert contrast(mixed, background) >= 4.5  # WCAG 1.4.3, text


def test_all_other_text_has_the_colour_of_the_page():
    for attributes in re.findall(r"<text([^>]*)>", curves().svg):
        assert "fill: currentColor" in attributes or "color-mix" in attributes


def test_colour_is_never_the_only_sign():
    styles = STYLE["axes.prop_cycle"].by_key()
    assert len(set(styles["linestyle"])) == len(set(styles["color"])) == 4


def test_two_processes_draw_the_same_bytes():
    program = (
        "import hashlib; from tests.test_figures import curves; "
        "print(hashlib.sha256(curves().svg.encode()).hexdigest())"
    )
    here = hashlib.sha256(curves().svg.encode()).hexdigest()
    for seed in "1", "2":
        environment = {**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg"}
        root = Path(__file__).parents[1]
        there = subprocess.run(
            [sys.executable, "-c", program],
            cwd=root, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert there.stdout.strip() == here


def test_the_alternative_text_is_in_the_picture():
    picture = curves("Two  \n lines\tand " + ALT)
    root = ElementTree.fromstring(picture._repr_html_())
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Two lines and " + ALT
    assert repr(picture) == "Figure: Two lines and " + ALT


@pytest.mark.parametrize("alt", ["", " \n"])
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="alt must say in words"):
        show(figure()[0], alt)


def test_the_picture_fits_into_a_page():
    root = ElementTree.fromstring(curves().svg)
    assert root.get("viewBox") == "0 0 360 288"
    assert root.get("width") is None and "width: 100%" in root.get("style")
    tags = {element.tag for element in root.iter()}
    assert not tags & {"style", "script", "metadata", "image"}  # nothing that reaches beyond it
    assert "font-family" not in curves().svg


def test_ids_are_used_unique_and_not_shared_between_figures():
    first, second = curves("first").svg, curves("second").svg
    ids = [re.findall(r'\bid="([^"]*)"', svg) for svg in (first, second)]
    assert set(ids[0]) == set(re.findall(r'(?:url\(|href=")#([^)"]*)', first))
    assert len(set(ids[0] + ids[1])) == len(ids[0]) + len(ids[1]) > 0


def test_coordinates_are_rounded_but_words_are_not():
    svg = curves().svg
    assert ">value 0.123456<" in svg
    assert not re.findall(r'\b(?:d|x|y|width|height)="[^"]*\d\.\d{3}[^"]*"', svg)


def test_a_prime_that_the_page_would_print_as_a_zero_is_refused():
    fig, ax = figure()
    ax.set_xlabel("$f'(z)$")
    with pytest.raises(ValueError, match="write f′ with the sign ′"):
        show(fig, "a slope")


def test_a_label_stands_on_the_side_asked_for():
    fig, ax = figure()
    (line,) = ax.plot([0, 1, 2], [5, 6, 9])
    for dx, dy in (3, 0), (-3, -3), (0, 3):
        label(line, "here", at=1.2, dx=dx, dy=dy)
    places = [(t.get_ha(), t.get_va()) for t in ax.texts]
    assert places == [("left", "center"), ("right", "top"), ("center", "bottom")]
    assert ax.texts[0].xy == pytest.approx((1.2, 6.6)) and ax.texts[0].get_color() == PALETTE[0]
