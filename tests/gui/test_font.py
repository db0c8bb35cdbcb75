"""The bundled font has every character, equal figures, and its licence."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF, QRawFont

import resources
from widgets import theme


def gb2312():
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            character = bytes((high, low)).decode("gb2312", errors="ignore")
            if character:
                yield character


def gbk():
    return (chr(code) for code in range(0x4E00, 0x9FA6))


@pytest.mark.parametrize("file", ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"])
def test_the_bundled_font_has_every_character_people_and_places_are_written_with(qapp, file):
    font = QRawFont(str(resources.path("fonts", file)), 16.0)
    common = list(gb2312())
    assert len(common) == 6763
    wanted = [*common, *gbk(), *"䶮㛃𬭎−×→←↑↓↵…✓¥·‘’“”₹€£₱₩"]
    assert [character for character in wanted if not font.supportsCharacter(ord(character))] == []
    assert resources.path("fonts", file).stat().st_size < 8_000_000


@pytest.mark.parametrize("bold", [False, True])
def test_figures_are_equally_wide_so_that_columns_align(qapp, bold):
    metrics = QFontMetricsF(theme.current().font("font.body", bold=bold))
    assert {metrics.horizontalAdvance(figure * 8) for figure in "0123456789"} == {
        metrics.horizontalAdvance("0" * 8)
    }


def test_the_bundled_font_is_the_one_that_is_used(qapp):
    for bold in (False, True):
        raw = QRawFont.fromFont(theme.current().font("font.body", bold=bold))
        assert (raw.familyName(), raw.styleName()) == ("Noto Sans SC", "Bold" if bold else "Regular")


def test_the_licence_of_the_font_is_beside_it():
    assert "SIL Open Font License, Version 1.1" in resources.path("fonts", "OFL.txt").read_text(
        encoding="utf-8"
    )
