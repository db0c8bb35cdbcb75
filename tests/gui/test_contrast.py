"""Every pair of colours that meets on screen can be told apart, in every theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette

from widgets import theme

GROUNDS = ("window", "base", "alt", "sunken")
MEANINGS = ("ok", "warn", "bad", "prac")
TEXT = [
    *((ink, ground) for ink in ("text", "text2", "text3") for ground in GROUNDS),
    *(("off", ground) for ground in ("window", "base", "alt")),
    *(("text", "sel"), ("text2", "sel"), ("text", "chip"), ("text2", "chip")),
    *(("link", "base"), ("link", "alt"), ("link", "sel"), ("onaccent", "accent"), ("oninv", "inv")),
    *((ink, f"{ink}bg") for ink in MEANINGS),
    *((ink, ground) for ink in MEANINGS for ground in ("base", "window", "alt")),
    *((ink, "sel") for ink in ("bad", "warn", "ok")),
    *(("text", f"{ink}bg") for ink in MEANINGS),
    *(("text2", f"{ink}bg") for ink in ("ok", "warn", "bad")),
]
EDGES = [
    *(("border", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in ("window", "base", "alt", "sel", "sunken")),
    ("invkey", "inv"),
    ("prac", "window"),
]
PAINTED = Path(__file__).parents[2] / "widgets"


def luminance(color):
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def below(look, pairs, limit):
    ratios = {pair: contrast(look.color(pair[0]), look.color(pair[1])) for pair in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < limit}


@pytest.mark.parametrize("name", theme.THEMES)
def test_words_stand_out_from_their_ground(name):
    assert len(TEXT) == 50
    assert below(theme.Theme(name), TEXT, 4.5) == {}


@pytest.mark.parametrize("name", theme.THEMES)
def test_edges_stand_out_from_their_ground(name):
    assert len(EDGES) == 11
    assert below(theme.Theme(name), EDGES, 3.0) == {}


@pytest.mark.parametrize(("name", "lowest"), [("light", 4.76), ("dark", 5.34), ("contrast", 6.16)])
def test_the_weakest_words_of_a_theme_are_as_designed(name, lowest):
    look = theme.Theme(name)
    assert min(round(contrast(look.color(ink), look.color(ground)), 2) for ink, ground in TEXT) == lowest


def test_a_weak_pair_is_found():
    assert contrast(theme.Theme("light").color("line"), theme.Theme("light").color("base")) < 3.0


@pytest.mark.parametrize("name", theme.THEMES)
def test_what_fusion_paints_is_readable_too(name):
    palette, role = theme.Theme(name).palette(), QPalette.ColorRole
    for ink, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Base),
        (role.ToolTipText, role.ToolTipBase),
    ):
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
            assert contrast(palette.color(group, ink), palette.color(group, ground)) >= 4.5, (ink, group)


def test_the_veil_lets_half_of_the_page_through():
    assert [theme.Theme(name).color("veil").alpha() for name in theme.THEMES] == [133, 168, 199]


def test_no_colour_is_written_outside_the_theme():
    literal = re.compile(r"""["']#[0-9A-Fa-f]{3,8}["']|QColor\(\s*\d""")
    found = [
        f"{file.name}:{number}"
        for file in sorted(PAINTED.rglob("*.py"))
        if file.name != "theme.py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if literal.search(line)
    ]
    assert found == [], "take colours from theme.current().color(role)"


def test_no_size_is_written_outside_the_theme():
    size = re.compile(
        r"""\.set(?:Fixed|Minimum|Maximum)(?:Width|Height|Size)\(\s*[1-9]\d|\.setPixelSize\(|\.font\(\s*\d|\.setSpacing\(\s*[1-9]"""
    )
    found = [
        f"{file.name}:{number}"
        for file in sorted(PAINTED.rglob("*.py"))
        if file.name != "theme.py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if size.search(line)
    ]
    assert found == [], "take sizes from theme.current().px(token)"


def test_every_token_of_the_style_sheet_exists():
    for name in theme.THEMES:
        for density in theme.DENSITIES:
            assert "$" not in theme.Theme(name, density).qss()
