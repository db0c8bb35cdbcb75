"""Days and zones somebody types behind a command: taken, or refused with how they are written."""

from __future__ import annotations

import argparse
from datetime import date

import pytest

from app.boot.days_asked import ask_days


def typed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    ask_days(parser, "a week ago", "today")
    return parser.parse_args(words)


def test_days_are_taken_as_typed():
    asked = typed("--since", "2026-06-13", "--zone", "Europe/Berlin")

    assert (asked.since, asked.until, asked.zone.key) == (date(2026, 6, 13), None, "Europe/Berlin")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--until", "nonsense"), "like 2026-06-13"),
        (("--zone", "Nowhere/Nothing"), "like Asia/Shanghai"),
        (("--zone", "../etc"), "like Asia/Shanghai"),
        (("--zone", "Asia"), "like Asia/Shanghai"),
    ],
)
def test_what_cannot_be_read_is_said_with_how_it_is_written(words, said, capsys):
    with pytest.raises(SystemExit):
        typed(*words)

    assert said in capsys.readouterr().err
