"""A file we write never runs what a stranger typed, and what comes back is what was typed."""

from __future__ import annotations

import pytest

from app.domain.spreadsheet import neutral, restored


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://x","y")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
    ],
)
def test_what_looks_like_a_formula_is_text_and_comes_back_as_it_was(cell: str) -> None:
    assert neutral(cell) == "'" + cell
    assert restored(neutral(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["", "DK-118204", "3711111111111111111", "'tis", "文三路 88 号", "a=b", " =1"]
)
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert neutral(cell) == cell
    assert restored(cell) == cell
